package io.github.libvirt4j.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.event.Delivery;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.link.DomainHandler;
import io.github.libvirt4j.link.DomainView;
import io.github.libvirt4j.link.DomainWatch;
import io.github.libvirt4j.link.Link;
import io.github.libvirt4j.link.LinkState;
import io.github.libvirt4j.link.Retry;
import io.github.libvirt4j.link.Why;
import io.github.libvirt4j.testing.SessionDaemon;
import io.github.libvirt4j.types.ConnectGetAllDomainStatsFlags;
import io.github.libvirt4j.types.DomainStatsTypes;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// The cost of links and watches; `docs/truth.md` has the numbers. The calls of an idle link and the number of
/// openings are exact. Of the times, which mean nothing on a busy machine, each test asserts a multiple.
///
/// `-Dcost.daemons=100` takes as many daemons as the page.
@Timeout(600)
@ExtendWith(NothingLeft.class)
class LinkCostTest {
    private static final int DAEMONS = Integer.getInteger("cost.daemons", 8);
    private static final int DOMAINS = 10_000;
    private static final Duration LONG = Duration.ofSeconds(60);

    /// For times of which the page has the goal: a machine with other work to do needs longer.
    private static final int SLACK = 5;

    private static final DomainHandler NOBODY = new DomainHandler() {};
    private static final DomainWatch.Options SELDOM = new DomainWatch.Options(Duration.ofMinutes(10), Duration.ZERO);

