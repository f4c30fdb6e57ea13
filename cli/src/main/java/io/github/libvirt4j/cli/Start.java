package io.github.libvirt4j.cli;

import io.github.libvirt4j.Domain;
import io.github.libvirt4j.types.DomainCreateFlags;
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
        Flags<DomainCreateFlags> flags = new Flags<DomainCreateFlags>()
                .with(DomainCreateFlags.START_PAUSED, paused)
                .with(DomainCreateFlags.START_FORCE_BOOT, forceBoot);
        domain.create(flags.array(DomainCreateFlags[]::new));
    }

    @Override
    String done() {
        return "started";
    }
}
