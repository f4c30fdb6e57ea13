package io.github.libvirt4j;

import static io.github.libvirt4j.support.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.testing.SessionDaemon;
import io.github.libvirt4j.types.DomainCheckpointCreateFlags;
import io.github.libvirt4j.types.DomainCheckpointDeleteFlags;
import io.github.libvirt4j.types.DomainCheckpointXmlFlags;
import io.github.libvirt4j.types.DomainQemuMonitorCommandFlags;
import io.github.libvirt4j.types.DomainSnapshotCreateFlags;
import io.github.libvirt4j.types.DomainSnapshotDeleteFlags;
import io.github.libvirt4j.types.DomainSnapshotListFlags;
import io.github.libvirt4j.types.DomainState;
import io.github.libvirt4j.types.ErrorNumber;
import io.github.libvirt4j.types.Version;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// Snapshots and checkpoints of a guest of QEMU that stands still, on a disk whose images QEMU makes itself.
@ExtendWith(NothingLeft.class)
@Timeout(120)
class DomainSnapshotOfQemuTest {
    private static final int MIB = 1 << 20;

    private final Connect connect = Connect.open(PausedGuest.URI);
    private final String name = UUID.randomUUID().toString();
    private Path raw;
    private PausedGuest guest;
    private Domain domain;
    private DomainSnapshots snapshots;

    @BeforeEach
    void start() throws IOException {
        raw = file("raw");
        try (var content = new RandomAccessFile(raw.toFile(), "rw")) {
            content.setLength(MIB);
        }
        Files.setPosixFilePermissions(raw, PosixFilePermissions.fromString("rw-rw-rw-"));
        guest = PausedGuest.start("""
                <disk type='file'>
                  <driver name='qemu' type='raw'/>
                  <source file='%s'/>
                  <target dev='vda' bus='virtio'/>
                </disk>
                """.formatted(raw));
        domain = guest.on(connect);
        snapshots = domain.snapshots();
    }

    @AfterEach
    void stop() throws IOException {
        guest.close();
        connect.close();
        try (var files = Files.newDirectoryStream(SessionDaemon.shared().folder(), name + ".*")) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
    }

    private Path file(String suffix) {
        return SessionDaemon.shared().folder().resolve(name + "." + suffix);
    }

    /// From here on the disk is an image of the format qcow2, and has the one before below it.
    private DomainSnapshot createExternal(String suffix, DomainSnapshotCreateFlags... flags) {
        return snapshots.create("""
                <domainsnapshot>
                  <name>%s</name>
                  <disks><disk name='vda' snapshot='external'><source file='%s'/></disk></disks>
                </domainsnapshot>
                """.formatted(suffix, file(suffix)), flags);
    }

    @Test
    void ofTheDiskOnlyIsExternal() {
        assertThatExceptionOfType(LibvirtException.class)
                .isThrownBy(() -> snapshots.create("<domainsnapshot/>"))
                .withMessageContaining("raw");
        DomainSnapshot external = createExternal("external", DomainSnapshotCreateFlags.DISK_ONLY);
        assertThat(domain.state().state()).isEqualTo(DomainState.PAUSED);
        assertThat(domain.xmlDesc())
                .contains("<source file='" + file("external") + "'", "<source file='" + raw + "'", "<backingStore ");
        assertThat(external.xmlDesc()).contains("<state>disk-snapshot</state>", "<memory snapshot='no'/>");
        assertThat(snapshots.listAll(DomainSnapshotListFlags.EXTERNAL)).containsExactly(external);
        assertThat(snapshots.listAll(DomainSnapshotListFlags.DISK_ONLY)).containsExactly(external);
        assertThat(snapshots.listAll(DomainSnapshotListFlags.INTERNAL)).isEmpty();
        if (isOlderThan(9, 9)) {
            assertRefused(ErrorNumber.CONFIG_UNSUPPORTED, external::revertTo);
        }
        external.delete();
        assertThat(snapshots.listAll()).isEmpty();
        assertThat(domain.xmlDesc())
                .contains("<source file='" + raw + "'")
                .doesNotContain(file("external").toString());
        assertThat(file("external")).doesNotExist();
    }

    private static boolean isOlderThan(int major, int minor) {
        return TestDriver.DAEMON.version().compareTo(new Version(major, minor, 0)) < 0;
    }

    @Test
    void withMemoryIsExternal() throws IOException {
        DomainSnapshot snapshot = snapshots.create("""
                <domainsnapshot>
                  <name>memory</name>
                  <memory snapshot='external' file='%s'/>
                  <disks><disk name='vda' snapshot='external'><source file='%s'/></disk></disks>
                </domainsnapshot>
                """.formatted(file("memory"), file("overlay")));
        assertThat(domain.isActive()).isTrue();
        assertThat(snapshot.isCurrent()).isTrue();
        assertThat(snapshot.xmlDesc())
                .contains("<state>paused</state>", "<memory snapshot='external' file='" + file("memory") + "'/>");
        assertThat(file("memory")).isNotEmptyFile();
        assertThat(snapshots.listAll(DomainSnapshotListFlags.ACTIVE)).containsExactly(snapshot);
        snapshot.delete(DomainSnapshotDeleteFlags.METADATA_ONLY);
        assertThat(snapshots.listAll()).isEmpty();
        assertThat(file("memory")).exists();
    }

