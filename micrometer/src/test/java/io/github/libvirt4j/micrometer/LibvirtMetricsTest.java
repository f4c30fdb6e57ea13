package io.github.libvirt4j.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.Libvirt;
import io.github.libvirt4j.error.NotFoundException;
import io.github.libvirt4j.event.Delivery;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.Overflow;
import io.github.libvirt4j.event.Registration;
import io.github.libvirt4j.link.Gap;
import io.github.libvirt4j.link.Link;
import io.github.libvirt4j.link.LinkState;
import io.github.libvirt4j.observe.Observer;
import io.github.libvirt4j.observe.Watchdog;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.search.Search;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LibvirtMetricsTest {
    private static final Duration LONG = Duration.ofSeconds(10);

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @AfterEach
    void nothingIsLeft() {
        assertThat(Libvirt.closuresOnLoan()).isZero();
        assertThat(Libvirt.handlesOpen()).isZero();
        registry.close();
    }

    private LibvirtMetrics bind(LibvirtMetrics metrics) {
        metrics.bindTo(registry);
        return metrics;
    }

    private double counted(String name, String... tags) {
        return registry.get(name).tags(tags).counter().count();
    }

    private long timed(String name, String... tags) {
        return registry.get(name).tags(tags).timer().count();
    }

    private double gauge(String name, String... tags) {
        return registry.get(name).tags(tags).gauge().value();
    }

    @Test
    void timesCallsByTheirOutcome() {
        try (LibvirtMetrics _ = bind(new LibvirtMetrics());
                Connect connect = Embedded.open()) {
            connect.hostname();
            connect.hostname();
            assertThatExceptionOfType(NotFoundException.class)
                    .isThrownBy(() -> connect.domains().lookupByName("none"));
        }
        assertThat(timed("libvirt.calls", "function", "virConnectGetHostname", "outcome", "OK"))
                .isEqualTo(2);
        assertThat(timed("libvirt.calls", "function", "virDomainLookupByName", "outcome", "NO_DOMAIN"))
                .isEqualTo(1);
        assertThat(registry.get("libvirt.calls")
                        .tag("function", "virConnectGetHostname")
                        .timer()
                        .totalTime(TimeUnit.NANOSECONDS))
                .isPositive();
    }

    @Test
    void countsOnceWhatIsBoundAgain() {
        try (LibvirtMetrics metrics = bind(new LibvirtMetrics());
                Connect connect = Embedded.open()) {
            bind(metrics);
            connect.hostname();
            assertThat(timed("libvirt.calls", "function", "virConnectGetHostname"))
                    .isEqualTo(1);
        }
        assertThat(Search.in(registry).gauges()).isEmpty();
    }

    @Test
    void recordsAgainAfterItWasClosed() {
        LibvirtMetrics metrics = bind(new LibvirtMetrics());
        metrics.close();
        bind(metrics);
        try (metrics;
                Connect _ = Embedded.open()) {
            assertThat(gauge("libvirt.handles.open")).isEqualTo(1);
        }
    }

    @Test
    void countsEventsAndTimesHandlers() throws Exception {
        Libvirt.setUncaughtHandler((_, _) -> {});
        var both = new CountDownLatch(2);
        try (Connect connect = Embedded.open();
                Domain domain = Embedded.define(connect);
                LibvirtMetrics _ = bind(new LibvirtMetrics());
                Registration registration = domain.on(DomainEvent.LIFECYCLE, _ -> {
                    both.countDown();
                    throw new IllegalStateException("on purpose");
                })) {
            domain.create();
            domain.destroy();
            assertThat(both.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(registration.closeAndAwait(LONG)).isTrue();
            domain.undefine();
        } finally {
            Libvirt.setUncaughtHandler(null);
        }
        assertThat(counted("libvirt.events", "kind", "domain.lifecycle")).isEqualTo(2);
        assertThat(timed("libvirt.handler.time", "kind", "domain.lifecycle", "exception", "IllegalStateException"))
                .isEqualTo(2);
    }

    @Test
    void countsLostEvents() throws Exception {
        var inside = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        try (LibvirtMetrics _ = bind(new LibvirtMetrics());
                Connect connect = Embedded.open();
                Domain domain = Embedded.define(connect);
                Registration registration = domain.on(
                        Set.of(DomainEvent.LIFECYCLE), Delivery.queued(1).overflow(Overflow.DROP_NEWEST), _ -> {
                            inside.countDown();
                            goOn.await();
                        })) {
            domain.create();
            assertThat(inside.await(10, TimeUnit.SECONDS)).isTrue();
            domain.suspend();
            domain.resume();
            domain.suspend();
            while (counted("libvirt.events.lost") < 2) {
                Thread.onSpinWait();
            }
            goOn.countDown();
            assertThat(registration.closeAndAwait(LONG)).isTrue();
            assertThat(timed("libvirt.handler.time", "kind", "none", "exception", "none"))
                    .isEqualTo(1);
            domain.destroy();
            domain.undefine();
        }
    }

    @Test
    void timesTheLoopWhileThereIsAWatchdog() {
        try (LibvirtMetrics _ = bind(new LibvirtMetrics());
                Connect _ = Embedded.open();
                Watchdog _ = Watchdog.start(Duration.ofMillis(100), _ -> {})) {
            while (timed("libvirt.loop.lag") == 0) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void gaugesWhatIsHeld() {
        try (LibvirtMetrics _ = bind(new LibvirtMetrics());
                Connect connect = Embedded.open()) {
            assertThat(gauge("libvirt.handles.open")).isEqualTo(1);
            try (Registration _ = connect.on(DomainEvent.LIFECYCLE, _ -> {})) {
                assertThat(gauge("libvirt.closures.loaned")).isEqualTo(1);
            }
        }
    }

    private static LinkState.Up up(int generation) {
        return new LinkState.Up(generation, Instant.EPOCH);
    }

    private static LinkState.Down down() {
        return new LinkState.Down(Instant.EPOCH, Gap.Cause.DISCONNECTED, Optional.empty(), 0, Instant.EPOCH);
    }

    private static void changeLinks(Observer observer) {
        observer.linkChanged("test://a/", down());
        observer.linkChanged("test://a/", up(1));
        observer.linkChanged("test://a/", down());
        observer.linkChanged("test://a/", up(2));
        observer.linkChanged("test://b/", up(3));
        observer.linkChanged("test://b/", down());
        observer.linkChanged("test://b/", down());
        observer.linkChanged("test://c/", down());
        observer.linkChanged("test://c/", new LinkState.Closed());
    }

    @Test
    void gaugesAllLinksTogether() {
        var recorder = new Recorder(registry, Tags.empty(), false);
        recorder.begin();
        changeLinks(recorder);
        assertThat(gauge("libvirt.link.up")).isEqualTo(1);
        assertThat(gauge("libvirt.link.down")).isEqualTo(1);
        assertThat(gauge("libvirt.link.generation")).isEqualTo(5);
        recorder.end();
        assertThat(registry.find("libvirt.link.up").meters()).isEmpty();
    }

    @Test
    void gaugesEachLinkOnRequest() {
        var recorder = new Recorder(registry, Tags.empty(), true);
        recorder.begin();
        changeLinks(recorder);
        assertThat(gauge("libvirt.link.up", "uri", "test://a/")).isEqualTo(1);
        assertThat(gauge("libvirt.link.down", "uri", "test://a/")).isZero();
        assertThat(gauge("libvirt.link.generation", "uri", "test://a/")).isEqualTo(2);
        assertThat(gauge("libvirt.link.up", "uri", "test://b/")).isZero();
        assertThat(gauge("libvirt.link.down", "uri", "test://b/")).isEqualTo(1);
        assertThat(gauge("libvirt.link.generation", "uri", "test://b/")).isEqualTo(3);
        assertThat(registry.find("libvirt.link.up").meters()).hasSize(2);
        recorder.end();
        assertThat(registry.find("libvirt.link.up").meters()).isEmpty();
    }

    /// A notice that was in progress.
    @Test
    void gaugesNoLinkAfterTheEnd() {
        var recorder = new Recorder(registry, Tags.empty(), true);
        recorder.begin();
        recorder.end();
        changeLinks(recorder);
        assertThat(registry.find("libvirt.link.up").meters()).isEmpty();
    }

    /// As the documentation says: an observer hears of a link by its URI.
    @Test
    void countsLinksOfOneUriAsOne() {
        var recorder = new Recorder(registry, Tags.empty(), false);
        recorder.begin();
        recorder.linkChanged("test://a/", up(1));
        recorder.linkChanged("test://a/", up(4));
        assertThat(gauge("libvirt.link.up")).isEqualTo(1);
        assertThat(gauge("libvirt.link.generation")).isEqualTo(4);
        recorder.linkChanged("test://a/", new LinkState.Closed());
        assertThat(gauge("libvirt.link.up")).isZero();
        recorder.linkChanged("test://a/", down());
        assertThat(gauge("libvirt.link.down")).isEqualTo(1);
        recorder.end();
    }

    @Test
    @SuppressWarnings("try") // Closed on purpose.
    void followsALink() throws InterruptedException {
        try (LibvirtMetrics _ = bind(new LibvirtMetrics());
                Link link = Link.to(Embedded.URI).open()) {
            assertThat(link.awaitUp(LONG)).isTrue();
            assertThat(gauge("libvirt.link.up")).isEqualTo(1);
            assertThat(gauge("libvirt.link.generation")).isEqualTo(1);
            link.close();
            assertThat(gauge("libvirt.link.up")).isZero();
            assertThat(gauge("libvirt.link.down")).isZero();
        }
    }

    @Test
    void hasTheUriOnRequest() {
        try (LibvirtMetrics _ = bind(new LibvirtMetrics().withUris());
                Connect connect = Embedded.open()) {
            connect.hostname();
        }
        assertThat(timed("libvirt.calls", "function", "virConnectGetHostname", "uri", Embedded.URI))
                .isEqualTo(1);
    }

    @Test
    void hasTagsOfThePrograms() {
        try (LibvirtMetrics _ = bind(new LibvirtMetrics(Tags.of("rack", "7")));
                Connect connect = Embedded.open()) {
            connect.hostname();
            assertThat(registry.getMeters())
                    .allSatisfy(
                            meter -> assertThat(meter.getId().getTag("rack")).isEqualTo("7"));
            assertThat(registry.getMeters())
                    .allSatisfy(meter -> assertThat(meter.getId().getTag("uri")).isNull());
        }
    }

    @Test
    void recordsNothingWhenItIsClosed() {
        bind(new LibvirtMetrics()).close();
        try (Connect connect = Embedded.open()) {
            connect.hostname();
        }
        assertThat(Search.in(registry).name("libvirt.calls").meters()).isEmpty();
        assertThat(Search.in(registry).gauges()).isEmpty();
        assertThat(counted("libvirt.events.lost")).isZero();
    }
}
