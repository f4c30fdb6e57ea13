package io.github.libvirt4j.it;

import static io.github.libvirt4j.types.ConnectDomainEventBlockJobStatus.CANCELED;
import static io.github.libvirt4j.types.ConnectDomainEventBlockJobStatus.COMPLETED;
import static io.github.libvirt4j.types.ConnectDomainEventBlockJobStatus.READY;
import static io.github.libvirt4j.types.DomainBlockJobType.ACTIVE_COMMIT;
import static io.github.libvirt4j.types.DomainBlockJobType.BACKUP;
import static io.github.libvirt4j.types.DomainBlockJobType.COMMIT;
import static io.github.libvirt4j.types.DomainBlockJobType.COPY;
import static io.github.libvirt4j.types.DomainBlockJobType.PULL;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.types.ConnectDomainEventBlockJobStatus;
import io.github.libvirt4j.types.DomainBlockJobType;
import io.github.libvirt4j.types.DomainJobKeys;
import io.github.libvirt4j.types.DomainJobOperation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// Jobs on a disk of a guest: each event comes twice, with the disk's path and with its target.
class BlockJobEventsTest extends OneGuest {
    private static final String TARGET = "vda";

    @Override
    Guest make(Connect on) throws IOException {
        return Guest.paused(DAEMON, on);
    }

    private Events blockJobs() {
        return Events.of(connect(), DomainEvent.BLOCK_JOB, DomainEvent.BLOCK_JOB_2, DomainEvent.JOB_COMPLETED);
    }

    private void expect(Events events, Path disk, DomainBlockJobType type, ConnectDomainEventBlockJobStatus status)
            throws InterruptedException {
        events.expectAll(
                new DomainEvent.BlockJob(identity(), disk.toString(), raw(type), raw(status)),
                new DomainEvent.BlockJob2(identity(), TARGET, raw(type), raw(status)));
    }

    private static Path path(String name) {
        return DAEMON.folder().resolve(name);
    }

    /// Lets the guest write to a new layer above what it has.
    private Path overlay(String name) throws IOException, InterruptedException {
        Path overlay = path(name);
        virsh(
                "snapshot-create-as",
                guest().name(),
                "--no-metadata",
                "--disk-only",
                "--diskspec",
                TARGET + ",file=" + overlay);
        return overlay;
    }

    private void commitAll() throws IOException, InterruptedException {
        virsh("blockcommit", guest().name(), TARGET, "--active", "--pivot", "--wait");
    }

    @Test
    @Receives({DomainEvent.BlockJob.class, DomainEvent.BlockJob2.class})
    void commit() throws Exception {
        try (Events events = blockJobs()) {
            Path lower = overlay("lower");
            Path upper = overlay("upper");
            virsh("blockcommit", guest().name(), TARGET, "--top", lower.toString(), "--wait");
            expect(events, upper, COMMIT, COMPLETED);
            commitAll();
            expect(events, upper, ACTIVE_COMMIT, READY);
            expect(events, guest().disk(), ACTIVE_COMMIT, COMPLETED);
            Files.delete(lower);
            Files.delete(upper);
        }
    }

    @Test
    @Receives({DomainEvent.BlockJob.class, DomainEvent.BlockJob2.class})
    void copy() throws Exception {
        try (Events events = blockJobs()) {
            Path copy = path("copy");
            virsh("blockcopy", guest().name(), TARGET, copy.toString(), "--transient-job", "--wait", "--finish");
            expect(events, guest().disk(), COPY, READY);
            expect(events, guest().disk(), COPY, CANCELED);
            Files.delete(copy);
        }
    }

    @Test
    @Receives({DomainEvent.BlockJob.class, DomainEvent.BlockJob2.class})
    void pull() throws Exception {
        try (Events events = blockJobs()) {
            Path overlay = overlay("pulled");
            virsh("blockpull", guest().name(), TARGET, "--wait");
            expect(events, overlay, PULL, COMPLETED);
            // Back to the first file.
            Files.delete(guest().disk());
            virsh(
                    "blockcopy",
                    guest().name(),
                    TARGET,
                    guest().disk().toString(),
                    "--format",
                    "raw",
                    "--transient-job",
                    "--wait",
                    "--pivot");
            expect(events, overlay, COPY, READY);
            expect(events, guest().disk(), COPY, COMPLETED);
            Files.delete(overlay);
        }
    }

    @Test
    @Receives({DomainEvent.BlockJob.class, DomainEvent.BlockJob2.class, DomainEvent.JobCompleted.class})
    void backup() throws Exception {
        Path backup = path("backup");
        Path xml = Files.createTempFile("backup", ".xml");
        Files.writeString(xml, """
                <domainbackup>
                  <disks><disk name='vda' type='file'><target file='%s'/><driver type='raw'/></disk></disks>
                </domainbackup>
                """.formatted(backup));
        try (Events events = blockJobs()) {
            virsh("backup-begin", guest().name(), xml.toString());
            expect(events, guest().disk(), BACKUP, COMPLETED);
            DomainEvent.JobCompleted event = events.next(DomainEvent.JobCompleted.class);
            assertThat(event.domain()).isEqualTo(identity());
            assertThat(event.params().get(DomainJobKeys.OPERATION)).hasValue(raw(DomainJobOperation.BACKUP));
            assertThat(event.params().get(DomainJobKeys.SUCCESS)).hasValue(true);
            assertThat(event.params().get(DomainJobKeys.DISK_TOTAL)).hasValue(Files.size(guest().disk()));
            assertThat(event.params().get(DomainJobKeys.DISK_REMAINING))
                    .hasValue(0L);
        } finally {
            Files.delete(xml);
            Files.deleteIfExists(backup);
        }
    }
}
