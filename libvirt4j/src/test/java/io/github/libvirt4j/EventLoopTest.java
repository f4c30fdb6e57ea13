package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.Registration;
import io.github.libvirt4j.internal.loop.ProcessLoop;
import io.github.libvirt4j.internal.raw.LibvirtEvent;
import io.github.libvirt4j.loop.EventLoop;
import io.github.libvirt4j.loop.FileWatch;
import io.github.libvirt4j.loop.Timer;
import io.github.libvirt4j.support.ChildVm;
import io.github.libvirt4j.support.Pipe;
import io.github.libvirt4j.support.Threads;
import io.github.libvirt4j.testing.SessionDaemon;
import io.github.libvirt4j.types.EventHandleType;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// File descriptors and times that somebody waits for on libvirt's event loop.
@Tag("loop")
@ExtendWith(NothingLeft.class)
@Timeout(60)
class EventLoopTest {
    private final BlockingQueue<Set<EventHandleType>> seen = new LinkedBlockingQueue<>();
    private final Pipe pipe = new Pipe();

    @AfterEach
    void close() {
        pipe.close();
    }

    private Set<EventHandleType> next() throws InterruptedException {
        return Objects.requireNonNull(seen.poll(10, TimeUnit.SECONDS), "not called");
    }

    private static void letItTurn() {
        for (int i = 0; i < 50; i++) {
            ProcessLoop.turn();
        }
    }

    @Test
    void runsOnTheLoopThatWasChosen() throws Exception {
        ProcessLoop.turn();
        assertThat(Thread.getAllStackTraces().values().stream()
                        .flatMap(Arrays::stream)
                        .anyMatch(frame -> (frame.getClassName() + "." + frame.getMethodName()).contains(chosen())))
                .isTrue();
        assertThatIllegalStateException()
                .isThrownBy(EventLoop::useEpoll)
                .withMessageContaining("before the first connection");
    }

    private static String chosen() {
        return "executor".equals(System.getProperty("test.eventLoop"))
                ? "ExecutorLoop"
                : "libvirt".equals(System.getProperty("libvirt4j.eventLoop")) ? "virEventRunDefaultImpl" : "EpollLoop";
    }

