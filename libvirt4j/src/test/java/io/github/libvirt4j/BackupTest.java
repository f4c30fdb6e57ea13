package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.job.DomainJobResult;
import io.github.libvirt4j.job.Job;
import io.github.libvirt4j.support.NbdClient;
import io.github.libvirt4j.support.Qcow2;
import io.github.libvirt4j.testing.SessionDaemon;
import io.github.libvirt4j.types.DomainCheckpointDeleteFlags;
import io.github.libvirt4j.types.DomainJobKeys;
import io.github.libvirt4j.types.DomainQemuMonitorCommandFlags;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// Backups of a disk that is written to, full and incremental, restored and compared byte for byte.
@ExtendWith(NothingLeft.class)
@Timeout(120)
class BackupTest {
    private final Connect connect = Connect.open(SessionDaemon.shared().unixUri("qemu:///session"));
    private DiskGuest guest;
    private Domain domain;

    /// The content of the disk.
    private byte[] content;

    @BeforeEach
    void start() throws IOException {
        guest = DiskGuest.start(SessionDaemon.shared());
        domain = guest.on(connect);
        // Only an image of the format qcow2 keeps what was written since a checkpoint.
        DiskGuest.overlay(guest, domain, "vda");
        content = Files.readAllBytes(guest.disk());
    }

    @AfterEach
    void stop() {
        for (DomainCheckpoint checkpoint : domain.checkpoints().listAll()) {
            checkpoint.delete(DomainCheckpointDeleteFlags.METADATA_ONLY);
            checkpoint.close();
        }
        guest.close();
        connect.close();
    }

    /// Writes as the guest does.
    private void write(int pattern, int at, int length) {
        String answer = domain.qemu()
                .monitorCommand(
                        "qemu-io -d /machine/peripheral/virtio-disk0/virtio-backend \"write -P " + pattern + " " + at
                                + " " + length + "\"",
                        DomainQemuMonitorCommandFlags.HMP);
        assertThat(answer).as(answer).doesNotContainIgnoringCase("error").doesNotContain("Unable", "failed");
        Arrays.fill(content, at, at + length, (byte) pattern);
    }

    private static String checkpoint(String name) {
        return "<domaincheckpoint><name>" + name + "</name></domaincheckpoint>";
    }

    private Path push(String format, String since, String checkpoint) throws Exception {
        Path to = guest.file();
        String xml = "<domainbackup>" + since + "<disks><disk name='vda' type='file'><target file='" + to
                + "'/><driver type='" + format + "'/></disk></disks></domainbackup>";
        try (Job<DomainJobResult> job = domain.job().backupBegin(xml, checkpoint(checkpoint))) {
            DomainJobResult result = job.completion().get(60, TimeUnit.SECONDS);
            assertThat(result.stats().get(DomainJobKeys.SUCCESS).orElse(true)).isTrue();
        }
        return to;
    }

    private static String since(String checkpoint) {
        return "<incremental>" + checkpoint + "</incremental>";
    }

    @Test
    void incrementalBackupsRestoreTheDisk() throws Exception {
        write(1, 1 << 20, 1 << 16);
        Path full = push("raw", "", "monday");
        byte[] restored = Files.readAllBytes(full);
        assertThat(Arrays.mismatch(restored, content)).isEqualTo(-1);

        write(2, 1 << 20, 1 << 12);
        write(3, 20 << 20, 1 << 17);
        Path tuesday = push("qcow2", since("monday"), "tuesday");
        write(4, 5 << 20, 1 << 16);
        byte[] asOfTuesday = restored.clone();
        assertThat(Qcow2.apply(tuesday, asOfTuesday)).isBetween(1 << 17, 1 << 19);
        assertThat(Arrays.mismatch(asOfTuesday, content)).isEqualTo(5 << 20);

        Path wednesday = push("qcow2", since("tuesday"), "wednesday");
        assertThat(Qcow2.apply(wednesday, asOfTuesday)).isBetween(1 << 16, 1 << 18);
        assertThat(Arrays.mismatch(asOfTuesday, content)).isEqualTo(-1);
        // Without the one between, it is another disk.
        assertThat(Qcow2.apply(wednesday, restored)).isPositive();
        assertThat(Arrays.mismatch(restored, content)).isEqualTo(1 << 20);
        assertThat(domain.checkpoints().identities())
                .extracting(DomainCheckpoint.Identity::name)
                .containsExactlyInAnyOrder("monday", "tuesday", "wednesday");
    }

    @Test
    void pulledBackupIsTheDiskAsItWasThen() throws Exception {
        write(1, 3 << 20, 1 << 16);
        byte[] then = content.clone();
        Path socket = guest.file();
        String xml = "<domainbackup mode='pull'><server transport='unix' socket='" + socket
                + "'/><disks><disk name='vda' type='file'><scratch file='" + guest.file()
                + "'/></disk></disks></domainbackup>";
        try (Job<DomainJobResult> job = domain.job().backupBegin(xml, null)) {
            job.ready().get(60, TimeUnit.SECONDS);
            write(2, 10 << 20, 1 << 16);
            try (NbdClient client = new NbdClient(socket, "vda")) {
                assertThat(Arrays.mismatch(client.read(), then)).isEqualTo(-1);
            }
            job.finish().get(60, TimeUnit.SECONDS);
        }
        assertThat(Arrays.mismatch(then, content)).isEqualTo(10 << 20);
    }
}
