package io.github.libvirt4j.cli;

import io.github.libvirt4j.Domain;
import picocli.CommandLine.Command;

/// Lets paused domains run again.
@Command(name = "resume", description = "Lets paused domains run again.", footer = "resume web db")
final class Resume extends Verb {
    @Override
    void on(Domain domain) {
        domain.resume();
    }

    @Override
    String done() {
        return "resumed";
    }
}
