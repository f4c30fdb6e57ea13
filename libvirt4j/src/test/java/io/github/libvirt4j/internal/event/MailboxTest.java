package io.github.libvirt4j.internal.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libvirt4j.Libvirt;
import io.github.libvirt4j.NothingLeft;
import io.github.libvirt4j.event.ConnectEvent;
import io.github.libvirt4j.event.Delivery;
import io.github.libvirt4j.event.EventHandler;
import io.github.libvirt4j.event.Overflow;
import io.github.libvirt4j.internal.Workers;
import io.github.libvirt4j.support.Threads;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// One event at a time, in order, whatever the executor does.
@ExtendWith(NothingLeft.class)
@Timeout(60)
@SuppressWarnings("ThreadPriorityCheck") // Gives others a chance, no more.
class MailboxTest {
    private static final int EVENTS = 2_000;

    private final List<Integer> seen = new CopyOnWriteArrayList<>();
    private final List<Throwable> reported = new CopyOnWriteArrayList<>();
    private final AtomicInteger inside = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final AtomicInteger over = new AtomicInteger();
    private final AtomicInteger overflown = new AtomicInteger();
    private final Queue<Runnable> tasks = new ArrayDeque<>();

    private final EventHandler<ConnectEvent.Closed> handler = event -> {
        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
        seen.add(event.rawReason());
        Thread.yield();
        inside.decrementAndGet();
    };

    @BeforeEach
    void hear() {
        Libvirt.setUncaughtHandler((_, thrown) -> reported.add(thrown));
    }

    private Mailbox<ConnectEvent.Closed> mailbox(Delivery.Queued how) {
        return mailbox(how, handler);
    }

    private Mailbox<ConnectEvent.Closed> mailbox(
            Delivery.Queued how, @Nullable EventHandler<? super ConnectEvent.Closed> to) {
        return new Mailbox<>("test", how, to, new Mailbox.Owner() {
            @Override
            public void overflown() {
                overflown.incrementAndGet();
            }

            @Override
            public void over() {
                over.incrementAndGet();
            }
        });
    }

    @SuppressWarnings("ImmutableEnumChecker") // The queue of one.
    enum Bad {
        /// Takes the task, and throws all the same.
        TAKES_AND_THROWS {
            @Override
            void execute(Runnable task) {
                Workers.execute(task);
                throw new RejectedExecutionException("taken");
            }
        },
        RUNS_AND_THROWS {
            @Override
            void execute(Runnable task) {
                task.run();
                throw new RejectedExecutionException("run");
            }
        },
        RUNS_TWICE_AT_ONCE {
            @Override
            void execute(Runnable task) {
                Workers.execute(task);
                Workers.execute(task);
            }
        },
        RUNS_WHAT_IT_HAD_BEFORE_AS_WELL {
            private final Queue<Runnable> before = new ConcurrentLinkedQueue<>();

            @Override
            void execute(Runnable task) {
                before.forEach(Workers::execute);
                if (before.size() < 3) {
                    before.add(task);
                }
                Workers.execute(task);
            }
        };

        abstract void execute(Runnable task);
    }

    @ParameterizedTest
    @EnumSource
    void deliversOneAtATimeInOrder(Bad executor) throws Exception {
        Mailbox<ConnectEvent.Closed> mailbox = mailbox(Delivery.queued(EVENTS).executor(executor::execute));
        for (int i = 0; i < EVENTS; i++) {
            mailbox.put(new ConnectEvent.Closed(i));
            if (i % 10 == 0) {
                Thread.yield();
            }
        }
        assertThat(mailbox.awaitIdle(TimeUnit.SECONDS.toNanos(30))).isTrue();
        assertThat(most).hasValue(1);
        assertThat(seen).isEqualTo(IntStream.range(0, EVENTS).boxed().toList());
        assertThat(mailbox.lost()).isZero();
        assertThat(reported).allMatch(thrown -> thrown instanceof RejectedExecutionException);
        mailbox.close();
        assertThat(over.get()).isPositive();
    }

    @Test
    void deliversWhatAnExecutorRunsThatRefusedIt() {
        List<Runnable> tasks = new ArrayList<>();
        Mailbox<ConnectEvent.Closed> mailbox = mailbox(Delivery.queued().executor(task -> {
            tasks.add(task);
            throw new RejectedExecutionException("later");
        }));
        mailbox.put(new ConnectEvent.Closed(1));
        tasks.getFirst().run();
        tasks.getFirst().run();
        assertThat(seen).containsExactly(1);
        assertThat(reported).hasSize(1);
        mailbox.close();
    }

    private static void put(Mailbox<ConnectEvent.Closed> mailbox, int... numbers) {
        for (int number : numbers) {
            mailbox.put(new ConnectEvent.Closed(number));
        }
    }