    /// The end of the VM then waits for nobody: connections leave nothing in the loop to wait for.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void parksWhenTheLastConnectionIsClosed(boolean ofADaemon) throws Exception {
        assumeTrue(chosen().equals("EpollLoop"));
        String uri = ofADaemon ? SessionDaemon.shared().unixUri("test:///default") : "test:///default";
        Thread loop = Objects.requireNonNull(ProcessLoop.caller());
        try (Connect connect = Connect.open(uri);
                Domain domain = Embedded.define(connect);
                Registration _ = connect.on(DomainEvent.LIFECYCLE, (DomainEvent.Lifecycle _) -> {})) {
            domain.undefine();
        }
        long start = System.nanoTime();
        while (loop.getState() != Thread.State.WAITING) {
            assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(10));
            Thread.sleep(1);
        }
    }

    @Test
    void tellsWhatCanBeReadUntilItIs() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        try (FileWatch _ = EventLoop.onReadable(pipe.readEnd(), (_, events) -> {
            if (calls.incrementAndGet() == 3) {
                pipe.read();
            }
            seen.add(events);
        })) {
            letItTurn();
            assertThat(seen).isEmpty();
            pipe.write();
            for (int i = 0; i < 3; i++) {
                assertThat(next()).containsExactly(EventHandleType.READABLE);
            }
            letItTurn();
            assertThat(seen).isEmpty();
        }
    }

    @Test
    void tellsThatThereIsRoom() throws Exception {
        try (FileWatch watch = EventLoop.onWritable(pipe.writeEnd(), (self, events) -> {
            seen.add(events);
            self.update(Set.of());
        })) {
            assertThat(next()).containsExactly(EventHandleType.WRITABLE);
            letItTurn();
            assertThat(seen).isEmpty();
            watch.update(EnumSet.of(EventHandleType.WRITABLE));
            assertThat(next()).containsExactly(EventHandleType.WRITABLE);
        }
    }

    @Test
    void doesNotCallAHandlerThatIsAtWork() throws Exception {
        var inside = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        AtomicInteger calls = new AtomicInteger();
        pipe.write();
        FileWatch watch = EventLoop.onReadable(pipe.readEnd(), (_, _) -> {
            calls.incrementAndGet();
            inside.countDown();
            goOn.await();
        });
        inside.await();
        letItTurn();
        watch.update(EnumSet.of(EventHandleType.READABLE));
        letItTurn();
        assertThat(calls).hasValue(1);
        watch.close();
        goOn.countDown();
        assertThat(watch.closeAndAwait(Duration.ofSeconds(10))).isTrue();
        assertThat(watch.isActive()).isFalse();
        letItTurn();
        assertThat(calls).hasValue(1);
    }

    /// C learns what a handler waits for when the handler has returned.
    @Test
    void callsAHandlerAgainThatWasAtWorkForLong() throws Exception {
        var inside = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        pipe.write();
        try (FileWatch _ = EventLoop.onReadable(pipe.readEnd(), (_, events) -> {
            inside.countDown();
            goOn.await();
            seen.add(events);
        })) {
            inside.await();
            ProcessLoop.turn();
            goOn.countDown();
            assertThat(next()).containsExactly(EventHandleType.READABLE);
            assertThat(next()).containsExactly(EventHandleType.READABLE);
        }
    }

    /// Its time is not up again while its handler is at work.
    @Test
    void isUpOnceForATimerThatDoesNotComeAgain() throws Exception {
        var inside = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        AtomicInteger calls = new AtomicInteger();
        Timer timer = EventLoop.after(Duration.ZERO, _ -> {
            calls.incrementAndGet();
            inside.countDown();
            goOn.await();
        });
        inside.await();
        letItTurn();
        assertThat(timer.lost()).isZero();
        goOn.countDown();
        assertThat(timer.closeAndAwait(Duration.ofSeconds(10))).isTrue();
        assertThat(calls).hasValue(1);
    }

    /// It is readable all the time.
    @Test
    void leavesTheLoopInPeaceWhileAHandlerIsAtWork() throws Exception {
        var inside = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        pipe.write();
        FileWatch watch = EventLoop.onReadable(pipe.readEnd(), (_, _) -> {
            inside.countDown();
            goOn.await();
        });
        inside.await();
        ProcessLoop.turn();
        long before = Threads.processorTimeOfTheLoop();
        Thread.sleep(200);
        assertThat(Threads.processorTimeOfTheLoop() - before).isLessThan(5);
        assertThat(watch.closeAndAwait(Duration.ofMillis(1))).isFalse();
        // Nor does who has closed it keep others.
        Threads.together(1, _ -> assertThat(watch.isActive()).isFalse());
        goOn.countDown();
        assertThat(watch.closeAndAwait(Duration.ofSeconds(10))).isTrue();
    }

    @Test
    void tellsAHangupOnce() throws Exception {
        FileWatch watch =
                EventLoop.on(pipe.writeEnd(), EnumSet.of(EventHandleType.READABLE), (_, events) -> seen.add(events));
        pipe.closeReadEnd();
        assertThat(next())
                .isSubsetOf(EventHandleType.ERROR, EventHandleType.HANGUP)
                .isNotEmpty();
        while (watch.isActive()) {
            Thread.onSpinWait();
        }
        letItTurn();
        assertThat(seen).isEmpty();
        // Closed by itself, and what it was is changed no more.
        watch.update(EnumSet.of(EventHandleType.READABLE));
        watch.close();
    }

    @Test
    void endsAHandlerThatThrows() throws Exception {
        BlockingQueue<Throwable> reported = new LinkedBlockingQueue<>();
        Libvirt.setUncaughtHandler((_, thrown) -> reported.add(thrown));
        pipe.write();
        RuntimeException thrown = new RuntimeException("on purpose");
        FileWatch watch = EventLoop.onReadable(pipe.readEnd(), (_, _) -> {
            throw thrown;
        });
        assertThat(reported.poll(10, TimeUnit.SECONDS)).isSameAs(thrown);
        while (watch.isActive()) {
            Thread.onSpinWait();
        }
        letItTurn();
        Timer timer = EventLoop.every(Duration.ofMillis(1), _ -> {
            throw thrown;
        });
        assertThat(reported.poll(10, TimeUnit.SECONDS)).isSameAs(thrown);
        while (timer.isActive()) {
            Thread.onSpinWait();
        }
        letItTurn();
        assertThat(reported).isEmpty();
    }

    @Test
    void letsSeveralWaitForTheSame() throws Exception {
        pipe.write();
        var both = new CountDownLatch(2);
        FileWatch.Handler handler = (self, _) -> {
            both.countDown();
            self.close();
        };
        EventLoop.onReadable(pipe.readEnd(), handler);
        EventLoop.onReadable(pipe.readEnd(), handler);
        assertThat(both.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void callsAgainAndAgain() throws Exception {
        var three = new CountDownLatch(3);
        long begin = System.nanoTime();
        try (Timer timer = EventLoop.every(Duration.ofMillis(20), _ -> three.countDown())) {
            assertThat(three.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(System.nanoTime() - begin)
                    .isGreaterThanOrEqualTo(Duration.ofMillis(58).toNanos());
            assertThat(timer.isActive()).isTrue();
            assertThat(timer).hasToString("every PT0.02S");
        }
    }

    @Test
    void callsOnce() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        var called = new CountDownLatch(1);
        Timer timer = EventLoop.after(Duration.ZERO, _ -> {
            calls.incrementAndGet();
            called.countDown();
        });
        assertThat(timer).hasToString("after PT0S");
        assertThat(called.await(10, TimeUnit.SECONDS)).isTrue();
        while (timer.isActive()) {
            Thread.onSpinWait();
        }
        letItTurn();
        assertThat(calls).hasValue(1);
        timer.update(Duration.ofMillis(1));
        letItTurn();
        assertThat(calls).hasValue(1);
    }

    @Test
    void countsTheTimesThatPassBy() throws Exception {
        var goOn = new CountDownLatch(1);
        try (Timer timer = EventLoop.every(Duration.ofMillis(1), _ -> goOn.await())) {
            while (timer.lost() < 3) {
                Thread.onSpinWait();
            }
            goOn.countDown();
        }
    }

    @Test
    void changesATime() throws Exception {
        var called = new CountDownLatch(1);
        try (Timer timer = EventLoop.every(Duration.ofDays(20), self -> {
            called.countDown();
            self.update(Duration.ofDays(20));
        })) {
            letItTurn();
            assertThat(called.getCount()).isEqualTo(1);
            timer.update(Duration.ofNanos(1));
            assertThat(called.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void refusesWhatCannotBe() {
        assertThatIllegalArgumentException().isThrownBy(() -> EventLoop.onReadable(-1, (_, _) -> {}));
        assertThatIllegalArgumentException().isThrownBy(() -> EventLoop.every(Duration.ZERO, _ -> {}));
        assertThatIllegalArgumentException().isThrownBy(() -> EventLoop.after(Duration.ofMillis(-1), _ -> {}));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EventLoop.every(Duration.ofDays(25), _ -> {}))
                .withMessageContaining("PT596H31M23.647S");
        Duration longest = Duration.ofSeconds(Long.MAX_VALUE);
        assertThatIllegalArgumentException().isThrownBy(() -> EventLoop.after(longest, _ -> {}));
        EventLoop.after(Duration.ofMillis(Integer.MAX_VALUE), _ -> {}).close();
    }

    @Test
    void callsNothingTooEarly() throws Exception {
        Duration nearlyTwo = Duration.ofNanos(1_999_000);
        for (int i = 0; i < 50; i++) {
            var called = new CountDownLatch(1);
            long begin = System.nanoTime();
            EventLoop.after(nearlyTwo, _ -> called.countDown());
            assertThat(called.await(10, TimeUnit.SECONDS)).isTrue();
            // libvirt's own looks at a clock of microseconds.
            assertThat(System.nanoTime() - begin).isGreaterThan(nearlyTwo.toNanos() - 10_000);
        }
    }

    @Test
    void closesATimerInItsHandler() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        var called = new CountDownLatch(1);
        EventLoop.every(Duration.ofMillis(1), self -> {
            calls.incrementAndGet();
            assertThat(self.closeAndAwait(Duration.ofSeconds(10))).isFalse();
            called.countDown();
        });
        assertThat(called.await(10, TimeUnit.SECONDS)).isTrue();
        letItTurn();
        assertThat(calls).hasValue(1);
    }

    /// libvirt ignores the second registration silently, and a loop that nobody tells of anything never
    /// turns.
    @Test
    void isRefusedWhereAnotherLibraryHasRegisteredOne() throws Exception {
        ChildVm vm = ChildVm.run(
                AnothersLoop.class, List.of("--enable-native-access=ALL-UNNAMED", "-Dlibvirt4j.eventLoop=epoll"));
        // libvirt itself warns on stderr.
        assertThat(vm.lines())
                .endsWith(AnothersLoop.REFUSED, AnothersLoop.REFUSED)
                .doesNotContain("opened");
        assertThat(vm.status()).isZero();
    }

    /// Registers libvirt's own loop as another binding would, and does so before the library starts.
    static final class AnothersLoop {
        private static final String REFUSED =
                "Another library of this process has registered an event loop with libvirt";

        private AnothersLoop() {}

        public static void main(String[] arguments) {
            LibvirtEvent.virEventRegisterDefaultImpl();
            for (int i = 0; i < 2; i++) {
                try {
                    Connect.open(Embedded.URI).close();
                    System.out.println("opened");
                } catch (IllegalStateException e) {
                    System.out.println(String.valueOf(e.getMessage()).split(",", -1)[0]);
                }
            }
        }
    }
}
