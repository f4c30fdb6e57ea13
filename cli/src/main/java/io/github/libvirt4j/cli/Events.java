package io.github.libvirt4j.cli;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.Libvirt;
import io.github.libvirt4j.event.ConnectEvent;
import io.github.libvirt4j.event.Delivery;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.Event;
import io.github.libvirt4j.event.EventHandler;
import io.github.libvirt4j.event.EventKind;
import io.github.libvirt4j.loop.EventLoop;
import io.github.libvirt4j.loop.FileWatch;
import io.github.libvirt4j.types.EventHandleType;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/// Prints events as they come.
@Command(
        name = "events",
        description = "Prints events as they come, until the count, the timeout or Ctrl-C.",
        footer = "events --kind domain.lifecycle,domain.reboot --json")
final class Events extends Subcommand implements EventHandler<Event> {
    @Option(
            names = "--kind",
            paramLabel = "K",
            split = ",",
            description = "of these kinds; without it domain.lifecycle. `doctor` lists them")
    private List<String> names = List.of(DomainEvent.LIFECYCLE.name());

    @Option(names = "--domain", paramLabel = "DOMAIN", description = "of this domain only, by name, UUID or id")
    private @Nullable String domain;

    @Option(names = "--count", paramLabel = "N", description = "end after so many events")
    private long count = Long.MAX_VALUE;

    @Option(names = "--timeout", paramLabel = "DURATION", description = "end after so long: 500ms, 10s, 2m, 1h")
    private @Nullable Duration timeout;

    private final CountDownLatch enough = new CountDownLatch(1);
    private volatile ConnectEvent.@Nullable Closed brokenOff;
    private volatile boolean isOpen;
    private long printed;

    @Override
    public Integer call() throws InterruptedException {
        if (count < 1) {
            throw wrong("--count must be at least 1, not " + count);
        }
        Set<EventKind<?>> kinds = kinds();
        var closed = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> interrupted(closed)));
        Printer out = out();
        try (Connect connect = open();
                FileWatch _ = watch(out)) {
            connect.on(ConnectEvent.CLOSED, this::brokenOff);
            isOpen = true;
            register(connect, kinds);
            if (timeout == null) {
                enough.await();
            } else {
                // False is no failure: the time is up.
                boolean _ = enough.await(TimeUnit.NANOSECONDS.convert(timeout), TimeUnit.NANOSECONDS);
            }
        } finally {
            closed.countDown();
        }
        ConnectEvent.Closed end = brokenOff;
        if (end != null) {
            throw new Failure(
                    Status.DISCONNECTED, "The connection broke off (" + end.reason() + "): no more events come");
        }
        return 0;
    }

    /// Without this it would wait for ever for events that cannot come.
    private void brokenOff(ConnectEvent.Closed event) {
        brokenOff = event;
        enough.countDown();
    }

    /// Ends it when nobody reads any more, as after `| head -1`: not only when the next event cannot be
    /// printed.
    private @Nullable FileWatch watch(Printer out) {
        return out.pipe() < 0
                ? null
                : EventLoop.on(out.pipe(), Set.of(EventHandleType.ERROR), (_, _) -> {
                    out.abandoned();
                    enough.countDown();
                });
    }

    private Set<EventKind<?>> kinds() {
        List<EventKind<?>> known = Libvirt.eventKinds();
        Set<EventKind<?>> kinds = new LinkedHashSet<>();
        for (String name : names) {
            kinds.add(known.stream()
                    .filter(kind -> kind.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> unknown(name, known.stream().map(EventKind::name).toList())));
        }
        return kinds;
    }

    private ParameterException unknown(String name, List<String> known) {
        String hint = Similar.hint(name, known);
        return wrong("--kind: no kind of event is called '" + name + "'"
                + (hint.isEmpty() ? "; there are " + String.join(", ", known) : hint));
    }

    private void register(Connect connect, Set<EventKind<?>> kinds) {
        if (domain == null) {
            connect.on(kinds, Delivery.queued(), this);
            return;
        }
        Set<EventKind<? extends DomainEvent>> ofDomains = new LinkedHashSet<>();
        for (EventKind<?> kind : kinds) {
            ofDomains.add(kind.narrow(DomainEvent.class)
                    .orElseThrow(() -> wrong("--domain: " + kind + " events are not of domains")));
        }
        try (Domain found = Lookup.domain(connect, domain)) {
            found.on(ofDomains, Delivery.queued(), this);
        }
    }

    /// On Ctrl-C: the main thread closes the connection, and the process ends as if it had come to an end
    /// by itself.
    private void interrupted(CountDownLatch closed) {
        if (closed.getCount() == 0) {
            return;
        }
        enough.countDown();
        try {
            // An opening that hangs would do so for ever.
            boolean _ = isOpen && closed.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            // The VM is ending.
        }
        out().flush();
        Runtime.getRuntime().halt(0);
    }

    @Override
    public void on(Event event) throws IOException {
        if (printed == count) {
            return;
        }
        PrintWriter out = out();
        Instant now = Instant.now();
        out.println(isJson() ? EventJson.of(now, event) : Times.local(now) + " " + event);
        printed++;
        // It is said at the end that it cannot be printed.
        if (printed == count || out.checkError()) {
            enough.countDown();
        }
    }

    @Override
    public void lost(long lost) {
        err().println(lost + " events lost: they come faster than they are printed");
    }
}
