package io.github.libvirt4j.cli;

import io.github.libvirt4j.types.DomainRebootFlags;
import io.github.libvirt4j.types.DomainShutdownFlags;

/// The ways to ask the system in a domain to shut down or to reboot, as virsh names them.
enum AskMode {
    acpi(DomainShutdownFlags.ACPI_POWER_BTN, DomainRebootFlags.ACPI_POWER_BTN),
    agent(DomainShutdownFlags.GUEST_AGENT, DomainRebootFlags.GUEST_AGENT),
    initctl(DomainShutdownFlags.INITCTL, DomainRebootFlags.INITCTL),
    signal(DomainShutdownFlags.SIGNAL, DomainRebootFlags.SIGNAL),
    paravirt(DomainShutdownFlags.PARAVIRT, DomainRebootFlags.PARAVIRT);

    private final DomainShutdownFlags shutdown;
    private final DomainRebootFlags reboot;

    AskMode(DomainShutdownFlags shutdown, DomainRebootFlags reboot) {
        this.shutdown = shutdown;
        this.reboot = reboot;
    }

    DomainShutdownFlags shutdown() {
        return shutdown;
    }

    DomainRebootFlags reboot() {
        return reboot;
    }
}
