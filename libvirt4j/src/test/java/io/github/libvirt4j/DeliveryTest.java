package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libvirt4j.event.Delivery;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.EventHandler;
import io.github.libvirt4j.event.EventKind;
import io.github.libvirt4j.event.EventQueue;
import io.github.libvirt4j.event.Overflow;
import io.github.libvirt4j.event.Registration;
import io.github.libvirt4j.internal.Workers;
import io.github.libvirt4j.internal.loop.ProcessLoop;
import io.github.libvirt4j.loop.EventLoop;
import io.github.libvirt4j.support.ChildVm;
import io.github.libvirt4j.types.DomainEventType;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(TestDriver.class)
@Tag("loop")
@ExtendWith(NothingLeft.class)
@Timeout(60)
class DeliveryTest {
    private final TestDriver driver;
    private Connect connect;
    private Domain domain;
    private final Slow slow = new Slow();

    DeliveryTest(TestDriver driver) {
        this.driver = driver;
    }

    @BeforeEach
    void open() {
        connect = driver.open();
        domain = Embedded.define(connect);
        domain.create();
        Embedded.settle();
    }

    @AfterEach
    void close() {
        slow.goOn.countDown();
        domain.destroy();
        domain.undefine();
        connect.close();
        assertThat(connect.closeResult()).isZero();
    }

    /// A handler that writes down what it is told, and waits at the first event until it may go on.
    private static final class Slow implements EventHandler<DomainEvent.Lifecycle> {
        private final List<Object> seen = new CopyOnWriteArrayList<>();
        private final CountDownLatch inside = new CountDownLatch(1);
        private final CountDownLatch goOn = new CountDownLatch(1);

        @Override
        public void on(DomainEvent.Lifecycle event) throws InterruptedException {
            seen.add(event.type());
            inside.countDown();
            goOn.await();
        }

        @Override
        public void lost(long count) {
            seen.add(count);
        }
    }

