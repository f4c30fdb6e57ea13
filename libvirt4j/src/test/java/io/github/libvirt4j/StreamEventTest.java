package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.event.Delivery;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.Registration;
import io.github.libvirt4j.internal.Workers;
import io.github.libvirt4j.internal.callback.Loans;
import io.github.libvirt4j.internal.loop.ProcessLoop;
import io.github.libvirt4j.stream.StreamRegistration;
import io.github.libvirt4j.support.Threads;
import io.github.libvirt4j.types.StreamEventType;
import io.github.libvirt4j.types.StreamFlags;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Streams that say when they are ready.
@ParameterizedClass
@EnumSource(TestDriver.class)
@Tag("loop")
@ExtendWith(NothingLeft.class)
@Timeout(60)
class StreamEventTest {
    private static final Set<StreamEventType> READABLE = EnumSet.of(StreamEventType.READABLE);
    private static final Set<StreamEventType> WRITABLE = EnumSet.of(StreamEventType.WRITABLE);

    private final TestDriver driver;
    private Connect connect;
    private Domain domain;
    private long strays;

    StreamEventTest(TestDriver driver) {
        this.driver = driver;
    }

    @BeforeEach
    void open() {
        strays = Loans.strays();
        connect = driver.open();
        domain = connect.domains().lookupByName("test");
    }

    @AfterEach
    void close() {
        connect.close();
        assertThat(connect.closeResult()).isZero();
        assertThat(Loans.strays()).isEqualTo(strays);
    }

    private Stream screenshot() {
        Stream stream = connect.newStream(StreamFlags.NONBLOCK);
        domain.console().screenshot(stream, 0);
        return stream;
    }

