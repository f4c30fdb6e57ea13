package io.github.libvirt4j.cli;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Tells about one domain.
@Command(name = "info", description = "Tells about one domain.", mixinStandardHelpOptions = true)
final class InfoOfDomain implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "DOMAIN", description = "its name or UUID")
    private String domain = "";

    @Mixin
    private final Hypervisor hypervisor = new Hypervisor();

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        try (Connect connect = hypervisor.open();
                Domain found = Hypervisor.domain(connect, domain)) {
            Domain.Info info = found.info();
            OptionalInt id = found.id();
            out.println("name:       " + found.name());
            out.println("uuid:       " + found.uuid());
            out.println("id:         " + (id.isPresent() ? id.getAsInt() : "-"));
            out.println("title:      " + found.title().orElse("-"));
            out.println("os type:    " + found.osType());
            out.println("state:      " + found.state());
            out.println("memory:     " + info.memory() + " KiB of " + info.maxMemory() + " KiB");
            out.println("vcpus:      " + info.vcpus());
            out.println("cpu time:   " + seconds(info.cpuTime()));
            out.println("persistent: " + found.isPersistent());
            out.println("autostart:  " + (found.isPersistent() ? found.autostart() : "-"));
        }
        return 0;
    }

    private static String seconds(long nanos) {
        Duration duration = Duration.ofSeconds(
                Long.divideUnsigned(nanos, 1_000_000_000), Long.remainderUnsigned(nanos, 1_000_000_000));
        return duration.toSeconds() + "." + String.format(Locale.ROOT, "%03d", duration.toMillisPart()) + " s";
    }
}
