package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.event.Delivery;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.EventHandler;
import io.github.libvirt4j.event.Registration;
import io.github.libvirt4j.internal.callback.Loans;
import io.github.libvirt4j.support.Threads;
import io.github.libvirt4j.types.StreamEventType;
import io.github.libvirt4j.types.StreamFlags;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Registering and closing from many threads, while events flow and garbage is collected. Every closure
/// that was lent is released, once: nothing is on loan at the end, and libvirt never came with a number
/// that was not.
///
/// `-Dstorm.seconds=600` makes the long one longer.
@ParameterizedClass
@EnumSource(TestDriver.class)
@Tag("loop")
@ExtendWith(NothingLeft.class)
class StormTest {
    private static final Duration SHORT = Duration.ofSeconds(1);
    private static final Duration LONG = Duration.ofSeconds(Long.getLong("storm.seconds", 30));

    private final TestDriver driver;
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicLong events = new AtomicLong();
    private final AtomicLong registrations = new AtomicLong();
    private Connect busy;
    private Domain domain;
    private Thread source;
    private Thread collector;
    private long strays;

    StormTest(TestDriver driver) {
        this.driver = driver;
    }

    /// A domain that is suspended and resumed all the time, with at most so many events under way.
    @BeforeEach
    void blow() {
        strays = Loans.strays();
        busy = driver.open();
        domain = Embedded.define(busy);
        domain.create();
        Semaphore room = new Semaphore(16);
        domain.on(Set.of(DomainEvent.LIFECYCLE), Delivery.direct(), _ -> room.release());
        source = Thread.ofPlatform().start(() -> {
            while (!over.get()) {
                room.acquireUninterruptibly(2);
                domain.suspend();
                domain.resume();
            }
        });
        collector = Thread.ofPlatform().start(() -> {
            while (!over.get()) {
                System.gc();
                pause(20);
            }
        });
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @AfterEach
    void calm() throws InterruptedException {
        over.set(true);
        source.join();
        collector.join();
        domain.destroy();
        domain.undefine();
        busy.close();
        assertThat(resultOfClosing(busy)).isZero();
        assertThat(Libvirt.closuresOnLoan()).isZero();
        assertThat(Loans.strays()).isEqualTo(strays);
        assertThat(events).hasPositiveValue();
        assertThat(registrations).hasPositiveValue();
    }

    private Registration register(Connect connect, EventHandler<DomainEvent.Lifecycle> handler) {
        registrations.incrementAndGet();
        Delivery delivery = ThreadLocalRandom.current().nextBoolean() ? Delivery.direct() : Delivery.queued(64);
        return connect.on(Set.of(DomainEvent.LIFECYCLE), delivery, event -> {
            events.incrementAndGet();
            handler.on(event);
        });
    }

    @FunctionalInterface
    private interface Round {
        void run(int thread) throws Exception;
    }

    private static void rounds(Duration length, int threads, Round round) throws Exception {
        long end = System.nanoTime() + length.toNanos();
        Threads.together(threads, thread -> {
            while (System.nanoTime() < end) {
                round.run(thread);
            }
        });
    }

    @Test
    void ofRegisteringAndClosing() throws Exception {
        registerAndClose(SHORT);
    }

    /// On one connection for all threads, closed at once, twice, by another thread, or after a wait.
    private void registerAndClose(Duration length) throws Exception {
        try (Connect connect = driver.open()) {
            AtomicReference<Registration> shared = new AtomicReference<>(register(connect, _ -> {}));
            rounds(length, 6, thread -> {
                Registration mine = register(connect, _ -> {});
                switch (thread % 3) {
                    case 0 -> {
                        mine.close();
                        mine.close();
                    }
                    // Another thread closes what this one made, perhaps while its handler runs.
                    case 1 -> shared.getAndSet(mine).close();
                    default ->
                        assertThat(mine.closeAndAwait(Duration.ofSeconds(30))).isTrue();
                }
            });
            shared.get().close();
        }
    }

    @Test
    void ofHandlersThatCloseThemselves() throws Exception {
        closeThemselves(SHORT);
    }

    private void closeThemselves(Duration length) throws Exception {
        try (Connect connect = driver.open()) {
            rounds(length, 4, _ -> {
                Semaphore closed = new Semaphore(0);
                AtomicReference<Registration> self = new AtomicReference<>();
                Registration registration = register(connect, _ -> {
                    Registration own = self.get();
                    if (own != null) {
                        own.close();
                        closed.release();
                    }
                });
                self.set(registration);
                assertThat(closed.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
                assertThat(registration.isActive()).isFalse();
                registration.close();
            });
        }
    }

    @Test
    void ofConnectionsThatAreClosedInAHandler() throws Exception {
        closeConnections(SHORT);
    }

    private void closeConnections(Duration length) throws Exception {
        rounds(length, 3, _ -> {
            Connect connect = driver.open();
            Semaphore closed = new Semaphore(0);
            try {
                register(connect, _ -> {
                    connect.close();
                    closed.release();
                });
                for (int i = 0; i < 3; i++) {
                    register(connect, _ -> {});
                }
            } catch (IllegalStateException e) {
                // Closed already, by an event that came before the registration was done.
            }
            assertThat(closed.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
            connect.close();
            assertThat(resultOfClosing(connect)).isZero();
        });
    }

    /// In a storm on a slow machine closing can take longer than [Connect#close] waits for it.
    private static int resultOfClosing(Connect connect) {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (connect.closeResult() < 0 && System.nanoTime() < end) {
            pause(1);
        }
        return connect.closeResult();
    }

    @Test
    void ofStreams() throws Exception {
        endStreams(SHORT);
    }

    /// Waited for, and ended in each way there is, in the handler and beside it.
    private void endStreams(Duration length) throws Exception {
        try (Connect connect = driver.open()) {
            Domain screen = connect.domains().lookupByName("test");
            AtomicReference<Stream> shared = new AtomicReference<>(connect.newStream());
            rounds(length, 6, thread -> {
                Stream stream = connect.newStream(StreamFlags.NONBLOCK);
                screen.console().screenshot(stream, 0);
                Semaphore called = new Semaphore(0);
                registrations.incrementAndGet();
                Registration registration = stream.on(Set.of(StreamEventType.READABLE), (self, _) -> {
                    events.incrementAndGet();
                    receive(self.stream());
                    switch (thread) {
                        case 0 -> self.stream().close();
                        case 1 -> self.stream().abort();
                        default -> {}
                    }
                    called.release();
                });
                switch (thread) {
                    case 0, 1 ->
                        assertThat(called.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
                    case 2 -> stream.abort();
                    case 3 -> registration.close();
                    case 4 -> stream = shared.getAndSet(stream);
                    default ->
                        assertThat(registration.closeAndAwait(Duration.ofSeconds(30)))
                                .isTrue();
                }
                stream.close();
            });
            shared.get().close();
        }
    }

    @Test
    @Tag("slow")
    void ofAllThatAtOnceForLong() throws Exception {
        List<Storm> all =
                List.of(this::registerAndClose, this::closeThemselves, this::closeConnections, this::endStreams);
        Threads.together(all.size(), i -> all.get(i).run(LONG));
    }

    @FunctionalInterface
    private interface Storm {
        void run(Duration length) throws Exception;
    }

    /// It may be over by now.
    private static void receive(Stream stream) {
        try {
            stream.receive(ByteBuffer.allocate(1000));
        } catch (IllegalStateException | LibvirtException e) {
            assertThat(e).isNotNull();
        }
    }
}
