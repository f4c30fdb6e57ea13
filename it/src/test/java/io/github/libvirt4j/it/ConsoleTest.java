package io.github.libvirt4j.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Stream;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.Registration;
import io.github.libvirt4j.types.DomainConsoleFlags;
import io.github.libvirt4j.types.DomainEventShutdownDetailType;
import io.github.libvirt4j.types.DomainEventStoppedDetailType;
import io.github.libvirt4j.types.DomainEventType;
import io.github.libvirt4j.types.StreamEventType;
import io.github.libvirt4j.types.StreamFlags;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/// Streams to a guest that has booted: its console, with a shell at the other end, and channels, on which it
/// sends back what comes.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("loop")
class ConsoleTest extends OneGuest {
    private static final int CHANNELS = 64;
    private static final int SIZE = 20_000;

    @Override
    Guest make(Connect on) throws IOException {
        return Guest.booting(
                DAEMON,
                on,
                IntStream.range(0, CHANNELS)
                        .mapToObj(i -> "<channel type='unix'><target type='virtio' name='echo." + i + "'/></channel>")
                        .collect(Collectors.joining()));
    }

    @BeforeAll
    void boot() {
        try (Console console = new Console(connect(), guest())) {
            console.await("GUEST READY");
            // The agent's is one, too.
            console.run("name-ports " + (CHANNELS + 1));
        }
    }

    /// Has the guest send back what comes over channels, until nobody is at their other end.
    private void sendBack(String channels) {
        try (Console console = new Console(connect(), guest())) {
            console.run("for each in /dev/virtio-ports/" + channels + "; do cat <>$each >&0 & done");
        }
    }

    private static byte[] data(int seed) {
        byte[] data = new byte[SIZE];
        new Random(seed).nextBytes(data);
        return data;
    }

    @Test
    void talksOverTheConsoleAndWaits() {
        try (Console console = new Console(connect(), guest())) {
            console.run("sleep 0.1");
            console.start("echo $((6 * 7))th");
            console.await("42th");
        }
    }

    @Test
    void talksOverTheConsoleWhenItIsReady() throws Exception {
        try (Stream stream = connect().newStream(StreamFlags.NONBLOCK)) {
            guest().domain().console().open(null, stream, DomainConsoleFlags.FORCE);
            ByteBuffer command = StandardCharsets.US_ASCII.encode("echo $((7 * 191))th\n");
            StringBuilder seen = new StringBuilder();
            ByteBuffer piece = ByteBuffer.allocateDirect(100);
            CompletableFuture<String> answer = new CompletableFuture<>();
            Registration reader = stream.on(EnumSet.of(StreamEventType.READABLE), (self, _) -> {
                while (self.stream().receive(piece.clear()) > 0) {
                    seen.append(StandardCharsets.US_ASCII.decode(piece.flip()));
                }
                if (seen.indexOf("1337th") >= 0) {
                    answer.complete(seen.toString());
                }
            });
            while (command.hasRemaining()) {
                stream.send(command);
            }
            assertThat(answer.get(60, TimeUnit.SECONDS)).contains("echo $((7 * 191))th");
            reader.close();
        }
    }

    @Test
    void talksOverAChannelAndWaits() throws Exception {
        byte[] data = data(1);
        try (Stream stream = connect().newStream()) {
            guest().domain().console().openChannel("echo.0", stream);
            sendBack("echo.0");
            try (OutputStream to = stream.outputStream();
                    InputStream from = stream.inputStream()) {
                CompletableFuture<@Nullable Void> sent = CompletableFuture.runAsync(() -> {
                    try {
                        to.write(data);
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                });
                assertThat(from.readNBytes(SIZE)).isEqualTo(data);
                sent.get(60, TimeUnit.SECONDS);
            }
        }
    }

    /// One of the channels, which sends and receives when it is ready.
    private static final class Channel implements AutoCloseable {
        private final Stream stream;
        private final byte[] sent;
        private final ByteBuffer toSend;
        private final ByteBuffer received = ByteBuffer.allocate(SIZE);
        private final CompletableFuture<byte[]> all = new CompletableFuture<>();

        Channel(Connect connect, Guest guest, int number) {
            stream = connect.newStream(StreamFlags.NONBLOCK);
            guest.domain().console().openChannel("echo." + number, stream);
            sent = data(number);
            toSend = ByteBuffer.wrap(sent);
        }

        void start() {
            stream.on(EnumSet.of(StreamEventType.READABLE), (self, _) -> {
                while (self.stream().receive(received) > 0) {}
                if (!received.hasRemaining()) {
                    self.stream().abort();
                    all.complete(received.array());
                }
            });
            stream.on(EnumSet.of(StreamEventType.WRITABLE), (self, _) -> {
                self.stream().send(toSend);
                // There is room for more all the time.
                if (!toSend.hasRemaining()) {
                    self.close();
                }
            });
        }

        @Override
        public void close() {
            stream.close();
        }
    }

    @Test
    void talksOverAllChannelsAtOnce() throws Exception {
        List<Channel> channels = new ArrayList<>();
        try {
            for (int i = 0; i < CHANNELS; i++) {
                channels.add(new Channel(connect(), guest(), i));
            }
            sendBack("echo.*");
            channels.forEach(Channel::start);
            for (Channel each : channels) {
                assertThat(each.all.get(120, TimeUnit.SECONDS)).isEqualTo(each.sent);
            }
        } finally {
            channels.forEach(Channel::close);
        }
    }

    @Test
    @Order(Integer.MAX_VALUE)
    @Receives(DomainEvent.Lifecycle.class)
    void ordersTheGuestToShutDown() throws Exception {
        try (Events events = Events.of(connect(), DomainEvent.LIFECYCLE);
                Console console = new Console(connect(), guest())) {
            console.start("poweroff -f");
            events.expectInOrder(
                    guest().lifecycle(DomainEventType.SHUTDOWN, DomainEventShutdownDetailType.GUEST),
                    guest().lifecycle(DomainEventType.STOPPED, DomainEventStoppedDetailType.SHUTDOWN));
        }
    }
}
