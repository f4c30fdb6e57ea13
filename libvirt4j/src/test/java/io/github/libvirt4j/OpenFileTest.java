package io.github.libvirt4j;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.libvirt4j.internal.c.CArguments;
import io.github.libvirt4j.internal.c.CMemory;
import io.github.libvirt4j.internal.c.Downcall;
import io.github.libvirt4j.internal.c.Posix;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
@ExtendWith(NothingLeft.class)
class OpenFileTest {
    private static String read(OpenFile file, int size) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(size);
        file.read(buffer);
        return US_ASCII.decode(buffer.flip()).toString();
    }

    private static boolean isOpen(int descriptor) {
        return Files.exists(Path.of("/proc/self/fd/" + descriptor));
    }

    @Test
    void isReadAndWritten(@TempDir Path folder) throws IOException {
        Path path = Files.writeString(folder.resolve("ä file"), "abcdef");
        try (OpenFile file = OpenFile.forReadingAndWriting(path)) {
            assertThat(file.isOpen()).isTrue();
            assertThat(read(file, 2)).isEqualTo("ab");
            ByteBuffer more = US_ASCII.encode("XY").asReadOnlyBuffer();
            assertThat(file.write(more)).isEqualTo(2);
            assertThat(more.hasRemaining()).isFalse();
            assertThat(file.write(more)).isZero();
            assertThat(file.read(ByteBuffer.allocate(0))).isZero();
            assertThat(read(file, 10)).isEqualTo("ef");
            assertThat(file.read(ByteBuffer.allocateDirect(1))).isEqualTo(-1);
        }
        assertThat(path).hasContent("abXYef");
        try (OpenFile file = OpenFile.forReading(path)) {
            assertThat(read(file, 10)).isEqualTo("abXYef");
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> file.write(US_ASCII.encode("Z")))
                    .withMessage("write: errno 9");
        }
    }

    @Test
    void moves64KiBAtATime() throws IOException {
        try (OpenFile zero = OpenFile.forReading(Path.of("/dev/zero"));
                OpenFile full = OpenFile.forReadingAndWriting(Path.of("/dev/null"))) {
            assertThat(zero.read(ByteBuffer.allocate(100_000))).isEqualTo(65_536);
            ByteBuffer much = ByteBuffer.allocate(100_000);
            assertThat(full.write(much)).isEqualTo(65_536);
            assertThat(much.remaining()).isEqualTo(100_000 - 65_536);
        }
    }

    @Test
    void isRefused(@TempDir Path folder) throws IOException {
        assertThatExceptionOfType(FileSystemException.class)
                .isThrownBy(() -> OpenFile.forReading(folder.resolve("nothing")))
                .withMessageContaining("errno 2");
        try (FileSystem zip = FileSystems.newFileSystem(
                URI.create("jar:" + folder.resolve("zip").toUri()), Map.of("create", "true"))) {
            assertThatIllegalArgumentException().isThrownBy(() -> OpenFile.forReading(zip.getPath("/x")));
        }
    }

    @Test
    void connectsTwoSockets() throws IOException {
        List<OpenFile> pair = OpenFile.socketPair();
        assertThat(pair.getFirst().write(US_ASCII.encode("there"))).isEqualTo(5);
        assertThat(read(pair.getLast(), 100)).isEqualTo("there");
        assertThat(pair.getLast().write(US_ASCII.encode("back"))).isEqualTo(4);
        assertThat(read(pair.getFirst(), 100)).isEqualTo("back");
        pair.getFirst().close();
        assertThat(pair.getLast().read(ByteBuffer.allocate(1))).isEqualTo(-1);
        pair.getLast().close();
    }

    @Test
    void isReleasedOnce() throws IOException {
        OpenFile file = OpenFile.forReading(Path.of("/dev/zero"));
        int descriptor = file.fd();
        assertThat(file).hasToString("open file " + descriptor);
        assertThat(isOpen(descriptor)).isTrue();
        file.close();
        assertThat(file.isOpen()).isFalse();
        try (OpenFile other = OpenFile.forReading(Path.of("/dev/zero"))) {
            file.close();
            assertThat(read(other, 1)).isEqualTo("\0");
        }
        assertThatIllegalStateException().isThrownBy(file::fd).withMessageContaining("is closed");
        assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> file.read(ByteBuffer.allocate(1)));
        assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> file.write(ByteBuffer.allocate(1)));
    }

    /// A use that is in progress is counted, as a read is that blocks.
    @Test
    void staysOpenWhileItIsUsed() throws IOException {
        OpenFile file = OpenFile.forReading(Path.of("/dev/zero"));
        int descriptor = file.fd();
        try (CArguments in = new CArguments()) {
            OpenFile.using(List.of(file), in, (count, descriptors) -> {
                assertThat(count).isEqualTo(1);
                assertThat(descriptors.get(ValueLayout.JAVA_INT, 0)).isEqualTo(descriptor);
                file.close();
                assertThat(isOpen(descriptor)).isTrue();
                return count;
            });
            assertThat(isOpen(descriptor)).isFalse();
            OpenFile other = OpenFile.forReading(Path.of("/dev/zero"));
            assertThatIllegalStateException()
                    .isThrownBy(() -> OpenFile.using(List.of(other, file), in, (count, _) -> count));
            int second = other.fd();
            other.close();
            assertThat(isOpen(second)).isFalse();
        }
    }

    @Test
    void ownsWhatCGives() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            int given = Posix.open(Downcall.errnoMemory(arena), arena.allocateFrom("/dev/zero"), 0, 0);
            MemorySegment array = CMemory.allocate(Integer.BYTES);
            array.set(ValueLayout.JAVA_INT, 0, given);
            List<OpenFile> taken = OpenFile.take("f", array, 1);
            assertThat(taken)
                    .singleElement()
                    .satisfies(one -> assertThat(read(one, 1)).isEqualTo("\0"));
            taken.getFirst().close();
            assertThat(isOpen(given)).isFalse();
            assertThat(OpenFile.take("f", MemorySegment.NULL, 0)).isEmpty();
        }
    }
}