    private void runAll() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    /// What it is told, gaps as negative numbers.
    private final EventHandler<ConnectEvent.Closed> gapsToo = new EventHandler<>() {
        @Override
        public void on(ConnectEvent.Closed event) {
            seen.add(event.rawReason());
        }

        @Override
        public void lost(long count) {
            seen.add((int) -count);
        }
    };

    /// Two hundred and fifty-six at a time; then the executor has it again, behind others.
    @Test
    void letsOthersAtItsThread() {
        Thread thread = Thread.currentThread();
        // At once: not by way of the cleaner, as where it has no memory.
        Executor executor = task -> {
            assertThat(Thread.currentThread()).isSameAs(thread);
            tasks.add(task);
        };
        Mailbox<ConnectEvent.Closed> mailbox = mailbox(Delivery.queued().executor(executor), gapsToo);
        put(mailbox, IntStream.range(0, 300).toArray());
        assertThat(tasks).hasSize(1);
        tasks.remove().run();
        assertThat(seen).hasSize(256);
        assertThat(tasks).hasSize(1);
        assertThat(over).hasValue(0);
        tasks.remove().run();
        assertThat(seen).isEqualTo(IntStream.range(0, 300).boxed().toList());
        assertThat(tasks).isEmpty();
        mailbox.close();
        assertThat(over).hasValue(1);
    }

    @Test
    void tellsWhatIsMissingBeforeTheLast() {
        Mailbox<ConnectEvent.Closed> mailbox = mailbox(Delivery.queued(1).executor(tasks::add), gapsToo);
        put(mailbox, 1, 2, 3);
        runAll();
        assertThat(seen).containsExactly(-2, 3);
        assertThat(mailbox.lost()).isEqualTo(2);
        mailbox.close();
    }

    /// One that met a full heap before it came here.
    @Test
    void tellsWhatWasLostOnItsWay() throws Exception {
        Mailbox<ConnectEvent.Closed> mailbox = mailbox(Delivery.queued().executor(tasks::add), gapsToo);
        mailbox.missed();
        assertThat(tasks).hasSize(1);
        put(mailbox, 1);
        mailbox.missed();
        // None of them keeps the lock.
        Threads.together(1, _ -> assertThat(mailbox.lost()).isEqualTo(2));
        runAll();
        assertThat(seen).containsExactly(-1, 1, -1);
        mailbox.close();
        Mailbox<ConnectEvent.Closed> byHand = mailbox(Delivery.queued().executor(tasks::add), null);
        byHand.missed();
        assertThat(tasks).isEmpty();
        assertThat(byHand.lost()).isEqualTo(1);
        byHand.close();
    }

    @Test
    void endsWhenItHasNoRoomAndAllIsDelivered() {
        Mailbox<ConnectEvent.Closed> mailbox =
                mailbox(Delivery.queued(2).overflow(Overflow.CLOSE).executor(tasks::add), gapsToo);
        put(mailbox, 1, 2);
        assertThat(overflown).hasValue(0);
        put(mailbox, 3, 4, 5);
        assertThat(overflown).hasValue(3);
        assertThat(mailbox.lost()).isEqualTo(3);
        assertThat(mailbox.isOver()).isFalse();
        runAll();
        assertThat(seen).containsExactly(1, 2, -3);
        assertThat(mailbox.isOver()).isTrue();
        assertThat(over).hasValue(1);
        put(mailbox, 6);
        runAll();
        assertThat(seen).hasSize(3);
        assertThat(overflown).hasValue(3);
        assertThat(mailbox.lost()).isEqualTo(4);
    }

    @Test
    void isOverWhenAHandlerThatClosesItHasReturned() throws Exception {
        List<Boolean> within = new ArrayList<>();
        List<Mailbox<ConnectEvent.Closed>> self = new ArrayList<>();
        Mailbox<ConnectEvent.Closed> mailbox = mailbox(Delivery.queued().executor(tasks::add), event -> {
            Mailbox<ConnectEvent.Closed> mine = self.getFirst();
            seen.add(event.rawReason());
            within.add(mine.isOver());
            within.add(mine.awaitIdle(TimeUnit.SECONDS.toNanos(30)));
            mine.close();
            within.add(mine.isOver());
        });
        self.add(mailbox);
        put(mailbox, 1, 2);
        assertThat(mailbox.awaitIdle(0)).isFalse();
        runAll();
        assertThat(within).containsExactly(false, false, false);
        assertThat(seen).containsExactly(1);
        assertThat(over).hasValue(1);
        assertThat(mailbox.isOver()).isTrue();
        assertThat(mailbox.lost()).isEqualTo(1);
        assertThat(mailbox.awaitIdle(0)).isTrue();
    }

