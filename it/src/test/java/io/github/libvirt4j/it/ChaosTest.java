package io.github.libvirt4j.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.error.NotFoundException;
import io.github.libvirt4j.event.ConnectEvent;
import io.github.libvirt4j.event.Delivery;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.DomainIdentity;
import io.github.libvirt4j.event.Registration;
import io.github.libvirt4j.link.DomainHandler;
import io.github.libvirt4j.link.DomainView;
import io.github.libvirt4j.link.DomainWatch;
import io.github.libvirt4j.link.Gap;
import io.github.libvirt4j.link.Link;
import io.github.libvirt4j.link.LinkHandler;
import io.github.libvirt4j.link.LinkState;
import io.github.libvirt4j.link.Retry;
import io.github.libvirt4j.link.Why;
import io.github.libvirt4j.testing.QemuMonitor;
import io.github.libvirt4j.testing.RootDaemon;
import io.github.libvirt4j.testing.SessionDaemon;
import io.github.libvirt4j.types.DomainState;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// A watch of QEMU's domains while three writers define and undefine them and the daemon is killed, hangs and
/// sends its clients away; and beside it the usual loop, which lists once and then believes the events.
///
/// `-Dchaos.kills=200 -Dchaos.changes=100000` makes it longer.
@Tag("loop")
@Timeout(900)
@ExtendWith(NothingLeft.class)
class ChaosTest {
    private static final int WRITERS = 3;
    private static final int CHANGES = Integer.getInteger("chaos.changes", 10_000);
    private static final int NAMES = 660;
    private static final int UNTOUCHED = 20;
    private static final int RUNNING = 3;
    private static final int KILLS = Integer.getInteger("chaos.kills", 20);
    private static final Duration LONG = Duration.ofSeconds(60);

    /// With all that a daemon under load has left to do.
    private static final Duration CONVERGED_WITHIN = Duration.ofSeconds(25);

    /// The growth of the heap and of open files over all changes: the domains, in the watch and in this test.
    private static final long HEAP = 6_000_000;

    private static final int FILES = 10;

    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicBoolean calm = new AtomicBoolean();
    private final AtomicInteger changes = new AtomicInteger();

    private static UUID uuid(String name) {
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    }

    private static String xml(String name) {
        return """
                <domain type='qemu'>
                  <name>%s</name><uuid>%s</uuid>
                  <memory unit='MiB'>32</memory>
                  <os><type arch='x86_64'>hvm</type></os>
                </domain>
                """.formatted(name, uuid(name));
    }

    /// A link that notices a host that hangs within three seconds.
    private static Link open(String uri) {
        return Link.to(uri)
                .opening(opening -> opening.keepAlive(Duration.ofSeconds(1), 2))
                .retry(Retry.exponential(Duration.ofMillis(20), Duration.ofSeconds(1)))
                .open();
    }

    private static DomainWatch.Options resync(int seconds) {
        return new DomainWatch.Options(Duration.ofSeconds(seconds), Duration.ZERO);
    }

    /// Records notices that a handler must not hear, and counts all.
    private static final class Judge implements DomainHandler {
        private final Set<UUID> untouched;
        private final List<String> faults = new CopyOnWriteArrayList<>();
        private final List<Gap> gaps = new CopyOnWriteArrayList<>();
        private final Map<UUID, DomainView> table = new ConcurrentHashMap<>();
        private final Map<UUID, String> last = new ConcurrentHashMap<>();
        private final AtomicInteger notices = new AtomicInteger();
        private boolean up;
        private int generation;

        Judge(Set<UUID> untouched) {
            this.untouched = untouched;
        }

        private void hear(String what, DomainView view, Why why) {
            notices.incrementAndGet();
            last.put(view.domain().uuid(), what + " " + why.getClass().getSimpleName());
            if (!up) {
                faults.add(what + " while the link was down: " + view);
            }
        }

        @Override
        public void added(DomainView now, Why why) {
            hear("added", now, why);
            if (table.put(now.domain().uuid(), now) != null) {
                faults.add("added, and was there: " + now);
            }
        }

