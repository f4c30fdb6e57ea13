package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libvirt4j.error.NotFoundException;
import io.github.libvirt4j.event.Delivery;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.EventHandler;
import io.github.libvirt4j.event.EventKind;
import io.github.libvirt4j.event.Registration;
import io.github.libvirt4j.loop.EventLoop;
import io.github.libvirt4j.types.DomainEventStartedDetailType;
import io.github.libvirt4j.types.DomainEventSuspendedDetailType;
import io.github.libvirt4j.types.DomainEventType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass
@EnumSource(TestDriver.class)
@Tag("loop")
@ExtendWith(NothingLeft.class)
class LifecycleEventTest {
    private final TestDriver driver;
    private Connect connect;
    private Domain domain;
    private Predicate<DomainEvent> mine;

    LifecycleEventTest(TestDriver driver) {
        this.driver = driver;
    }

    @BeforeEach
    void open() {
        connect = driver.open();
        domain = Embedded.define(connect);
        mine = Embedded.about(domain);
    }

    @AfterEach
    void closeAndLeaveNothing() {
        connect.close();
        assertThat(connect.closeResult()).isZero();
        assertThat(Libvirt.closuresOnLoan()).isZero();
        try (Connect again = driver.open();
                Domain left = again.domains().lookupByUuid(domain.uuid())) {
            if (left.state().rawState() == 1) {
                left.destroy();
            }
            left.undefine();
        } catch (NotFoundException e) {
            // The test undefined it.
        }
    }

    static List<Delivery> deliveries() {
        return List.of(Delivery.queued(), Delivery.direct());
    }

    private static DomainEventType next(BlockingQueue<DomainEvent.Lifecycle> received) throws InterruptedException {
        return nextOf(received).type();
    }

    private static DomainEvent.Lifecycle nextOf(BlockingQueue<DomainEvent.Lifecycle> received)
            throws InterruptedException {
        return Objects.requireNonNull(received.poll(10, TimeUnit.SECONDS), "no event within ten seconds");
    }

