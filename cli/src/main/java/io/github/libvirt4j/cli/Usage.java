package io.github.libvirt4j.cli;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.DomainStats;
import io.github.libvirt4j.types.ConnectGetAllDomainStatsFlags;
import io.github.libvirt4j.types.DomainStatsTypes;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The resources that domains use, as the difference of two samples of libvirt's counters.
final class Usage {
    private static final Set<DomainStatsTypes> TYPES = EnumSet.of(
            DomainStatsTypes.STATE,
            DomainStatsTypes.CPU_TOTAL,
            DomainStatsTypes.BALLOON,
            DomainStatsTypes.VCPU,
            DomainStatsTypes.INTERFACE,
            DomainStatsTypes.BLOCK);

    private Usage() {}

    /// The counters at a time.
    ///
    /// @param nanos of a clock that only runs forward
    record Sample(long nanos, Map<UUID, DomainStats> domains) {}

    /// The order of a table, and the key that chooses it.
    @SuppressWarnings("ImmutableEnumChecker") // Its lists are.
    enum Order {
        cpu('c', "cpu"),
        memory('m', "memory"),
        disk('d', "diskRead", "diskWrite"),
        network('n', "netIn", "netOut"),
        name('a');

        private final char key;
        private final List<String> keys;

        Order(char key, String... keys) {
            this.key = key;
            this.keys = List.of(keys);
        }

        char key() {
            return key;
        }

        private double value(Item item) {
            return keys.stream()
                    .mapToDouble(key -> switch (item.values().get(key)) {
                        case Percent percent -> percent.value();
                        case Size size -> size.bytes();
                        case Rate rate -> rate.bytes();
                        case null, default -> 0;
                    })
                    .sum();
        }
    }

    /// Reads the counters of active domains.
    ///
    /// @param chosen of these only; of all if it is empty
    static Sample sample(Connect connect, Collection<UUID> chosen) {
        // A guest that does not answer delays nobody: what QEMU itself would tell is missing then.
        List<DomainStats> all = connect.domains()
                .allStats(TYPES, ConnectGetAllDomainStatsFlags.ACTIVE, ConnectGetAllDomainStatsFlags.NOWAIT);
        return new Sample(
                System.nanoTime(),
                all.stream()
                        .filter(each -> chosen.isEmpty()
                                || chosen.contains(each.domain().uuid()))
                        .collect(Collectors.toMap(each -> each.domain().uuid(), Function.identity())));
    }

    /// Returns the usage of the domains of the later sample since the earlier one.
    static List<Item> between(Sample before, Sample now, Order order) {
        double seconds = (now.nanos() - before.nanos()) / 1e9;
        return sorted(
                now.domains().values().stream()
                        .map(each -> item(before.domains().get(each.domain().uuid()), each, seconds))
                        .toList(),
                order);
    }

    static List<Item> sorted(List<Item> items, Order order) {
        return items.stream()
                .sorted(Comparator.comparingDouble((Item item) -> -order.value(item))
                        .thenComparing(item -> Objects.toString(item.values().get("name"))))
                .toList();
    }

    private static Item item(@Nullable DomainStats before, DomainStats now, double seconds) {
        Domain.Status status = now.state().orElse(null);
        OptionalInt id = now.id();
        // Counters of another run are of no use.
        DomainStats earlier = before != null && before.id().equals(id) ? before : null;
        Double cpu = rate(earlier, now, seconds, stats -> stats.cpu().map(DomainStats.Cpu::time).stream());
        return new Item()
                .with("name", now.domain().name())
                .with("uuid", now.domain().uuid())
                .with("id", id.isPresent() ? id.getAsInt() : null)
                .with("state", status == null ? null : Word.of(status))
                .with("cpu", cpu == null ? null : new Percent(Math.round(cpu / 1e7 * 10) / 10.0))
                .with("vcpus", now.vcpus().isEmpty() ? null : now.vcpus().size())
                .with("memory", now.balloon().map(Usage::memory).orElse(null))
                .with("maxMemory", size(now.balloon().map(DomainStats.Balloon::maximum)))
                .with(
                        "diskRead",
                        bytes(
                                earlier,
                                now,
                                seconds,
                                stats -> stats.disks().stream().map(DomainStats.Disk::readBytes)))
                .with(
                        "diskWrite",
                        bytes(
                                earlier,
                                now,
                                seconds,
                                stats -> stats.disks().stream().map(DomainStats.Disk::writeBytes)))
                .with(
                        "netIn",
                        bytes(
                                earlier,
                                now,
                                seconds,
                                stats -> stats.interfaces().stream().map(DomainStats.Interface::rxBytes)))
                .with(
                        "netOut",
                        bytes(
                                earlier,
                                now,
                                seconds,
                                stats -> stats.interfaces().stream().map(DomainStats.Interface::txBytes)));
    }

    /// The host's memory that the domain occupies; what the guest has where that is not known.
    private static @Nullable Size memory(DomainStats.Balloon balloon) {
        return size(Optional.of(balloon.rss().isPresent() ? balloon.rss() : balloon.current()));
    }

    private static @Nullable Size size(Optional<OptionalLong> kib) {
        return kib.isPresent() && kib.get().isPresent() ? Size.ofKib(kib.get().getAsLong()) : null;
    }

    private static @Nullable Rate bytes(
            @Nullable DomainStats before,
            DomainStats now,
            double seconds,
            Function<DomainStats, Stream<OptionalLong>> counters) {
        Double rate = rate(before, now, seconds, counters);
        return rate == null ? null : new Rate(Math.round(rate));
    }

    /// The growth of the sum of counters in a second; null if it is not known.
    private static @Nullable Double rate(
            @Nullable DomainStats before,
            DomainStats now,
            double seconds,
            Function<DomainStats, Stream<OptionalLong>> counters) {
        OptionalLong first = before == null ? OptionalLong.empty() : sum(counters.apply(before));
        OptionalLong last = sum(counters.apply(now));
        if (first.isEmpty() || last.isEmpty() || seconds <= 0) {
            return null;
        }
        // A device that was unplugged takes its counters with it.
        long grown = last.getAsLong() - first.getAsLong();
        return grown < 0 ? null : grown / seconds;
    }

    private static OptionalLong sum(Stream<OptionalLong> counters) {
        return counters.flatMapToLong(OptionalLong::stream).reduce(Long::sum);
    }
}
