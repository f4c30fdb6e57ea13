package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libvirt4j.error.CallInterruptedException;
import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.event.Delivery;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.Registration;
import io.github.libvirt4j.stream.SparseSink;
import io.github.libvirt4j.testing.SessionDaemon;
import io.github.libvirt4j.types.DomainChannelFlags;
import io.github.libvirt4j.types.DomainConsoleFlags;
import io.github.libvirt4j.types.DomainCreateFlags;
import io.github.libvirt4j.types.ErrorNumber;
import io.github.libvirt4j.types.StreamEventType;
import io.github.libvirt4j.types.StreamFlags;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Streams with a guest at the other end: one of QEMU's without a disk, whose BIOS asks on the serial
/// console what to boot.
@Tag("loop")
@ExtendWith(NothingLeft.class)
@Timeout(120)
class GuestStreamTest {
    private static final String URI = SessionDaemon.shared().unixUri("qemu:///session");
    private static final String CHANNEL = "org.example.0";

    private static final Path SOCKET = SessionDaemon.shared()
            .folder()
            .resolve("run")
            .resolve(UUID.randomUUID().toString());

    /// The guest of all tests that talk over a channel: it stands still, and each opens the channel anew.
    private static UUID guestWithAChannel;

    private static ServerSocketChannel server;
    private static SocketChannel endOfQemu;
    private Connect connect;

