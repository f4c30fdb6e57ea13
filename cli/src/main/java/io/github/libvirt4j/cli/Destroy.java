package io.github.libvirt4j.cli;

import io.github.libvirt4j.Domain;
import io.github.libvirt4j.types.DomainDestroyFlags;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Ends domains at once.
@Command(
        name = "destroy",
        description = "Ends domains at once, as if their power was cut; their definitions stay.",
        footer = "destroy web")
final class Destroy extends Verb {
    @Option(names = "--graceful", description = "fail if the hypervisor's process does not end by SIGTERM")
    private boolean graceful;

    @Override
    void on(Domain domain) {
        if (graceful) {
            domain.destroy(DomainDestroyFlags.GRACEFUL);
        } else {
            domain.destroy();
        }
    }

    @Override
    String done() {
        return "destroyed";
    }
}