        @Override
        public void changed(DomainView was, DomainView now, Why why) {
            hear("changed to " + now.state(), now, why);
            DomainView told = table.put(now.domain().uuid(), now);
            if (told == null || told.differsFrom(was) || !was.differsFrom(now)) {
                faults.add("changed from " + told + ": " + was + " " + now);
            }
            if (untouched.contains(now.domain().uuid()) && was.state() != now.state()) {
                faults.add("changed, and was not touched: " + was + " " + now);
            }
        }

        @Override
        public void removed(DomainView last, boolean finalStateUnknown, Why why) {
            hear("removed " + finalStateUnknown, last, why);
            if (table.remove(last.domain().uuid()) == null) {
                faults.add("removed, and was not there: " + last);
            }
            if (untouched.contains(last.domain().uuid())) {
                faults.add("removed, and was there: " + last);
            }
        }

        @Override
        public void link(LinkState state) {
            up = state instanceof LinkState.Up;
            if (state instanceof LinkState.Up now) {
                if (now.generation() <= generation) {
                    faults.add("generation " + now.generation() + " after " + generation);
                }
                generation = now.generation();
            }
        }

        @Override
        public void gap(Gap gap) {
            gaps.add(gap);
        }
    }

    /// A handler that is busy until the gate opens.
    private static final class Busy implements DomainHandler {
        private final CountDownLatch gate = new CountDownLatch(1);
        private final Set<UUID> table = ConcurrentHashMap.newKeySet();
        private final AtomicInteger notices = new AtomicInteger();

        @Override
        public void added(DomainView now, Why why) {
            notices.incrementAndGet();
            table.add(now.domain().uuid());
        }

        @Override
        public void removed(DomainView last, boolean finalStateUnknown, Why why) {
            notices.incrementAndGet();
            table.remove(last.domain().uuid());
        }

        @Override
        public void link(LinkState state) throws InterruptedException {
            gate.await();
        }
    }

    /// A registration that outlives connections: what it hears of each generation.
    private static final class Listener implements LinkHandler<DomainEvent.Lifecycle> {
        private final List<Gap> gaps = new CopyOnWriteArrayList<>();
        private final AtomicInteger events = new AtomicInteger();

        @Override
        public void on(DomainEvent.Lifecycle event) {
            events.incrementAndGet();
        }

        @Override
        public void gap(Gap gap) {
            gaps.add(gap);
        }
    }

    /// The loop that programs have: a list, then events; and again after each break.
    private static final class Usual {
        private final boolean clears;

        /// Which domains there are, and whether they run.
        private final Map<UUID, Boolean> table = new ConcurrentHashMap<>();

        /// @param clears whether it begins each connection with an empty table
        Usual(boolean clears) {
            this.clears = clears;
        }

        void run(String uri, AtomicBoolean over) {
            while (!over.get()) {
                AtomicBoolean broken = new AtomicBoolean();
                try (Connect connect = Connect.to(uri)
                        .keepAlive(Duration.ofSeconds(1), 2)
                        .openTimeout(Duration.ofSeconds(10))
                        .open()) {
                    connect.on(ConnectEvent.CLOSED, Delivery.direct(), _ -> broken.set(true));
                    if (clears) {
                        table.clear();
                    }
                    connect.on(DomainEvent.LIFECYCLE, Delivery.direct(), this::hear);
                    for (Domain domain : connect.domains().listAll()) {
                        try (domain) {
                            table.put(domain.uuid(), domain.id().isPresent());
                        }
                    }
                    while (!broken.get() && !over.get()) {
                        pause(10);
                    }
                } catch (LibvirtException e) {
                    pause(50);
                }
            }
        }

        private void hear(DomainEvent.Lifecycle event) {
            UUID domain = event.domain().uuid();
            switch (event.type()) {
                case UNDEFINED -> table.remove(domain);
                case DEFINED -> table.putIfAbsent(domain, false);
                case STARTED -> table.put(domain, true);
                case STOPPED -> table.put(domain, false);
                default -> {
                    // It neither comes nor goes.
                }
            }
        }

