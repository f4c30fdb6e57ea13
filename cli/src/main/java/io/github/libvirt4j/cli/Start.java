package io.github.libvirt4j.cli;

import io.github.libvirt4j.Domain;
import io.github.libvirt4j.types.DomainCreateFlags;
import java.util.EnumSet;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Starts domains.
@Command(name = "start", description = "Starts domains that are defined and do not run.", footer = "start web db")
final class Start extends Verb {
    @Option(names = "--paused", description = "start them paused, for `resume`")
    private boolean paused;

    @Option(names = "--force-boot", description = "discard a managed save, and boot")
    private boolean forceBoot;

    @Override
    void on(Domain domain) {
        Set<DomainCreateFlags> flags = EnumSet.noneOf(DomainCreateFlags.class);
        if (paused) {
            flags.add(DomainCreateFlags.START_PAUSED);
        }
        if (forceBoot) {
            flags.add(DomainCreateFlags.START_FORCE_BOOT);
        }
        domain.create(flags.toArray(DomainCreateFlags[]::new));
    }

    @Override
    String done() {
        return "started";
    }
}
