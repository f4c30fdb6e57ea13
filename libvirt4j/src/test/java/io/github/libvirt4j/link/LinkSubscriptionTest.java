package io.github.libvirt4j.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.Libvirt;
import io.github.libvirt4j.NothingLeft;
import io.github.libvirt4j.error.UnsupportedException;
import io.github.libvirt4j.event.Delivery;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.Event;
import io.github.libvirt4j.event.EventKind;
import io.github.libvirt4j.event.NetworkEvent;
import io.github.libvirt4j.event.Overflow;
import io.github.libvirt4j.event.Registration;
import io.github.libvirt4j.event.StoragePoolEvent;
import io.github.libvirt4j.internal.loop.ProcessLoop;
import io.github.libvirt4j.testing.SessionDaemon;
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
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Registrations that outlive connections, and their gaps.
@Tag("loop")
@ExtendWith(NothingLeft.class)
@Timeout(120)
class LinkSubscriptionTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final String EMBEDDED = "test:///default";
    private static final Retry QUICK = Retry.exponential(Duration.ofMillis(10), Duration.ofMillis(100));

    /// A kind that the test driver refuses.
    private static final EventKind<DomainEvent.QemuMonitor> REFUSED = DomainEvent.qemuMonitor("RESUME");

    private static final AtomicInteger NAMES = new AtomicInteger();

    /// Two events, DEFINED and UNDEFINED.
    private static String change(Connect connect) {
        String name = "on-" + NAMES.incrementAndGet();
        try (Domain domain = connect.domains().define("""
                <domain type='test'><name>%s</name><memory>1024</memory><os><type>hvm</type></os></domain>
                """.formatted(name))) {
            domain.undefine();
        }
        return name;
    }

    /// The calls of a handler, in order.
    private static class Heard implements LinkHandler<Event> {
        final BlockingQueue<String> all = new LinkedBlockingQueue<>();
        final List<Gap> gaps = new CopyOnWriteArrayList<>();

        @Override
        public void on(Event event) throws Exception {
            all.add(
                    event instanceof DomainEvent.Lifecycle e
                            ? e.domain().name() + " " + e.type()
                            : String.valueOf(event));
        }

        @Override
        public void gap(Gap gap) throws Exception {
            gaps.add(gap);
            all.add("gap " + gap.cause());
        }

        String next() throws InterruptedException {
            return Objects.requireNonNull(all.poll(30, TimeUnit.SECONDS), "nothing heard");
        }

        void hears(String... expected) throws InterruptedException {
            for (String each : expected) {
                assertThat(next()).isEqualTo(each);
            }
        }
    }

    /// Blocks in its first call until it is let go on.
    private static final class Slow extends Heard {
        final CountDownLatch busy = new CountDownLatch(1);
        final CountDownLatch gate = new CountDownLatch(1);

        @Override
        public void gap(Gap gap) throws Exception {
            super.gap(gap);
            busy.countDown();
            gate.await();
        }
    }

    /// Waits until the events of the embedded driver so far are in the queues.
    private static void arrive() {
        ProcessLoop.turn();
        ProcessLoop.turn();
    }

    @Test
    void outlivesTheDaemonOfItsConnection() throws Exception {
        Heard heard = new Heard();
        try (SessionDaemon daemon = SessionDaemon.start();
                Link link = Link.to(daemon.unixUri(EMBEDDED)).retry(QUICK).open();
                Registration registration = link.on(DomainEvent.LIFECYCLE, heard)) {
            assertThat(link.awaitUp(LONG)).isTrue();
            heard.hears("gap BEGINNING");
            int first = LinkTest.generation(link);
            String name = link.call(LinkSubscriptionTest::change);
            heard.hears(name + " DEFINED", name + " UNDEFINED");
            for (int i = 0; i < 2; i++) {
                daemon.kill();
                while (link.state() instanceof LinkState.Up) {
                    Thread.sleep(1);
                }
                assertThat(registration.isActive()).isTrue();
                daemon.restart();
                assertThat(link.awaitUp(LONG)).isTrue();
                heard.hears("gap DISCONNECTED");
                Gap gap = heard.gaps.getLast();
                assertThat(gap.from()).isEqualTo(first);
                assertThat(gap.to()).isEqualTo(LinkTest.generation(link));
                assertThat(gap.back()).isAfter(gap.lost());
                first = gap.to();
                name = link.call(LinkSubscriptionTest::change);
                heard.hears(name + " DEFINED", name + " UNDEFINED");
            }
            assertThat(registration.lost()).isZero();
        }
        assertThat(heard.all).isEmpty();
        assertThat(heard.gaps.getFirst().from()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void makesAllRegistrationsOfAGenerationOrNone(int refused) throws Exception {
        Heard heard = new Heard();
        try (SessionDaemon daemon = SessionDaemon.start()) {
            daemon.kill();
            String uri = daemon.unixUri(EMBEDDED);
            try (Link link = Link.to(uri).retry(QUICK).open()) {
                List<Registration> all = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                    all.add(i == refused ? link.on(REFUSED, heard) : link.on(DomainEvent.LIFECYCLE, heard));
                }
                daemon.restart();
                try (Connect other = Connect.open(uri)) {
                    while (!(link.state() instanceof LinkState.Down down
                            && down.tries() > 1
                            && down.failure().orElseThrow() instanceof UnsupportedException)) {
                        change(other);
                        Thread.sleep(1);
                    }
                    assertThat(link.awaitUp(Duration.ofMillis(100))).isFalse();
                    assertThat(heard.all).isEmpty();
                    all.get(refused).close();
                    assertThat(link.awaitUp(LONG)).isTrue();
                    heard.hears("gap BEGINNING", "gap BEGINNING");
                    String name = change(other);
                    List<String> events = new ArrayList<>();
                    for (int i = 0; i < 4; i++) {
                        events.add(heard.next());
                    }
                    assertThat(events)
                            .containsExactlyInAnyOrder(
                                    name + " DEFINED", name + " DEFINED", name + " UNDEFINED", name + " UNDEFINED");
                }
            }
        }
    }

    @Test
    void isRefusedAtOnceWhileTheLinkIsUp() throws Exception {
        Heard heard = new Heard();
        try (Link link = Link.to(EMBEDDED).open()) {
            assertThat(link.awaitUp(LONG)).isTrue();
            assertThatExceptionOfType(UnsupportedException.class).isThrownBy(() -> link.on(REFUSED, heard));
            assertThatIllegalArgumentException().isThrownBy(() -> link.on(Set.of(), heard));
            assertThat(LinkTest.generation(link)).isEqualTo(1);
            assertThat(heard.all).isEmpty();
        }
    }

    @Test
    void tellsOfEventsThatFoundNoRoom() throws Exception {
        Slow slow = new Slow();
        try (Link link = Link.to(EMBEDDED).open();
                Registration registration = link.on(DomainEvent.LIFECYCLE, Delivery.queued(2), slow)) {
            assertThat(link.awaitUp(LONG)).isTrue();
            slow.busy.await();
            link.call(LinkSubscriptionTest::change);
            link.call(LinkSubscriptionTest::change);
            String last = link.call(LinkSubscriptionTest::change);
            while (registration.lost() < 4) {
                Thread.sleep(1);
            }
            slow.gate.countDown();
            slow.hears("gap BEGINNING", "gap OVERFLOW", last + " DEFINED", last + " UNDEFINED");
            Gap gap = slow.gaps.getLast();
            assertThat(gap.from()).isEqualTo(1);
            assertThat(gap.to()).isEqualTo(1);
            assertThat(gap.back()).isAfterOrEqualTo(gap.lost());
            assertThat(registration.lost()).isEqualTo(4);
            assertThat(registration.isActive()).isTrue();
        }
    }

    @Test
    void endsWhereThereIsNoRoomIfAsked() throws Exception {
        Slow slow = new Slow();
        try (Link link = Link.to(EMBEDDED).open();
                Registration registration =
                        link.on(DomainEvent.LIFECYCLE, Delivery.queued(1).overflow(Overflow.CLOSE), slow)) {
            assertThat(link.awaitUp(LONG)).isTrue();
            slow.busy.await();
            String name = link.call(LinkSubscriptionTest::change);
            while (registration.isActive()) {
                Thread.sleep(1);
            }
            slow.gate.countDown();
            slow.hears("gap BEGINNING", name + " DEFINED", "gap OVERFLOW");
            link.call(LinkSubscriptionTest::change);
            assertThat(slow.all).isEmpty();
        }
    }

    /// The mark of each generation takes no room, and the last one of those that wait is enough.
    @Test
    void aHandlerThatIsBusyForSeveralGenerationsHearsOfOneGap() throws Exception {
        Slow slow = new Slow();
        Heard other = new Heard();
        try (SessionDaemon daemon = SessionDaemon.start();
                Link link = Link.to(daemon.unixUri(EMBEDDED)).retry(QUICK).open();
                Registration registration = link.on(DomainEvent.LIFECYCLE, Delivery.queued(2), slow);
                Registration _ = link.on(DomainEvent.LIFECYCLE, other)) {
            assertThat(link.awaitUp(LONG)).isTrue();
            int first = LinkTest.generation(link);
            slow.busy.await();
            String name = link.call(LinkSubscriptionTest::change);
            // The events have come, to both.
            other.hears("gap BEGINNING", name + " DEFINED", name + " UNDEFINED");
            arrive();
            for (int i = 0; i < 3; i++) {
                int before = LinkTest.generation(link);
                daemon.restart();
                // Numbers of generations can be missing.
                while (!(link.state() instanceof LinkState.Up up && up.generation() > before)) {
                    Thread.sleep(1);
                }
            }
            // The link is up before the mark is in the queues: first in that of `slow`, which came first.
            while (other.gaps.getLast().to() < LinkTest.generation(link)) {
                other.hears("gap DISCONNECTED");
            }
            arrive();
            slow.gate.countDown();
            slow.hears("gap BEGINNING", name + " DEFINED", name + " UNDEFINED", "gap DISCONNECTED");
            assertThat(slow.gaps.getLast().from()).isEqualTo(first);
            assertThat(slow.gaps.getLast().to()).isEqualTo(LinkTest.generation(link));
            assertThat(registration.lost()).isZero();
        }
    }

    @Test
    void outlivesItsHandlersExceptions() throws Exception {
        List<String> reported = new ArrayList<>();
        Libvirt.setUncaughtHandler((where, thrown) -> reported.add(where + ": " + thrown.getMessage()));
        Heard heard = new Heard() {
            @Override
            public void on(Event event) throws Exception {
                super.on(event);
                throw new IllegalStateException("event");
            }

            @Override
            public void gap(Gap gap) throws Exception {
                super.gap(gap);
                throw new IllegalStateException("gap");
            }
        };
        try (Link link = Link.to(EMBEDDED).open();
                Registration registration = link.on(DomainEvent.LIFECYCLE, heard)) {
            assertThat(link.awaitUp(LONG)).isTrue();
            String name = link.call(LinkSubscriptionTest::change);
            heard.hears("gap BEGINNING", name + " DEFINED", name + " UNDEFINED");
            assertThat(registration.closeAndAwait(LONG)).isTrue();
            assertThat(registration).hasToString("domain.lifecycle on the link to test:///default");
        }
        assertThat(reported)
                .containsExactly(
                        "domain.lifecycle on the link to test:///default: gap",
                        "domain.lifecycle on the link to test:///default: event",
                        "domain.lifecycle on the link to test:///default: event");
    }

    @Test
    void closesWithItsEventsDeliveredOrDropped() throws Exception {
        try (Link link = Link.to(EMBEDDED).open()) {
            assertThat(link.awaitUp(LONG)).isTrue();
            Heard heard = new Heard();
            Slow slow = new Slow();
            Registration first = link.on(DomainEvent.LIFECYCLE, heard);
            Registration second = link.on(DomainEvent.LIFECYCLE, slow);
            slow.busy.await();
            String name = link.call(LinkSubscriptionTest::change);
            arrive();
            assertThat(first.closeAndAwait(LONG)).isTrue();
            assertThat(heard.all).containsExactly("gap BEGINNING", name + " DEFINED", name + " UNDEFINED");
            second.close();
            slow.gate.countDown();
            link.call(LinkSubscriptionTest::change);
            assertThat(second.closeAndAwait(LONG)).isTrue();
            assertThat(slow.all).containsExactly("gap BEGINNING");
            assertThat(heard.all).hasSize(3);
            assertThat(second.lost()).isEqualTo(2);
            assertThat(first.isActive()).isFalse();
            assertThat(second.isActive()).isFalse();
        }
    }

    @Test
    void endsWithItsLink() throws Exception {
        Link link = Link.to(EMBEDDED).open();
        Registration registration = link.on(DomainEvent.LIFECYCLE, new Heard());
        assertThat(link.awaitUp(LONG)).isTrue();
        link.close();
        assertThat(registration.isActive()).isFalse();
        registration.close();
        assertThatIllegalStateException().isThrownBy(() -> link.on(DomainEvent.LIFECYCLE, new Heard()));
    }

    @Test
    void infersItsEventsAsOtherRegistrationsDo() throws Exception {
        List<Object> seen = new CopyOnWriteArrayList<>();
        List<DomainEvent> events = new CopyOnWriteArrayList<>();
        boolean flag = seen.isEmpty();
        try (Link link = Link.to(EMBEDDED).open()) {
            assertThat(link.awaitUp(LONG)).isTrue();
            link.on(DomainEvent.LIFECYCLE, e -> seen.add(e.type()));
            link.on(DomainEvent.LIFECYCLE, seen::add);
            link.on(flag ? DomainEvent.LIFECYCLE : DomainEvent.REBOOT, e -> seen.add(e.domain()));
            link.on(
                    Set.of(DomainEvent.LIFECYCLE, DomainEvent.REBOOT),
                    e -> seen.add(e.domain().uuid()));
            link.on(List.of(DomainEvent.LIFECYCLE, DomainEvent.REBOOT), Delivery.queued(5), events::add);
            Set<EventKind<? extends Event>> kinds =
                    Set.of(DomainEvent.LIFECYCLE, NetworkEvent.LIFECYCLE, StoragePoolEvent.LIFECYCLE);
            Registration last = link.on(kinds, e -> seen.add(e.kind()));
            link.call(LinkSubscriptionTest::change);
            arrive();
            assertThat(last.closeAndAwait(LONG)).isTrue();
        }
        assertThat(seen).contains(DomainEvent.LIFECYCLE);
    }

    @Test
    @SuppressWarnings("NullAway") // On purpose.
    void refusesNull() {
        try (Link link = Link.to(EMBEDDED).open()) {
            assertThatNullPointerException()
                    .isThrownBy(() -> link.on(NetworkEvent.LIFECYCLE, null))
                    .withMessage("handler");
            assertThatNullPointerException()
                    .isThrownBy(() -> link.on(NetworkEvent.LIFECYCLE, null, _ -> {}))
                    .withMessage("delivery");
        }
    }
}
