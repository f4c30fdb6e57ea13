package io.github.libvirt4j.cli;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.error.DisconnectedException;
import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.link.Link;
import io.github.libvirt4j.link.LinkState;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Shows what domains use.
@Command(
        name = "stats",
        description = {
            "Keeps a table of what the running domains use on the terminal: processors, memory, disks, networks.",
            "Elsewhere, and with --json or --count, it prints a line for each domain, again and again."
        },
        footer = {"stats --sort memory", "stats --once --json"})
final class Stats extends Subcommand {
    private static final List<String> KEYS =
            List.of("name", "state", "cpu", "memory", "maxMemory", "diskRead", "diskWrite", "netIn", "netOut");

    @Parameters(
            arity = "0..*",
            paramLabel = "DOMAIN",
            description = "these domains only, by name, UUID or id; without it all that run")
    private List<String> domains = List.of();

    @Option(
            names = "--sort",
            paramLabel = "COLUMN",
            description = "by ${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}")
    private Usage.Order order = Usage.Order.cpu;

    @Option(
            names = "--interval",
            paramLabel = "DURATION",
            defaultValue = "2s",
            description = "the time over which rates are measured; default: ${DEFAULT-VALUE}")
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private Duration interval;

    @Option(names = "--count", paramLabel = "N", description = "end after so many tables")
    private long count = Long.MAX_VALUE;

    @Option(names = "--once", description = "print one table: the same as --count 1")
    private boolean once;

    private volatile @Nullable Instant asOf;
    private volatile @Nullable LibvirtException failure;
    private volatile @Nullable Failure refusal;
    private volatile List<Item> usage = List.of();

    @Override
    public Integer call() throws Exception {
        checkCount(count);
        if (interval.compareTo(Duration.ofMillis(100)) < 0) {
            throw wrong("--interval must be at least 100ms");
        }
        if (once) {
            count = 1;
        }
        if (isLive(count)) {
            live();
            return Status.OK;
        }
        try (Ending ending = new Ending(out());
                Connect connect = open()) {
            ending.opened();
            List<UUID> chosen = chosen(connect);
            Usage.Sample before = Usage.sample(connect, chosen);
            for (long i = 0; i < count && !ending.hasCome(); i++) {
                ending.await(interval);
                Usage.Sample now = Usage.sample(connect, chosen);
                if (!ending.hasCome()) {
                    output().table(KEYS, Usage.between(before, now, order));
                }
                before = now;
                if (out().checkError()) {
                    break;
                }
            }
        }
        return Status.OK;
    }

    private List<UUID> chosen(Connect connect) {
        List<UUID> chosen = new ArrayList<>();
        for (String each : domains) {
            try (Domain domain = Lookup.domain(connect, each)) {
                chosen.add(domain.uuid());
            }
        }
        return chosen;
    }

    /// Over a link, so that the table goes on when the connection does.
    private void live() throws IOException, InterruptedException {
        String uri = root().uri();
        try (Ending ending = new Ending(out());
                Link link = Link.to(uri).opening(root()::opening).open()) {
            ending.opened();
            Thread.ofVirtual().start(() -> measure(link, ending));
            Live.show(ending, null, columns -> lines(uri, link, columns), this::key);
        }
        Failure refused = refusal;
        if (refused != null) {
            throw refused;
        }
    }

    private void measure(Link link, Ending ending) {
        List<UUID> chosen = null;
        Usage.Sample before = null;
        try {
            while (!ending.hasCome()) {
                try {
                    if (!link.awaitUp(interval)) {
                        continue;
                    }
                    if (chosen == null) {
                        chosen = link.call(this::chosen);
                    }
                    List<UUID> these = chosen;
                    Usage.Sample now = link.call(connect -> Usage.sample(connect, these));
                    if (before != null) {
                        usage = Usage.between(before, now, order);
                        asOf = Instant.now();
                    }
                    before = now;
                    failure = null;
                } catch (DisconnectedException e) {
                    // The link knows.
                } catch (LibvirtException e) {
                    failure = e;
                }
                ending.await(interval);
            }
        } catch (Failure e) {
            refusal = e;
            ending.come();
        } catch (InterruptedException | IllegalStateException e) {
            // The link is closed.
        }
    }

    private void key(int key) {
        for (Usage.Order each : Usage.Order.values()) {
            if (each.key() == key) {
                order = each;
                usage = Usage.sorted(usage, order);
            }
        }
    }

    private List<String> lines(String uri, Link link, int columns) {
        Instant time = asOf;
        LibvirtException failed = failure;
        List<String> lines = new ArrayList<>();
        lines.add(Printer.harmless(uri + ": " + (time == null ? "" : "as of " + Times.clock(time) + ", ")
                + LinkLine.of(link.state(), Instant.now())
                + (failed == null || !(link.state() instanceof LinkState.Up) ? "" : ", " + failed.getMessage())));
        lines.add("sorted by " + order + "; keys: c cpu, m memory, d disk, n network, a name, q quit");
        lines.add("");
        lines.addAll(Table.of(KEYS, usage).lines(columns, Colors.areWanted()));
        return lines;
    }
}
