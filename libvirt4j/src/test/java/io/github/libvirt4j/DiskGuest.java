package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtDomainSnapshot.virDomainSnapshotCreateXML;
import static io.github.libvirt4j.internal.raw.LibvirtDomainSnapshot.virDomainSnapshotFree;

import io.github.libvirt4j.testing.SessionDaemon;
import io.github.libvirt4j.types.DomainSnapshotCreateFlags;
import io.github.libvirt4j.types.Flag;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Random;
import java.util.UUID;

/// A paused guest with a disk of 24 MB of random bytes, and more images above it on demand. With a bandwidth
/// each job on it takes as long as a test wants.
final class DiskGuest implements AutoCloseable {
    static final int SIZE = 24 << 20;

    private final SessionDaemon daemon;
    private final Path folder;
    private final Path disk;
    private final UUID uuid = UUID.randomUUID();
    private int files;

    private DiskGuest(SessionDaemon daemon, String... more) throws IOException {
        this.daemon = daemon;
        folder = Files.createDirectory(daemon.folder().resolve("disks-" + uuid));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        disk = random();
        StringBuilder devices = new StringBuilder(device(disk, "vda"));
        for (String target : more) {
            devices.append(device(random(), target));
        }
        try (Connect connect = Connect.open(uri())) {
            connect.domains()
                    .create("""
                            <domain type='qemu'>
                              <name>disks-%s</name>
                              <uuid>%1$s</uuid>
                              <memory unit='MiB'>32</memory>
                              <os><type arch='x86_64' machine='q35'>hvm</type></os>
                              <devices><memballoon model='none'/>%2$s</devices>
                            </domain>
                            """.formatted(uuid, devices), io.github.libvirt4j.types.DomainCreateFlags.START_PAUSED);
        }
    }

    /// Starts a transient domain of a daemon.
    ///
    /// @param more targets of further disks
    static DiskGuest start(SessionDaemon daemon, String... more) throws IOException {
        return new DiskGuest(daemon, more);
    }

    private static String device(Path file, String target) {
        return """
                <disk type='file'><driver name='qemu' type='raw'/><source file='%s'/>
                  <target dev='%s' bus='virtio'/></disk>
                """.formatted(file, target);
    }

    /// A file of random bytes that QEMU may write.
    private Path random() throws IOException {
        byte[] content = new byte[SIZE];
        new Random(files).nextBytes(content);
        Path file = file();
        Files.write(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
        return file;
    }

    /// A path that no file has yet.
    Path file() {
        return folder.resolve("image-" + files++);
    }

    /// The lowest image.
    Path disk() {
        return disk;
    }

    String uri() {
        return daemon.unixUri("qemu:///session");
    }

    UUID uuid() {
        return uuid;
    }

    /// Starts another transient domain, whose memory is not zero: QEMU loads a disk's worth of random bytes.
    /// It has no disk.
    Domain withMemory(Connect connect) {
        return connect.domains()
                .create("""
                        <domain type='qemu' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>
                          <name>memory-%s</name>
                          <memory unit='MiB'>64</memory>
                          <os><type arch='x86_64' machine='q35'>hvm</type></os>
                          <devices><memballoon model='none'/></devices>
                          <qemu:commandline>
                            <qemu:arg value='-device'/>
                            <qemu:arg value='loader,file=%s,addr=0x1000000,force-raw=on'/>
                          </qemu:commandline>
                        </domain>
                        """.formatted(uuid, disk), io.github.libvirt4j.types.DomainCreateFlags.START_PAUSED);
    }

    /// Reads a pipe that a domain is saved to, until it is closed.
    static void drain(RandomAccessFile reader) {
        try {
            byte[] piece = new byte[1 << 16];
            while (reader.read(piece) >= 0) {
                // Nobody needs it.
            }
        } catch (IOException e) {
            // It was closed.
        }
    }

    /// Its domain.
    Domain on(Connect connect) {
        return connect.domains().lookupByUuid(uuid);
    }

    /// Lets the guest write to a new image above what it has.
    static Path overlay(DiskGuest guest, Domain domain, String target) {
        Path overlay = guest.file();
        int flags = Flag.combine(DomainSnapshotCreateFlags.DISK_ONLY, DomainSnapshotCreateFlags.NO_METADATA);
        StringBuilder others = new StringBuilder();
        for (String other : new String[] {"vda", "vdb"}) {
            if (!other.equals(target) && domain.xmlDesc().contains("dev='" + other + "'")) {
                others.append("<disk name='").append(other).append("' snapshot='no'/>");
            }
        }
        String xml = "<domainsnapshot><disks>" + others + "<disk name='" + target + "'><source file='" + overlay
                + "'/></disk></disks></domainsnapshot>";
        domain.call(
                "virDomainSnapshotCreateXML",
                (p, in) -> virDomainSnapshotCreateXML(p, in.string(xml, "xml"), flags),
                snapshot -> virDomainSnapshotFree(snapshot));
        return overlay;
    }

    /// Begins anew where it stopped.
    @Override
    public void close() {
        try (Connect connect = Connect.open(uri())) {
            connect.domains().findByUuid(uuid).ifPresent(domain -> {
                if (domain.isActive()) {
                    domain.destroy();
                }
                domain.close();
            });
        }
    }
}
