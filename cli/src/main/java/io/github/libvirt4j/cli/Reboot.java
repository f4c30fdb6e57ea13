package io.github.libvirt4j.cli;

import io.github.libvirt4j.Domain;
import io.github.libvirt4j.types.DomainRebootFlags;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Asks domains to reboot.
@Command(
        name = "reboot",
        description = "Asks the systems in domains to reboot, and does not wait for it.",
        footer = "reboot web")
final class Reboot extends Verb {
    @Option(
            names = "--mode",
            paramLabel = "MODE",
            split = ",",
            description = "how to ask: ${COMPLETION-CANDIDATES}; without it the hypervisor chooses")
    private List<AskMode> modes = List.of();

    @Override
    void on(Domain domain) {
        domain.reboot(modes.stream().map(AskMode::reboot).toArray(DomainRebootFlags[]::new));
    }

    @Override
    String done() {
        return "asked to reboot";
    }
}
