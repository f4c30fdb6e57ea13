package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.libvirt4j.error.DisconnectedException;
import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.error.NotFoundException;
import io.github.libvirt4j.error.UnsupportedException;
import io.github.libvirt4j.event.Registration;
import io.github.libvirt4j.internal.stream.FileHoles;
import io.github.libvirt4j.stream.Source;
import io.github.libvirt4j.stream.SparseSink;
import io.github.libvirt4j.stream.SparseSource;
import io.github.libvirt4j.stream.Transfer;
import io.github.libvirt4j.support.ChildVm;
import io.github.libvirt4j.testing.SessionDaemon;
import io.github.libvirt4j.types.StorageVolDownloadFlags;
import io.github.libvirt4j.types.StorageVolUploadFlags;
import io.github.libvirt4j.types.StorageVolWipeAlgorithm;
import io.github.libvirt4j.types.StreamEventType;
import io.github.libvirt4j.types.StreamFlags;
import io.github.libvirt4j.types.StreamRecvFlags;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The content of volumes, there and back, in real files of a daemon.
@Tag("loop")
@ExtendWith(NothingLeft.class)
@Timeout(120)
class StorageVolTest {
    private static final int MIB = 1024 * 1024;
    private static final Set<StreamEventType> READABLE = EnumSet.of(StreamEventType.READABLE);

    private final Path folder;
    private VolumeStorage storage;
    private Connect connect;

    StorageVolTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @BeforeEach
    void open() throws IOException {
        storage = new VolumeStorage();
        connect = storage.connect();
    }

    @AfterEach
    void close() throws IOException {
        storage.close();
        assertThat(connect.closeResult()).isZero();
        try (var files = Files.list(folder)) {
            assertThat(files.filter(file -> file.toString().endsWith(".part"))).isEmpty();
        }
    }

    private static byte[] random(int size) {
        byte[] data = new byte[size];
        new Random(size).nextBytes(data);
        return data;
    }

    private Path file(byte[] content) throws IOException {
        Path file = folder.resolve("content-" + content.length);
        return Files.write(file, content);
    }

    private static Source<RuntimeException> from(ByteBuffer data) {
        return into -> {
            int length = Math.min(into.remaining(), data.remaining());
            into.put(into.position(), data, data.position(), length);
            into.position(into.position() + length);
            data.position(data.position() + length);
            return length == 0 ? -1 : length;
        };
    }

    private Stream uploadTo(StorageVol volume, StreamFlags... flags) {
        Stream stream = connect.newStream(flags);
        volume.upload(stream, 0, 0);
        return stream;
    }

    private static byte[] content(StorageVol volume) throws IOException {
        return Files.readAllBytes(VolumeStorage.file(volume));
    }

    @Test
    void isWhatASourceHas() throws Exception {
        byte[] data = random(3 * MIB + 17);
        StorageVol volume = storage.volume(data.length);
        try (Stream stream = uploadTo(volume)) {
            stream.sendAll(from(ByteBuffer.wrap(data)));
            stream.finish();
        }
        assertThat(content(volume)).isEqualTo(data);
    }

    @Test
    void takesWhatASourceBringsWithItsEnd() throws Exception {
        StorageVol volume = storage.volume(3);
        AtomicInteger calls = new AtomicInteger();
        try (Stream stream = uploadTo(volume)) {
            stream.<RuntimeException>sendAll(into -> {
                calls.incrementAndGet();
                into.put(new byte[] {1, 2, 3});
                // More than the truth in the first call would not change a thing either.
                return -1;
            });
            stream.finish();
        }
        assertThat(calls).hasValue(1);
        assertThat(content(volume)).containsExactly(1, 2, 3);
    }

    @Test
    void goesByThePositionAndNotByWhatASourceReturns() throws Exception {
        StorageVol volume = storage.volume(2);
        try (Stream stream = uploadTo(volume)) {
            AtomicInteger calls = new AtomicInteger();
            stream.<RuntimeException>sendAll(into -> {
                if (calls.incrementAndGet() > 2) {
                    return -1;
                }
                into.put((byte) 7);
                return Integer.MAX_VALUE;
            });
            stream.finish();
        }
        assertThat(content(volume)).containsExactly(7, 7);
    }

    @Test
    void lendsTheBufferForOneCallOnly() throws Exception {
        List<ByteBuffer> kept = new ArrayList<>();
        StorageVol volume = storage.volume(1);
        try (Stream stream = uploadTo(volume)) {
            stream.<RuntimeException>sendAll(into -> {
                assertThat(into.isDirect()).isTrue();
                kept.add(into.duplicate());
                into.put((byte) 1);
                return -1;
            });
            stream.finish();
        }
        assertThat(kept)
                .singleElement()
                .satisfies(buffer -> assertThatIllegalStateException().isThrownBy(() -> buffer.put(0, (byte) 2)));
        assertThat(content(volume)).containsExactly(1);
    }