    /// Suspends, resumes, suspends, … so often, and waits until the loop has had all of it.
    private void provoke(int count) throws InterruptedException {
        CountDownLatch all = new CountDownLatch(count);
        try (Registration _ = domain.on(Set.of(DomainEvent.LIFECYCLE), Delivery.direct(), _ -> all.countDown())) {
            for (int i = 0; i < count; i++) {
                if (domain.info().state() == io.github.libvirt4j.types.DomainState.RUNNING) {
                    domain.suspend();
                } else {
                    domain.resume();
                }
            }
            assertThat(all.await(10, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(ProcessLoop.barrier(Duration.ofSeconds(10).toNanos())).isTrue();
    }

    private static final DomainEventType S = DomainEventType.SUSPENDED;
    private static final DomainEventType R = DomainEventType.RESUMED;

    @ParameterizedTest
    @EnumSource(Overflow.class)
    void tellsWhatIsMissingWhereItIs(Overflow overflow) throws Exception {
        Registration registration =
                domain.on(Set.of(DomainEvent.LIFECYCLE), Delivery.queued(3).overflow(overflow), slow);
        provoke(1);
        assertThat(slow.inside.await(10, TimeUnit.SECONDS)).isTrue();
        // R S R wait, S R find no room.
        provoke(5);
        long lost = 2;
        if (overflow == Overflow.CLOSE) {
            while (registration.isActive()) {
                Thread.sleep(1);
            }
            // It may have ended before the second of them.
            lost = registration.lost();
            assertThat(lost).isBetween(1L, 2L);
        }
        assertThat(registration.lost()).isEqualTo(lost);
        slow.goOn.countDown();
        List<Object> expected = switch (overflow) {
            case DROP_OLDEST -> List.of(S, 2L, R, S, R);
            case DROP_NEWEST, CLOSE -> List.of(S, R, S, R, lost);
        };
        while (slow.seen.size() < expected.size()) {
            Thread.sleep(1);
        }
        assertThat(slow.seen).isEqualTo(expected);
        assertThat(registration.isActive()).isEqualTo(overflow != Overflow.CLOSE);
        provoke(1);
        if (overflow == Overflow.CLOSE) {
            assertThat(registration.closeAndAwait(Duration.ofSeconds(10))).isTrue();
            assertThat(slow.seen).hasSize(5);
        } else {
            while (slow.seen.size() < 6) {
                Thread.sleep(1);
            }
            assertThat(slow.seen.getLast()).isEqualTo(S);
        }
        registration.close();
        assertThat(registration.lost()).isEqualTo(lost);
    }

    @Test
    void tellsOfSeveralGapsEachInItsPlace() throws Exception {
        Queue<Runnable> tasks = new ArrayDeque<>();
        Registration registration = domain.on(
                Set.of(DomainEvent.LIFECYCLE),
                Delivery.queued(2).overflow(Overflow.DROP_NEWEST).executor(tasks::add),
                slow);
        slow.goOn.countDown();
        provoke(3);
        runAll(tasks);
        provoke(4);
        runAll(tasks);
        assertThat(slow.seen).containsExactly(S, R, 1L, R, S, 2L);
        assertThat(registration.lost()).isEqualTo(3);
        registration.close();
    }

    private static void runAll(Queue<Runnable> tasks) {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    /// Loses events of a lambda.
    static final class Loses {
        public static void main(String[] args) throws Exception {
            try (Connect connect = Embedded.open()) {
                Domain domain = Embedded.define(connect);
                domain.create();
                Embedded.settle();
                var goOn = new CountDownLatch(1);
                Registration registration =
                        domain.on(Set.of(DomainEvent.LIFECYCLE), Delivery.queued(3), _ -> goOn.await());
                while (registration.lost() < 3) {
                    domain.suspend();
                    domain.resume();
                }
                goOn.countDown();
                registration.closeAndAwait(Duration.ofSeconds(10));
                while (Workers.busy() > 0) {
                    Thread.onSpinWait();
                }
            }
        }
    }

    /// Who has no [EventHandler#lost] hears of it in no other way.
    @Test
    void logsOnceThatEventsAreLost() throws Exception {
        ChildVm run = ChildVm.run(Loses.class, List.of());
        assertThat(run.status()).isZero();
        assertThat(run.lines())
                .filteredOn(line -> line.contains("some are lost"))
                .singleElement()
                .asString()
                .contains(" on test:///default: more than 3 events waited");
    }

    @Test
    void endsAQueueThatIsTakenByHand() throws Exception {
        EventQueue<DomainEvent.Lifecycle> queue =
                connect.queue(Set.of(DomainEvent.LIFECYCLE), Delivery.queued(2).overflow(Overflow.CLOSE));
        provoke(5);
        assertThat(queue.take().type()).isEqualTo(S);
        assertThat(queue.take().type()).isEqualTo(R);
        assertThatThrownBy(queue::take)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("found no room");
        assertThat(queue.lost()).isBetween(1L, 3L);
        queue.close();
    }

    @Test
    void runsHandlersOnAnExecutorOneAtATime() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<String> threads = new CopyOnWriteArrayList<>();
        CountDownLatch all = new CountDownLatch(600);
        try (ExecutorService executor = Executors.newFixedThreadPool(
                4, Thread.ofPlatform().name("of-the-user-", 0).factory())) {
            Registration registration =
                    domain.on(Set.of(DomainEvent.LIFECYCLE), Delivery.queued().executor(executor), _ -> {
                        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                        threads.add(Thread.currentThread().getName());
                        inside.decrementAndGet();
                        all.countDown();
                    });
            provoke(600);
            assertThat(all.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(registration.closeAndAwait(Duration.ofSeconds(10))).isTrue();
        }
        assertThat(most).hasValue(1);
        assertThat(threads).allMatch(name -> name.startsWith("of-the-user-"));
    }

    @Test
    void runsHandlersOnVirtualThreadsAndOnTheLoopItself() throws Exception {
        CountDownLatch virtual = new CountDownLatch(10);
        CountDownLatch same = new CountDownLatch(10);
        domain.on(Set.of(DomainEvent.LIFECYCLE), Delivery.queued().executor(Thread::startVirtualThread), _ -> {
            assertThat(Thread.currentThread().isVirtual()).isTrue();
            virtual.countDown();
        });
        Registration[] own = new Registration[1];
        own[0] = domain.on(Set.of(DomainEvent.LIFECYCLE), Delivery.queued().executor(Runnable::run), _ -> {
            assertThat(EventLoop.isCurrentThread()).isTrue();
            same.countDown();
            if (same.getCount() == 0) {
                own[0].close();
            }
        });
        provoke(12);
        assertThat(virtual.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(same.getCount()).isZero();
    }

    @Test
    void waitsForAnExecutorThatTakesNothingAndTriesAgain() throws Exception {
        List<Throwable> reported = new CopyOnWriteArrayList<>();
        Libvirt.setUncaughtHandler((callback, thrown) -> {
            assertThat(callback).startsWith("domain.lifecycle of domain ").endsWith(" on " + connect);
            reported.add(thrown);
        });
        List<DomainEventType> seen = new CopyOnWriteArrayList<>();
        boolean[] open = {false};
        Registration registration = domain.on(
                Set.of(DomainEvent.LIFECYCLE),
                Delivery.queued().executor(task -> {
                    if (!open[0]) {
                        throw new RejectedExecutionException("not now");
                    }
                    task.run();
                }),
                event -> seen.add(event.type()));
        provoke(2);
        assertThat(reported).hasSize(2);
        assertThat(seen).isEmpty();
        open[0] = true;
        provoke(1);
        assertThat(seen).containsExactly(S, R, S);
        open[0] = false;
        provoke(1);
        assertThat(registration.closeAndAwait(Duration.ofMillis(10))).isFalse();
        assertThat(registration.lost()).isEqualTo(1);
    }

    /// The loop cannot wait for itself.
    @Test
    void isClosedOnTheLoopWithoutAWait() throws Exception {
        Registration waits =
                domain.on(Set.of(DomainEvent.LIFECYCLE), Delivery.queued().executor(_ -> {}), _ -> {});
        Registration idle = domain.on(Set.of(DomainEvent.REBOOT), Delivery.queued(), _ -> {});
        List<Boolean> awaited = new CopyOnWriteArrayList<>();
        AtomicInteger events = new AtomicInteger();
        domain.on(Set.of(DomainEvent.LIFECYCLE), Delivery.direct(), _ -> {
            // The other one has received the first.
            if (events.incrementAndGet() == 2) {
                awaited.add(waits.closeAndAwait(Duration.ofSeconds(10)));
                awaited.add(idle.closeAndAwait(Duration.ofSeconds(10)));
            }
        });
        provoke(2);
        assertThat(awaited).containsExactly(false, true);
    }

    @Test
    void awaitsADirectHandlerThatIsAtWork() throws Exception {
        Registration registration = domain.on(Set.of(DomainEvent.LIFECYCLE), Delivery.direct(), slow);
        domain.suspend();
        assertThat(slow.inside.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(registration.closeAndAwait(Duration.ofMillis(1))).isFalse();
        slow.goOn.countDown();
        assertThat(registration.closeAndAwait(Duration.ofSeconds(10))).isTrue();
        assertThat(slow.seen).containsExactly(S);
    }

    /// Events come until libvirt has deregistered the callback.
    @Test
    void deliversNothingDirectlyAfterTheCloseHasBegun() throws Exception {
        Registration registration = domain.on(Set.of(DomainEvent.LIFECYCLE), Delivery.direct(), slow);
        Thread closing;
        connect.registering.take();
        try {
            closing = Thread.ofPlatform().start(registration::close);
            while (registration.isActive()) {
                Thread.onSpinWait();
            }
            provoke(1);
        } finally {
            connect.registering.unlock();
        }
        closing.join();
        assertThat(slow.seen).isEmpty();
    }

    @Test
    void countsAnEventThatCouldNotBeMade() throws Exception {
        Set<EventKind<DomainEvent.Lifecycle>> kinds = Set.of(DomainEvent.LIFECYCLE);
        for (Delivery delivery : List.of(Delivery.queued(), Delivery.direct())) {
            Registration registration = domain.on(kinds, delivery, slow);
            Subscription.of(registration).missed();
            assertThat(registration.closeAndAwait(Duration.ofSeconds(10))).isTrue();
            assertThat(registration.lost()).isEqualTo(1);
        }
        // With direct delivery a handler is not told where.
        assertThat(slow.seen).containsExactly(1L);
    }

    @Test
    void saysWhatItIs() {
        assertThatThrownBy(() -> Delivery.queued(0)).isInstanceOf(IllegalArgumentException.class);
        List<Delivery> all = new ArrayList<>(List.of(Delivery.direct(), Delivery.queued()));
        assertThat(all.getLast()).isEqualTo(Delivery.queued(Delivery.DEFAULT_CAPACITY));
        assertThat(Delivery.queued(7).overflow(Overflow.CLOSE)).isEqualTo(new Delivery.Queued(7, Overflow.CLOSE, null));
    }
}