        /// How many domains it believes to be there, or to run, and is wrong.
        long errors(Set<Truth> truth) {
            Map<UUID, Boolean> right = truth.stream()
                    .collect(Collectors.toMap(
                            one -> one.domain().uuid(), one -> one.id().isPresent()));
            Set<UUID> all = new HashSet<>(right.keySet());
            all.addAll(table.keySet());
            return all.stream()
                    .filter(one -> !Objects.equals(right.get(one), table.get(one)))
                    .count();
        }
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Defines what is not there, and undefines what is, until the faults are over. On a link of its own, because
    /// of CVE-2024-4418.
    private void write(String uri, int writer) {
        try (Link link = open(uri)) {
            write(link, writer);
        }
    }

    private void write(Link link, int writer) {
        SplittableRandom random = new SplittableRandom(writer);
        while (!calm.get() || changes.get() < CHANGES) {
            String name = "chaos-" + writer + "-" + random.nextInt(NAMES);
            try {
                link.call(connect -> {
                    try (Domain domain = connect.domains().lookupByUuid(uuid(name))) {
                        domain.undefine();
                    } catch (NotFoundException e) {
                        connect.domains().define(xml(name)).close();
                    }
                    return true;
                });
                changes.incrementAndGet();
            } catch (LibvirtException | IllegalStateException e) {
                // The daemon is dead, dies or hangs.
                pause(20);
            }
        }
    }

    /// Kills the daemon again and again. Between that it hangs, for less and for more than keepalive allows,
    /// and an administrator sends all clients away.
    private void disturb(SessionDaemon daemon, DomainWatch watch) throws Exception {
        SplittableRandom random = new SplittableRandom(4711);
        for (int i = 0; i < KILLS; i++) {
            Thread.sleep(random.nextInt(500, 2500));
            if (i % 7 == 2) {
                daemon.pause();
                Thread.sleep(500);
                daemon.resume();
            } else if (i % 7 == 4) {
                daemon.disconnectClients();
            } else if (i % 7 == 6) {
                awaitUp(watch);
                daemon.pause();
                long begun = System.nanoTime();
                while (watch.isCurrent()) {
                    assertThat(since(begun)).as("time to notice").isLessThan(Duration.ofSeconds(10));
                    Thread.sleep(1);
                }
                daemon.resume();
            }
            daemon.kill();
            Thread.sleep(random.nextInt(500));
            daemon.restart();
        }
    }

    private static void awaitUp(DomainWatch watch) throws InterruptedException {
        assertThat(watch.awaitCurrent(LONG)).isTrue();
    }

