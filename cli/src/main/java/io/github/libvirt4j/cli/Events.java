package io.github.libvirt4j.cli;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.event.ConnectEvent;
import io.github.libvirt4j.event.Delivery;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.Event;
import io.github.libvirt4j.event.EventHandler;
import io.github.libvirt4j.event.EventKind;
import io.github.libvirt4j.fleet.EventJson;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

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

    private @Nullable Ending ending;
    private volatile ConnectEvent.@Nullable Closed brokenOff;
    private long printed;

    @Override
    public Integer call() throws InterruptedException {
        checkCount(count);
        Set<EventKind<?>> kinds = new Kinds(this::wrong).of(names);
        try (Ending end = new Ending(out());
                Connect connect = open()) {
            ending = end;
            connect.on(ConnectEvent.CLOSED, this::brokenOff);
            end.opened();
            register(connect, kinds);
            end.await(timeout);
        }
        ConnectEvent.Closed end = brokenOff;
        if (end != null) {
            throw new Failure(
                    Status.DISCONNECTED, "The connection broke off (" + end.reason() + "): no more events come");
        }
        return 0;
    }

    /// Without this it would wait indefinitely for events that cannot come.
    private void brokenOff(ConnectEvent.Closed event) {
        brokenOff = event;
        enough();
    }

    private void enough() {
        Objects.requireNonNull(ending).come();
    }

    private void register(Connect connect, Set<EventKind<?>> kinds) {
        if (domain == null) {
            connect.on(kinds, Delivery.queued(), this);
            return;
        }
        try (Domain found = Lookup.domain(connect, domain)) {
            found.on(new Kinds(this::wrong).ofDomains(kinds, "--domain"), Delivery.queued(), this);
        }
    }

    @Override
    public void on(Event event) {
        if (printed == count) {
            return;
        }
        Printer out = out();
        Instant now = Instant.now();
        out.println(isJson() ? EventJson.of(now, event) : Times.local(now) + " " + event);
        printed++;
        // It is said at the end that it cannot be printed.
        if (printed == count || out.checkError()) {
            enough();
        }
    }

    @Override
    public void lost(long lost) {
        err().println(lost + " events lost: they come faster than they are printed");
    }
}
