package io.github.libvirt4j.cli;

import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.EventKind;
import io.github.libvirt4j.fleet.CloudEvents;
import io.github.libvirt4j.fleet.Fleet;
import io.github.libvirt4j.fleet.FleetRecord;
import io.github.libvirt4j.fleet.FleetRecord.HostStatus;
import io.github.libvirt4j.fleet.HostView;
import io.github.libvirt4j.fleet.Hosts;
import io.github.libvirt4j.fleet.Sink;
import io.github.libvirt4j.link.LinkState;
import io.github.libvirt4j.types.DomainState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Watches the domains of many hosts.
@Command(
        name = "fleet",
        description = {
            "Watches the domains of many hosts, and keeps a table of the hosts on the terminal.",
            "Elsewhere, and with --json or --count, it prints a CloudEvent in JSON for each change, event and gap.",
            "With --kafka it shares the hosts with other workers, and writes to topics what it would print."
        },
        footer = {
            "fleet --hosts hosts.yaml",
            "fleet --hosts hosts.yaml --state fleet.json --json >>fleet.log",
            "fleet --kafka kafka1:9092,kafka2:9092"
        })
final class FleetCommand extends Subcommand {
    private static final List<String> KEYS = List.of(
            "host", "status", "since", "domains", "running", "paused", "shutOff", "other", "events", "gaps", "link");

    /// Of the fleet. Held here, as the VM forgets the level of a logger that nobody holds.
    private static final Logger LOG = Logger.getLogger("io.github.libvirt4j.fleet");

    private static final Duration BETWEEN_RATES = Duration.ofSeconds(2);
    private static final Duration BETWEEN_READS = Duration.ofSeconds(1);

    @Option(
            names = "--hosts",
            paramLabel = "FILE",
            description = "the hosts, in YAML: names, URIs and labels. A change of the file takes effect at once")
    private @Nullable Path hosts;

    @Mixin
    private final KafkaOptions kafka = new KafkaOptions();

    @Option(
            names = "--state",
            paramLabel = "FILE",
            description = "keeps what is known, so that the next start tells of domains that were removed meanwhile")
    private @Nullable Path state;

    @Option(
            names = "--kind",
            paramLabel = "K",
            split = ",",
            description = "events of these kinds; without it domain.lifecycle. `doctor` lists them")
    private List<String> names = List.of(DomainEvent.LIFECYCLE.name());

    @Option(names = "--count", paramLabel = "N", description = "end after so many records; those of the end follow")
    private long count = Long.MAX_VALUE;

    @Option(names = "--timeout", paramLabel = "DURATION", description = "end after so long: 500ms, 10s, 2m, 1h")
    private @Nullable Duration timeout;

    private long printed;

    /// Why the hosts are not those of the file.
    private volatile @Nullable String outdated;

    private Map<String, Long> eventsBefore = Map.of();
    private Map<String, Double> rates = Map.of();
    private long ratedAt = System.nanoTime();

    @Override
    public Integer call() throws IOException, InterruptedException {
        checkCount(count);
        var kinds = new Kinds(this::wrong);
        Set<EventKind<? extends DomainEvent>> ofDomains = kinds.ofDomains(kinds.of(names), "--kind");
        boolean live = isLive(count);
        if ((hosts == null) == (kafka.bootstrap() == null)) {
            throw wrong("Either --hosts or --kafka has to say where the hosts are");
        }
        return hosts == null ? share(ofDomains, live) : watch(hosts, ofDomains, live);
    }

    /// Watches the hosts of the file.
    private int watch(Path file, Set<EventKind<? extends DomainEvent>> kinds, boolean live)
            throws IOException, InterruptedException {
        Object read = stamp(file);
        try (Ending ending = new Ending(out())) {
            Sink sink = live ? _ -> {} : records -> print(records, ending);
            Fleet.Steps steps = Fleet.of(Hosts.read(file)).to(sink).kinds(kinds).opening(root()::opening);
            try (Fleet fleet = (state == null ? steps : steps.state(state)).start()) {
                ending.opened();
                Thread.ofVirtual().start(() -> follow(file, fleet, read, ending, live));
                show(fleet, ending, live);
            }
        }
        return Status.OK;
    }

    /// Watches this process's share of the hosts in a topic of Kafka.
    private int share(Set<EventKind<? extends DomainEvent>> kinds, boolean live)
            throws IOException, InterruptedException {
        if (state != null || count != Long.MAX_VALUE) {
            throw wrong("--state and --count are for --hosts; with --kafka, topics have the records");
        }
        if (Objects.requireNonNull(ModuleLayer.boot())
                .findModule("io.github.libvirt4j.fleet.kafka")
                .isEmpty()) {
            throw wrong("Kafka's client is not a part of the image; start `fleet --kafka` by ./run, or install by"
                    + " `./run install`");
        }
        try (Ending ending = new Ending(out());
                KafkaStart.Worker worker =
                        KafkaStart.worker(kafka, steps -> steps.kinds(kinds).opening(root()::opening))) {
            ending.opened();
            worker.whenEnded(ending::come);
            show(worker.fleet(), ending, live);
            worker.check();
        }
        return Status.OK;
    }

    private void show(Fleet fleet, Ending ending, boolean live) throws IOException, InterruptedException {
        if (live) {
            Live.show(ending, timeout, columns -> lines(fleet, columns), _ -> {});
        } else {
            ending.await(timeout);
        }
    }