    @ParameterizedTest
    @MethodSource("deliveries")
    void reachTheLambdaInOrder(Delivery delivery) throws Exception {
        BlockingQueue<DomainEvent.Lifecycle> received = new LinkedBlockingQueue<>();
        connect.on(Set.of(DomainEvent.LIFECYCLE), delivery, event -> {
            if (mine.test(event)) {
                received.add(event);
            }
        });
        domain.create();
        domain.suspend();
        domain.resume();
        domain.destroy();
        domain.undefine();
        List<DomainEvent.Lifecycle> events = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            events.add(nextOf(received));
        }
        assertThat(events)
                .extracting(DomainEvent.Lifecycle::type)
                .containsExactly(
                        DomainEventType.STARTED,
                        DomainEventType.SUSPENDED,
                        DomainEventType.RESUMED,
                        DomainEventType.STOPPED,
                        DomainEventType.UNDEFINED);
        assertThat(events.get(0).detail()).isEqualTo(DomainEventStartedDetailType.BOOTED);
        assertThat(events.get(1).detail()).isEqualTo(DomainEventSuspendedDetailType.PAUSED);
        assertThat(events).allSatisfy(event -> assertThat(event.domain()).isEqualTo(domain.identity()));
        assertThat(events.get(0)).hasToString("domain.lifecycle " + domain.name() + " STARTED BOOTED");
    }

    @Test
    void runDirectHandlersOnTheLoopAndOthersElsewhere() throws Exception {
        BlockingQueue<Boolean> onLoop = new LinkedBlockingQueue<>();
        BlockingQueue<Boolean> queued = new LinkedBlockingQueue<>();
        connect.on(Set.of(DomainEvent.LIFECYCLE), Delivery.direct(), _ -> onLoop.add(EventLoop.isCurrentThread()));
        connect.on(DomainEvent.LIFECYCLE, _ -> {
            queued.add(EventLoop.isCurrentThread());
        });
        domain.create();
        assertThat(onLoop.poll(10, TimeUnit.SECONDS)).isTrue();
        assertThat(queued.poll(10, TimeUnit.SECONDS)).isFalse();
        assertThat(EventLoop.isCurrentThread()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("deliveries")
    void reachEveryListenerEvenIfItIsTheSameLambdaAndAnotherOneThrows(Delivery delivery) throws Exception {
        BlockingQueue<Throwable> reported = new LinkedBlockingQueue<>();
        Libvirt.setUncaughtHandler((callback, thrown) -> {
            assertThat(callback).isEqualTo("domain.lifecycle on " + connect);
            reported.add(thrown);
        });
        RuntimeException thrown = new IllegalStateException("thrown by a handler");
        CountDownLatch twice = new CountDownLatch(2);
        EventHandler<DomainEvent.Lifecycle> same = event -> {
            if (mine.test(event)) {
                twice.countDown();
            }
        };
        Set<EventKind<DomainEvent.Lifecycle>> kinds = Set.of(DomainEvent.LIFECYCLE);
        connect.on(kinds, delivery, event -> {
            if (mine.test(event)) {
                throw thrown;
            }
        });
        connect.on(kinds, delivery, same);
        connect.on(kinds, delivery, same);
        domain.create();
        assertThat(twice.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(reported.poll(10, TimeUnit.SECONDS)).isSameAs(thrown);
        domain.suspend();
        assertThat(reported.poll(10, TimeUnit.SECONDS)).isSameAs(thrown);
    }

    @Test
    void stopWhenTheRegistrationIsClosed() throws Exception {
        BlockingQueue<DomainEvent.Lifecycle> closed = new LinkedBlockingQueue<>();
        BlockingQueue<DomainEvent.Lifecycle> open = new LinkedBlockingQueue<>();
        Registration registration = connect.on(DomainEvent.LIFECYCLE, event -> {
            closed.add(event);
        });
        connect.on(DomainEvent.LIFECYCLE, event -> {
            open.add(event);
        });
        assertThat(registration.isActive()).isTrue();
        registration.close();
        registration.close();
        assertThat(registration.isActive()).isFalse();
        domain.create();
        assertThat(next(open)).isEqualTo(DomainEventType.STARTED);
        assertThat(closed).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("deliveries")
    void letAHandlerCloseItsRegistrationOrItsConnection(Delivery delivery) throws Exception {
        CountDownLatch self = new CountDownLatch(1);
        AtomicInteger calls = new AtomicInteger();
        connect.onWithSelf(DomainEvent.LIFECYCLE, (registration, event) -> {
            if (mine.test(event)) {
                calls.incrementAndGet();
                registration.close();
                self.countDown();
            }
        });
        domain.create();
        assertThat(self.await(10, TimeUnit.SECONDS)).isTrue();
        domain.suspend();

        CountDownLatch closed = new CountDownLatch(1);
        connect.on(Set.of(DomainEvent.LIFECYCLE), delivery, event -> {
            if (mine.test(event) && event.rawType() == DomainEventType.RESUMED.value()) {
                connect.close();
                closed.countDown();
            }
        });
        domain.resume();
        assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(calls).hasValue(1);
        assertThat(connect.isClosed()).isTrue();
    }

    @Test
    void canBeRegisteredForInsideAHandler() throws Exception {
        BlockingQueue<DomainEvent.Lifecycle> received = new LinkedBlockingQueue<>();
        connect.onWithSelf(DomainEvent.LIFECYCLE, (registration, event) -> {
            if (mine.test(event)) {
                registration.close();
                connect.on(DomainEvent.LIFECYCLE, received::add);
                domain.suspend();
            }
        });
        domain.create();
        assertThat(next(received)).isEqualTo(DomainEventType.SUSPENDED);
    }

    @Test
    void areDroppedFromTheFrontWhenTheHandlerIsTooSlowAndCounted() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        AtomicLong lost = new AtomicLong();
        List<Object> seen = new CopyOnWriteArrayList<>();
        domain.create();
        Embedded.settle();
        Registration registration = connect.on(
                Set.of(DomainEvent.LIFECYCLE), Delivery.queued(4), new EventHandler<DomainEvent.Lifecycle>() {
                    @Override
                    public void on(DomainEvent.Lifecycle event) throws Exception {
                        seen.add(event.type());
                        started.countDown();
                        goOn.await();
                        if (event.type() == DomainEventType.STOPPED) {
                            end.countDown();
                        }
                    }

                    @Override
                    public void lost(long count) {
                        lost.addAndGet(count);
                        seen.add(count);
                    }
                });
        CountDownLatch all = new CountDownLatch(22);
        connect.on(DomainEvent.LIFECYCLE, _ -> all.countDown());
        domain.suspend();
        assertThat(started.await(10, TimeUnit.SECONDS)).isTrue();
        for (int i = 0; i < 10; i++) {
            domain.resume();
            domain.suspend();
        }
        domain.destroy();
        assertThat(all.await(10, TimeUnit.SECONDS)).isTrue();
        goOn.countDown();
        assertThat(end.await(10, TimeUnit.SECONDS)).isTrue();
        // One at work, 21 came, 4 had room: the gap is after the first.
        assertThat(seen.subList(0, 3)).containsExactly(DomainEventType.SUSPENDED, 17L, DomainEventType.SUSPENDED);
        assertThat(seen.getLast()).isEqualTo(DomainEventType.STOPPED);
        assertThat(seen).hasSize(6);
        assertThat(lost).hasValue(17);
        assertThat(registration.lost()).isEqualTo(17);
    }

    @Test
    void thatWaitAreDeliveredByCloseAndAwaitAndDroppedByClose() throws Exception {
        AtomicInteger patient = new AtomicInteger();
        AtomicInteger impatient = new AtomicInteger();
        CountDownLatch goOn = new CountDownLatch(1);
        Registration awaited = connect.on(DomainEvent.LIFECYCLE, _ -> {
            goOn.await();
            patient.incrementAndGet();
        });
        CountDownLatch atWork = new CountDownLatch(1);
        Registration dropped = connect.on(DomainEvent.LIFECYCLE, _ -> {
            atWork.countDown();
            goOn.await();
            impatient.incrementAndGet();
        });
        CountDownLatch all = new CountDownLatch(3);
        connect.on(DomainEvent.LIFECYCLE, _ -> all.countDown());
        domain.create();
        domain.suspend();
        domain.resume();
        assertThat(all.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(atWork.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(awaited.closeAndAwait(Duration.ofMillis(1))).isFalse();
        dropped.close();
        assertThat(dropped.lost()).isEqualTo(2);
        goOn.countDown();
        assertThat(dropped.closeAndAwait(Duration.ofSeconds(10))).isTrue();
        assertThat(impatient).hasValue(1);
        assertThat(awaited.closeAndAwait(Duration.ofSeconds(10))).isTrue();
        assertThat(patient.get() + awaited.lost()).isEqualTo(3);
    }

    @Test
    void areDroppedByCloseAndAwaitThatIsInterrupted() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicInteger count = new AtomicInteger();
        Registration registration = connect.on(DomainEvent.LIFECYCLE, _ -> {
            count.incrementAndGet();
            goOn.await();
        });
        CountDownLatch all = new CountDownLatch(2);
        connect.on(DomainEvent.LIFECYCLE, _ -> all.countDown());
        domain.create();
        domain.suspend();
        assertThat(all.await(10, TimeUnit.SECONDS)).isTrue();
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> registration.closeAndAwait(Duration.ofSeconds(10)))
                .isInstanceOf(InterruptedException.class);
        assertThat(registration.isActive()).isFalse();
        goOn.countDown();
        assertThat(registration.closeAndAwait(Duration.ofSeconds(10))).isTrue();
        assertThat(count.get() + registration.lost()).isEqualTo(2);
        assertThat(registration.lost()).isPositive();
    }

    /// Also of a registration that was closed before its connection was.
    @Test
    void areNoLongerHandledWhenTheConnectionIsClosed() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        AtomicBoolean returned = new AtomicBoolean();
        Registration registration = connect.on(DomainEvent.LIFECYCLE, _ -> {
            inside.countDown();
            Thread.sleep(200);
            returned.set(true);
        });
        domain.create();
        assertThat(inside.await(10, TimeUnit.SECONDS)).isTrue();
        registration.close();
        connect.close();
        assertThat(returned).isTrue();
    }

    @Test
    void areNotDeliveredToAHandlerThatClosesWhenItHearsOfAGap() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicInteger entered = new AtomicInteger();
        AtomicReference<Registration> registration = new AtomicReference<>();
        EventHandler<DomainEvent.Lifecycle> handler = new EventHandler<>() {
            @Override
            public void on(DomainEvent.Lifecycle event) throws Exception {
                entered.incrementAndGet();
                inside.countDown();
                goOn.await();
            }

            @Override
            public void lost(long count) {
                registration.get().close();
            }
        };
        registration.set(connect.on(Set.of(DomainEvent.LIFECYCLE), Delivery.queued(1), handler));
        CountDownLatch all = new CountDownLatch(4);
        connect.on(DomainEvent.LIFECYCLE, _ -> all.countDown());
        domain.create();
        assertThat(inside.await(10, TimeUnit.SECONDS)).isTrue();
        domain.suspend();
        domain.resume();
        domain.suspend();
        assertThat(all.await(10, TimeUnit.SECONDS)).isTrue();
        goOn.countDown();
        assertThat(registration.get().closeAndAwait(Duration.ofSeconds(10))).isTrue();
        assertThat(entered).hasValue(1);
        assertThat(registration.get().lost()).isEqualTo(3);
    }

    @Test
    void areAllDeliveredByCloseAndAwait() throws Exception {
        AtomicInteger count = new AtomicInteger();
        Registration registration = connect.on(DomainEvent.LIFECYCLE, _ -> {
            Thread.sleep(10);
            count.incrementAndGet();
        });
        CountDownLatch all = new CountDownLatch(21);
        connect.on(DomainEvent.LIFECYCLE, _ -> all.countDown());
        domain.create();
        for (int i = 0; i < 10; i++) {
            domain.suspend();
            domain.resume();
        }
        assertThat(all.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(registration.closeAndAwait(Duration.ofSeconds(10))).isTrue();
        assertThat(count).hasValue(21);
        assertThat(registration.lost()).isZero();
        assertThat(registration.isActive()).isFalse();
    }

    @Test
    void leadBackToTheirDomain() throws Exception {
        BlockingQueue<DomainEvent.Lifecycle> received = new LinkedBlockingQueue<>();
        connect.on(DomainEvent.LIFECYCLE, received::add);
        domain.create();
        DomainEvent.Lifecycle event = nextOf(received);
        try (Domain found = connect.domains().lookup(event.domain())) {
            assertThat(found).isEqualTo(domain).hasSameHashCodeAs(domain);
        }
    }

    @Test
    void needAKindAndAHandler() {
        assertThatThrownBy(() -> connect.on(Set.<EventKind<DomainEvent.Lifecycle>>of(), Delivery.queued(), _ -> {}))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Delivery.queued(0)).isInstanceOf(IllegalArgumentException.class);
        connect.close();
        assertThatThrownBy(() -> connect.on(DomainEvent.LIFECYCLE, (DomainEvent.Lifecycle _) -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(driver.uri() + " is closed");
    }
}