    private static void await(CountDownLatch latch) throws InterruptedException {
        assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void readsAllThatComes() throws Exception {
        var expected = new ByteArrayOutputStream();
        domain.console().screenshot(0, from -> StreamTest.drain(from, expected));
        var bytes = new ByteArrayOutputStream();
        var whole = new CountDownLatch(1);
        List<Set<StreamEventType>> seen = new CopyOnWriteArrayList<>();
        ByteBuffer piece = ByteBuffer.allocate(10_000);
        try (Stream stream = screenshot()) {
            stream.on(READABLE, (ready, events) -> {
                seen.add(events);
                int received = ready.stream().receive(piece);
                StreamTest.drain(piece.flip(), bytes);
                piece.clear();
                if (received < 0) {
                    ready.stream().finish();
                    whole.countDown();
                }
            });
            await(whole);
            assertThatIllegalStateException().isThrownBy(stream::finish).withMessageContaining("it was finished");
        }
        assertThat(bytes.toByteArray()).isEqualTo(expected.toByteArray());
        assertThat(seen).hasSizeGreaterThan(2).contains(READABLE);
    }

    @Test
    void doesNotCallAHandlerThatIsAtWork() throws Exception {
        var inside = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        var again = new CountDownLatch(2);
        AtomicInteger atOnce = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try (Stream stream = screenshot()) {
            Registration registration = stream.on(READABLE, (_, _) -> {
                most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
                inside.countDown();
                goOn.await();
                atOnce.decrementAndGet();
                again.countDown();
            });
            await(inside);
            // It is readable all the time, and the loop turns.
            for (int i = 0; i < 100; i++) {
                ProcessLoop.turn();
            }
            assertThat(again.getCount()).isEqualTo(2);
            goOn.countDown();
            // What was not read is told again.
            await(again);
            assertThat(most).hasValue(1);
            assertThat(registration.isActive()).isTrue();
            assertThat(registration.closeAndAwait(Duration.ofSeconds(10))).isTrue();
            assertThat(registration.isActive()).isFalse();
            assertThat(registration.lost()).isZero();
        }
    }

    /// It is readable all the time, and never writable on a driver in this process.
    @Test
    void waitsForSomethingElseFromNowOn() throws Exception {
        BlockingQueue<StreamRegistration> called = new LinkedBlockingQueue<>();
        try (Stream stream = screenshot()) {
            StreamRegistration registration = stream.on(READABLE, (self, _) -> {
                self.update(Set.of());
                called.add(self);
            });
            assertThat(called.poll(10, TimeUnit.SECONDS)).isSameAs(registration);
            assertThat(registration.stream()).isSameAs(stream);
            // Until it is changed again it waits for nothing, and is a registration all the same.
            theLoopSleeps();
            assertThat(called).isEmpty();
            assertThat(registration.isActive()).isTrue();
            registration.update(READABLE);
            assertThat(called.poll(10, TimeUnit.SECONDS)).isSameAs(registration);
            registration.close();
            registration.update(READABLE);
            theLoopSleeps();
            assertThat(called).isEmpty();
        }
    }

    /// What a handler waits for while it is at work counts when it has returned.
    @Test
    void isChangedAndClosedByItsOwnHandler() throws Exception {
        BlockingQueue<Set<StreamEventType>> called = new LinkedBlockingQueue<>();
        try (Stream stream = screenshot()) {
            StreamRegistration registration = stream.on(READABLE, (self, events) -> {
                called.add(events);
                if (called.size() == 3) {
                    self.close();
                }
                self.update(READABLE);
            });
            for (int i = 0; i < 3; i++) {
                while (called.size() <= i) {
                    Thread.onSpinWait();
                }
            }
            while (Workers.busy() > 0) {
                Thread.onSpinWait();
            }
            theLoopSleeps();
            assertThat(called).hasSize(3).containsOnly(READABLE);
            assertThat(registration.isActive()).isFalse();
            registration.update(READABLE);
        }
    }

    /// It is readable all the time.
    @Test
    void leavesTheLoopInPeaceWhileNobodyWaits() throws Exception {
        var inside = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        try (Stream stream = screenshot()) {
            Registration registration = stream.on(READABLE, (_, _) -> {
                inside.countDown();
                goOn.await();
            });
            await(inside);
            theLoopSleeps();
            goOn.countDown();
            assertThat(registration.closeAndAwait(Duration.ofSeconds(10))).isTrue();
            theLoopSleeps();
        }
    }

    private static void theLoopSleeps() throws Exception {
        ProcessLoop.turn();
        long before = Threads.processorTimeOfTheLoop();
        Thread.sleep(200);
        assertThat(Threads.processorTimeOfTheLoop() - before).isLessThan(5);
    }

    /// libvirt calls back with an error while it aborts.
    @Test
    void isNotToldOfItsOwnAbort() throws Exception {
        ByteBuffer all = ByteBuffer.allocate(1_000_000);
        try (Stream stream = screenshot()) {
            while (stream.receive(all) >= 0) {}
            List<Set<StreamEventType>> told = new CopyOnWriteArrayList<>();
            stream.on(READABLE, (_, events) -> told.add(events));
            for (int i = 0; i < 10; i++) {
                ProcessLoop.turn();
            }
            told.clear();
            stream.abort();
            ProcessLoop.turn();
            while (Workers.busy() > 0) {
                Thread.onSpinWait();
            }
            assertThat(told).isEmpty();
        }
    }

    @Test
    void letsSeveralWait() throws Exception {
        try (Stream stream = screenshot()) {
            var first = new CountDownLatch(1);
            var second = new CountDownLatch(1);
            var third = new CountDownLatch(1);
            var goOn = new CountDownLatch(1);
            stream.on(READABLE, (_, _) -> {
                first.countDown();
                goOn.await();
            });
            await(first);
            stream.on(READABLE, (_, _) -> {
                second.countDown();
                goOn.await();
            });
            await(second);
            Registration closed = stream.on(READABLE, (_, _) -> third.countDown());
            await(third);
            closed.close();
            closed.close();
            goOn.countDown();
        }
    }

    @Test
    void endsAHandlerThatThrows() throws Exception {
        BlockingQueue<Throwable> reported = new LinkedBlockingQueue<>();
        Libvirt.setUncaughtHandler((_, thrown) -> reported.add(thrown));
        AtomicInteger calls = new AtomicInteger();
        try (Stream stream = screenshot()) {
            RuntimeException thrown = new RuntimeException("on purpose");
            Registration registration = stream.on(READABLE, (_, _) -> {
                calls.incrementAndGet();
                throw thrown;
            });
            assertThat(reported.poll(10, TimeUnit.SECONDS)).isSameAs(thrown);
            while (registration.isActive()) {
                Thread.onSpinWait();
            }
            for (int i = 0; i < 10; i++) {
                ProcessLoop.turn();
            }
            assertThat(calls).hasValue(1);
            assertThat(reported).isEmpty();
            // The stream itself is as it was.
            assertThat(stream.receive(ByteBuffer.allocate(10))).isNotNegative();
        }
    }

    @Test
    void isClosedInItsOwnHandler() throws Exception {
        for (int i = 0; i < 50; i++) {
            var over = new CountDownLatch(1);
            Stream stream = screenshot();
            Registration registration = stream.on(READABLE, (self, _) -> {
                self.stream().close();
                over.countDown();
            });
            await(over);
            assertThat(stream.isClosed()).isTrue();
            assertThat(registration.isActive()).isFalse();
        }
    }

    @Test
    void isAbortedOrEndsItsRegistrationInItsOwnHandler() throws Exception {
        var over = new CountDownLatch(2);
        AtomicReference<Registration> own = new AtomicReference<>();
        var registered = new CountDownLatch(1);
        try (Stream stream = screenshot();
                Stream other = screenshot()) {
            stream.on(READABLE, (self, _) -> {
                self.stream().abort();
                over.countDown();
            });
            own.set(other.on(READABLE, (_, _) -> {
                registered.await();
                Registration self = Objects.requireNonNull(own.get());
                assertThat(self.closeAndAwait(Duration.ofSeconds(10))).isFalse();
                over.countDown();
            }));
            registered.countDown();
            await(over);
            assertThatIllegalStateException()
                    .isThrownBy(() -> stream.on(READABLE, (_, _) -> {}))
                    .withMessageContaining("it was aborted");
            var again = new CountDownLatch(1);
            other.on(READABLE, (_, _) -> again.countDown());
            await(again);
        }
    }

    @Test
    void letsItsConnectionBeClosedInItsHandler() throws Exception {
        Connect own = driver.open();
        Stream stream = own.newStream(StreamFlags.NONBLOCK);
        own.domains().lookupByName("test").console().screenshot(stream, 0);
        var over = new CountDownLatch(1);
        stream.on(READABLE, (_, _) -> {
            own.close();
            over.countDown();
        });
        await(over);
        own.close();
        assertThat(own.closeResult()).isZero();
        assertThat(stream.isClosed()).isTrue();
    }

    @Test
    void isNotReadableAfterItsEnd() throws Exception {
        AtomicInteger afterTheEnd = new AtomicInteger();
        var end = new CountDownLatch(1);
        ByteBuffer piece = ByteBuffer.allocate(100_000);
        try (Stream stream = screenshot()) {
            Registration registration = stream.on(READABLE, (ready, _) -> {
                if (end.getCount() == 0) {
                    afterTheEnd.incrementAndGet();
                }
                // One that does not look what it gets.
                if (ready.stream().receive(piece.clear()) < 0) {
                    end.countDown();
                }
            });
            await(end);
            for (int i = 0; i < 100; i++) {
                ProcessLoop.turn();
            }
            assertThat(registration.closeAndAwait(Duration.ofSeconds(10))).isTrue();
            // A hangup may be told, once.
            assertThat(afterTheEnd).hasValueLessThanOrEqualTo(1);
        }
    }

    /// The loop is busy while this thread takes all there is. One with several threads waits meanwhile.
    @Test
    @DisabledIfSystemProperty(named = "test.eventLoop", matches = "executor")
    void isNotToldOfDataThatAnotherHasTaken() throws Exception {
        List<Set<StreamEventType>> told = new CopyOnWriteArrayList<>();
        var inside = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        ByteBuffer piece = ByteBuffer.allocate(100_000);
        try (Stream stream = screenshot();
                Registration _ = domain.on(Set.of(DomainEvent.LIFECYCLE), Delivery.direct(), _ -> {
                    inside.countDown();
                    goOn.await();
                })) {
            domain.suspend();
            domain.resume();
            await(inside);
            try {
                stream.on(READABLE, (_, events) -> told.add(events));
                while (stream.receive(piece.clear()) >= 0) {
                    // The answer of a daemon comes with what it has sent before.
                    assertThat(domain.isActive()).isTrue();
                }
            } finally {
                goOn.countDown();
            }
            for (int i = 0; i < 10; i++) {
                ProcessLoop.turn();
            }
            while (Workers.busy() > 0) {
                Thread.onSpinWait();
            }
            assertThat(told).isEmpty();
        }
    }

    @Test
    @SuppressWarnings("try") // Closed on purpose.
    void isNotEndedOnTheLoop() throws Exception {
        try (Stream stream = screenshot()) {
            stream.on(WRITABLE, (_, _) -> new Semaphore(0).tryAcquire(1, TimeUnit.MILLISECONDS));
            List<Throwable> refused = new CopyOnWriteArrayList<>();
            var told = new CountDownLatch(1);
            try (Registration _ = domain.on(Set.of(DomainEvent.LIFECYCLE), Delivery.direct(), _ -> {
                refused.add(catchThrowable(stream::finish));
                refused.add(catchThrowable(stream::abort));
                stream.close();
                told.countDown();
            })) {
                domain.suspend();
                domain.resume();
                await(told);
            }
            assertThat(refused)
                    .hasSizeGreaterThanOrEqualTo(2)
                    .allSatisfy(e -> assertThat(e).isInstanceOf(IllegalStateException.class));
            assertThat(refused.getFirst()).hasMessageContaining("on the event loop");
            assertThat(stream.isClosed()).isTrue();
        }
    }

    /// Who ends it waits for the loop, and the loop is not to wait for who ends it.
    @Test
    void isNotEndedOnTheLoopWhileAnotherThreadEndsIt() throws Exception {
        try (Stream stream = screenshot()) {
            stream.on(WRITABLE, (_, _) -> new Semaphore(0).tryAcquire(1, TimeUnit.MILLISECONDS));
            List<Throwable> refused = new CopyOnWriteArrayList<>();
            var told = new CountDownLatch(1);
            Thread aborts = Thread.ofPlatform().unstarted(stream::abort);
            try (Registration _ = domain.on(Set.of(DomainEvent.LIFECYCLE), Delivery.direct(), _ -> {
                if (aborts.getState() == Thread.State.NEW) {
                    aborts.start();
                    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
                    while (aborts.getState() != Thread.State.TIMED_WAITING && System.nanoTime() < deadline) {
                        Thread.onSpinWait();
                    }
                    refused.add(catchThrowable(stream::finish));
                    told.countDown();
                }
            })) {
                domain.suspend();
                domain.resume();
                await(told);
            }
            aborts.join();
            assertThat(refused).singleElement().satisfies(e -> assertThat(e).isInstanceOf(IllegalStateException.class));
        }
    }

    /// It would wait for the call that it is a part of.
    @Test
    void isNotEndedByTheHandlerOfItsOwnError() {
        try (Stream stream = connect.newStream()) {
            domain.console().screenshot(stream, 0);
            List<Throwable> refused = new CopyOnWriteArrayList<>();
            connect.setErrorHandler(_ -> refused.add(catchThrowable(stream::abort)));
            assertThatExceptionOfType(LibvirtException.class).isThrownBy(() -> stream.sendHole(1));
            connect.setErrorHandler(null);
            // To a daemon a stream can be aborted while it is used.
            assertThat(refused).singleElement().satisfies(e -> {
                if (connect.isRemote()) {
                    assertThat(e).isNull();
                } else {
                    assertThat(e).hasMessageContaining("within one of its calls");
                }
            });
        }
    }

    @Test
    void refusesToWaitForNothing() {
        try (Stream stream = connect.newStream(StreamFlags.NONBLOCK)) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> stream.on(READABLE, (_, _) -> {}))
                    .withMessageContaining("nothing goes over it yet");
            domain.console().screenshot(stream, 0);
            assertThatIllegalArgumentException().isThrownBy(() -> stream.on(Set.of(), (_, _) -> {}));
        }
    }
}
