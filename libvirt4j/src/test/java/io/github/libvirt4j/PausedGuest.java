package io.github.libvirt4j;

import io.github.libvirt4j.testing.SessionDaemon;
import io.github.libvirt4j.types.DomainCreateFlags;
import io.github.libvirt4j.types.DomainUndefineFlags;
import java.util.UUID;

/// A guest of QEMU under emulation, of the daemon that all tests share. It has four vcpus, two of them
/// plugged in, two I/O threads and a balloon, and runs nothing: it starts in less than half a second.
final class PausedGuest implements AutoCloseable {
    static final String URI = SessionDaemon.shared().unixUri("qemu:///session");

    private final UUID uuid = UUID.randomUUID();

    private PausedGuest(String devices) {
        try (Connect connect = Connect.open(URI)) {
            connect.domains().define("""
                            <domain type='qemu'>
                              <name>paused-%s</name>
                              <uuid>%1$s</uuid>
                              <memory unit='MiB'>32</memory>
                              <vcpu current='2'>4</vcpu>
                              <iothreads>2</iothreads>
                              <os><type arch='x86_64' machine='q35'>hvm</type></os>
                              <features><acpi/></features>
                              <devices><memballoon model='virtio'/>%2$s</devices>
                            </domain>
                            """.formatted(uuid, devices)).create(DomainCreateFlags.START_PAUSED);
        }
    }

    /// Starts one.
    ///
    /// @param devices more of them
    static PausedGuest start(String... devices) {
        return new PausedGuest(String.join("", devices));
    }

    /// Its domain, on a connection to [#URI].
    Domain on(Connect connect) {
        return connect.domains().lookupByUuid(uuid);
    }

    @Override
    public void close() {
        try (Connect connect = Connect.open(URI)) {
            Domain domain = on(connect);
            if (domain.isActive()) {
                domain.destroy();
            }
            domain.undefine(
                    DomainUndefineFlags.MANAGED_SAVE,
                    DomainUndefineFlags.SNAPSHOTS_METADATA,
                    DomainUndefineFlags.CHECKPOINTS_METADATA);
        }
    }
}
