package io.github.libvirt4j.cli;

import io.github.libvirt4j.Domain;
import picocli.CommandLine.Command;

/// Pauses domains.
@Command(
        name = "suspend",
        description = "Pauses domains: they keep their memory and do not run.",
        footer = "suspend web db")
final class Suspend extends Verb {
    @Override
    void on(Domain domain) {
        domain.suspend();
    }

    @Override
    String done() {
        return "suspended";
    }
}