    @Test
    void goesOnAfterAHandlerThatThrows() {
        var thrown = new IllegalStateException("on purpose");
        Mailbox<ConnectEvent.Closed> mailbox = mailbox(Delivery.queued().executor(tasks::add), event -> {
            seen.add(event.rawReason());
            throw thrown;
        });
        put(mailbox, 1, 2);
        runAll();
        assertThat(seen).containsExactly(1, 2);
        assertThat(reported).containsExactly(thrown, thrown);
        mailbox.close();
    }

    @Test
    void givesByHandWhatIsThere() throws Exception {
        Mailbox<ConnectEvent.Closed> mailbox = mailbox(Delivery.queued(3), null);
        assertThat(mailbox.take(0)).isNull();
        assertThat(mailbox.take(1)).isNull();
        put(mailbox, 1, 2);
        assertThat(Objects.requireNonNull(mailbox.take(0)).rawReason()).isEqualTo(1);
        // What waits to be taken keeps nobody.
        assertThat(mailbox.awaitIdle(0)).isTrue();
        mailbox.brokenOff();
        Threads.together(1, _ -> assertThat(mailbox.lost()).isZero());
        assertThat(Objects.requireNonNull(mailbox.take(0)).rawReason()).isEqualTo(2);
        assertThatThrownBy(() -> mailbox.take(0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("The queue of test is closed: the connection broke off");
        Threads.together(1, _ -> assertThat(mailbox.isOver()).isTrue());
    }

    private List<Thread> takers(Mailbox<ConnectEvent.Closed> mailbox, int count) {
        List<Thread> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(Thread.ofPlatform().daemon().start(() -> {
                try {
                    seen.add(Objects.requireNonNull(mailbox.take(TimeUnit.SECONDS.toNanos(30)))
                            .rawReason());
                } catch (IllegalStateException closed) {
                    seen.add(-1);
                } catch (Throwable t) {
                    reported.add(t);
                }
            }));
        }
        for (Thread one : all) {
            while (one.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }
        }
        return all;
    }

    private void join(List<Thread> takers) throws InterruptedException {
        for (Thread one : takers) {
            assertThat(one.join(Duration.ofSeconds(10))).as("woken").isTrue();
        }
        assertThat(reported).isEmpty();
    }

    @Test
    void wakesWhoTakesByHand() throws Exception {
        Mailbox<ConnectEvent.Closed> mailbox = mailbox(Delivery.queued(1).overflow(Overflow.CLOSE), null);
        List<Thread> one = takers(mailbox, 1);
        put(mailbox, 7);
        join(one);
        assertThat(seen).containsExactly(7);
        seen.clear();
        // One gets what there was room for; the others hear that nothing comes any more, all of them.
        List<Thread> three = takers(mailbox, 3);
        // So that none of them takes the first before the second comes.
        Field field = Mailbox.class.getDeclaredField("lock");
        field.setAccessible(true);
        ReentrantLock lock = (ReentrantLock) Objects.requireNonNull(field.get(mailbox));
        lock.lock();
        try {
            put(mailbox, 8, 9);
        } finally {
            lock.unlock();
        }
        join(three);
        assertThat(seen).hasSize(3).contains(-1).doesNotContain(9);
        for (boolean byHand : new boolean[] {true, false}) {
            Mailbox<ConnectEvent.Closed> next = mailbox(Delivery.queued(), null);
            seen.clear();
            List<Thread> two = takers(next, 2);
            if (byHand) {
                next.close();
            } else {
                next.brokenOff();
            }
            join(two);
            assertThat(seen).containsExactly(-1, -1);
        }
    }

    @Test
    void countsWhatComesAfterItsEnd() {
        Mailbox<ConnectEvent.Closed> mailbox = mailbox(Delivery.queued());
        mailbox.close();
        mailbox.put(new ConnectEvent.Closed(1));
        assertThat(mailbox.lost()).isEqualTo(1);
        mailbox.missed();
        assertThat(mailbox.lost()).isEqualTo(2);
        assertThat(seen).isEmpty();
    }

    /// What it forgot is delivered when there is no room for more.
    @Test
    void goesOnAfterAnExecutorForgotATask() {
        var forgets = new AtomicBoolean(true);
        Executor executor = task -> {
            if (!forgets.getAndSet(false)) {
                task.run();
            }
        };
        Mailbox<ConnectEvent.Closed> mailbox = mailbox(Delivery.queued(3).executor(executor));
        for (int i = 0; i < 6; i++) {
            mailbox.put(new ConnectEvent.Closed(i));
        }
        assertThat(seen).containsExactly(1, 2, 3, 4, 5);
        assertThat(mailbox.lost()).isEqualTo(1);
        mailbox.close();
        assertThat(mailbox.isOver()).isTrue();
    }

    /// Tells each event twice, as a handler does that tells its gap first.
    private final class Twice implements EventHandler<ConnectEvent.Closed> {
        private @Nullable Mailbox<ConnectEvent.Closed> mailbox;

        @Override
        public void on(ConnectEvent.Closed event) {
            boolean isFirst = !seen.contains(event.rawReason());
            seen.add(event.rawReason());
            if (isFirst) {
                Objects.requireNonNull(mailbox).putBack(event);
            }
        }

        @Override
        public void lost(long count) {
            seen.add((int) -count);
        }
    }

    @Test
    void whatIsPutBackIsTheFirstAgain() {
        Twice twice = new Twice();
        Mailbox<ConnectEvent.Closed> mailbox =
                mailbox(Delivery.queued(2).overflow(Overflow.DROP_NEWEST).executor(tasks::add), twice);
        twice.mailbox = mailbox;
        put(mailbox, 1, 2, 3);
        runAll();
        put(mailbox, 4);
        runAll();
        assertThat(seen).containsExactly(1, 1, 2, 2, -1, 4, 4);
        assertThat(mailbox.lost()).isEqualTo(1);
        mailbox.close();
        mailbox.putBack(new ConnectEvent.Closed(5));
        runAll();
        assertThat(mailbox.lost()).isEqualTo(2);
        assertThat(seen).hasSize(7);
    }

    /// Asks for one event, while more come than there is room for, and puts it back once.
    private final class Asking implements EventHandler<ConnectEvent.Closed>, Mailbox.Demanding {
        private @Nullable Mailbox<ConnectEvent.Closed> mailbox;

        @Override
        public void begin() {
            Objects.requireNonNull(mailbox).request(1);
        }

        @Override
        public void on(ConnectEvent.Closed event) {
            if (seen.isEmpty()) {
                put(Objects.requireNonNull(mailbox), 2, 3);
                mailbox.putBack(event);
            }
            seen.add(event.rawReason());
        }

        @Override
        public void lost(long count) {
            seen.add((int) -count);
        }

        @Override
        public void end(String reason) {}
    }

    /// An event that was put back can be one more than there is room for.
    @Test
    void goesOnAfterAnExecutorForgotATaskWhenAnEventWasPutBack() {
        Asking asking = new Asking();
        Mailbox<ConnectEvent.Closed> mailbox = mailbox(Delivery.queued(2).executor(tasks::add), asking);
        asking.mailbox = mailbox;
        mailbox.open();
        put(mailbox, 1);
        runAll();
        assertThat(seen).containsExactly(1);
        mailbox.request(1);
        assertThat(tasks).hasSize(1);
        tasks.clear();
        put(mailbox, 4);
        runAll();
        assertThat(seen).containsExactly(1, -1);
        mailbox.close();
        runAll();
    }

    private static void mark(Mailbox<ConnectEvent.Closed> mailbox, int number) {
        mailbox.mark(new ConnectEvent.Closed(number));
    }

    @Test
    void marksKeepTheirPlaceAndTakeNoRoom() {
        Mailbox<ConnectEvent.Closed> mailbox =
                mailbox(Delivery.queued(2).overflow(Overflow.DROP_NEWEST).executor(tasks::add), gapsToo);
        mark(mailbox, 10);
        assertThat(tasks).hasSize(1);
        put(mailbox, 1);
        mark(mailbox, 20);
        put(mailbox, 2, 3);
        mark(mailbox, 30);
        runAll();
        assertThat(seen).containsExactly(10, 1, 20, 2, -1, 30);
        assertThat(mailbox.lost()).isEqualTo(1);
        mailbox.close();
    }

    /// So that they need no more memory than the events.
    @Test
    void theLastOfSeveralMarksIsEnough() {
        Mailbox<ConnectEvent.Closed> mailbox =
                mailbox(Delivery.queued(1).overflow(Overflow.DROP_NEWEST).executor(tasks::add), gapsToo);
        put(mailbox, 1);
        mark(mailbox, 10);
        mark(mailbox, 20);
        put(mailbox, 2);
        mark(mailbox, 30);
        runAll();
        assertThat(seen).containsExactly(1, -1, 30);
        assertThat(mailbox.lost()).isEqualTo(1);
        mailbox.close();
    }

    @Test
    void marksAreDroppedWithTheEventsAfterThem() {
        Mailbox<ConnectEvent.Closed> mailbox = mailbox(Delivery.queued(1).executor(tasks::add), gapsToo);
        mark(mailbox, 10);
        put(mailbox, 1);
        mark(mailbox, 20);
        put(mailbox, 2, 3);
        mark(mailbox, 30);
        runAll();
        assertThat(seen).containsExactly(-2, 3, 30);
        assertThat(mailbox.lost()).isEqualTo(2);
        mark(mailbox, 40);
        mailbox.close();
        assertThat(mailbox.lost()).isEqualTo(2);
        mark(mailbox, 50);
        runAll();
        assertThat(seen).hasSize(3);
    }
}
