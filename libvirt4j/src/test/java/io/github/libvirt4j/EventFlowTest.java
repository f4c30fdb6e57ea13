package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.libvirt4j.event.Delivery;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.EventOrGap;
import io.github.libvirt4j.event.Overflow;
import io.github.libvirt4j.testing.SessionDaemon;
import io.github.libvirt4j.types.DomainEventType;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// Subscribers of publishers of events. For the rules of reactive streams see [EventFlowRulesTest].
@Tag("loop")
@ExtendWith(NothingLeft.class)
@Timeout(60)
class EventFlowTest {
    /// Writes down what it is told, and asks when the test does.
    private static class Told implements Flow.Subscriber<EventOrGap<DomainEvent.Lifecycle>> {
        final BlockingQueue<Object> all = new LinkedBlockingQueue<>();
        private final AtomicReference<Flow.@Nullable Subscription> subscription = new AtomicReference<>();

        Flow.Subscription subscription() {
            return Objects.requireNonNull(subscription.get());
        }

        @Override
        public void onSubscribe(Flow.Subscription own) {
            subscription.set(own);
        }

        @Override
        public void onNext(EventOrGap<DomainEvent.Lifecycle> element) {
            all.add(
                    switch (element) {
                        case EventOrGap.Happened(var event) -> event.type();
                        case EventOrGap.Missing(long events) -> events;
                    });
        }

        @Override
        public void onError(Throwable t) {
            all.add(t);
        }

        @Override
        public void onComplete() {
            all.add("complete");
        }

        Object next() throws InterruptedException {
            return Objects.requireNonNull(all.poll(30, TimeUnit.SECONDS), "told nothing");
        }
    }

    private final Told told = new Told();

    private static Domain running(Connect connect) {
        Domain domain = Embedded.define(connect);
        domain.create();
        Embedded.settle();
        return domain;
    }

    private static void end(Domain domain) {
        domain.destroy();
        domain.undefine();
    }

    @Test
    void deliversNoMoreThanIsAskedFor() throws Exception {
        try (Connect connect = Embedded.open();
                Domain domain = running(connect)) {
            domain.publisher(DomainEvent.LIFECYCLE).subscribe(told);
            domain.suspend();
            domain.resume();
            domain.suspend();
            Embedded.settle();
            assertThat(told.all).isEmpty();
            told.subscription().request(1);
            assertThat(told.next()).isEqualTo(DomainEventType.SUSPENDED);
            told.subscription().request(1);
            assertThat(told.next()).isEqualTo(DomainEventType.RESUMED);
            assertThat(told.all).isEmpty();
            told.subscription().request(Long.MAX_VALUE);
            told.subscription().request(Long.MAX_VALUE);
            assertThat(told.next()).isEqualTo(DomainEventType.SUSPENDED);
            domain.resume();
            assertThat(told.next()).isEqualTo(DomainEventType.RESUMED);
            told.subscription().cancel();
            end(domain);
        }
    }

    @Test
    void tellsOfAGapInItsPlace() throws Exception {
        try (Connect connect = Embedded.open();
                Domain domain = running(connect)) {
            domain.publisher(DomainEvent.LIFECYCLE, Delivery.queued(1)).subscribe(told);
            domain.suspend();
            domain.resume();
            domain.suspend();
            Embedded.settle();
            told.subscription().request(1);
            assertThat(told.next()).isEqualTo(2L);
            assertThat(told.all).isEmpty();
            told.subscription().request(1);
            assertThat(told.next()).isEqualTo(DomainEventType.SUSPENDED);
            told.subscription().cancel();
            end(domain);
        }
    }

    @Test
    void endsWithAnErrorAfterAnOverflowThatCloses() throws Exception {
        try (Connect connect = Embedded.open();
                Domain domain = running(connect)) {
            domain.publisher(Set.of(DomainEvent.LIFECYCLE), Delivery.queued(1).overflow(Overflow.CLOSE))
                    .subscribe(told);
            domain.suspend();
            domain.resume();
            Embedded.settle();
            told.subscription().request(2);
            assertThat(told.next()).isEqualTo(DomainEventType.SUSPENDED);
            assertThat(told.next()).isEqualTo(1L);
            // The end needs no demand.
            assertThat(told.next())
                    .isInstanceOf(IllegalStateException.class)
                    .asString()
                    .contains("1 found no room");
            end(domain);
        }
    }

