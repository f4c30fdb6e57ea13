package io.github.libvirt4j.it;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.DomainIdentity;
import io.github.libvirt4j.testing.Daemon;
import io.github.libvirt4j.testing.QemuMonitor;
import io.github.libvirt4j.types.DomainCreateFlags;
import io.github.libvirt4j.types.DomainEventType;
import io.github.libvirt4j.types.DomainUndefineFlags;
import io.github.libvirt4j.types.EnumValue;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.UUID;

/// A guest under emulation: a kernel and a busybox, which `it/guest.sh` makes, a disk and a drive. Nothing in
/// it runs before it is resumed, and for most events nothing has to.
final class Guest implements AutoCloseable {
    /// Of its memory, without what is plugged in.
    static final int MIB = 256;

    private final Daemon daemon;
    private final DomainIdentity identity;
    private final Path disk;
    private final Domain domain;

    private Guest(Daemon daemon, Connect connect, String devices, DomainCreateFlags... flags) throws IOException {
        this.daemon = daemon;
        UUID uuid = UUID.randomUUID();
        identity = new DomainIdentity("g" + uuid.toString().substring(0, 8), uuid);
        disk = file(daemon, identity.name() + ".raw", 64L << 20);
        domain = connect.domains().define(xml(devices));
        try {
            domain.create(flags);
        } catch (LibvirtException e) {
            close();
            throw e;
        }
    }

    /// One that stands still.
    ///
    /// @param devices more of them
    static Guest paused(Daemon daemon, Connect connect, String... devices) throws IOException {
        return new Guest(daemon, connect, String.join("", devices), DomainCreateFlags.START_PAUSED);
    }

    /// One that boots.
    static Guest booting(Daemon daemon, Connect connect, String... devices) throws IOException {
        return new Guest(daemon, connect, String.join("", devices));
    }

    /// A file that the daemon and its guests may write, full of zeroes.
    static Path file(Daemon daemon, String name, long size) throws IOException {
        Path file = daemon.folder().resolve(name);
        try (var content = new RandomAccessFile(file.toFile(), "rw")) {
            content.setLength(size);
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
        return file;
    }

    private String xml(String devices) throws IOException {
        return """
                <domain type='qemu'>
                  <name>%s</name>
                  <uuid>%s</uuid>
                  <maxMemory slots='4' unit='MiB'>1024</maxMemory>
                  <memory unit='MiB'>%d</memory>
                  <vcpu current='1'>2</vcpu>
                  <os>
                    <type arch='x86_64' machine='q35'>hvm</type>
                    <kernel>%s</kernel>
                    <initrd>%s</initrd>
                    <cmdline>console=ttyS0 quiet panic=-1</cmdline>
                  </os>
                  <features><acpi/></features>
                  <cpu mode='custom'>
                    <model>qemu64</model>
                    <numa><cell id='0' cpus='0-1' memory='%3$d' unit='MiB'/></numa>
                  </cpu>
                  <on_crash>preserve</on_crash>
                  <pm><suspend-to-mem enabled='yes'/><suspend-to-disk enabled='yes'/></pm>
                  <devices>
                    <disk type='file'>
                      <driver name='qemu' type='raw'/>
                      <source file='%6$s'/>
                      <target dev='vda' bus='virtio'/>
                    </disk>
                    <serial type='pty'/>
                    <channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>
                    <memballoon model='virtio'/>
                    %7$s
                  </devices>
                </domain>
                """.formatted(identity.name(), identity.uuid(), MIB, boot("vmlinuz"), boot("initrd.gz"), disk, devices);
    }

    /// What it boots, where the daemon's user can read it.
    private Path boot(String name) throws IOException {
        Path copy = daemon.folder().resolve(name);
        if (!Files.exists(copy)) {
            Files.copy(Path.of(Objects.requireNonNull(System.getProperty("it.guest")), name), copy);
        }
        return copy;
    }

    /// An event of its life.
    DomainEvent.Lifecycle lifecycle(DomainEventType type, EnumValue detail) {
        return new DomainEvent.Lifecycle(identity, type.value(), detail.value());
    }

    Domain domain() {
        return domain;
    }

    DomainIdentity identity() {
        return identity;
    }

    String name() {
        return identity.name();
    }

    /// Its first disk's file, of 64 MiB.
    Path disk() {
        return disk;
    }

    /// QEMU's end of its monitor.
    QemuMonitor monitor() throws IOException {
        return QemuMonitor.of(identity.uuid());
    }

    @Override
    public void close() throws IOException {
        if (domain.isActive()) {
            domain.destroy();
        }
        if (domain.isPersistent()) {
            domain.undefine(
                    DomainUndefineFlags.MANAGED_SAVE,
                    DomainUndefineFlags.SNAPSHOTS_METADATA,
                    DomainUndefineFlags.CHECKPOINTS_METADATA);
        }
        domain.close();
        Files.deleteIfExists(disk);
    }
}
