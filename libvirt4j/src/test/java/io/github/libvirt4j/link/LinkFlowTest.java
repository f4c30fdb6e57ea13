package io.github.libvirt4j.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.Libvirt;
import io.github.libvirt4j.NothingLeft;
import io.github.libvirt4j.error.UnsupportedException;
import io.github.libvirt4j.event.Delivery;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.Event;
import io.github.libvirt4j.event.Overflow;
import io.github.libvirt4j.internal.loop.ProcessLoop;
import io.github.libvirt4j.testing.SessionDaemon;
import io.github.libvirt4j.types.DomainEventType;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// Publishers of the events of a link.
@ExtendWith(NothingLeft.class)
@Timeout(120)
class LinkFlowTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final String EMBEDDED = "test:///default";
    private static final Retry QUICK = Retry.exponential(Duration.ofMillis(10), Duration.ofMillis(100));

    /// Writes down what it is told, and asks when the test does.
    private static class Told<E extends Event> implements Flow.Subscriber<LinkElement<E>> {
        final BlockingQueue<Object> all = new LinkedBlockingQueue<>();
        private final AtomicReference<Flow.@Nullable Subscription> subscription = new AtomicReference<>();

        void request(long elements) {
            Objects.requireNonNull(subscription.get()).request(elements);
        }

        void cancel() {
            Objects.requireNonNull(subscription.get()).cancel();
        }

        @Override
        public void onSubscribe(Flow.Subscription own) {
            subscription.set(own);
        }

        @Override
        public void onNext(LinkElement<E> element) {
            all.add(
                    switch (element) {
                        case LinkElement.Happened(var event) ->
                            event instanceof DomainEvent.Lifecycle lifecycle ? lifecycle.type() : event;
                        case LinkElement.Missing(var gap) -> gap.cause();
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

        void hears(Object... expected) throws InterruptedException {
            for (Object each : expected) {
                assertThat(next()).isEqualTo(each);
            }
        }

        /// Hears one for each that it asks for, and no more.
        void hearsOneByOne(Object... expected) throws InterruptedException {
            for (Object each : expected) {
                request(1);
                hears(each);
                settle();
                assertThat(all).isEmpty();
            }
        }
    }

    private final Told<DomainEvent.Lifecycle> told = new Told<>();

    /// Two events, DEFINED and UNDEFINED, that are in the queues afterwards.
    private static boolean change(Connect connect) {
        try (Domain domain = connect.domains().define("""
                <domain type='test'><name>flow</name><memory>1024</memory><os><type>hvm</type></os></domain>
                """)) {
            domain.undefine();
        }
        settle();
        return true;
    }

    private static void settle() {
        ProcessLoop.turn();
        ProcessLoop.turn();
    }

    private static Link up() throws InterruptedException {
        Link link = Link.to(EMBEDDED).open();
        assertThat(link.awaitUp(LONG)).isTrue();
        return link;
    }

    @Test
    void outlivesConnectionsWhoseEndsAreElements() throws Exception {
        try (SessionDaemon daemon = SessionDaemon.start();
                Link link = Link.to(daemon.unixUri(EMBEDDED)).retry(QUICK).open()) {
            link.publisher(List.of(DomainEvent.LIFECYCLE)).subscribe(told);
            told.request(Long.MAX_VALUE);
            told.hears(Gap.Cause.BEGINNING);
            assertThat(link.call(LinkFlowTest::change)).isTrue();
            told.hears(DomainEventType.DEFINED, DomainEventType.UNDEFINED);
            daemon.restart();
            told.hears(Gap.Cause.DISCONNECTED);
            assertThat(link.awaitUp(LONG)).isTrue();
            assertThat(link.call(LinkFlowTest::change)).isTrue();
            told.hears(DomainEventType.DEFINED, DomainEventType.UNDEFINED);
        }
        told.hears("complete");
        assertThat(told.all).isEmpty();
    }

    @Test
    void deliversNoMoreThanIsAskedFor() throws Exception {
        try (Link link = up()) {
            link.publisher(DomainEvent.LIFECYCLE).subscribe(told);
            assertThat(link.call(LinkFlowTest::change)).isTrue();
            assertThat(told.all).isEmpty();
            told.hearsOneByOne(Gap.Cause.BEGINNING, DomainEventType.DEFINED, DomainEventType.UNDEFINED);
            told.request(1);
            settle();
            assertThat(told.all).isEmpty();
            told.cancel();
        }
        assertThat(told.all).isEmpty();
    }

    /// An event whose gap has lost its place in the queue stands for both.
    @Test
    void deliversAGapAndItsEventOneByOne() throws Exception {
        try (Link link = up()) {
            link.publisher(DomainEvent.LIFECYCLE, Delivery.queued(1)).subscribe(told);
            assertThat(link.call(LinkFlowTest::change)).isTrue();
            // What is lost before the first gap is a part of it.
            told.hearsOneByOne(Gap.Cause.BEGINNING, DomainEventType.UNDEFINED);
            assertThat(link.call(LinkFlowTest::change)).isTrue();
            told.hearsOneByOne(Gap.Cause.OVERFLOW, DomainEventType.UNDEFINED);
            told.cancel();
        }
    }

    /// Cancelled between the two, it hears of the first only.
    @Test
    void tellsNothingWhenItIsCancelled() throws Exception {
        try (Link link = up()) {
            link.publisher(DomainEvent.LIFECYCLE, Delivery.queued(1)).subscribe(told);
            assertThat(link.call(LinkFlowTest::change)).isTrue();
            told.hearsOneByOne(Gap.Cause.BEGINNING);
            told.cancel();
            told.request(1);
            assertThat(link.call(LinkFlowTest::change)).isTrue();
            assertThat(told.all).isEmpty();
        }
        assertThat(told.all).isEmpty();
    }

    @Test
    void endsWithAnErrorAfterAnOverflowThatCloses() throws Exception {
        try (Link link = up()) {
            link.publisher(Set.of(DomainEvent.LIFECYCLE), Delivery.queued(1).overflow(Overflow.CLOSE))
                    .subscribe(told);
            assertThat(link.call(LinkFlowTest::change)).isTrue();
            told.request(3);
            told.hears(Gap.Cause.BEGINNING, DomainEventType.DEFINED, Gap.Cause.OVERFLOW);
            assertThat(told.next())
                    .isInstanceOf(IllegalStateException.class)
                    .asString()
                    .contains("domain.lifecycle on the link to " + EMBEDDED, "1 found no room");
        }
        assertThat(told.all).isEmpty();
    }

    @Test
    void endsWithTheErrorOfRegistering() throws Exception {
        var refused = new Told<DomainEvent.QemuMonitor>();
        Flow.Publisher<LinkElement<DomainEvent.Lifecycle>> late;
        try (Link link = up()) {
            link.publisher(DomainEvent.qemuMonitor("RESUME")).subscribe(refused);
            assertThat(refused.next()).isInstanceOf(UnsupportedException.class);
            refused.request(1);
            refused.cancel();
            late = link.publisher(DomainEvent.LIFECYCLE);
            assertThatExceptionOfType(NullPointerException.class).isThrownBy(() -> late.subscribe(null));
            link.<DomainEvent.Lifecycle>publisher(Set.of()).subscribe(told);
            assertThat(told.next()).isInstanceOf(IllegalArgumentException.class);
        }
        late.subscribe(told);
        assertThat(told.next()).isInstanceOf(IllegalStateException.class);
        assertThat(told.all).isEmpty();
        assertThat(refused.all).isEmpty();
    }

    @Test
    void refusesANumberThatIsNotOne() throws Exception {
        try (Link link = up()) {
            link.publisher(DomainEvent.LIFECYCLE).subscribe(told);
            told.request(0);
            assertThat(told.next()).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(told.all).isEmpty();
    }

    @Test
    void isCancelledByAnException() throws Exception {
        var threw = new LinkedBlockingQueue<Throwable>();
        Libvirt.setUncaughtHandler((_, thrown) -> threw.add(thrown));
        var bad = new Told<DomainEvent.Lifecycle>() {
            @Override
            public void onNext(LinkElement<DomainEvent.Lifecycle> element) {
                throw new IllegalStateException("on purpose");
            }
        };
        try (Link link = up()) {
            link.publisher(DomainEvent.LIFECYCLE).subscribe(bad);
            bad.request(10);
            assertThat(threw.take()).hasMessage("on purpose");
            assertThat(link.call(LinkFlowTest::change)).isTrue();
        }
        assertThat(bad.all).isEmpty();
        assertThat(threw).isEmpty();
    }
}
