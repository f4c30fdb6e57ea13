package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.libvirt4j.error.CallAbandonedException;
import io.github.libvirt4j.error.CallTimeoutException;
import io.github.libvirt4j.error.NotFoundException;
import io.github.libvirt4j.event.Delivery;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.EventKind;
import io.github.libvirt4j.event.Overflow;
import io.github.libvirt4j.event.Registration;
import io.github.libvirt4j.observe.Call;
import io.github.libvirt4j.observe.Handling;
import io.github.libvirt4j.observe.Observer;
import io.github.libvirt4j.testing.SessionDaemon;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NothingLeft.class)
@Timeout(60)
class ObserverTest {
    private final Log log = new Log();

    /// Writes down what it is told of the domain, or connection, of one test.
    private static final class Log implements Observer {
        private final List<String> calls = new CopyOnWriteArrayList<>();
        private final List<Object> seen = new CopyOnWriteArrayList<>();
        private final BlockingQueue<Handling> handled = new LinkedBlockingQueue<>();

        @Override
        public void calling(Call call) {
            calls.add(call + " begins");
        }

        @Override
        public void returned(Call call, @Nullable Throwable thrown) {
            assertThat(call.nanos()).isPositive();
            assertThat(call.thread()).isEqualTo(Thread.currentThread());
            calls.add(call
                    + (thrown == null ? " ends" : " throws " + thrown.getClass().getSimpleName()));
        }

        @Override
        public void abandoned(String uri, CallAbandonedException e) {
            seen.add(e);
        }

        @Override
        public void received(String uri, EventKind<?> kind) {
            seen.add(kind + " of " + uri);
        }

        @Override
        public void handled(Handling handling, @Nullable Throwable thrown) {
            seen.add(handling.kind().map(EventKind::toString).orElse("gap")
                    + (thrown == null ? "" : " " + thrown.getMessage()));
            handled.add(handling);
        }

        @Override
        public void lost(String registration, long events) {
            seen.add(events + " lost of " + registration);
        }
    }

    @AfterEach
    void remove() {
        Libvirt.removeObserver(log);
    }

    private void observe() {
        Libvirt.addObserver(log);
    }

    @Test
    void isToldHowCallsEnd() {
        observe();
        try (Connect connect = Embedded.open()) {
            log.calls.clear();
            connect.hostname();
            assertThatExceptionOfType(NotFoundException.class)
                    .isThrownBy(() -> connect.domains().lookupByName("none"));
        }
        assertThat(log.calls)
                .containsExactly(
                        "virConnectGetHostname on test:///default begins",
                        "virConnectGetHostname on test:///default ends",
                        "virDomainLookupByName on test:///default begins",
                        "virDomainLookupByName on test:///default throws NotFoundException");
    }

    @Test
    void isToldOfOpenings() {
        observe();
        Embedded.open().close();
        assertThat(log.calls)
                .contains("virConnectOpenAuth on test:///default begins", "virConnectOpenAuth on test:///default ends");
    }

    @Test
    void isToldOfCallsThatAreAbandoned() throws IOException {
        observe();
        SessionDaemon daemon = SessionDaemon.start();
        try (daemon;
                Connect connect = Connect.to(daemon.unixUri(Embedded.URI))
                        .keepAlive(Duration.ZERO, 0)
                        .callTimeout(Duration.ofMillis(300))
                        .open()) {
            daemon.pause();
            assertThatExceptionOfType(CallTimeoutException.class)
                    .isThrownBy(connect::hostname)
                    .satisfies(e -> assertThat(log.seen).containsExactly(e));
            daemon.resume();
        }
    }