    @Test
    void insideTheImageIsRevertedTo() {
        createExternal("qcow2", DomainSnapshotCreateFlags.DISK_ONLY, DomainSnapshotCreateFlags.NO_METADATA);
        assertThat(snapshots.listAll()).isEmpty();
        DomainSnapshot first = snapshots.create("<domainsnapshot><name>first</name></domainsnapshot>");
        assertThat(first.xmlDesc()).contains("<memory snapshot='internal'/>", "snapshot='internal'/>");
        assertThat(snapshots.listAll(DomainSnapshotListFlags.INTERNAL)).containsExactly(first);
        assertThat(info()).contains("first");
        domain.resume();
        DomainSnapshot second = snapshots.create("<domainsnapshot><name>second</name></domainsnapshot>");
        assertThat(second.parent()).contains(first);
        assertThat(domain.state().state()).isEqualTo(DomainState.RUNNING);
        first.revertTo();
        assertThat(domain.state().state()).isEqualTo(DomainState.PAUSED);
        assertThat(first.isCurrent()).isTrue();
        assertThat(second.isCurrent()).isFalse();
        second.revertTo();
        assertThat(domain.state().state()).isEqualTo(DomainState.RUNNING);
        first.delete(DomainSnapshotDeleteFlags.CHILDREN);
        assertThat(snapshots.listAll()).isEmpty();
        assertThat(info()).doesNotContain("first", "second");
    }

    private String info() {
        return domain.qemu().monitorCommand("info snapshots", DomainQemuMonitorCommandFlags.HMP);
    }

    /// The guest has no agent.
    @Test
    void isNotQuiesced() {
        domain.resume();
        assertThatExceptionOfType(LibvirtException.class)
                .isThrownBy(() -> createExternal(
                        "quiesced", DomainSnapshotCreateFlags.DISK_ONLY, DomainSnapshotCreateFlags.QUIESCE))
                .withMessageContaining("agent");
        createExternal("qcow2", DomainSnapshotCreateFlags.DISK_ONLY, DomainSnapshotCreateFlags.NO_METADATA);
        // Without the agent or, by QEMU's driver of 9.0, at all.
        assertThatExceptionOfType(LibvirtException.class)
                .isThrownBy(
                        () -> domain.checkpoints().create("<domaincheckpoint/>", DomainCheckpointCreateFlags.QUIESCE));
        assertThat(domain.checkpoints().listAll()).isEmpty();
        assertThat(snapshots.listAll()).isEmpty();
        assertThat(file("quiesced")).doesNotExist();
    }

    @Test
    void aCheckpointRecordsWhatChanges() {
        DomainCheckpoints checkpoints = domain.checkpoints();
        assertThatExceptionOfType(LibvirtException.class)
                .isThrownBy(() -> checkpoints.create("<domaincheckpoint/>"))
                .withMessageContaining("raw");
        createExternal("qcow2", DomainSnapshotCreateFlags.DISK_ONLY, DomainSnapshotCreateFlags.NO_METADATA);
        DomainCheckpoint monday = checkpoints.create("<domaincheckpoint><name>monday</name></domaincheckpoint>");
        assertThat(monday.xmlDesc(DomainCheckpointXmlFlags.SIZE, DomainCheckpointXmlFlags.NO_DOMAIN))
                .contains("size='0'");
        write();
        assertThat(monday.xmlDesc(DomainCheckpointXmlFlags.SIZE, DomainCheckpointXmlFlags.NO_DOMAIN))
                .contains("size='65536'");
        DomainCheckpoint tuesday = checkpoints.create("<domaincheckpoint><name>tuesday</name></domaincheckpoint>");
        assertThat(tuesday.parent()).contains(monday);
        assertThat(tuesday.xmlDesc(DomainCheckpointXmlFlags.SIZE)).contains("size='0'");
        assertThat(monday.xmlDesc(DomainCheckpointXmlFlags.SIZE)).contains("size='65536'");
        tuesday.delete();
        assertThat(monday.xmlDesc(DomainCheckpointXmlFlags.SIZE)).contains("size='65536'");
        monday.delete(DomainCheckpointDeleteFlags.CHILDREN);
        assertThat(checkpoints.listAll()).isEmpty();
        assertThat(domain.qemu().monitorCommand("info block -v", DomainQemuMonitorCommandFlags.HMP))
                .doesNotContain("monday");
    }

    /// Writes to the disk by QEMU, as a running guest would.
    private void write() {
        assertThat(domain.qemu()
                        .monitorCommand(
                                "qemu-io -d /machine/peripheral/virtio-disk0/virtio-backend \"write 0 4k\"",
                                DomainQemuMonitorCommandFlags.HMP))
                .doesNotContain("rror");
    }
}