    private static double median(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(each -> each).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    private static double micros(long from) {
        return (System.nanoTime() - from) / 1e3;
    }

    private static void print(String found) {
        System.out.println("cost: " + found);
    }

    @Test
    void anIdleLinkMakesTwoCallsForEachList() throws Exception {
        try (SessionDaemon daemon = SessionDaemon.start();
                CountingProxy proxy = new CountingProxy(URI.create(daemon.tcpUri()));
                Link link = Link.to(proxy.uri()).open();
                DomainWatch watch = link.watchDomains(NOBODY)) {
            assertThat(watch.awaitCurrent(LONG)).isTrue();
            proxy.takeCalls();
            // The lists of the schedule, one, three and eight seconds after the opening.
            Thread.sleep(10_000);
            List<Integer> calls = proxy.takeCalls();
            print("calls of a link in ten seconds: " + calls);
            assertThat(calls).hasSize(6);
            assertThat(Set.copyOf(calls)).hasSize(1);
        }
    }

    /// The time from an event to its notice, in comparison with the calls of a look.
    @Test
    void aNoticeFollowsItsEventAfterALook() throws Exception {
        AtomicLong event = new AtomicLong();
        SynchronousQueue<Double> took = new SynchronousQueue<>();
        DomainHandler handler = new DomainHandler() {
            @Override
            public void changed(DomainView was, DomainView now, Why why) throws Exception {
                took.put(micros(event.get()));
            }
        };
        List<Double> notices = new ArrayList<>();
        List<Double> looks = new ArrayList<>();
        try (SessionDaemon daemon = SessionDaemon.start();
                Connect ear = Connect.open(daemon.unixUri("test:///default"));
                Connect looking = Connect.to(daemon.unixUri("test:///default"))
                        .callTimeout(Duration.ofSeconds(30))
                        .open();
                Domain domain = ear.domains().lookupByName("test");
                Link link = Link.to(daemon.unixUri("test:///default")).open();
                DomainWatch watch = link.watchDomains(handler, SELDOM)) {
            assertThat(watch.awaitCurrent(LONG)).isTrue();
            ear.on(DomainEvent.LIFECYCLE, Delivery.direct(), _ -> event.set(System.nanoTime()));
            for (int i = 0; i < 300; i++) {
                if (i % 2 == 0) {
                    domain.suspend();
                } else {
                    domain.resume();
                }
                notices.add(took.take());
                long begun = System.nanoTime();
                try (Domain one = looking.domains().lookupByUuid(domain.uuid())) {
                    one.state();
                    one.isPersistent();
                }
                looks.add(micros(begun));
            }
        }
        double notice = median(notices.subList(150, 300));
        double look = median(looks.subList(150, 300));
        print("an event to its notice %.0f µs, a look %.0f µs: %.2f".formatted(notice, look, notice / look));
        assertThat(notice / look).isLessThan(2 * SLACK);
    }

    /// The time until a watch has all domains, in comparison with the two calls; and the memory for each.
    @Test
    void aListCostsWhatItsCallsCost(@TempDir Path folder) throws Exception {
        Path node = folder.resolve("node.xml");
        Files.writeString(
                node,
                IntStream.range(0, DOMAINS)
                        .mapToObj(
                                "<domain type='test'><name>instance-%08d-production</name><memory>1024</memory><os><type>hvm</type></os></domain>"
                                        ::formatted)
                        .collect(Collectors.joining("\n", "<node>", "</node>")));
        List<Double> lists = new ArrayList<>();
        List<Double> calls = new ArrayList<>();
        try (Link link = Link.to("test://" + node).open()) {
            assertThat(link.awaitUp(LONG)).isTrue();
            for (int i = 0; i < 15; i++) {
                long begun = System.nanoTime();
                try (DomainWatch watch = link.watchDomains(NOBODY, SELDOM)) {
                    assertThat(watch.awaitCurrent(LONG)).isTrue();
                    lists.add(micros(begun));
                    assertThat(watch.all()).hasSize(DOMAINS);
                }
                calls.add(link.call(LinkCostTest::bulk));
            }
            long before = heap();
            try (DomainWatch watch = link.watchDomains(NOBODY, SELDOM)) {
                assertThat(watch.awaitCurrent(LONG)).isTrue();
                // The second list, and all notices told.
                Thread.sleep(2000);
                long bytes = (heap() - before) / DOMAINS;
                print("memory of a domain: %d bytes".formatted(bytes));
                assertThat(bytes).isBetween(100L, 500L);
                assertThat(watch.all()).hasSize(DOMAINS);
            }
        }
        double list = median(lists.subList(5, 15));
        double call = median(calls.subList(5, 15));
        print("a list of %d domains %.1f ms, its calls %.1f ms: %.2f"
                .formatted(DOMAINS, list / 1e3, call / 1e3, list / call));
        assertThat(list / call).isLessThan(1.3 * SLACK);
    }

    private static double bulk(Connect connect) {
        long begun = System.nanoTime();
        int found = 0;
        for (ConnectGetAllDomainStatsFlags which :
                List.of(ConnectGetAllDomainStatsFlags.PERSISTENT, ConnectGetAllDomainStatsFlags.TRANSIENT)) {
            found += connect.domains()
                    .allStats(Set.of(DomainStatsTypes.STATE), which)
                    .size();
        }
        assertThat(found).isEqualTo(DOMAINS);
        return micros(begun);
    }

    private static long heap() {
        System.gc();
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    /// Each host is killed, and comes back when its machine allows; from the last one on it takes no longer
    /// than the longest pause and an opening.
    @Test
    void linksToManyHostsComeBackTogether() throws Exception {
        List<SessionDaemon> daemons = new ArrayList<>();
        List<Link> links = new ArrayList<>();
        AtomicBoolean back = new AtomicBoolean();
        try (ExecutorService threads = Executors.newFixedThreadPool(5)) {
            for (int i = 0; i < DAEMONS; i++) {
                SessionDaemon daemon = SessionDaemon.start();
                daemons.add(daemon);
                links.add(Link.to(daemon.unixUri("test:///default"))
                        .retry(Retry.exponential(Duration.ofMillis(100), Duration.ofSeconds(2)))
                        .open());
            }
            awaitAllUp(links);
            Future<Long> most = threads.submit(() -> mostOpenings(back));
            try {
                inParallel(threads, daemons, daemon -> {
                    daemon.kill();
                    return true;
                });
                while (links.stream().anyMatch(link -> link.state() instanceof LinkState.Up)) {
                    Thread.sleep(1);
                }
                inParallel(threads, daemons, daemon -> {
                    daemon.restart();
                    return true;
                });
                long begun = System.nanoTime();
                awaitAllUp(links);
                double millis = micros(begun) / 1e3;
                back.set(true);
                print("%d links back after %.0f ms, at most %d openings at a time"
                        .formatted(DAEMONS, millis, most.get()));
                assertThat(millis).isLessThan(5000 * SLACK);
                assertThat(most.get()).isBetween(1L, 16L);
            } finally {
                back.set(true);
            }
        } finally {
            links.forEach(Link::close);
            daemons.forEach(SessionDaemon::close);
        }
    }

    private interface Work {
        boolean on(SessionDaemon daemon) throws Exception;
    }

    private static void inParallel(ExecutorService threads, List<SessionDaemon> daemons, Work work) throws Exception {
        List<Callable<Boolean>> all = daemons.stream()
                .<Callable<Boolean>>map(daemon -> () -> work.on(daemon))
                .toList();
        for (Future<Boolean> each : threads.invokeAll(all)) {
            assertThat(each.get()).isTrue();
        }
    }

    private static void awaitAllUp(List<Link> links) throws InterruptedException {
        while (!links.stream().allMatch(link -> link.state() instanceof LinkState.Up)) {
            Thread.sleep(1);
        }
    }

    /// How many openings are in progress at most.
    private static long mostOpenings(AtomicBoolean over) throws InterruptedException {
        long most = 0;
        while (!over.get()) {
            most = Math.max(
                    most,
                    Thread.getAllStackTraces().entrySet().stream()
                            .filter(each -> each.getKey().getName().equals("libvirt4j-link-open"))
                            .filter(each -> Arrays.stream(each.getValue())
                                    .anyMatch(frame -> frame.getMethodName().equals("open")))
                            .count());
            Thread.sleep(5);
        }
        return most;
    }
}