    @Test
    void isToldOfEventsAndHandlers() throws InterruptedException {
        try (Connect connect = Embedded.open();
                Domain domain = Embedded.define(connect)) {
            var threw = new AtomicReference<@Nullable Throwable>();
            Libvirt.setUncaughtHandler((_, thrown) -> threw.set(thrown));
            try (Registration registration = domain.on(DomainEvent.LIFECYCLE, event -> {
                throw new IllegalStateException("on purpose");
            })) {
                observe();
                domain.create();
                Handling handling = log.handled.take();
                assertThat(handling.registration()).isEqualTo(registration.toString());
                assertThat(handling.kind()).contains(DomainEvent.LIFECYCLE);
                assertThat(handling.nanos()).isPositive();
            }
            assertThat(threw.get()).hasMessage("on purpose");
            assertThat(log.seen).containsExactly("domain.lifecycle of test:///default", "domain.lifecycle on purpose");
            domain.destroy();
            domain.undefine();
        }
    }

    @Test
    void isToldOfDirectHandlers() throws InterruptedException {
        try (Connect connect = Embedded.open();
                Domain domain = Embedded.define(connect);
                Registration _ = domain.on(Set.of(DomainEvent.LIFECYCLE), Delivery.direct(), _ -> {})) {
            observe();
            domain.create();
            assertThat(log.handled.take().kind()).contains(DomainEvent.LIFECYCLE);
            domain.destroy();
            domain.undefine();
        }
    }

    @Test
    void isToldOfLostEvents() throws InterruptedException {
        var goOn = new CountDownLatch(1);
        var inside = new CountDownLatch(1);
        try (Connect connect = Embedded.open();
                Domain domain = Embedded.define(connect);
                Registration registration = domain.on(
                        Set.of(DomainEvent.LIFECYCLE),
                        Delivery.queued().capacity(1).overflow(Overflow.DROP_NEWEST),
                        _ -> {
                            inside.countDown();
                            goOn.await();
                        })) {
            observe();
            domain.create();
            assertThat(inside.await(10, TimeUnit.SECONDS)).isTrue();
            domain.suspend();
            domain.resume();
            domain.suspend();
            Embedded.settle();
            assertThat(log.seen)
                    .filteredOn(seen -> seen.toString().contains("lost"))
                    .hasSize(2)
                    .containsOnly("1 lost of " + registration);
            assertThat(registration.lost()).isEqualTo(2);
            goOn.countDown();
            domain.destroy();
            domain.undefine();
        }
    }

    @Test
    void isNotToldWhenItWasRemoved() {
        try (Connect connect = Embedded.open()) {
            observe();
            // Adding it again does nothing.
            observe();
            assertThat(Libvirt.removeObserver(log)).isTrue();
            assertThat(Libvirt.removeObserver(log)).isFalse();
            connect.hostname();
        }
        assertThat(log.calls).isEmpty();
    }

    @Test
    void doesNoHarmByThrowing() {
        var threw = new AtomicReference<@Nullable Throwable>();
        Libvirt.setUncaughtHandler((_, thrown) -> threw.set(thrown));
        var bad = new Observer() {
            @Override
            public void returned(Call call, @Nullable Throwable thrown) {
                throw new IllegalStateException("on purpose");
            }
        };
        Libvirt.addObserver(bad);
        observe();
        try (Connect connect = Embedded.open()) {
            log.calls.clear();
            assertThat(connect.hostname()).isNotEmpty();
        } finally {
            Libvirt.removeObserver(bad);
        }
        assertThat(threw.get()).hasMessage("on purpose");
        assertThat(log.calls).hasSize(2);
    }

    @Test
    void isNotToldOfItsOwnCalls() {
        try (Connect connect = Embedded.open()) {
            var curious = new Observer() {
                @Override
                public void returned(Call call, @Nullable Throwable thrown) {
                    connect.hostname();
                }
            };
            Libvirt.addObserver(curious);
            observe();
            try {
                connect.libVersion();
            } finally {
                Libvirt.removeObserver(curious);
            }
        }
        assertThat(log.calls).noneMatch(call -> call.contains("virConnectGetHostname"));
        assertThat(log.calls).anyMatch(call -> call.contains("virConnectGetLibVersion"));
    }
}