    @Test
    void completesWhenTheProgramClosesTheConnection() throws Exception {
        try (Connect connect = Embedded.open()) {
            connect.publisher(DomainEvent.LIFECYCLE).subscribe(told);
        }
        assertThat(told.next()).isEqualTo("complete");
        told.subscription().request(1);
        told.subscription().request(-1);
        told.subscription().cancel();
        assertThat(told.all).isEmpty();
    }

    @Test
    void endsWithAnErrorWhenTheConnectionBreaksOff() throws IOException, InterruptedException {
        SessionDaemon daemon = SessionDaemon.start();
        try (daemon;
                Connect connect = Connect.open(daemon.unixUri(Embedded.URI))) {
            connect.publisher(DomainEvent.LIFECYCLE).subscribe(told);
            daemon.kill();
            assertThat(told.next())
                    .isInstanceOf(IllegalStateException.class)
                    .asString()
                    .contains("the connection broke off");
        }
    }

    @Test
    void endsWithTheErrorOfRegistering() throws InterruptedException {
        Flow.Publisher<EventOrGap<DomainEvent.Lifecycle>> publisher;
        try (Connect connect = Embedded.open()) {
            publisher = connect.publisher(List.of(DomainEvent.LIFECYCLE));
        }
        publisher.subscribe(told);
        assertThat(told.next()).isInstanceOf(IllegalStateException.class).isNotNull();
        told.subscription().request(1);
        told.subscription().cancel();
        assertThat(told.all).isEmpty();
    }

    @Test
    void refusesANumberThatIsNotOne() throws InterruptedException {
        try (Connect connect = Embedded.open()) {
            connect.publisher(DomainEvent.LIFECYCLE).subscribe(told);
            told.subscription().request(0);
            assertThat(told.next()).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(told.all).isEmpty();
    }

    @Test
    void tellsNothingWhenItIsCancelled() {
        try (Connect connect = Embedded.open();
                Domain domain = running(connect)) {
            domain.publisher(DomainEvent.LIFECYCLE).subscribe(told);
            domain.suspend();
            Embedded.settle();
            told.subscription().cancel();
            told.subscription().request(1);
            domain.resume();
            Embedded.settle();
            assertThat(told.all).isEmpty();
            end(domain);
        }
        assertThat(told.all).isEmpty();
    }

    @Test
    void isCancelledByAnException() throws InterruptedException {
        var threw = new LinkedBlockingQueue<Throwable>();
        Libvirt.setUncaughtHandler((_, thrown) -> threw.add(thrown));
        var bad = new Told() {
            @Override
            public void onNext(EventOrGap<DomainEvent.Lifecycle> element) {
                throw new IllegalStateException("on purpose");
            }
        };
        try (Connect connect = Embedded.open();
                Domain domain = running(connect)) {
            domain.publisher(DomainEvent.LIFECYCLE).subscribe(bad);
            bad.subscription().request(10);
            domain.suspend();
            assertThat(threw.take()).hasMessage("on purpose");
            end(domain);
        }
        assertThat(bad.all).isEmpty();
        assertThat(threw).isEmpty();
    }

    @Test
    void tellsNothingUntilTheSubscriberKnowsOfItsSubscription() throws InterruptedException {
        try (Connect connect = Embedded.open();
                Domain domain = running(connect)) {
            var eager = new Told() {
                @Override
                public void onSubscribe(Flow.Subscription own) {
                    super.onSubscribe(own);
                    own.request(1);
                    domain.suspend();
                    Embedded.settle();
                    all.add("subscribed");
                }
            };
            domain.publisher(DomainEvent.LIFECYCLE).subscribe(eager);
            assertThat(eager.next()).isEqualTo("subscribed");
            assertThat(eager.next()).isEqualTo(DomainEventType.SUSPENDED);
            eager.subscription().cancel();
            end(domain);
        }
    }

    @Test
    void needsAKindOfEvent() throws InterruptedException {
        try (Connect connect = Embedded.open()) {
            connect.<DomainEvent.Lifecycle>publisher(Set.of()).subscribe(told);
            assertThat(told.next()).isInstanceOf(IllegalArgumentException.class);
            assertThatExceptionOfType(NullPointerException.class)
                    .isThrownBy(() -> connect.publisher(DomainEvent.LIFECYCLE).subscribe(null));
        }
    }
}