    private static Duration since(long begun) {
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    @Test
    void doesNotShakeAWatch() throws Exception {
        Set<UUID> untouched = IntStream.range(0, UNTOUCHED + RUNNING)
                .mapToObj(i -> uuid("untouched-" + i))
                .collect(Collectors.toSet());
        Judge judge = new Judge(untouched);
        Busy busy = new Busy();
        Listener listener = new Listener();
        List<Usual> usual = List.of(new Usual(false), new Usual(true));
        try (SessionDaemon daemon = SessionDaemon.start();
                ExecutorService threads = Executors.newCachedThreadPool()) {
            String uri = daemon.unixUri("qemu:///session");
            try (Connect connect = Connect.open(uri)) {
                for (int i = 0; i < UNTOUCHED + RUNNING; i++) {
                    try (Domain domain = connect.domains().define(xml("untouched-" + i))) {
                        if (i < RUNNING) {
                            domain.create();
                        }
                    }
                }
            }
            List<Future<?>> believers = new ArrayList<>();
            usual.forEach(each -> believers.add(threads.submit(() -> each.run(uri, over))));
            try (Link link = open(uri);
                    DomainWatch watch = link.watchDomains(judge, resync(10));
                    DomainWatch _ = link.watchDomains(busy, resync(10));
                    Registration _ = link.on(DomainEvent.LIFECYCLE, listener)) {
                awaitUp(watch);
                Footprint before = Footprint.now();
                List<Future<?>> writers = new ArrayList<>();
                for (int writer = 0; writer < WRITERS; writer++) {
                    int number = writer;
                    writers.add(threads.submit(() -> write(uri, number)));
                }
                disturb(daemon, watch);
                calm.set(true);
                for (Future<?> writer : writers) {
                    writer.get();
                }
                long begun = System.nanoTime();
                Set<Truth> truth = truth(uri);
                awaitTruth(watch, truth, begun);
                Duration converged = since(begun);
                busy.gate.countDown();
                Set<UUID> there = truth.stream().map(one -> one.domain().uuid()).collect(Collectors.toSet());
                while (!judge.table.keySet().equals(there) || !busy.table.equals(there)) {
                    assertThat(since(begun)).as("time to tell").isLessThan(CONVERGED_WITHIN);
                    Thread.sleep(5);
                }
                // Each domain once.
                assertThat(busy.notices).hasValue(there.size());
                over.set(true);
                for (Future<?> believer : believers) {
                    believer.get();
                }
                Footprint after = Footprint.now();
                assertThat(after.heap() - before.heap()).as("bytes of heap").isLessThan(HEAP);
                assertThat(after.files() - before.files())
                        .as("file descriptors")
                        .isLessThan(FILES);
                System.out.println("chaos: " + changes + " changes, " + judge.gaps.size() + " generations, "
                        + judge.notices + " notices, " + listener.events + " events, " + truth.size()
                        + " domains, converged after " + converged.toMillis() + " ms; a handler that was busy all the "
                        + "time: " + busy.notices + " notices; the heap grew by " + (after.heap() - before.heap())
                        + " bytes; the usual loop is wrong about "
                        + usual.getFirst().errors(truth) + ", and about "
                        + usual.getLast().errors(truth)
                        + " with a new table on each connection");
            } finally {
                over.set(true);
                calm.set(true);
                changes.addAndGet(CHANGES);
                busy.gate.countDown();
            }
        }
        assertThat(judge.faults).isEmpty();
        assertThat(changes.get()).isGreaterThanOrEqualTo(2 * CHANGES);
        assertThat(judge.gaps).hasSizeGreaterThan(KILLS / 2);
        assertChained(judge.gaps);
        assertChained(listener.gaps);
        assertThat(listener.gaps.getLast().to()).isEqualTo(judge.gaps.getLast().to());
    }

    private static void assertChained(List<Gap> gaps) {
        assertThat(gaps.getFirst().from()).isZero();
        for (int i = 1; i < gaps.size(); i++) {
            assertThat(gaps.get(i).from()).isEqualTo(gaps.get(i - 1).to());
        }
    }

    /// A guest that ends while its daemon starts has no event; here QEMU is stopped so that the daemon is busy
    /// with it, and then killed. A list finds it, and a transient domain is removed with its end unknown.
    @Test
    void findsGuestsThatEndedWhileTheirDaemonStarted() throws Exception {
        UUID persistent = uuid("doomed");
        UUID passing = uuid("passing");
        Judge judge = new Judge(Set.of());
        Usual usual = new Usual(true);
        try (SessionDaemon daemon = SessionDaemon.start();
                ExecutorService threads = Executors.newCachedThreadPool();
                Link link = open(daemon.unixUri("qemu:///session"));
                DomainWatch watch = link.watchDomains(judge, resync(60))) {
            String uri = daemon.unixUri("qemu:///session");
            Future<?> believer = threads.submit(() -> usual.run(uri, over));
            try {
                awaitUp(watch);
                try (Connect connect = Connect.open(uri);
                        Domain domain = connect.domains().define(xml("doomed"))) {
                    domain.create();
                    connect.domains().create(xml("passing")).close();
                }
                assertThat(watch.await(persistent, DomainState.RUNNING, LONG)).isTrue();
                assertThat(watch.await(passing, DomainState.RUNNING, LONG)).isTrue();
                long[] pids = {QemuMonitor.pid(persistent), QemuMonitor.pid(passing)};
                daemon.kill();
                signal("STOP", pids);
                daemon.restart();
                while (!(link.state() instanceof LinkState.Up)) {
                    Thread.sleep(1);
                }
                awaitUp(watch);
                assertThat(watch.get(persistent)).map(DomainView::state).contains(DomainState.RUNNING);
                assertThat(watch.get(passing)).map(DomainView::state).contains(DomainState.RUNNING);
                Thread.sleep(3000);
                long begun = System.nanoTime();
                signal("KILL", pids);
                while (watch.get(persistent).orElseThrow().state() != DomainState.SHUTOFF
                        || watch.get(passing).isPresent()) {
                    assertThat(since(begun)).as("time to find out").isLessThan(Duration.ofSeconds(30));
                    Thread.sleep(5);
                }
                System.out.println("chaos: two guests that ended unseen found after "
                        + since(begun).toMillis() + " ms; the usual loop is wrong about " + usual.errors(truth(uri)));
                over.set(true);
                believer.get();
                while (!judge.last.getOrDefault(passing, "").startsWith("removed")) {
                    Thread.sleep(1);
                }
                assertThat(judge.last).containsEntry(persistent, "changed to SHUTOFF Drift");
                assertThat(judge.last).containsEntry(passing, "removed true Drift");
            } finally {
                over.set(true);
            }
        }
        assertThat(judge.faults).isEmpty();
    }

    private static void signal(String name, long... pids) throws Exception {
        for (long pid : pids) {
            assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                            .inheritIO()
                            .start()
                            .waitFor())
                    .isZero();
        }
    }