    @BeforeAll
    static void startAGuestWithAChannel() throws IOException {
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(SOCKET));
        Files.setPosixFilePermissions(SOCKET, PosixFilePermissions.fromString("rwxrwxrwx"));
        try (Connect connect = Connect.open(URI)) {
            guestWithAChannel = start(connect, """
                    <channel type='unix'>
                      <source mode='connect' path='%s'/>
                      <target type='virtio' name='%s'/>
                    </channel>
                    """.formatted(SOCKET, CHANNEL)).uuid();
        }
        endOfQemu = server.accept();
    }

    @AfterAll
    static void destroyIt() throws IOException {
        try (Connect connect = Connect.open(URI)) {
            connect.domains().lookupByUuid(guestWithAChannel).destroy();
        }
        endOfQemu.close();
        server.close();
        Files.delete(SOCKET);
    }

    @BeforeEach
    void open() {
        connect = Connect.open(URI);
    }

    @AfterEach
    void close() {
        connect.close();
        assertThat(connect.closeResult()).isZero();
    }

    /// It stands still until it is resumed.
    private Domain start(String devices) {
        return start(connect, devices);
    }

    private static Domain start(Connect connect, String devices) {
        return connect.domains().create(xml(devices), DomainCreateFlags.START_PAUSED);
    }

    private static String xml(String devices) {
        return """
                <domain type='qemu'>
                  <name>%s</name>
                  <memory unit='MiB'>32</memory>
                  <os>
                    <type arch='x86_64'>hvm</type>
                    <bootmenu enable='yes' timeout='60000'/>
                    <bios useserial='yes'/>
                  </os>
                  <devices><serial type='pty'/>%s</devices>
                </domain>
                """.formatted(UUID.randomUUID(), devices);
    }

    private static void await(Stream console, ByteArrayOutputStream seen, String text) {
        ByteBuffer piece = ByteBuffer.allocate(1000);
        while (!seen.toString(StandardCharsets.US_ASCII).contains(text)) {
            assertThat(console.receive(piece))
                    .as(seen.toString(StandardCharsets.US_ASCII))
                    .isPositive();
            StreamTest.drain(piece.flip(), seen);
            piece.clear();
        }
    }

    @Test
    void talksOverAConsole() throws Exception {
        Domain guest = start("");
        try (Stream console = connect.newStream()) {
            guest.console().open(null, console, DomainConsoleFlags.FORCE);
            guest.resume();
            var seen = new ByteArrayOutputStream();
            await(console, seen, "Press ESC for boot menu");
            ByteBuffer escape = ByteBuffer.wrap(new byte[] {27});
            assertThat(console.send(escape)).isEqualTo(1);
            await(console, seen, "Select boot device");
            // It goes to another.
            try (Stream other = connect.newStream()) {
                assertThatExceptionOfType(LibvirtException.class)
                        .isThrownBy(() -> guest.console().open("serial0", other))
                        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorNumber.OPERATION_FAILED));
                guest.console().open("serial0", other, DomainConsoleFlags.FORCE);
                assertThat(other.receive(ByteBuffer.allocate(0))).isZero();
            }
        } finally {
            guest.destroy();
        }
    }

    @Test
    void takesAPictureOfAScreen() {
        Domain guest = start("<video><model type='vga'/></video>");
        try {
            var picture = new ByteArrayOutputStream();
            String type = guest.console().screenshot(0, from -> StreamTest.drain(from, picture));
            // By the versions of libvirt and QEMU.
            byte[] magic = type.equals("image/png") ? new byte[] {(byte) 0x89, 'P', 'N', 'G'} : new byte[] {'P', '6'};
            assertThat(type).isIn("image/png", "image/x-portable-pixmap");
            assertThat(picture.toByteArray()).startsWith(magic);
            assertThatExceptionOfType(LibvirtException.class)
                    .isThrownBy(() -> guest.console().screenshot(7, _ -> {
                        throw new AssertionError("there is no such screen");
                    }));
        } finally {
            guest.destroy();
        }
    }

    /// Nothing comes of a guest that stands still.
    @Test
    void letsAReaderOfAConsoleGo() throws Exception {
        Domain guest = start("");
        try {
            Stream console = connect.newStream();
            guest.console().open(null, console);
            CompletableFuture<Throwable> failed = new CompletableFuture<>();
            receiveIn(console, failed);
            assertThat(failed).isNotDone();
            console.close();
            assertThat(failed.get(10, TimeUnit.SECONDS))
                    .isInstanceOfAny(LibvirtException.class, IllegalStateException.class);
        } finally {
            guest.destroy();
        }
    }

    @Test
    void tellsThatAGuestIsGone() throws Exception {
        Domain guest = start("");
        try (Stream console = connect.newStream(StreamFlags.NONBLOCK)) {
            guest.console().open(null, console);
            CompletableFuture<Boolean> over = new CompletableFuture<>();
            console.on(EnumSet.of(StreamEventType.READABLE), (self, _) -> {
                if (isOver(self.stream())) {
                    self.stream().abort();
                    over.complete(true);
                }
            });
            guest.destroy();
            assertThat(over.get(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    /// By an end, or an error: a terminal that is hung up is one to Linux.
    private static boolean isOver(Stream stream) {
        try {
            return stream.receive(ByteBuffer.allocate(100)) < 0;
        } catch (LibvirtException e) {
            return true;
        }
    }

    /// What talks over a channel: our end, a stream, and the guest's, which is ours as well: QEMU and libvirt
    /// both connect to it.
    @FunctionalInterface
    private interface Talk {
        void over(Stream stream, SocketChannel peer) throws Exception;
    }

    private void talk(Talk talk) throws Exception {
        try (Domain guest = connect.domains().lookupByUuid(guestWithAChannel);
                Stream stream = connect.newStream()) {
            assertThatExceptionOfType(LibvirtException.class)
                    .isThrownBy(() -> guest.console().openChannel("org.example.1", stream))
                    .withMessageContaining("org.example.1");
            guest.console().openChannel(CHANNEL, stream, DomainChannelFlags.FORCE);
            try (SocketChannel peer = server.accept()) {
                talk.over(stream, peer);
            }
        }
    }

    @Test
    void talksOverAChannel() throws Exception {
        talk((stream, peer) -> {
            byte[] data = new byte[300_000];
            new Random(1).nextBytes(data);
            CompletableFuture<byte[]> echo = CompletableFuture.supplyAsync(() -> echo(peer, data.length));
            ByteBuffer out = ByteBuffer.wrap(data);
            while (out.hasRemaining()) {
                stream.send(out);
            }
            ByteBuffer in = ByteBuffer.allocate(data.length);
            while (in.hasRemaining()) {
                assertThat(stream.receive(in)).isPositive();
            }
            assertThat(in.array()).isEqualTo(data);
            assertThat(echo.get(10, TimeUnit.SECONDS)).isEqualTo(data);
            peer.close();
            assertThat(stream.receive(ByteBuffer.allocate(1))).isEqualTo(-1);
            assertThat(stream.receive(ByteBuffer.allocate(1))).isEqualTo(-1);
            stream.finish();
        });
    }

    /// Each side waits for the other all the time: nothing follows that could make up for an answer that was
    /// missed.
    @Test
    void missesNoAnswer() throws Exception {
        talk((stream, peer) -> {
            int rounds = 3_000;
            CompletableFuture<?> answers = CompletableFuture.runAsync(() -> {
                for (int i = 0; i < rounds; i++) {
                    echo(peer, 1);
                }
            });
            ByteBuffer one = ByteBuffer.allocateDirect(1);
            for (int i = 0; i < rounds; i++) {
                stream.send(one.clear().put(0, (byte) i));
                assertThat(stream.receive(one.clear())).isEqualTo(1);
                assertThat(one.get(0)).isEqualTo((byte) i);
            }
            answers.get(10, TimeUnit.SECONDS);
        });
    }

    /// The same in a sink, until the other side hangs up.
    @Test
    void answersInASink() throws Exception {
        talk((stream, peer) -> {
            int rounds = 1_000;
            CompletableFuture<?> questions = CompletableFuture.runAsync(() -> {
                for (int i = 0; i < rounds; i++) {
                    ask(peer, (byte) i);
                }
                close(peer);
            });
            AtomicInteger asked = new AtomicInteger();
            stream.receiveAll(question -> {
                assertThat(question.get()).isEqualTo((byte) asked.getAndIncrement());
                stream.send(ByteBuffer.allocate(1).put(0, (byte) asked.get()));
            });
            questions.get(10, TimeUnit.SECONDS);
            assertThat(asked).hasValue(rounds);
            stream.finish();
        });
    }

    @Test
    void sinkOfAChannelThatThrowsAbortsTheStream() throws Exception {
        talk((stream, peer) -> {
            peer.write(ByteBuffer.allocate(1));
            IOException thrown = new IOException("no room");
            assertThatThrownBy(() -> stream.receiveAll(_ -> {
                        throw thrown;
                    }))
                    .isSameAs(thrown);
            assertThatThrownBy(() -> stream.receive(ByteBuffer.allocate(1))).isInstanceOf(IllegalStateException.class);
        });
    }

    @Test
    void transferThatFailsOnAClosedStreamSaysBoth() throws Exception {
        talk((stream, peer) -> {
            peer.write(ByteBuffer.allocate(1));
            IOException thrown = new IOException("no room");
            assertThatThrownBy(() -> stream.receiveAll(_ -> {
                        CompletableFuture.runAsync(stream::close).join();
                        throw thrown;
                    }))
                    .isSameAs(thrown);
            assertThat(thrown.getSuppressed()).hasSize(1).hasOnlyElementsOfType(IllegalStateException.class);
        });
    }

    @Test
    void sendsAllOverAChannel() throws Exception {
        talk((stream, peer) -> {
            byte[] data = new byte[600_000];
            new Random(1).nextBytes(data);
            CompletableFuture<byte[]> echo = CompletableFuture.supplyAsync(() -> echo(peer, data.length));
            CompletableFuture<byte[]> back = CompletableFuture.supplyAsync(() -> {
                ByteBuffer in = ByteBuffer.allocate(data.length);
                while (in.hasRemaining()) {
                    stream.receive(in);
                }
                return in.array();
            });
            ByteBuffer left = ByteBuffer.wrap(data);
            stream.sendAll(into -> {
                if (!left.hasRemaining()) {
                    return -1;
                }
                int count = Math.min(left.remaining(), into.remaining());
                into.put(left.slice().limit(count));
                left.position(left.position() + count);
                return count;
            });
            assertThat(echo.get(10, TimeUnit.SECONDS)).isEqualTo(data);
            assertThat(back.get(10, TimeUnit.SECONDS)).isEqualTo(data);
            // Nothing of the buffer follows that the source did not fill.
            byte[] last = "the last bytes".getBytes(StandardCharsets.US_ASCII);
            assertThat(stream.send(ByteBuffer.wrap(last))).isEqualTo(last.length);
            assertThat(echo(peer, last.length)).isEqualTo(last);
        });
    }

    /// The callback by which data was waited for goes before it is aborted, else libvirt never lets go of it.
    @Test
    void sourceOfAChannelThatThrowsAbortsTheStream() throws Exception {
        talk((stream, peer) -> {
            peer.write(ByteBuffer.allocate(1));
            assertThat(stream.receive(ByteBuffer.allocate(1))).isOne();
            IOException thrown = new IOException("nothing to read");
            assertThatThrownBy(() -> stream.sendAll(_ -> {
                        throw thrown;
                    }))
                    .isSameAs(thrown);
            assertThatThrownBy(() -> stream.send(ByteBuffer.allocate(1))).isInstanceOf(IllegalStateException.class);
        });
    }

    @Test
    void channelHasNoHoles() throws Exception {
        talk((stream, peer) -> assertThatThrownBy(() -> stream.sparseReceiveAll(new SparseSink<RuntimeException>() {
                    @Override
                    public void write(ByteBuffer from) {}

                    @Override
                    public void hole(long length) {}
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no holes"));
    }

    /// In each way it can be ended while a thread waits for data.
    @ParameterizedTest
    @ValueSource(strings = {"finish", "abort", "close", "close on the loop"})
    void endingAChannelLetsItsReaderGo(String how) throws Exception {
        talk((stream, peer) -> {
            CompletableFuture<Throwable> failed = new CompletableFuture<>();
            Thread reader = Thread.ofVirtual().start(() -> {
                try {
                    stream.receive(ByteBuffer.allocate(1));
                } catch (RuntimeException e) {
                    failed.complete(e);
                }
            });
            while (reader.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
            switch (how) {
                case "finish" -> stream.finish();
                case "abort" -> stream.abort();
                case "close" -> stream.close();
                default -> closeOnTheLoop(stream);
            }
            assertThat(failed.get(10, TimeUnit.SECONDS))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("The stream was ended while this thread waited for data");
        });
    }

    private void closeOnTheLoop(Stream stream) throws InterruptedException {
        try (Registration _ = connect.on(Set.of(DomainEvent.LIFECYCLE), Delivery.direct(), _ -> stream.close())) {
            connect.domains().define(xml("")).undefine();
            while (!stream.isClosed()) {
                Thread.sleep(1);
            }
        }
    }

    /// More often than there are threads for calls that hang, and nothing is lost.
    @Test
    void receiveThatIsGivenUpTakesNothing() throws Exception {
        limit(Duration.ofSeconds(20));
        talk((stream, peer) -> {
            Thread reader = Thread.currentThread();
            ByteBuffer one = ByteBuffer.allocate(1);
            for (int i = 0; i < 20; i++) {
                reader.interrupt();
                assertThatExceptionOfType(CallInterruptedException.class)
                        .isThrownBy(() -> stream.receive(one))
                        .satisfies(e -> assertThat(e.isBegun()).isFalse());
                assertThat(Thread.interrupted()).isTrue();
            }
            assertThat(connect.callsAbandoned()).isZero();
            CompletableFuture<Throwable> released = new CompletableFuture<>();
            Thread waiting = receiveIn(stream, released);
            awaitState(waiting);
            waiting.interrupt();
            assertThat(released.get(10, TimeUnit.SECONDS)).isInstanceOf(CallInterruptedException.class);
            assertThat(stream.end.watch().listeners()).isZero();
            peer.write(ByteBuffer.allocate(1).put(0, (byte) 7));
            assertThat(stream.receive(one)).isEqualTo(1);
            assertThat(one.get(0)).isEqualTo((byte) 7);
        });
    }

    /// The abort is not waited for either.
    @Test
    void transferThatIsGivenUpAbortsTheStream() throws Exception {
        limit(Duration.ofSeconds(20));
        talk((stream, peer) -> {
            Thread.currentThread().interrupt();
            assertThatExceptionOfType(CallInterruptedException.class).isThrownBy(() -> stream.receiveAll(_ -> {}));
            isAborted(stream);
        });
        talk((stream, peer) -> {
            peer.write(ByteBuffer.allocate(1));
            IOException thrown = new IOException("no room");
            assertThatThrownBy(() -> stream.receiveAll(_ -> {
                        Thread.currentThread().interrupt();
                        throw thrown;
                    }))
                    .isSameAs(thrown)
                    .hasNoSuppressedExceptions();
            isAborted(stream);
        });
    }

    private static void isAborted(Stream stream) {
        assertThat(Thread.interrupted()).isTrue();
        // Before it or meanwhile.
        assertThatThrownBy(() -> stream.receive(ByteBuffer.allocate(1))).isInstanceOf(IllegalStateException.class);
    }

    /// Who waits for another receiver is as free to go.
    @Test
    void secondReceiverIsReleasedAsTheFirstIs() throws Exception {
        limit(Duration.ofSeconds(20));
        talk((stream, peer) -> {
            CompletableFuture<Integer> first = new CompletableFuture<>();
            Thread reader =
                    Thread.ofPlatform().daemon().start(() -> first.complete(stream.receive(ByteBuffer.allocate(1))));
            awaitState(reader);
            CompletableFuture<Throwable> second = new CompletableFuture<>();
            Thread other = receiveIn(stream, second);
            awaitState(other);
            other.interrupt();
            assertThat(second.get(10, TimeUnit.SECONDS)).isInstanceOf(CallInterruptedException.class);
            assertThat(first).isNotDone();
            peer.write(ByteBuffer.allocate(1));
            assertThat(first.get(10, TimeUnit.SECONDS)).isEqualTo(1);
            // Nor does one that has received keep the next.
            peer.write(ByteBuffer.allocate(1));
            assertThat(stream.receive(ByteBuffer.allocate(1))).isEqualTo(1);
        });
    }

    private static Thread receiveIn(Stream stream, CompletableFuture<Throwable> failed) {
        return Thread.ofPlatform().daemon().start(() -> {
            try {
                stream.receive(ByteBuffer.allocate(1));
            } catch (RuntimeException e) {
                failed.complete(e);
            }
        });
    }

    private static void awaitState(Thread waiting) throws InterruptedException {
        while (waiting.getState() != Thread.State.TIMED_WAITING) {
            assertThat(waiting.isAlive()).isTrue();
            Thread.sleep(1);
        }
    }

    /// Another connection, whose calls have a time limit.
    private void limit(Duration callTimeout) {
        Connect unlimited = connect;
        connect = Connect.to(URI).callTimeout(callTimeout).open();
        unlimited.close();
    }

    private static void ask(SocketChannel peer, byte question) {
        try {
            peer.write(ByteBuffer.allocate(1).put(0, question));
            ByteBuffer answer = ByteBuffer.allocate(1);
            assertThat(peer.read(answer)).isEqualTo(1);
            assertThat(answer.get(0)).isEqualTo((byte) (question + 1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void close(SocketChannel peer) {
        try {
            peer.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] echo(SocketChannel peer, int size) {
        try {
            ByteBuffer all = ByteBuffer.allocate(size);
            while (all.hasRemaining() && peer.read(all) >= 0) {}
            all.flip();
            while (all.hasRemaining()) {
                peer.write(all);
            }
            return all.array();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
