package io.github.libvirt4j.cli;

import io.github.libvirt4j.Domain;
import java.time.Duration;
import java.util.OptionalInt;
import picocli.CommandLine.Command;

/// Describes one domain.
@Command(name = "info", description = "Describes a domain.", footer = "info web")
final class Info extends OnDomain {
    @Override
    int on(Domain domain) {
        Domain.Info info = domain.info();
        OptionalInt id = domain.id();
        boolean persistent = domain.isPersistent();
        Domain.Status status = domain.state();
        output().page(Item.of(domain)
                .with("id", id.isPresent() ? id.getAsInt() : null)
                .with("title", domain.title().orElse(null))
                .with("osType", domain.osType())
                .with("state", Word.of(status))
                .with("reason", Word.reasonOf(status))
                .with("memory", Size.ofKib(info.memory()))
                .with("maxMemory", Size.ofKib(info.maxMemory()))
                .with("vcpus", info.vcpus())
                .with("cpuTime", cpuTime(info.cpuTime()))
                .with("persistent", persistent)
                .with("autostart", persistent ? domain.autostart() : null));
        return Status.OK;
    }

    private static Duration cpuTime(long nanos) {
        return Duration.ofSeconds(
                Long.divideUnsigned(nanos, 1_000_000_000), Long.remainderUnsigned(nanos, 1_000_000_000));
    }
}