    /// @throws IOException if nobody reads the output any more; a state file must not have these records then
    private void print(List<FleetRecord> records, Ending ending) throws IOException {
        Printer out = out();
        records.forEach(record -> out.println(CloudEvents.json(record)));
        printed += records.size();
        boolean isBroken = out.checkError();
        if (printed >= count || isBroken) {
            ending.come();
        }
        if (isBroken && state != null) {
            // It is told once, and for all.
            LOG.setLevel(Level.OFF);
            throw new IOException("The output cannot be written");
        }
    }

    /// Differs if the file does; null while there is none, as when an editor replaces it.
    private static @Nullable Object stamp(Path hosts) {
        try {
            return List.of(Files.getLastModifiedTime(hosts), Files.size(hosts));
        } catch (IOException e) {
            return null;
        }
    }

    /// Takes the hosts of the file when it has changed.
    private void follow(Path file, Fleet fleet, @Nullable Object read, Ending ending, boolean live) {
        Object last = read;
        try {
            for (ending.await(BETWEEN_READS); !ending.hasCome(); ending.await(BETWEEN_READS)) {
                Object now = stamp(file);
                if (now != null && !now.equals(last)) {
                    last = now;
                    outdated = failureOfUpdate(file, fleet);
                    if (outdated != null && !live) {
                        err().println(outdated + "; the hosts stay as they were");
                    }
                }
            }
        } catch (InterruptedException | IllegalStateException e) {
            // The fleet is closed.
        }
    }

    private @Nullable String failureOfUpdate(Path file, Fleet fleet) {
        try {
            fleet.update(Hosts.read(file));
            return null;
        } catch (IOException | IllegalArgumentException e) {
            return Status.message(e);
        }
    }

    private List<String> lines(Fleet fleet, int columns) {
        List<HostView> views = fleet.hosts();
        double seconds = (System.nanoTime() - ratedAt) / 1e9;
        if (seconds >= BETWEEN_RATES.toSeconds()) {
            Map<String, Long> before = eventsBefore;
            Map<String, Double> now = new HashMap<>();
            views.forEach(view -> {
                String name = view.host().name();
                now.put(name, Math.max(0, view.events() - before.getOrDefault(name, 0L)) / seconds);
            });
            rates = now;
            ratedAt = System.nanoTime();
            eventsBefore =
                    views.stream().collect(Collectors.toMap(view -> view.host().name(), HostView::events));
        }
        return lines(views, rates, outdated, Instant.now(), columns, Colors.areWanted());
    }

    /// The picture of what is known: a line of sums, and a table of the hosts, those first that are not up.
    static List<String> lines(
            List<HostView> views,
            Map<String, Double> rates,
            @Nullable String outdated,
            Instant now,
            int columns,
            boolean colors) {
        Map<DomainState, Integer> domains = new EnumMap<>(DomainState.class);
        views.forEach(view -> view.domains().forEach((state, count) -> domains.merge(state, count, Integer::sum)));
        long up = views.stream().filter(FleetCommand::isUp).count();
        long gaps = views.stream().mapToLong(HostView::gaps).sum();
        double rate = rates.values().stream().mapToDouble(Double::doubleValue).sum();
        List<String> lines = new ArrayList<>();
        lines.add("%d of %d hosts up, %d domains%s, %s events, %d %s"
                .formatted(
                        up,
                        views.size(),
                        sum(domains),
                        domains.entrySet().stream()
                                        .map(each -> each.getValue() + " " + Word.state(each.getKey()))
                                        .collect(Collectors.joining(", ", domains.isEmpty() ? "" : " (", ""))
                                + (domains.isEmpty() ? "" : ")"),
                        perSecond(rate),
                        gaps,
                        gaps == 1 ? "gap" : "gaps"));
        if (outdated != null) {
            lines.add(Printer.harmless("not the hosts of the file: " + outdated));
        }
        lines.add("");
        List<Item> items = views.stream()
                .sorted(Comparator.comparing(FleetCommand::isUp)
                        .thenComparing(view -> view.host().name()))
                .map(view -> item(view, rates.getOrDefault(view.host().name(), 0.0), now))
                .toList();
        lines.addAll(Table.of(KEYS, items).lines(columns, colors));
        return lines;
    }

    private static boolean isUp(HostView view) {
        return view.status() == HostStatus.UP;
    }

    private static int sum(Map<DomainState, Integer> domains) {
        return domains.values().stream().mapToInt(Integer::intValue).sum();
    }

    private static String perSecond(double rate) {
        return String.format(Locale.ROOT, "%.1f/s", rate);
    }

    private static Item item(HostView view, double rate, Instant now) {
        Map<DomainState, Integer> domains = view.domains();
        int running = domains.getOrDefault(DomainState.RUNNING, 0);
        int paused = domains.getOrDefault(DomainState.PAUSED, 0);
        int off = domains.getOrDefault(DomainState.SHUTOFF, 0);
        return new Item()
                .with("host", view.host().name())
                .with("status", view.status().name().toLowerCase(Locale.ROOT))
                .with("since", Times.clock(view.since()))
                .with("domains", sum(domains))
                .with("running", running)
                .with("paused", paused)
                .with("shutOff", off)
                .with("other", sum(domains) - running - paused - off)
                .with("events", perSecond(rate))
                .with("gaps", view.gaps())
                .with("link", view.link() instanceof LinkState.Up ? null : LinkLine.of(view.link(), now));
    }
}
