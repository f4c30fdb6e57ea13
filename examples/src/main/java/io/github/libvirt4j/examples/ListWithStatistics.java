package io.github.libvirt4j.examples;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.DomainStats;
import io.github.libvirt4j.types.DomainStatsTypes;
import java.time.Duration;
import java.util.EnumSet;

/// Lists the domains of a hypervisor with what they use: `ListWithStatistics URI`.
///
/// One call asks for all domains and all numbers, however many domains there are.
public final class ListWithStatistics {
    private ListWithStatistics() {}

    public static void main(String[] arguments) {
        try (Connect connect = Connect.to(arguments[0]).readOnly().open()) {
            var types = EnumSet.of(
                    DomainStatsTypes.STATE,
                    DomainStatsTypes.CPU_TOTAL,
                    DomainStatsTypes.BALLOON,
                    DomainStatsTypes.BLOCK);
            for (DomainStats stats : connect.domains().allStats(types)) {
                System.out.println(line(stats));
            }
        }
    }

    /// A driver may leave numbers out, and a domain that does not run has few.
    private static String line(DomainStats stats) {
        String state = stats.state().map(Domain.Status::toString).orElse("unknown");
        long memory = stats.balloon()
                .map(balloon -> balloon.current().orElse(0) / 1024)
                .orElse(0L);
        Duration cpuTime =
                stats.cpu().map(cpu -> Duration.ofNanos(cpu.time().orElse(0))).orElse(Duration.ZERO);
        long read = stats.disks().stream()
                .mapToLong(disk -> disk.readBytes().orElse(0))
                .sum();
        return "%s: %s, %d MiB of memory, %.1f s of CPU time, %d bytes read"
                .formatted(stats.domain().name(), state, memory, cpuTime.toMillis() / 1000.0, read);
    }
}