    /// The data of one is in the other without a buffer of ours.
    @Test
    void isCopiedFromStreamToStream() throws Exception {
        byte[] data = random(MIB + 5);
        StorageVol first = storage.volume(data.length);
        StorageVol second = storage.volume(data.length);
        first.upload(file(data));
        try (Stream in = connect.newStream();
                Stream out = uploadTo(second)) {
            first.download(in, 0, 0);
            in.receiveAll(out::send);
            in.finish();
            out.finish();
        }
        assertThat(content(second)).isEqualTo(data);
        StorageVol third = storage.volume(data.length);
        try (Stream in = connect.newStream();
                Stream out = uploadTo(third)) {
            second.download(in, 0, 0);
            out.sendAll(in::receive);
            in.finish();
            out.finish();
        }
        assertThat(content(third)).isEqualTo(data);
    }

    @Test
    void refusesASourceThatMakesNoProgress() {
        StorageVol volume = storage.volume(MIB);
        AtomicInteger calls = new AtomicInteger();
        try (Stream stream = uploadTo(volume)) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> stream.sendAll(_ -> calls.getAndIncrement()))
                    .withMessageContaining("put nothing into the buffer")
                    .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
        }
        assertThat(calls).hasValue(1);
    }

    private static final class OfTheSource extends Exception {
        private static final long serialVersionUID = 1;
    }

    @Test
    void rethrowsWhatTheSourceThrew() throws Exception {
        StorageVol volume = storage.volume(MIB);
        OfTheSource thrown = new OfTheSource();
        ByteBuffer data = ByteBuffer.wrap(random(MIB / 2));
        Source<RuntimeException> first = from(data);
        try (Stream stream = uploadTo(volume)) {
            Throwable caught = catchThrowable(() -> stream.<OfTheSource>sendAll(into -> {
                if (!data.hasRemaining()) {
                    throw thrown;
                }
                return first.read(into);
            }));
            assertThat(caught).isSameAs(thrown);
            assertThat(caught.getSuppressed()).singleElement().isInstanceOf(LibvirtException.class);
            assertThatIllegalStateException().isThrownBy(stream::finish).withMessageContaining("aborted, or failed");
        }
        isWhatAnErrorLeaves(volume);
    }

    /// Nothing is left in C: the same volume takes the next one.
    private void isWhatAnErrorLeaves(StorageVol volume) throws IOException {
        byte[] data = random(MIB);
        volume.upload(file(data));
        assertThat(content(volume)).isEqualTo(data);
    }

    @Test
    void rethrowsAnErrorOfTheSource() throws Exception {
        StorageVol volume = storage.volume(MIB);
        AssertionError thrown = new AssertionError("on purpose");
        try (Stream stream = uploadTo(volume)) {
            assertThat(catchThrowable(() -> stream.sendAll(_ -> {
                        throw thrown;
                    })))
                    .isSameAs(thrown);
        }
        isWhatAnErrorLeaves(volume);
    }

    @Test
    void isNotEndedWithinItsSource() throws Exception {
        StorageVol volume = storage.volume(10);
        List<Throwable> refused = new ArrayList<>();
        try (Stream stream = uploadTo(volume)) {
            Source<RuntimeException> ten = from(ByteBuffer.allocate(10));
            stream.<RuntimeException>sendAll(into -> {
                refused.add(catchThrowable(stream::finish));
                refused.add(catchThrowable(stream::abort));
                refused.add(catchThrowable(stream::close));
                return ten.read(into);
            });
            stream.finish();
        }
        assertThat(refused).hasSize(6).allSatisfy(e -> assertThat(e).isInstanceOf(IllegalStateException.class));
        assertThat(content(volume)).isEqualTo(new byte[10]);
    }

    @Test
    void isSentPieceByPiece() throws Exception {
        byte[] data = random(MIB + 1);
        for (boolean direct : List.of(true, false)) {
            StorageVol volume = storage.volume(data.length);
            ByteBuffer buffer =
                    direct ? ByteBuffer.allocateDirect(data.length + 5) : ByteBuffer.allocate(data.length + 5);
            buffer.put(5, data).position(5);
            try (Stream stream = uploadTo(volume)) {
                while (buffer.hasRemaining()) {
                    int before = buffer.position();
                    assertThat(stream.send(buffer)).isPositive().isEqualTo(buffer.position() - before);
                }
                assertThat(stream.send(buffer)).isZero();
                stream.finish();
            }
            assertThat(content(volume)).isEqualTo(data);
        }
    }

    @Test
    void isAnOutputStream() throws Exception {
        byte[] data = random(MIB + 1);
        StorageVol volume = storage.volume(data.length);
        try (Stream stream = uploadTo(volume);
                OutputStream out = stream.outputStream()) {
            out.write(data);
            stream.finish();
        }
        assertThat(content(volume)).isEqualTo(data);
        var copy = new ByteArrayOutputStream();
        try (Stream stream = connect.newStream()) {
            volume.download(stream, 0, 0);
            stream.inputStream().transferTo(copy);
            stream.finish();
        }
        assertThat(copy.toByteArray()).isEqualTo(data);
    }

    @Test
    void saysThatAnOutputStreamWasCutOff() {
        StorageVol volume = storage.volume(MIB);
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> {
                    try (Stream stream = uploadTo(volume);
                            OutputStream out = stream.outputStream()) {
                        out.write(new byte[MIB]);
                    }
                })
                .withMessageContaining("Call finish() before closing it");
    }

    @Test
    void isReadAndWrittenWithoutWaiting() throws Exception {
        byte[] data = random(5 * MIB);
        StorageVol volume = storage.volume(data.length);
        ByteBuffer out = ByteBuffer.wrap(data);
        var sent = new CountDownLatch(1);
        try (Stream stream = uploadTo(volume, StreamFlags.NONBLOCK)) {
            stream.on(EnumSet.of(StreamEventType.WRITABLE), (self, events) -> {
                assertThat(events).contains(StreamEventType.WRITABLE);
                self.stream().send(out);
                if (!out.hasRemaining()) {
                    self.stream().finish();
                    sent.countDown();
                }
            });
            assertThat(sent.await(30, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(content(volume)).isEqualTo(data);
        ByteBuffer in = ByteBuffer.allocate(data.length + 1);
        var received = new CountDownLatch(1);
        try (Stream stream = connect.newStream(StreamFlags.NONBLOCK)) {
            volume.download(stream, 0, 0);
            stream.on(READABLE, (self, _) -> {
                if (self.stream().receive(in) < 0) {
                    self.stream().finish();
                    received.countDown();
                }
            });
            assertThat(received.await(30, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(Arrays.copyOf(in.array(), in.position())).isEqualTo(data);
    }

    /// Nothing ever comes from a stream that sends.
    @Test
    void letsACallGoThatWaitsWhenItIsClosed() throws Exception {
        for (boolean asChannel : List.of(true, false)) {
            Stream stream = uploadTo(storage.volume(MIB));
            AtomicReference<@Nullable Throwable> caught = new AtomicReference<>();
            var begun = new CountDownLatch(1);
            Thread reader = Thread.ofPlatform().start(() -> {
                begun.countDown();
                caught.set(catchThrowable(() -> {
                    if (asChannel) {
                        stream.channel().read(ByteBuffer.allocate(1));
                    } else {
                        stream.receive(ByteBuffer.allocate(1));
                    }
                }));
            });
            begun.await();
            // Most likely inside the call now; if not yet, it is refused.
            reader.join(50);
            assertThat(reader.isAlive()).isTrue();
            stream.close();
            reader.join(10_000);
            assertThat(reader.isAlive()).isFalse();
            if (asChannel) {
                assertThat(caught.get()).isInstanceOf(AsynchronousCloseException.class);
            } else {
                assertThat(caught.get()).isInstanceOf(LibvirtException.class);
            }
        }
    }

    @Test
    @SuppressWarnings("try") // Closed on purpose.
    void letsACallGoThatWaitsWhenItsConnectionIsClosed() throws Exception {
        StorageVol volume = storage.volume(MIB);
        try (Connect own = Connect.open(SessionDaemon.shared().unixUri("storage:///session"))) {
            Stream stream = own.newStream();
            own.storageVols().lookupByKey(volume.key()).upload(stream, 0, 0);
            AtomicReference<@Nullable Throwable> caught = new AtomicReference<>();
            Thread reader = Thread.ofPlatform()
                    .start(() -> caught.set(catchThrowable(() -> stream.receive(ByteBuffer.allocate(1)))));
            reader.join(50);
            own.close();
            assertThat(own.closeResult()).isZero();
            reader.join(10_000);
            assertThat(reader.isAlive()).isFalse();
            assertThat(caught.get()).isInstanceOf(LibvirtException.class);
        }
    }

    private static StorageVol volumeOf(SessionDaemon daemon, Connect connect) throws IOException {
        Path folder = Files.createDirectory(daemon.folder().resolve("data/pool"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        StoragePool pool = connect.storagePools().create("""
                <pool type='dir'><name>p</name><target><path>%s</path></target></pool>
                """.formatted(folder));
        return pool.volumes().create("""
                <volume><name>v</name><capacity unit='GiB'>1</capacity><allocation>0</allocation></volume>
                """);
    }

    @Test
    void breaksOffWithItsDaemon() throws Exception {
        try (SessionDaemon daemon = SessionDaemon.start();
                Connect own = Connect.open(daemon.unixUri("storage:///session"));
                Stream stream = own.newStream(StreamFlags.NONBLOCK)) {
            volumeOf(daemon, own).upload(stream, 0, 0);
            // Nothing ever comes from it.
            assertThat(stream.receive(ByteBuffer.allocate(1))).isZero();
            BlockingQueue<Set<StreamEventType>> events = new LinkedBlockingQueue<>();
            Registration registration = stream.on(READABLE, (_, ready) -> events.add(ready));
            daemon.kill();
            assertThat(events.poll(10, TimeUnit.SECONDS)).containsExactly(StreamEventType.HANGUP);
            assertThatExceptionOfType(DisconnectedException.class)
                    .isThrownBy(() -> stream.receive(ByteBuffer.allocate(1)));
            while (registration.isActive()) {
                Thread.onSpinWait();
            }
            // Who comes too late is told, too.
            stream.on(READABLE, (_, ready) -> events.add(ready));
            assertThat(events.poll(10, TimeUnit.SECONDS)).containsExactly(StreamEventType.HANGUP);
            assertThatExceptionOfType(LibvirtException.class).isThrownBy(stream::finish);
        }
    }

    @Test
    void tellsAHandlerThatWasAtWorkThatItsDaemonIsGone() throws Exception {
        try (SessionDaemon daemon = SessionDaemon.start();
                Connect own = Connect.open(daemon.unixUri("storage:///session"));
                Stream stream = own.newStream(StreamFlags.NONBLOCK)) {
            volumeOf(daemon, own).upload(stream, 0, 0);
            var told = new CountDownLatch(1);
            var toldLater = new CountDownLatch(1);
            stream.on(READABLE, (_, _) -> told.countDown());
            stream.on(EnumSet.of(StreamEventType.WRITABLE), (_, events) -> {
                if (events.contains(StreamEventType.HANGUP)) {
                    toldLater.countDown();
                    return;
                }
                daemon.kill();
                assertThat(told.await(10, TimeUnit.SECONDS)).isTrue();
            });
            assertThat(toldLater.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @FunctionalInterface
    private interface ToVolume {
        void use(StorageVol volume, Kill kill) throws IOException;
    }

    @FunctionalInterface
    private interface Kill {
        void now() throws IOException;
    }

    private static void failsWithoutItsDaemon(ToVolume transfer) throws Exception {
        try (SessionDaemon daemon = SessionDaemon.start();
                Connect own = Connect.open(daemon.unixUri("storage:///session"))) {
            StorageVol volume = volumeOf(daemon, own);
            AtomicInteger calls = new AtomicInteger();
            assertThatExceptionOfType(DisconnectedException.class)
                    .isThrownBy(() -> transfer.use(volume, () -> {
                        if (calls.incrementAndGet() == 5) {
                            daemon.kill();
                        }
                    }));
            assertThat(calls).hasValueGreaterThanOrEqualTo(5);
        }
        // What was lent and opened: see NothingLeft.
    }

    @Test
    void failsWithItsDaemon() throws Exception {
        failsWithoutItsDaemon((volume, kill) -> {
            try (Stream stream = volume.connect().newStream()) {
                volume.upload(stream, 0, 0);
                stream.sendAll(into -> {
                    kill.now();
                    into.position(into.limit());
                    return 1;
                });
            }
        });
        failsWithoutItsDaemon((volume, kill) -> {
            try (Stream stream = volume.connect().newStream()) {
                volume.download(stream, 0, 0);
                stream.receiveAll(from -> {
                    kill.now();
                    from.position(from.limit());
                });
            }
        });
        failsWithoutItsDaemon((volume, kill) -> {
            try (Stream stream = volume.connect().newStream()) {
                volume.upload(stream, 0, 0, StorageVolUploadFlags.SPARSE_STREAM);
                stream.sparseSendAll(new SparseSource<IOException>() {
                    @Override
                    public int read(ByteBuffer into) {
                        throw new AssertionError("there is nothing but holes");
                    }

                    @Override
                    public Section section() throws IOException {
                        kill.now();
                        return Section.hole(1000);
                    }

                    @Override
                    public void skip(long length) {}
                });
            }
        });
        Path copy = folder.resolve("copy");
        failsWithoutItsDaemon((volume, kill) ->
                volume.download(copy, Transfer.whole().onProgress((_, _) -> {
                    try {
                        kill.now();
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                })));
        assertThat(copy).doesNotExist();
    }

    @Test
    void isCopiedFromAndToFiles() throws Exception {
        byte[] data = random(2 * MIB + 3);
        StorageVol volume = storage.volume(data.length);
        List<Long> progress = new ArrayList<>();
        volume.upload(file(data), Transfer.whole().onProgress((done, total) -> {
            assertThat(total).isEqualTo(data.length);
            progress.add(done);
        }));
        assertThat(content(volume)).isEqualTo(data);
        assertThat(progress).isSorted().doesNotHaveDuplicates().endsWith((long) data.length);
        progress.clear();
        Path copy = folder.resolve("copy");
        volume.download(copy, Transfer.whole().onProgress((done, total) -> {
            assertThat(total).isEqualTo(data.length);
            progress.add(done);
        }));
        assertThat(copy).hasBinaryContent(data);
        assertThat(progress).isSorted().doesNotHaveDuplicates().endsWith((long) data.length);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)))
                .isEqualTo("rw-------");
    }

    /// Of the files in `/proc` the size is 0, of those in `/sys` a page, whatever there is to read.
    @ParameterizedTest
    @ValueSource(strings = {"/proc/version", "/sys/devices/system/cpu/online"})
    void takesAllOfAFileWhoseSizeIsWrong(Path file) throws Exception {
        byte[] all = Files.readAllBytes(file);
        assertThat(Files.size(file)).isNotEqualTo(all.length);
        for (Transfer how : List.of(Transfer.whole(), Transfer.whole().length(3))) {
            StorageVol volume = storage.volume(all.length);
            volume.upload(file, how);
            byte[] expected = Arrays.copyOf(all, how.length() > 0 ? 3 : all.length);
            assertThat(content(volume)).startsWith(expected);
        }
        StorageVol volume = storage.volume(1);
        if (Files.size(file) == 0) {
            volume.upload(file, Transfer.whole().sparse());
            assertThat(content(volume)).isEqualTo(all);
        }
        assertThatExceptionOfType(EOFException.class)
                .isThrownBy(() -> volume.upload(file, Transfer.whole().length(all.length + 1L)))
                .withMessageContaining("has fewer than " + (all.length + 1) + " bytes");
    }

    @Test
    void takesWhatIsAddedToAFileWhileItIsRead() throws Exception {
        for (Transfer how : List.of(Transfer.whole(), Transfer.whole().sparse())) {
            Path file = file(random(MIB));
            StorageVol volume = storage.volume(MIB);
            volume.upload(file, how.onProgress((_, total) -> {
                assertThat(total).isEqualTo(MIB);
                if (size(file) == MIB) {
                    append(file);
                }
            }));
            assertThat(content(volume)).isEqualTo(Files.readAllBytes(file)).hasSize(2 * MIB);
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void append(Path file) {
        try {
            Files.write(file, random(MIB), StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void saysThatAFileWasCutOffWhileItWasRead() throws Exception {
        Path file = file(random(MIB));
        StorageVol volume = storage.volume(MIB);
        assertThatExceptionOfType(EOFException.class)
                .isThrownBy(() -> volume.upload(file, Transfer.whole().onProgress((_, _) -> {
                    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                        channel.truncate(MIB / 2);
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                })))
                .withMessageContaining("was cut off while it was read: 524288 of 1048576 bytes have arrived");
    }

    /// Sends and receives with the memory of a file that is cut off by then, which in C is the end of the VM.
    static final class Mapped {
        private Mapped() {}

        public static void main(String[] arguments) throws Exception {
            Path file = Path.of(arguments[2]);
            try (Connect connect = Connect.open(arguments[0]);
                    FileChannel channel = FileChannel.open(
                            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                StorageVol volume = connect.storageVols().lookupByKey(arguments[1]);
                channel.write(ByteBuffer.allocate(MIB));
                ByteBuffer mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0, MIB);
                MemorySegment segment = channel.map(FileChannel.MapMode.READ_WRITE, 0, MIB, Arena.global());
                List<ByteBuffer> buffers = List.of(
                        mapped,
                        mapped.slice(100, 50_000),
                        mapped.duplicate().order(ByteOrder.LITTLE_ENDIAN),
                        segment.asByteBuffer(),
                        segment.asSlice(100).asByteBuffer().slice());
                for (boolean cut : List.of(false, true)) {
                    if (cut) {
                        channel.truncate(0);
                    }
                    for (ByteBuffer buffer : buffers) {
                        System.out.println(cut + " " + send(volume, buffer.duplicate()) + " "
                                + send(volume, buffer.asReadOnlyBuffer()) + " " + receive(volume, buffer.duplicate())
                                + " " + sendAll(volume, buffer.duplicate()));
                    }
                }
            }
        }

        private static String send(StorageVol volume, ByteBuffer from) {
            try (Stream stream = volume.connect().newStream()) {
                volume.upload(stream, 0, 0);
                boolean sent = stream.send(from) > 0;
                stream.finish();
                return String.valueOf(sent);
            } catch (InternalError e) {
                return "InternalError";
            }
        }

        private static String sendAll(StorageVol volume, ByteBuffer from) {
            try (Stream stream = volume.connect().newStream()) {
                volume.upload(stream, 0, 0);
                stream.sendAll(StorageVolTest.from(from));
                stream.finish();
                return String.valueOf(!from.hasRemaining());
            } catch (InternalError e) {
                return "InternalError";
            }
        }

        private static String receive(StorageVol volume, ByteBuffer into) {
            try (Stream stream = volume.connect().newStream()) {
                volume.download(stream, 0, 0);
                return String.valueOf(stream.receive(into) > 0);
            } catch (InternalError e) {
                return "InternalError";
            }
        }
    }

    @Test
    void survivesAMappedFileThatIsCutOff() throws Exception {
        StorageVol volume = storage.volume(MIB);
        ChildVm vm = ChildVm.run(
                Mapped.class,
                List.of("--enable-native-access=ALL-UNNAMED"),
                VolumeStorage.uri(SessionDaemon.shared()),
                volume.key(),
                folder.resolve("mapped").toString());
        List<String> expected = new ArrayList<>(Collections.nCopies(5, "false true true true true"));
        expected.addAll(Collections.nCopies(5, "true InternalError InternalError InternalError InternalError"));
        assertThat(vm.lines()).isEqualTo(expected);
        assertThat(vm.status()).isZero();
    }

    /// Only root can give the new file to another.
    @Test
    void takesOverWhoseAFileIsThatItReplaces() throws Exception {
        Path copy = file(new byte[1]);
        Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-r-x---"));
        if ("root".equals(System.getProperty("user.name"))) {
            var users = copy.getFileSystem().getUserPrincipalLookupService();
            Files.setOwner(copy, users.lookupPrincipalByName("nobody"));
            Files.setAttribute(copy, "posix:group", users.lookupPrincipalByGroupName("daemon"));
        }
        PosixFileAttributes before = Files.readAttributes(copy, PosixFileAttributes.class);
        storage.volume(1000).download(copy);
        PosixFileAttributes after = Files.readAttributes(copy, PosixFileAttributes.class);
        assertThat(after.size()).isEqualTo(1000);
        assertThat(after.fileKey()).isNotEqualTo(before.fileKey());
        assertThat(after.owner()).isEqualTo(before.owner());
        assertThat(after.group()).isEqualTo(before.group());
        assertThat(after.permissions()).isEqualTo(before.permissions());
    }

    @Test
    void isCopiedInRanges() throws Exception {
        byte[] data = random(MIB);
        StorageVol volume = storage.volume(data.length);
        Path file = file(data);
        volume.upload(file);
        Path copy = folder.resolve("range");
        volume.download(copy, Transfer.whole().from(1000).length(5000));
        assertThat(copy).hasBinaryContent(Arrays.copyOfRange(data, 1000, 6000));
        volume.download(copy, Transfer.whole().from(data.length - 7));
        assertThat(copy).hasBinaryContent(Arrays.copyOfRange(data, data.length - 7, data.length));
        volume.upload(file, Transfer.whole().from(500_000).length(10));
        System.arraycopy(data, 0, data, 500_000, 10);
        assertThat(content(volume)).isEqualTo(data);
        volume.upload(file(new byte[0]));
        assertThat(content(volume)).isEqualTo(data);
    }

    @Test
    void isNotTruncatedWithoutAWord() throws Exception {
        byte[] data = random(1000);
        StorageVol volume = storage.volume(data.length);
        Path file = file(data);
        volume.upload(file);
        Path copy = folder.resolve("copy");
        assertThatExceptionOfType(EOFException.class)
                .isThrownBy(() -> volume.download(copy, Transfer.whole().length(1001)))
                .withMessageContaining("ended after 1000 of 1001 bytes");
        assertThat(copy).doesNotExist();
        assertThatExceptionOfType(EOFException.class)
                .isThrownBy(() -> volume.upload(file, Transfer.whole().length(1001)))
                .withMessageContaining("has fewer than 1001 bytes");
        for (Transfer beyond : List.of(
                Transfer.whole().from(1001),
                Transfer.whole().from(Long.MAX_VALUE).length(1),
                Transfer.whole().from(1001).sparse())) {
            assertThatExceptionOfType(EOFException.class)
                    .isThrownBy(() -> volume.download(copy, beyond))
                    .withMessageContaining("has 1000 bytes, and none from " + beyond.offset() + " on");
            assertThat(copy).doesNotExist();
        }
        volume.download(copy, Transfer.whole().from(1000));
        assertThat(copy).isEmptyFile();
        assertThatIllegalArgumentException().isThrownBy(() -> Transfer.whole().length(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> Transfer.whole().from(-1));
    }

    @Test
    void leavesAFileAloneUntilTheWholeIsThere() throws Exception {
        StorageVol volume = storage.volume(MIB);
        Path copy = Files.writeString(folder.resolve("copy"), "before");
        Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-r-----"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), copy);
        RuntimeException cancelled = new RuntimeException("on purpose");
        assertThat(catchThrowable(() -> volume.download(link, Transfer.whole().onProgress((done, _) -> {
                    assertThat(copy).hasContent("before");
                    if (done > MIB / 2) {
                        throw cancelled;
                    }
                }))))
                .isSameAs(cancelled);
        assertThat(copy).hasContent("before");
        volume.download(link);
        assertThat(link).isSymbolicLink();
        assertThat(copy).hasBinaryContent(new byte[MIB]);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)))
                .isEqualTo("rw-r-----");
    }

    @Test
    void isCancelledByAnInterrupt() throws Exception {
        StorageVol volume = storage.volume(MIB);
        Path copy = folder.resolve("copy");
        assertThatExceptionOfType(ClosedByInterruptException.class)
                .isThrownBy(() -> volume.download(
                        copy,
                        Transfer.whole()
                                .onProgress((_, _) -> Thread.currentThread().interrupt())));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(copy).doesNotExist();
        Path file = file(random(MIB));
        assertThatExceptionOfType(ClosedByInterruptException.class)
                .isThrownBy(() -> volume.upload(
                        file,
                        Transfer.whole()
                                .onProgress((_, _) -> Thread.currentThread().interrupt())));
        assertThat(Thread.interrupted()).isTrue();
        isWhatAnErrorLeaves(volume);
    }

    @Test
    void saysWhichFileItIsThatCannotBeUsed() {
        StorageVol volume = storage.volume(MIB);
        assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> volume.upload(folder.resolve("none")))
                .withMessageContaining("none");
        assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> volume.download(folder.resolve("none/copy")))
                .withMessageContaining("none");
        volume.delete();
        assertThatExceptionOfType(NotFoundException.class).isThrownBy(() -> volume.download(folder.resolve("copy")));
    }

    /// Data, 4 MiB each, at the odd ones of that many places; the last is a hole.
    private Path sparse(String name, int places) throws IOException {
        Path file = folder.resolve(name);
        try (var access = new RandomAccessFile(file.toFile(), "rw")) {
            access.setLength(places * 4L * MIB);
            for (int i = 1; i < places - 1; i += 2) {
                access.seek(i * 4L * MIB);
                access.write(random(MIB));
            }
        }
        return file;
    }

    /// Where data begins and ends in turn.
    private static List<Long> layout(Path file) throws IOException {
        List<Long> edges = new ArrayList<>();
        try (FileHoles holes = FileHoles.of(file)) {
            long at = 0;
            while ((at = holes.nextData(at)) < Files.size(file)) {
                edges.add(at);
                at = holes.nextHole(at);
                edges.add(at);
            }
        }
        return edges;
    }

    private void thereAndBackWithHoles(Path file) throws IOException {
        StorageVol volume = storage.volume(Files.size(file));
        Transfer sparse = Transfer.whole().sparse();
        volume.upload(file, sparse);
        assertThat(layout(VolumeStorage.file(volume))).isEqualTo(layout(file)).isNotEmpty();
        assertThat(Files.mismatch(VolumeStorage.file(volume), file)).isEqualTo(-1);
        Path copy = folder.resolve("copy");
        AtomicReference<Long> last = new AtomicReference<>(0L);
        volume.download(copy, sparse.onProgress((done, _) -> last.set(done)));
        assertThat(last).hasValue(Files.size(file));
        assertThat(layout(copy)).isEqualTo(layout(file));
        assertThat(Files.mismatch(copy, file)).isEqualTo(-1);
    }

    @Test
    void keepsItsHoles() throws Exception {
        thereAndBackWithHoles(sparse("sparse", 6));
    }

    @Test
    void isNothingButAHole() throws Exception {
        StorageVol volume = storage.volume(100L * MIB);
        Path copy = folder.resolve("copy");
        volume.download(copy, Transfer.whole().sparse());
        assertThat(layout(copy)).isEmpty();
        assertThat(Files.size(copy)).isEqualTo(100L * MIB);
        volume.upload(copy, Transfer.whole().sparse());
        assertThat(layout(VolumeStorage.file(volume))).isEmpty();
        assertThat(Files.size(VolumeStorage.file(volume))).isEqualTo(100L * MIB);
    }

    @Test
    void isCopiedInRangesWithHoles() throws Exception {
        Path file = sparse("sparse", 4);
        StorageVol volume = storage.volume(Files.size(file));
        volume.upload(file, Transfer.whole().sparse().length(6L * MIB));
        Path copy = folder.resolve("copy");
        volume.download(copy, Transfer.whole().sparse().from(2L * MIB).length(3L * MIB));
        assertThat(layout(copy)).containsExactly(2L * MIB, 3L * MIB);
        try (var expected = new RandomAccessFile(file.toFile(), "r")) {
            byte[] bytes = new byte[3 * MIB];
            expected.seek(2L * MIB);
            expected.readFully(bytes);
            assertThat(copy).hasBinaryContent(bytes);
        }
    }

    @Test
    @Tag("slow")
    @Tag("once")
    @Timeout(600)
    void isAGibibyteOfData() throws Exception {
        Path file = folder.resolve("gibibyte");
        try (OutputStream out = Files.newOutputStream(file)) {
            Random random = new Random(0);
            byte[] piece = new byte[MIB];
            for (int i = 0; i < 1024; i++) {
                random.nextBytes(piece);
                out.write(piece);
            }
        }
        StorageVol volume = storage.volume(Files.size(file));
        volume.upload(file);
        assertThat(Files.mismatch(VolumeStorage.file(volume), file)).isEqualTo(-1);
        Path copy = folder.resolve("copy");
        volume.download(copy);
        assertThat(Files.mismatch(copy, file)).isEqualTo(-1);
    }

    @Test
    @Tag("slow")
    @Tag("once")
    @Timeout(600)
    void isMoreThanFourGibibytesWithHoles() throws Exception {
        thereAndBackWithHoles(sparse("sparse", 1100));
    }

    @Test
    void sendsAndReceivesHolesByHand() throws Exception {
        StorageVol volume = storage.volume(3L * MIB);
        byte[] data = random(MIB);
        try (Stream stream = connect.newStream()) {
            volume.upload(stream, 0, 0, StorageVolUploadFlags.SPARSE_STREAM);
            stream.sendHole(MIB);
            for (ByteBuffer buffer = ByteBuffer.wrap(data); buffer.hasRemaining(); ) {
                stream.send(buffer);
            }
            stream.sendHole(MIB);
            stream.finish();
        }
        assertThat(layout(VolumeStorage.file(volume))).containsExactly((long) MIB, 2L * MIB);
        List<Long> holes = new ArrayList<>();
        var bytes = new ByteArrayOutputStream();
        try (Stream stream = connect.newStream()) {
            volume.download(stream, 0, 0, StorageVolDownloadFlags.SPARSE_STREAM);
            ByteBuffer piece = ByteBuffer.allocate(100_000);
            int received;
            while ((received = stream.receive(piece.clear(), StreamRecvFlags.STOP_AT_HOLE)) != -1) {
                if (received == Stream.HOLE) {
                    holes.add(stream.receiveHole());
                    assertThat(piece.position()).isZero();
                } else {
                    StreamTest.drain(piece.flip(), bytes);
                }
            }
            stream.finish();
        }
        assertThat(holes).containsExactly((long) MIB, (long) MIB);
        assertThat(bytes.toByteArray()).isEqualTo(data);
        // Who does not ask for holes gets zeroes.
        Path copy = folder.resolve("copy");
        volume.download(copy);
        assertThat(Files.mismatch(copy, VolumeStorage.file(volume))).isEqualTo(-1);
    }

    /// A sparse source that does as it is told.
    private static final class Sections implements SparseSource<IOException> {
        private final List<Section> sections = new ArrayList<>();
        private final List<Long> skipped = new ArrayList<>();
        private int reads = 1;

        /// What comes with the end.
        private int brings;

        private @Nullable IOException thrownBySection;
        private @Nullable IOException thrownBySkip;

        @Override
        public Section section() throws IOException {
            if (thrownBySection != null) {
                throw thrownBySection;
            }
            return sections.isEmpty() ? Section.END : sections.removeFirst();
        }

        @Override
        public void skip(long length) throws IOException {
            skipped.add(length);
            if (thrownBySkip != null) {
                throw thrownBySkip;
            }
        }

        @Override
        public int read(ByteBuffer into) {
            if (reads-- <= 0) {
                into.position(into.position() + brings);
                return -1;
            }
            int length = Math.min(into.remaining(), 10);
            into.position(into.position() + length);
            return length;
        }
    }

    private void sendSections(StorageVol volume, Sections sections) throws IOException {
        try (Stream stream = connect.newStream()) {
            volume.upload(stream, 0, 0, StorageVolUploadFlags.SPARSE_STREAM);
            stream.sparseSendAll(sections);
            stream.finish();
        }
    }

    @Test
    void asksForOneSectionAfterTheOther() throws Exception {
        StorageVol volume = storage.volume(0);
        Sections source = new Sections();
        source.sections.addAll(
                List.of(SparseSource.Section.hole(5000), SparseSource.Section.data(10), SparseSource.Section.hole(90)));
        sendSections(volume, source);
        assertThat(source.skipped).containsExactly(5000L, 90L);
        assertThat(content(volume)).hasSize(5100);
    }

    @Test
    void refusesASourceThatEndsBeforeItsSection() {
        StorageVol volume = storage.volume(0);
        Sections source = new Sections();
        source.sections.add(SparseSource.Section.data(30));
        assertThatIllegalStateException()
                .isThrownBy(() -> sendSections(volume, source))
                .withMessageContaining("ended 20 bytes before the section of data did");
        // Data that is announced after the end.
        Sections again = new Sections();
        again.reads = 0;
        again.brings = 10;
        again.sections.addAll(List.of(SparseSource.Section.data(10), SparseSource.Section.data(20)));
        assertThatIllegalStateException()
                .isThrownBy(() -> sendSections(volume, again))
                .withMessageContaining("ended 20 bytes before the section of data did");
        assertThatIllegalArgumentException().isThrownBy(() -> SparseSource.Section.data(0));
        assertThatIllegalArgumentException().isThrownBy(() -> SparseSource.Section.hole(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> SparseSource.Section.data(-1));
    }

    @Test
    void rethrowsWhatASparseSourceOrSinkThrew() throws Exception {
        StorageVol volume = storage.volume(MIB);
        IOException thrown = new IOException("on purpose");
        Sections first = new Sections();
        first.thrownBySection = thrown;
        assertThat(catchThrowable(() -> sendSections(volume, first))).isSameAs(thrown);
        Sections second = new Sections();
        second.sections.add(SparseSource.Section.hole(5));
        second.thrownBySkip = thrown;
        assertThat(catchThrowable(() -> sendSections(volume, second))).isSameAs(thrown);
        SparseSink<IOException> sink = new SparseSink<>() {
            @Override
            public void hole(long length) throws IOException {
                throw thrown;
            }

            @Override
            public void write(ByteBuffer from) {
                throw new AssertionError("there is nothing but a hole");
            }
        };
        try (Stream stream = connect.newStream()) {
            volume.download(stream, 0, 0, StorageVolDownloadFlags.SPARSE_STREAM);
            assertThat(catchThrowable(() -> stream.sparseReceiveAll(sink))).isSameAs(thrown);
        }
        isWhatAnErrorLeaves(volume);
    }

    @Test
    void writesHolesAsZeroesWhereTheyCannotBe() throws Exception {
        StorageVol volume = storage.volume(MIB);
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        var bytes = new ByteArrayOutputStream();
        Thread reader = Thread.ofPlatform().start(() -> {
            try (var in = Files.newInputStream(pipe)) {
                in.transferTo(bytes);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        volume.download(pipe, Transfer.whole().sparse());
        reader.join();
        assertThat(bytes.toByteArray()).isEqualTo(new byte[MIB]);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> volume.upload(pipe, Transfer.whole().sparse()))
                .withMessageContaining("not a regular file");
        byte[] data = random(MIB);
        Thread writer = Thread.ofPlatform().start(() -> {
            try {
                Files.write(pipe, data);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        volume.upload(pipe);
        writer.join();
        assertThat(content(volume)).isEqualTo(data);
    }

    @Test
    void isWiped() throws Exception {
        StorageVol volume = storage.volume(MIB);
        Files.write(VolumeStorage.file(volume), random(MIB));
        volume.wipePattern(StorageVolWipeAlgorithm.ZERO);
        // As far as libvirt knows, nothing is allocated yet.
        assertThat(content(volume)).isEqualTo(random(MIB));
        storage.pool().refresh();
        volume.wipePattern(StorageVolWipeAlgorithm.ZERO);
        assertThat(content(volume)).isEqualTo(new byte[MIB]);
        // Of RBD's volumes only.
        assertThatExceptionOfType(UnsupportedException.class)
                .isThrownBy(() -> volume.wipePattern(StorageVolWipeAlgorithm.TRIM));
        assertThatIllegalStateException().isThrownBy(() -> volume.wipePattern(StorageVolWipeAlgorithm.UNRECOGNIZED));
    }
}
