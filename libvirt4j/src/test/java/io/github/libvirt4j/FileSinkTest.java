package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.libvirt4j.stream.FileSink;
import io.github.libvirt4j.support.ChildVm;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// What becomes of the file that data is written to.
@ExtendWith(NothingLeft.class)
@Timeout(60)
class FileSinkTest {
    private static final int MIB = 1024 * 1024;
    private static final boolean IS_ROOT = "root".equals(System.getProperty("user.name"));

    private final Path folder;
    private final Path file;

    FileSinkTest(@TempDir Path folder) {
        this.folder = folder;
        this.file = folder.resolve("file");
    }

    @BeforeEach
    void letOthersIn() throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        assertThat(parts()).isEmpty();
    }

    private List<Path> parts() throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(one -> one.toString().endsWith(".part")).toList();
        }
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void write(Path file, String text) throws IOException {
        try (FileSink sink = FileSink.to(file)) {
            sink.write(bytes(text));
            sink.complete();
        }
    }

    private static String permissions(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void isForItsOwnerOnly() throws Exception {
        try (FileSink sink = FileSink.to(file)) {
            sink.write(bytes("all"));
            assertThat(parts())
                    .singleElement()
                    .satisfies(part -> assertThat(permissions(part)).isEqualTo("rw-------"));
            assertThat(file).doesNotExist();
            assertThat(sink.size()).isEqualTo(3);
            sink.complete();
        }
        assertThat(file).hasContent("all");
        assertThat(permissions(file)).isEqualTo("rw-------");
    }

    @Test
    void isNothingUnlessItIsComplete() throws Exception {
        try (FileSink sink = FileSink.to(file)) {
            sink.write(bytes("some"));
        }
        assertThat(file).doesNotExist();
        Files.writeString(file, "before");
        try (FileSink sink = FileSink.to(file)) {
            sink.write(bytes("some"));
        }
        assertThat(file).hasContent("before");
    }

    @Test
    void hasThePermissionsOfTheFileItReplaces() throws Exception {
        Files.writeString(file, "before");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-x--x"));
        try (FileSink sink = FileSink.to(file)) {
            sink.write(bytes("all"));
            assertThat(parts())
                    .singleElement()
                    .satisfies(part -> assertThat(permissions(part)).isEqualTo("rw-------"));
            sink.complete();
        }
        assertThat(file).hasContent("all");
        assertThat(permissions(file)).isEqualTo("rwxr-x--x");
    }

    /// Somebody who may write to the folder puts a link in the place of the new file.
    @Test
    void neverFollowsALinkInThePlaceOfTheNewFile() throws Exception {
        Path victim = Files.writeString(folder.resolve("victim"), "of another");
        Files.setPosixFilePermissions(victim, PosixFilePermissions.fromString("rw-------"));
        for (boolean exists : List.of(true, false)) {
            if (exists) {
                Files.writeString(file, "before");
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
            } else {
                Files.delete(file);
            }
            try (FileSink sink = FileSink.to(file)) {
                Path part = parts().getFirst();
                Files.delete(part);
                Files.createSymbolicLink(part, victim);
                sink.write(bytes("all"));
                if (exists) {
                    sink.complete();
                } else {
                    assertThatExceptionOfType(FileSystemException.class)
                            .isThrownBy(sink::complete)
                            .withMessageContaining("another file was put in its place");
                    Files.delete(part);
                }
            }
            assertThat(victim).hasContent("of another");
            assertThat(permissions(victim)).isEqualTo("rw-------");
            if (exists) {
                // In place, as the new file has no name any more.
                assertThat(file).isRegularFile().hasContent("all");
                assertThat(permissions(file)).isEqualTo("rw-rw-rw-");
            } else {
                assertThat(file).doesNotExist();
            }
        }
    }

    @Test
    void followsALinkAndLeavesIt() throws Exception {
        Files.writeString(file, "before");
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("file"));
        try (FileSink sink = FileSink.to(link)) {
            sink.write(bytes("all"));
            assertThat(file).hasContent("before");
            sink.complete();
        }
        assertThat(link).isSymbolicLink();
        assertThat(file).isRegularFile().hasContent("all");
    }

    @Test
    void refusesALinkToWhatIsNotThere() throws Exception {
        Files.createDirectory(folder.resolve("large"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("large/file"));
        Path loop = Files.createSymbolicLink(folder.resolve("loop"), Path.of("loop"));
        for (Path one : List.of(link, loop)) {
            assertThatExceptionOfType(NoSuchFileException.class)
                    .isThrownBy(() -> FileSink.to(one))
                    .withMessageContaining("it is a link to a file that does not exist");
            assertThat(one).isSymbolicLink();
        }
        assertThat(folder.resolve("large")).isEmptyDirectory();
    }

    @Test
    void refusesWhatCannotBeAFile() throws Exception {
        assertThatExceptionOfType(FileSystemException.class)
                .isThrownBy(() -> FileSink.to(folder))
                .withMessageContaining("Is a directory");
        assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> FileSink.to(folder.resolve("none/file")))
                .withMessageContaining("there is no folder");
        Path archive = folder.resolve("archive.zip");
        try (var zip = FileSystems.newFileSystem(archive, Map.of("create", true))) {
            assertThatIllegalArgumentException().isThrownBy(() -> FileSink.to(zip.getPath("file")));
        }
    }

    /// The name of the new file must not be longer.
    @Test
    void canHaveTheLongestNameThereIs() throws Exception {
        Path longest = folder.resolve("é".repeat(127) + "x");
        write(longest, "all");
        assertThat(longest).hasContent("all");
    }

    /// As `/dev/stdout` is, if that is a file: whoever has it open reads and writes that one.
    @Test
    void writesAnOpenFileInPlace() throws Exception {
        Files.writeString(file, "before, and longer");
        try (var open = Files.newByteChannel(file)) {
            Path link = Files.createSymbolicLink(folder.resolve("stdout"), descriptorOf(file));
            write(link, "all");
            assertThat(link).isSymbolicLink();
            assertThat(file).hasContent("all");
            Files.delete(file);
            write(link, "more");
            assertThat(open.size()).isEqualTo(4);
        }
        assertThat(file).doesNotExist();
    }

    /// What is written in place is not emptied before there is something to write.
    @Test
    void leavesAFileThatIsWrittenInPlaceUntilDataComes() throws Exception {
        Files.writeString(file, "before");
        try (var open = Files.newByteChannel(file);
                FileSink sink = FileSink.to(descriptorOf(file))) {
            assertThat(open.size()).isEqualTo(6);
            assertThat(file).hasContent("before");
            sink.hole(MIB);
            sink.complete();
            assertThat(open.size()).isEqualTo(MIB);
        }
        assertThat(file).hasBinaryContent(new byte[MIB]);
    }

    /// No data is data, too.
    @Test
    void emptiesAFileThatIsWrittenInPlaceWhereNoDataComes() throws Exception {
        Files.writeString(file, "before");
        try (var _ = Files.newByteChannel(file);
                FileSink sink = FileSink.to(descriptorOf(file))) {
            sink.complete();
        }
        assertThat(file).isEmptyFile();
    }

    @Test
    void leavesNoFileOpen() throws Exception {
        Files.writeString(file, "before");
        write(file, "all");
        try (FileSink sink = FileSink.to(file)) {
            sink.write(bytes("some"));
        }
        try (var all = Files.list(Path.of("/proc/self/fd"))) {
            assertThat(all.filter(one -> isIn(folder, one))).isEmpty();
        }
    }

    /// Under whatever name it was opened, or with none any more.
    private static boolean isIn(Path folder, Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).startsWith(folder.toRealPath());
        } catch (IOException e) {
            // That of the list itself, which is closed.
            return false;
        }
    }

    private static Path descriptorOf(Path file) throws IOException {
        try (var all = Files.list(Path.of("/proc/self/fd"))) {
            for (Path one : all.toList()) {
                if (Files.isSymbolicLink(one) && Files.readSymbolicLink(one).equals(file.toRealPath())) {
                    return one;
                }
            }
        }
        throw new AssertionError("nobody has opened " + file);
    }

    @Test
    void keepsTheDataWhereItCannotGetItsName() throws Exception {
        Files.writeString(file, "before");
        try (FileSink sink = FileSink.to(file)) {
            sink.write(bytes("all"));
            Files.delete(file);
            Files.createDirectories(file.resolve("full"));
            assertThatExceptionOfType(FileSystemException.class)
                    .isThrownBy(sink::complete)
                    .withMessageContaining("it cannot be written")
                    .withMessageEndingWith("the data is in " + parts().getFirst());
        }
        assertThat(parts()).singleElement().satisfies(part -> assertThat(part).hasContent("all"));
        Files.delete(parts().getFirst());
    }

    private static void writeWithHoles(FileSink sink) throws IOException {
        sink.hole(3 * MIB);
        sink.write(bytes("all"));
        sink.hole(3 * MIB);
    }

    /// Writes to a file, in another process.
    static final class Program {
        private Program() {}

        public static void main(String[] arguments) throws IOException {
            try (FileSink sink = FileSink.to(Path.of(arguments[0]))) {
                writeWithHoles(sink);
                sink.complete();
            }
        }
    }

    private static final List<String> WITHOUT_CAPABILITIES =
            List.of("setpriv", "--inh-caps=-all", "--bounding-set=-all");

    private static ChildVm inAnotherProcess(Path to, List<String> behind) throws Exception {
        assumeTrue(IS_ROOT, "only root can mount, and give files away");
        return ChildVm.run(
                behind, ChildVm.CLASSES, Program.class, List.of("--enable-native-access=ALL-UNNAMED"), to.toString());
    }

    private void isWritten(ChildVm vm) throws IOException {
        assertThat(vm.lines()).isEmpty();
        assertThat(vm.status()).isZero();
        isWrittenWithHoles();
    }

    private void isWrittenWithHoles() throws IOException {
        byte[] expected = new byte[6 * MIB + 3];
        System.arraycopy(new byte[] {'a', 'l', 'l'}, 0, expected, 3 * MIB, 3);
        assertThat(file).hasBinaryContent(expected);
        Object kibibytes = new String(
                        new ProcessBuilder("du", "-k", file.toString())
                                .start()
                                .getInputStream()
                                .readAllBytes(),
                        StandardCharsets.US_ASCII)
                .split("\\s", -1)[0];
        assertThat(Integer.parseInt((String) kibibytes))
                .as("the holes are holes")
                .isLessThan(100);
    }

    @Test
    void writesWithItsHolesWhatItCannotReplace() throws Exception {
        Files.write(file, new byte[7 * MIB]);
        Object before = Files.getAttribute(file, "unix:ino");
        try (FileSink sink = FileSink.to(file)) {
            writeWithHoles(sink);
            assertThat(sink.size()).isEqualTo(6 * MIB + 3);
            Files.delete(parts().getFirst());
            sink.complete();
        }
        isWrittenWithHoles();
        assertThat(Files.getAttribute(file, "unix:ino")).isEqualTo(before);
    }

    @Test
    void hasHolesWhereTheDataHasThem() throws Exception {
        try (FileSink sink = FileSink.to(file)) {
            writeWithHoles(sink);
            sink.complete();
        }
        isWrittenWithHoles();
    }

    @Test
    void writesZeroesIntoAPipe() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        var read = new CompletableFuture<byte[]>();
        Thread.ofPlatform().daemon().start(() -> {
            try (var from = Files.newInputStream(pipe)) {
                read.complete(from.readAllBytes());
            } catch (IOException e) {
                read.completeExceptionally(e);
            }
        });
        try (FileSink sink = FileSink.to(pipe)) {
            sink.write(bytes("some"));
            sink.hole(100_000);
            sink.write(bytes("more"));
            sink.complete();
            assertThat(sink.size()).isEqualTo(100_008);
        }
        byte[] all = new byte[100_008];
        System.arraycopy(new byte[] {'s', 'o', 'm', 'e'}, 0, all, 0, 4);
        System.arraycopy(new byte[] {'m', 'o', 'r', 'e'}, 0, all, 100_004, 4);
        assertThat(read.get(10, TimeUnit.SECONDS)).isEqualTo(all);
    }

    @Test
    void writesAMountPoint() throws Exception {
        Files.write(file, new byte[7 * MIB]);
        Path mountPoint = Files.createFile(folder.resolve("mounted"));
        isWritten(inAnotherProcess(
                mountPoint,
                List.of(
                        "unshare",
                        "-m",
                        "sh",
                        "-c",
                        "mount --bind \"$0\" \"$1\" && shift && exec \"$@\"",
                        file.toString(),
                        mountPoint.toString())));
        assertThat(mountPoint).isEmptyFile();
    }

    @Test
    void writesInPlaceWhereItCanCreateNothing() throws Exception {
        Path closed = Files.createDirectory(folder.resolve("closed"));
        Path there = Files.write(closed.resolve("file"), new byte[7 * MIB]);
        Files.createLink(file, there);
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("r-xr-xr-x"));
        isWritten(inAnotherProcess(there, WITHOUT_CAPABILITIES));
        ChildVm vm = inAnotherProcess(closed.resolve("new"), WITHOUT_CAPABILITIES);
        assertThat(vm.status()).isEqualTo(1);
        assertThat(vm.lines().getFirst())
                .endsWith("AccessDeniedException: " + closed + ": no file can be created in this folder");
    }

    /// As in `/tmp`: it can create files there, and not take the names of those of others.
    @Test
    void writesTheFileOfAnotherInAFolderForAll() throws Exception {
        Path there = Files.write(Files.createDirectory(folder.resolve("all")).resolve("file"), new byte[7 * MIB]);
        Files.createLink(file, there);
        Files.setPosixFilePermissions(there, PosixFilePermissions.fromString("rw-rw-rw-"));
        assumeTrue(IS_ROOT, "only root can give files away");
        for (Path one : List.of(folder.resolve("all"), there)) {
            Files.setAttribute(one, "unix:uid", 65534);
        }
        Files.setAttribute(folder.resolve("all"), "unix:mode", 01777);
        isWritten(inAnotherProcess(there, WITHOUT_CAPABILITIES));
    }

    @Test
    void givesThePermissionsOfAGroupToNoOther() throws Exception {
        Files.writeString(file, "before");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assumeTrue(IS_ROOT, "only root can give files away");
        Files.setAttribute(file, "unix:gid", 65534);
        isWritten(inAnotherProcess(file, WITHOUT_CAPABILITIES));
        assertThat(Files.getAttribute(file, "unix:gid")).isEqualTo(0);
        assertThat(permissions(file)).isEqualTo("rw----r--");
    }

    @Test
    void refusesAFileThatCannotBeWritten() throws Exception {
        Files.writeString(file, "before");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));
        ChildVm vm = inAnotherProcess(file, WITHOUT_CAPABILITIES);
        assertThat(vm.status()).isEqualTo(1);
        assertThat(vm.lines().getFirst()).endsWith("AccessDeniedException: " + file);
        assertThat(file).hasContent("before");
    }
}