    /// Domains that cannot be reached are neither removed nor current.
    @Test
    void keepsItsTableWhileTheNetworkIsDown() throws Exception {
        Judge judge = new Judge(Set.of());
        try (RootDaemon daemon = RootDaemon.start();
                RootDaemon.Link cable = daemon.link();
                Link link = open(cable.tcpUri());
                DomainWatch watch = link.watchDomains(judge, resync(60));
                Connect near = Connect.open(daemon.unixUri("test:///default"))) {
            awaitUp(watch);
            List<DomainView> before = watch.all();
            assertThat(before).isNotEmpty();
            cable.down();
            long begun = System.nanoTime();
            while (watch.isCurrent()) {
                assertThat(since(begun)).as("time to notice").isLessThan(Duration.ofSeconds(10));
                Thread.sleep(1);
            }
            near.domains().define("""
                    <domain type='test'><name>later</name><memory>1024</memory><os><type>hvm</type></os></domain>
                    """).close();
            Thread.sleep(2000);
            assertThat(watch.all()).isEqualTo(before);
            assertThat(judge.table).hasSameSizeAs(before);
            cable.up();
            awaitUp(watch);
            assertThat(watch.all()).hasSize(before.size() + 1);
        }
        assertThat(judge.faults).isEmpty();
        assertChained(judge.gaps);
    }

    /// A domain as another connection finds it.
    private record Truth(DomainIdentity domain, OptionalInt id, Domain.Status status, boolean persistent) {
        static Truth of(Domain domain) {
            return new Truth(domain.identity(), domain.id(), domain.state(), domain.isPersistent());
        }

        static Truth of(DomainView view) {
            return new Truth(view.domain(), view.id(), view.status(), view.persistent());
        }
    }

    private static Set<Truth> truth(String uri) {
        try (Connect connect = Connect.open(uri)) {
            List<Domain> all = connect.domains().listAll();
            Set<Truth> truth = all.stream().map(Truth::of).collect(Collectors.toSet());
            all.forEach(Domain::close);
            return truth;
        }
    }

    private static void awaitTruth(DomainWatch watch, Set<Truth> truth, long begun) throws InterruptedException {
        while (!watch.isCurrent()
                || !watch.all().stream()
                        .map(Truth::of)
                        .collect(Collectors.toSet())
                        .equals(truth)) {
            assertThat(since(begun)).as("time to converge").isLessThan(CONVERGED_WITHIN);
            Thread.sleep(5);
        }
    }
}
