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
import io.github.libvirt4j.link.DomainHandler;
import io.github.libvirt4j.link.DomainView;
import io.github.libvirt4j.link.DomainWatch;
import io.github.libvirt4j.link.Gap;
import io.github.libvirt4j.link.Link;
import io.github.libvirt4j.link.LinkState;
import io.github.libvirt4j.link.Retry;
import io.github.libvirt4j.link.Why;
import io.github.libvirt4j.testing.SessionDaemon;
import io.github.libvirt4j.types.DomainEventType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
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

/// A watch of QEMU's domains while three writers define and undefine them and the daemon is killed again and
/// again; and beside it the usual loop, which lists once and then believes the events.
@Tag("loop")
@Timeout(600)
@ExtendWith(NothingLeft.class)
class ChaosTest {
    private static final int WRITERS = 3;
    private static final int CHANGES = 1000;
    private static final int NAMES = 60;
    private static final int UNTOUCHED = 20;
    private static final int KILLS = 10;
    private static final Duration CONVERGED_WITHIN = Duration.ofSeconds(25);

    private final AtomicBoolean over = new AtomicBoolean();
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

    /// Records notices that a handler must not hear, and counts all.
    private static final class Judge implements DomainHandler {
        private final Set<UUID> untouched;
        private final List<String> faults = new CopyOnWriteArrayList<>();
        private final List<Gap> gaps = new CopyOnWriteArrayList<>();
        private final AtomicInteger notices = new AtomicInteger();
        private boolean up;
        private int generation;

        Judge(Set<UUID> untouched) {
            this.untouched = untouched;
        }

        private void hear(String what, DomainView view) {
            notices.incrementAndGet();
            if (!up) {
                faults.add(what + " while the link was down: " + view);
            }
        }

        @Override
        public void added(DomainView now, Why why) {
            hear("added", now);
        }

        @Override
        public void changed(DomainView was, DomainView now, Why why) {
            hear("changed", now);
        }

        @Override
        public void removed(DomainView last, boolean finalStateUnknown, Why why) {
            hear("removed", last);
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

    /// The loop that programs have: a list, then events; and again after each break.
    private static final class Usual {
        private final Set<UUID> table = ConcurrentHashMap.newKeySet();

        void run(String uri, AtomicBoolean over) {
            while (!over.get()) {
                AtomicBoolean broken = new AtomicBoolean();
                try (Connect connect = Connect.open(uri)) {
                    connect.on(ConnectEvent.CLOSED, Delivery.direct(), _ -> broken.set(true));
                    connect.on(DomainEvent.LIFECYCLE, Delivery.direct(), this::hear);
                    connect.domains().identities().forEach(domain -> table.add(domain.uuid()));
                    while (!broken.get() && !over.get()) {
                        pause(10);
                    }
                } catch (LibvirtException e) {
                    pause(50);
                }
            }
        }

        private void hear(DomainEvent.Lifecycle event) {
            if (event.type() == DomainEventType.UNDEFINED) {
                table.remove(event.domain().uuid());
            } else {
                table.add(event.domain().uuid());
            }
        }
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Defines what is not there, and undefines what is.
    private void write(Link link, int writer) {
        SplittableRandom random = new SplittableRandom(writer);
        for (int i = 0; i < CHANGES; i++) {
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
                // The daemon is dead, or dies.
                pause(20);
            }
        }
    }

    @Test
    void doesNotShakeAWatch() throws Exception {
        Set<UUID> untouched = IntStream.range(0, UNTOUCHED)
                .mapToObj(i -> uuid("untouched-" + i))
                .collect(Collectors.toSet());
        Judge judge = new Judge(untouched);
        Usual usual = new Usual();
        try (SessionDaemon daemon = SessionDaemon.start();
                ExecutorService threads = Executors.newCachedThreadPool()) {
            String uri = daemon.unixUri("qemu:///session");
            try (Connect connect = Connect.open(uri)) {
                for (int i = 0; i < UNTOUCHED; i++) {
                    connect.domains().define(xml("untouched-" + i)).close();
                }
            }
            Future<?> believer = threads.submit(() -> usual.run(uri, over));
            try (Link link = Link.to(uri)
                            .retry(Retry.exponential(Duration.ofMillis(20), Duration.ofSeconds(1)))
                            .open();
                    DomainWatch watch =
                            link.watchDomains(judge, new DomainWatch.Options(Duration.ofSeconds(10), Duration.ZERO))) {
                assertThat(watch.awaitCurrent(Duration.ofSeconds(30))).isTrue();
                List<Future<?>> writers = new ArrayList<>();
                for (int writer = 0; writer < WRITERS; writer++) {
                    int number = writer;
                    writers.add(threads.submit(() -> write(link, number)));
                }
                SplittableRandom random = new SplittableRandom(4711);
                for (int i = 0; i < KILLS; i++) {
                    Thread.sleep(random.nextInt(1000, 4000));
                    daemon.kill();
                    Thread.sleep(random.nextInt(500));
                    daemon.restart();
                }
                for (Future<?> writer : writers) {
                    writer.get();
                }
                long begun = System.nanoTime();
                Set<DomainIdentity> truth = truth(uri);
                while (!watch.isCurrent() || !views(watch).equals(truth)) {
                    assertThat(Duration.ofNanos(System.nanoTime() - begun))
                            .as("time to converge")
                            .isLessThan(CONVERGED_WITHIN);
                    Thread.sleep(5);
                }
                Duration converged = Duration.ofNanos(System.nanoTime() - begun);
                over.set(true);
                believer.get();
                Set<UUID> wrong = truth.stream().map(DomainIdentity::uuid).collect(Collectors.toSet());
                Set<UUID> believed = new HashSet<>(usual.table);
                believed.removeIf(wrong::remove);
                System.out.println("chaos: " + changes + " changes, " + judge.gaps.size() + " generations, "
                        + judge.notices + " notices, converged after " + converged.toMillis() + " ms; the usual loop: "
                        + believed.size() + " domains that are not there, " + wrong.size() + " missing, of "
                        + truth.size());
                assertThat(watch.all())
                        .allMatch(view -> view.persistent() && view.id().isEmpty());
            }
        }
        assertThat(judge.faults).isEmpty();
        assertThat(judge.gaps).hasSizeGreaterThan(KILLS / 2);
        for (int i = 1; i < judge.gaps.size(); i++) {
            assertThat(judge.gaps.get(i).from()).isEqualTo(judge.gaps.get(i - 1).to());
        }
    }

    private static Set<DomainIdentity> truth(String uri) {
        try (Connect connect = Connect.open(uri)) {
            return Set.copyOf(connect.domains().identities());
        }
    }

    private static Set<DomainIdentity> views(DomainWatch watch) {
        return watch.all().stream().map(DomainView::domain).collect(Collectors.toSet());
    }
}
