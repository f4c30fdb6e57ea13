package io.github.libvirt4j.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.Libvirt;
import io.github.libvirt4j.Network;
import io.github.libvirt4j.NothingLeft;
import io.github.libvirt4j.Stream;
import io.github.libvirt4j.error.DisconnectedException;
import io.github.libvirt4j.event.DomainIdentity;
import io.github.libvirt4j.event.NetworkEvent;
import io.github.libvirt4j.observe.Observer;
import io.github.libvirt4j.testing.SessionDaemon;
import io.github.libvirt4j.types.DomainState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.function.Executable;

/// Links and watches of the test driver, in this process and in a daemon that is killed.
@Tag("loop")
@ExtendWith(NothingLeft.class)
@Timeout(120)
class LinkTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final String EMBEDDED = "test:///default";
    private static final Retry QUICK = Retry.exponential(Duration.ofMillis(10), Duration.ofMillis(100));

    private static String xml(UUID uuid) {
        return """
                <domain type='test'>
                  <name>%s</name><uuid>%s</uuid>
                  <memory unit='MiB'>256</memory>
                  <os><type>hvm</type></os>
                </domain>
                """.formatted("link-" + uuid, uuid);
    }

    /// The notices that a handler heard of one domain, and of the link.
    private static final class Heard implements DomainHandler {
        private final UUID domain;
        private final BlockingQueue<String> notices = new LinkedBlockingQueue<>();

        Heard(UUID domain) {
            this.domain = domain;
        }

        @Override
        public void added(DomainView now, Why why) {
            if (now.domain().uuid().equals(domain)) {
                notices.add("added " + now.state() + " " + why.getClass().getSimpleName());
            }
        }

        @Override
        public void changed(DomainView was, DomainView now, Why why) {
            if (now.domain().uuid().equals(domain)) {
                notices.add("changed " + was.state() + " " + now.state());
            }
        }

        @Override
        public void removed(DomainView last, boolean finalStateUnknown, Why why) {
            if (last.domain().uuid().equals(domain)) {
                notices.add("removed " + finalStateUnknown);
            }
        }

        @Override
        public void link(LinkState state) {
            if (!(state instanceof LinkState.Down down && down.tries() > 0)) {
                notices.add(state.getClass().getSimpleName());
            }
        }

        @Override
        public void gap(Gap gap) {
            notices.add("gap " + gap.cause());
        }

        @Override
        public void synced(int generation) {
            notices.add("synced");
        }

        String next() throws InterruptedException {
            return Objects.requireNonNull(notices.poll(30, TimeUnit.SECONDS), "no notice");
        }
    }

    static int generation(Link link) {
        return ((LinkState.Up) link.state()).generation();
    }

    @Test
    @SuppressWarnings("try") // Closed on purpose.
    void tellsOfADomain() throws Exception {
        UUID uuid = UUID.randomUUID();
        Heard heard = new Heard(uuid);
        try (Link link = Link.to(EMBEDDED).open();
                DomainWatch watch = link.watchDomains(heard)) {
            assertThat(watch.awaitCurrent(LONG)).isTrue();
            // The link can be up before the handler hears of it.
            String first = heard.next();
            assertThat(first.equals("Down") ? heard.next() : first).isEqualTo("Up");
            assertThat(heard.next()).isEqualTo("gap BEGINNING");
            assertThat(heard.next()).isEqualTo("synced");
            try (Domain domain = link.call(connect -> connect.domains().define(xml(uuid)))) {
                assertThat(heard.next()).isEqualTo("added SHUTOFF Told");
                domain.create();
                assertThat(watch.await(uuid, DomainState.RUNNING, LONG)).isTrue();
                assertThat(heard.next()).isEqualTo("changed SHUTOFF RUNNING");
                assertThat(watch.get(uuid).orElseThrow().id()).isEqualTo(domain.id());
                assertThat(watch.get(uuid).orElseThrow().persistent()).isTrue();
                domain.destroy();
                assertThat(watch.await(uuid, DomainState.SHUTOFF, LONG)).isTrue();
                assertThat(heard.next()).isEqualTo("changed RUNNING SHUTOFF");
                domain.undefine();
                assertThat(heard.next()).isEqualTo("removed false");
                assertThat(watch.get(uuid)).isEmpty();
            }
            link.close();
            assertThat(heard.next()).isEqualTo("Closed");
            assertThat(link.state()).isEqualTo(new LinkState.Closed());
            assertThatIllegalStateException().isThrownBy(() -> link.call(Connect::hostname));
        }
    }

    /// A table that outlived its process.
    @Test
    void tellsOfWhatChangedSinceTheDomainsWereKnown() throws Exception {
        UUID gone = UUID.randomUUID();
        UUID started = UUID.randomUUID();
        try (Connect connect = Connect.open(EMBEDDED);
                Domain domain = connect.domains().define(xml(started))) {
            List<DomainView> known = List.of(known(domain.identity()), known(new DomainIdentity("gone", gone)));
            domain.create();
            Heard ofGone = new Heard(gone);
            Heard ofStarted = new Heard(started);
            var options = new DomainWatch.Options(Duration.ofMinutes(5), Duration.ZERO);
            try (Link link = Link.to(EMBEDDED).open();
                    DomainWatch _ = link.watchDomains(ofGone, options, known);
                    DomainWatch _ = link.watchDomains(ofStarted, options, known)) {
                assertThat(until(ofGone, "removed")).isEqualTo("removed true");
                assertThat(until(ofStarted, "changed")).isEqualTo("changed SHUTOFF RUNNING");
            }
            domain.destroy();
            domain.undefine();
        }
    }

    private static String until(Heard heard, String notice) throws InterruptedException {
        String next = heard.next();
        while (!next.startsWith(notice)) {
            next = heard.next();
        }
        return next;
    }

    private static DomainView known(DomainIdentity domain) {
        return new DomainView(domain, OptionalInt.empty(), DomainState.SHUTOFF.value(), 0, true, 7, Instant.EPOCH);
    }

    @Test
    void comesBackAfterItsDaemonWasKilled() throws Exception {
        UUID uuid = UUID.randomUUID();
        Heard heard = new Heard(uuid);
        try (SessionDaemon daemon = SessionDaemon.start();
                Link link = Link.to(daemon.unixUri(EMBEDDED)).retry(QUICK).open();
                DomainWatch watch = link.watchDomains(heard)) {
            assertThat(link.awaitUp(LONG)).isTrue();
            // The watch calls on its connection; see CVE-2024-4418.
            try (Connect connect = Connect.open(daemon.unixUri(EMBEDDED));
                    Domain domain = connect.domains().define(xml(uuid))) {
                domain.create();
            }
            assertThat(watch.await(uuid, DomainState.RUNNING, LONG)).isTrue();
            // What the handler has not heard before the link is lost it does not hear afterwards.
            String heardLast = heard.next();
            while (!heardLast.endsWith("RUNNING") && !heardLast.startsWith("added RUNNING")) {
                heardLast = heard.next();
            }
            daemon.kill();
            while (!(link.state() instanceof LinkState.Down)) {
                Thread.sleep(1);
            }
            assertThat(watch.isCurrent()).isFalse();
            assertThat(watch.get(uuid)).map(DomainView::state).contains(DomainState.RUNNING);
            assertThatExceptionOfType(DisconnectedException.class)
                    .isThrownBy(() -> link.call(Connect::hostname))
                    .withMessageContaining("is down since");
            assertThat(link.awaitUp(Duration.ofMillis(50))).isFalse();
            daemon.restart();
            assertThat(link.awaitUp(LONG)).isTrue();
            assertThat(generation(link)).isGreaterThan(1);
            assertThat(watch.awaitCurrent(LONG)).isTrue();
            // The test driver of the new daemon has never heard of the domain.
            String last = heard.next();
            while (!last.startsWith("removed")) {
                last = heard.next();
            }
            assertThat(last).isEqualTo("removed true");
            assertThat(watch.get(uuid)).isEmpty();
        }
    }

    @Test
    void makesCallsWithoutAResult() throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        Link closed;
        try (Link link = Link.to(EMBEDDED).open()) {
            closed = link;
            assertThat(link.awaitUp(LONG)).isTrue();
            link.run(connect -> seen.add(connect.uri()));
            assertThat(seen).containsExactly(EMBEDDED);
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> link.run(_ -> {
                        throw new IOException("on purpose");
                    }));
        }
        assertThatIllegalStateException().isThrownBy(() -> closed.run(Connect::hostname));
    }

    /// Whatever a program keeps of a generation says so, and how to go on; its identity is as good as ever.
    @Test
    @SuppressWarnings("try") // Closed on purpose.
    void noHandleSurvivesAGeneration() throws Exception {
        try (SessionDaemon daemon = SessionDaemon.start();
                Link link = Link.to(daemon.unixUri(EMBEDDED)).retry(QUICK).open()) {
            assertThat(link.awaitUp(LONG)).isTrue();
            int generation = generation(link);
            Connect connect = link.call(c -> c);
            Domain domain = connect.domains().lookupByName("test");
            Network network = connect.networks().lookupByName("default");
            Stream stream = connect.newStream();
            DomainIdentity identity = domain.identity();
            daemon.kill();
            daemon.restart();
            List<Executable> uses = List.of(
                    connect::hostname,
                    () -> connect.domains().listAll(),
                    domain::state,
                    network::bridgeName,
                    () -> network.on(NetworkEvent.LIFECYCLE, _ -> {}),
                    () -> stream.receive(ByteBuffer.allocate(1)));
            for (Executable use : uses) {
                String message;
                do {
                    var thrown = assertThrows(DisconnectedException.class, use);
                    message = String.valueOf(thrown.getMessage());
                } while (!message.contains("generation " + generation + " of the link to "));
                assertThat(message)
                        .contains("which has ended; call the link again, and look the object up by its identity");
            }
            assertThat(domain.uuid()).isEqualTo(identity.uuid());
            assertThat(link.awaitUp(LONG)).isTrue();
            try (Domain again = link.call(c -> c.domains().lookupByUuid(identity.uuid()))) {
                assertThat(again.identity()).isEqualTo(identity);
                link.close();
                // That was asked for.
                assertThatIllegalStateException().isThrownBy(again::state);
            }
            assertThatExceptionOfType(DisconnectedException.class).isThrownBy(domain::state);
        }
    }

    @Test
    void tellsObserversItsStatesAndGaps() throws Exception {
        List<String> told = new CopyOnWriteArrayList<>();
        var observer = new Observer() {
            @Override
            public void linkChanged(String uri, LinkState state) {
                told.add(state.getClass().getSimpleName() + " " + uri);
            }

            @Override
            public void gap(String uri, Gap gap) {
                told.add("gap from " + gap.from() + " to " + gap.to() + ", " + gap.cause());
            }
        };
        int first;
        try (SessionDaemon daemon = SessionDaemon.start()) {
            String uri = daemon.unixUri(EMBEDDED);
            Libvirt.addObserver(observer);
            try (Link link = Link.to(uri).retry(QUICK).open()) {
                assertThat(link.awaitUp(LONG)).isTrue();
                first = generation(link);
                daemon.kill();
                while (link.state() instanceof LinkState.Up) {
                    Thread.sleep(1);
                }
                daemon.restart();
                assertThat(link.awaitUp(LONG)).isTrue();
            } finally {
                Libvirt.removeObserver(observer);
            }
            // Each try that fails is a state as well.
            assertThat(told.stream().distinct()).contains("Up " + uri, "Down " + uri);
            assertThat(told)
                    .filteredOn(each -> each.startsWith("gap"))
                    .hasSize(1)
                    .allMatch(each -> each.matches("gap from " + first + " to \\d+, DISCONNECTED"));
            assertThat(told).endsWith("Closed " + uri);
        }
    }

    @Test
    void isDownWhereThereIsNoHost() throws Exception {
        try (Link link = Link.to("test+unix:///default?socket=/nowhere/socket")
                .retry(QUICK)
                .open()) {
            while (link.state() instanceof LinkState.Down down && down.tries() == 0) {
                Thread.sleep(1);
            }
            assertThat(link.awaitUp(Duration.ofMillis(200))).isFalse();
            assertThat(link.state()).isInstanceOfSatisfying(LinkState.Down.class, down -> {
                assertThat(down.tries()).isPositive();
                assertThat(down.failure().orElseThrow()).hasMessageContaining("/nowhere/socket");
            });
        }
    }

    /// Each command of the driver fails once, in turn: opening, with an exception and with an error; registering;
    /// listing, until the resync period is over.
    @Test
    void isDownWithACauseAndTriesAgainWhateverFails() throws Exception {
        BlockingQueue<Connect> opened = new LinkedBlockingQueue<>();
        AtomicInteger tries = new AtomicInteger();
        // Of each failure, as a handler that is late hears of the last only.
        Semaphore heard = new Semaphore(1);
        Driver driver = new Driver(
                "nowhere",
                () -> {
                    heard.acquire();
                    int number = tries.incrementAndGet();
                    if (number == 1) {
                        throw new IOException("refused");
                    }
                    if (number == 2) {
                        throw new OutOfMemoryError("full");
                    }
                    Connect connect = Connect.open(EMBEDDED);
                    if (number == 3) {
                        connect.close();
                    }
                    opened.add(connect);
                    return connect;
                },
                Retry.exponential(Duration.ofMillis(200), Duration.ofMillis(200)));
        BlockingQueue<String> failures = new LinkedBlockingQueue<>();
        DomainHandler handler = new DomainHandler() {
            @Override
            public void link(LinkState state) {
                if (state instanceof LinkState.Down down && down.failure().isPresent()) {
                    failures.add(down.cause() + " " + down.failure().get().getMessage());
                    heard.release();
                }
            }
        };
        try (Link link = new Link(driver, _ -> driver.close());
                DomainWatch watch =
                        link.watchDomains(handler, new DomainWatch.Options(Duration.ofMillis(100), Duration.ZERO))) {
            assertThat(watch.awaitCurrent(LONG)).isTrue();
            assertThat(failures)
                    .containsExactly("BEGINNING refused", "BEGINNING full", "BEGINNING test:///default is closed");
            failures.clear();
            assertThat(link.state()).isInstanceOf(LinkState.Up.class);
            opened.remove();
            opened.remove().close();
            assertThat(failures.poll(30, TimeUnit.SECONDS)).isEqualTo("UNANSWERED test:///default is closed");
            assertThat(watch.awaitCurrent(LONG)).isTrue();
            assertThat(generation(link)).isEqualTo(5);
        }
    }

    @Test
    void toleratesHandlersThatThrow() throws Exception {
        AtomicInteger reported = new AtomicInteger();
        Libvirt.setUncaughtHandler((_, _) -> reported.incrementAndGet());
        CountDownLatch synced = new CountDownLatch(1);
        DomainHandler handler = new DomainHandler() {
            @Override
            public void added(DomainView now, Why why) {
                throw new IllegalStateException("on purpose");
            }

            @Override
            public void synced(int generation) {
                synced.countDown();
            }
        };
        try (Link link = Link.to(EMBEDDED).open();
                DomainWatch _ = link.watchDomains(handler)) {
            assertThat(synced.await(30, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(reported).hasPositiveValue();
    }

    /// Against the rules, but not for the rest of the link's life.
    @Test
    void comesBackAfterACallThatClosedItsConnection() throws Exception {
        try (Link link = Link.to(EMBEDDED).retry(QUICK).open();
                DomainWatch watch = link.watchDomains(new DomainHandler() {})) {
            assertThat(watch.awaitCurrent(LONG)).isTrue();
            link.run(Connect::close);
            assertThat(link.awaitUp(LONG)).isTrue();
            assertThat(link.state())
                    .isInstanceOfSatisfying(
                            LinkState.Up.class,
                            up -> assertThat(up.generation()).isGreaterThan(1));
            assertThat(link.<String, RuntimeException>call(Connect::hostname)).isNotEmpty();
            assertThat(watch.awaitCurrent(LONG)).isTrue();
        }
    }

    private static void assertThatItEndsTheWait(DomainWatch watch, AutoCloseable end) throws Exception {
        Duration never = ChronoUnit.FOREVER.getDuration();
        assertThat(watch.awaitCurrent(LONG)).isTrue();
        var waiting = new FutureTask<>(() -> watch.await(new UUID(0, 1), DomainState.RUNNING, never));
        Thread thread = Thread.ofVirtual().start(waiting);
        while (thread.getState() != Thread.State.TIMED_WAITING) {
            Thread.sleep(1);
        }
        end.close();
        assertThat(waiting.get(30, TimeUnit.SECONDS)).isFalse();
        assertThat(watch.awaitCurrent(never)).isFalse();
    }

    @Test
    void nobodyWaitsForAWatchThatIsOver() throws Exception {
        try (Link link = Link.to(EMBEDDED).open();
                Link shared = Links.of(EMBEDDED);
                Link other = Links.of(EMBEDDED)) {
            assertThatItEndsTheWait(link.watchDomains(new DomainHandler() {}), link);
            assertThatItEndsTheWait(shared.watchDomains(new DomainHandler() {}), shared);
            DomainWatch watch = other.watchDomains(new DomainHandler() {});
            assertThatItEndsTheWait(watch, watch);
        }
    }

    /// The link is not harmed by it, and still watches for others.
    @Test
    @SuppressWarnings("try") // Closed on purpose.
    void watchesWithTimesThatNeverPass() throws Exception {
        Duration never = ChronoUnit.FOREVER.getDuration();
        try (Link link = Link.to(EMBEDDED).open();
                DomainWatch rare = link.watchDomains(new DomainHandler() {}, new DomainWatch.Options(never, never));
                DomainWatch usual = link.watchDomains(new DomainHandler() {})) {
            assertThat(rare.awaitCurrent(LONG)).isTrue();
            assertThat(usual.awaitCurrent(LONG)).isTrue();
            usual.close();
            assertThat(rare.isCurrent()).isTrue();
        }
    }

    @Test
    void refusesImpossibleTimes() {
        assertThatIllegalArgumentException().isThrownBy(() -> new DomainWatch.Options(Duration.ZERO, Duration.ZERO));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DomainWatch.Options(Duration.ofSeconds(1), Duration.ofSeconds(-1)));
    }
}
