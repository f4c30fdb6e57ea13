package io.github.libvirt4j;

import static io.github.libvirt4j.support.Futures.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.libvirt4j.error.JobCancelledException;
import io.github.libvirt4j.error.JobException;
import io.github.libvirt4j.error.JobFailedException;
import io.github.libvirt4j.error.JobInterruptedException;
import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.error.NotFoundException;
import io.github.libvirt4j.error.OperationAbortedException;
import io.github.libvirt4j.error.OperationInvalidException;
import io.github.libvirt4j.job.DomainJobResult;
import io.github.libvirt4j.job.Job;
import io.github.libvirt4j.job.JobOutcome;
import io.github.libvirt4j.job.JobOutcome.State;
import io.github.libvirt4j.testing.SessionDaemon;
import io.github.libvirt4j.types.DomainAbortJobFlags;
import io.github.libvirt4j.types.DomainCoreDumpFlags;
import io.github.libvirt4j.types.DomainCoreDumpFormat;
import io.github.libvirt4j.types.DomainGetJobStatsFlags;
import io.github.libvirt4j.types.DomainJobKeys;
import io.github.libvirt4j.types.DomainJobOperation;
import io.github.libvirt4j.types.DomainJobType;
import io.github.libvirt4j.types.DomainSnapshotCreateFlags;
import io.github.libvirt4j.types.DomainSnapshotDeleteFlags;
import io.github.libvirt4j.types.DomainState;
import io.github.libvirt4j.types.TypedParameters;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// Jobs of a guest of QEMU as a whole.
@ExtendWith(NothingLeft.class)
@Timeout(120)
class DomainJobTest {
    private final Connect connect = Connect.open(SessionDaemon.shared().unixUri("qemu:///session"));
    private DiskGuest guest;
    private Domain domain;

    @BeforeEach
    void start() throws IOException {
        guest = DiskGuest.start(SessionDaemon.shared());
        domain = guest.on(connect);
    }

    @AfterEach
    void stop() {
        guest.close();
        connect.close();
    }

    private static String push(Path to) {
        return "<domainbackup><disks><disk name='vda' type='file'><target file='" + to
                + "'/><driver type='raw'/></disk></disks></domainbackup>";
    }

    @Test
    void pushesABackup() throws Exception {
        assertThat(domain.job().info().type()).isEqualTo(DomainJobType.NONE);
        assertThat(domain.job().stats().type()).isEqualTo(DomainJobType.NONE);
        Path backup = guest.file();
        try (Job<DomainJobResult> job = domain.job().backupBegin(push(backup), null)) {
            DomainJobResult result = get(job.completion());
            assertThat(result.operation()).isEqualTo(DomainJobOperation.BACKUP);
            assertThat(result.stats().get(DomainJobKeys.DISK_TOTAL)).hasValue((long) DiskGuest.SIZE);
            assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(job::finish);
        }
        assertThat(Files.mismatch(backup, guest.disk())).isEqualTo(-1);
        // Another program can read it as well.
        DomainJob.Stats left =
                domain.job().stats(DomainGetJobStatsFlags.COMPLETED, DomainGetJobStatsFlags.KEEP_COMPLETED);
        assertThat(left.type()).isEqualTo(DomainJobType.COMPLETED);
        // The second one is proven by statistics that differ from these.
        try (Job<DomainJobResult> job = domain.job().backupBegin(push(guest.file()), null)) {
            assertThat(get(job.completion()).operation()).isEqualTo(DomainJobOperation.BACKUP);
        }
    }

    private String pull() {
        return "<domainbackup mode='pull'><server transport='unix' socket='" + guest.file()
                + "'/><disks><disk name='vda' type='file'><scratch file='" + guest.file()
                + "'/></disk></disks></domainbackup>";
    }

    @Test
    void letsABackupBePulled() throws Exception {
        try (Job<DomainJobResult> job = domain.job().backupBegin(pull(), null)) {
            get(job.ready());
            assertThat(job.outcome().state()).isEqualTo(State.READY);
            assertThat(domain.job().backupXmlDesc()).contains("mode='pull'");
            assertThat(domain.job().info().type()).isEqualTo(DomainJobType.UNBOUNDED);
            assertThat(domain.job().stats().params().get(DomainJobKeys.OPERATION))
                    .hasValue(DomainJobOperation.BACKUP.value());
            get(job.finish());
            assertThat(job.outcome().state()).isEqualTo(State.COMPLETED);
        }
        assertThatExceptionOfType(NotFoundException.class)
                .isThrownBy(() -> domain.job().backupXmlDesc());
        try (Job<DomainJobResult> job = domain.job().backupBegin(pull(), null)) {
            assertThat(get(job.cancel()).state()).isEqualTo(State.CANCELLED);
            assertThatExceptionOfType(JobCancelledException.class).isThrownBy(() -> get(job.completion()));
        }
    }

    @Test
    void backupEndsWithTheGuest() throws Exception {
        try (Job<DomainJobResult> job = domain.job().backupBegin(pull(), null)) {
            get(job.ready());
            domain.destroy();
            assertThatExceptionOfType(JobInterruptedException.class).isThrownBy(() -> get(job.completion()));
        }
    }

    /// As a program does that was restarted.
    @Test
    void attachesToABackup() throws Exception {
        assertThat(domain.job().backup()).isEmpty();
        try (Job<DomainJobResult> begun = domain.job().backupBegin(pull(), null);
                Connect again = Connect.open(guest.uri());
                Domain same = guest.on(again);
                Job<DomainJobResult> job = same.job().backup().orElseThrow()) {
            get(job.ready());
            get(job.finish());
            assertThat(job.outcome().state()).isEqualTo(State.COMPLETED);
            // This one was not told to finish.
            assertThatExceptionOfType(JobCancelledException.class).isThrownBy(() -> get(begun.completion()));
            assertThat(same.job().backup()).isEmpty();
        }
    }

    @Test
    void savesAndRestores() throws Exception {
        Path file = guest.file();
        try (Job<DomainJobResult> job = domain.job().save(file.toString(), null)) {
            assertThat(get(job.completion()).operation()).isEqualTo(DomainJobOperation.SAVE);
        }
        assertThat(file).exists();
        try (Job<DomainJobResult> job = connect.domains().restoreJob(file.toString(), null)) {
            assertThat(get(job.completion()).operation()).isEqualTo(DomainJobOperation.RESTORE);
            assertThat(job.progress().end()).isZero();
        }
        assertThat(domain.state().state()).isEqualTo(DomainState.PAUSED);
        try (Job<DomainJobResult> job = connect.domains().restoreJob(file.toString(), null)) {
            assertThatExceptionOfType(JobFailedException.class)
                    .isThrownBy(() -> get(job.completion()))
                    .withCauseInstanceOf(LibvirtException.class);
        }
    }

    /// The guest has memory that is not zero, and the save fills a pipe that nobody reads.
    @Test
    void cancelsASave() throws Exception {
        Path pipe = guest.file();
        String _ = SessionDaemon.shared().run("mkfifo", pipe.toString());
        try (Domain full = guest.withMemory(connect);
                Connect aside = Connect.open(guest.uri());
                Domain same = aside.domains().lookupByUuid(full.uuid());
                RandomAccessFile reader = new RandomAccessFile(pipe.toFile(), "rw")) {
            try (Job<DomainJobResult> job = full.job().save(pipe.toString(), null)) {
                while (same.job().info().type() == DomainJobType.NONE) {
                    assertThat(job.outcome().isFinal()).isFalse();
                    Thread.sleep(10);
                }
                CompletableFuture<JobOutcome> cancelled = job.cancel();
                // QEMU has accepted one of the two requests when this returns; it obeys when it can write again.
                same.job().abort();
                Thread.ofPlatform().daemon().start(() -> DiskGuest.drain(reader));
                assertThat(get(cancelled).state()).isEqualTo(State.CANCELLED);
                assertThatExceptionOfType(JobCancelledException.class)
                        .isThrownBy(() -> get(job.completion()))
                        .withCauseInstanceOf(OperationAbortedException.class);
            }
            assertThat(full.isActive()).isTrue();
            full.destroy();
        }
    }

    @Test
    void takesASnapshotWithMemory() throws Exception {
        String xml = "<domainsnapshot><name>full</name><memory snapshot='external' file='" + guest.file()
                + "'/><disks><disk name='vda'><source file='" + guest.file() + "'/></disk></disks></domainsnapshot>";
        try (Job<DomainSnapshot> job = domain.job().snapshotCreate(xml);
                DomainSnapshot snapshot = get(job.completion())) {
            assertThat(snapshot.xmlDesc()).contains("<memory snapshot='external'", "<state>paused</state>");
            assertThat(job.outcome().state()).isEqualTo(State.COMPLETED);
            snapshot.delete(DomainSnapshotDeleteFlags.METADATA_ONLY);
        }
        assertThat(domain.state().state()).isEqualTo(DomainState.PAUSED);
    }

    /// The images below are merged.
    @Test
    void deletesAnExternalSnapshot() throws Exception {
        Path overlay = guest.file();
        String xml = "<domainsnapshot><name>below</name><disks><disk name='vda'><source file='" + overlay
                + "'/></disk></disks></domainsnapshot>";
        try (Job<DomainSnapshot> job = domain.job().snapshotCreate(xml, DomainSnapshotCreateFlags.DISK_ONLY)) {
            get(job.completion()).close();
        }
        assertThat(domain.xmlDesc()).contains(overlay.toString());
        try (Job<DomainJobResult> job = domain.job().snapshotDelete("below")) {
            assertThat(get(job.completion()).operation()).isEqualTo(DomainJobOperation.SNAPSHOT_DELETE);
        }
        assertThat(domain.snapshots().findByName("below")).isEmpty();
        assertThat(domain.xmlDesc()).doesNotContain(overlay.toString());
    }

    @Test
    void takesASnapshotAndDeletesIt() throws Exception {
        String xml = "<domainsnapshot><name>one</name><disks><disk name='vda'><source file='" + guest.file()
                + "'/></disk></disks></domainsnapshot>";
        try (Job<DomainSnapshot> job = domain.job().snapshotCreate(xml, DomainSnapshotCreateFlags.DISK_ONLY);
                DomainSnapshot snapshot = get(job.completion())) {
            assertThat(snapshot.name()).isEqualTo("one");
            assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(job::pivot);
        }
        try (Job<DomainJobResult> job = domain.job().snapshotDelete("one", DomainSnapshotDeleteFlags.METADATA_ONLY)) {
            assertThat(get(job.completion()).operation()).isEqualTo(DomainJobOperation.SNAPSHOT_DELETE);
        }
        try (Job<DomainJobResult> job = domain.job().snapshotDelete("one")) {
            assertThatExceptionOfType(JobFailedException.class)
                    .isThrownBy(() -> get(job.completion()))
                    .withCauseInstanceOf(NotFoundException.class);
        }
    }

    @Test
    void migrationThatFailsLeavesTheGuest() throws Exception {
        TypedParameters none = TypedParameters.builder().build();
        try (Job<DomainJobResult> job = domain.job().migrateToUri("qemu:///nowhere", none)) {
            assertThatExceptionOfType(JobFailedException.class).isThrownBy(() -> get(job.completion()));
        }
        try (Connect same = Connect.open(guest.uri());
                Job<Domain> job = domain.job().migrateTo(same, none)) {
            assertThatExceptionOfType(JobFailedException.class).isThrownBy(() -> get(job.completion()));
        }
        assertThat(domain.isActive()).isTrue();
    }

    @Test
    void dumps() throws Exception {
        Path file = guest.file();
        try (Job<DomainJobResult> job =
                domain.job().coreDump(file.toString(), DomainCoreDumpFormat.RAW, DomainCoreDumpFlags.MEMORY_ONLY)) {
            // The handle may be closed before the call is made.
            domain.close();
            assertThat(get(job.completion()).operation()).isEqualTo(DomainJobOperation.DUMP);
        }
        assertThat(Files.size(file)).isGreaterThan(32 << 20);
    }

    @Test
    void isRefused() throws Exception {
        DomainJob job = domain.job();
        assertThatExceptionOfType(OperationInvalidException.class).isThrownBy(job::abort);
        assertThatExceptionOfType(LibvirtException.class).isThrownBy(() -> job.abort(DomainAbortJobFlags.POSTCOPY));
        assertThatExceptionOfType(LibvirtException.class).isThrownBy(() -> job.backupBegin("<nothing", null));
        try (Job<DomainJobResult> refused = job.managedSave()) {
            // The domain is transient.
            assertThatExceptionOfType(JobFailedException.class)
                    .isThrownBy(() -> get(refused.completion()))
                    .withCauseInstanceOf(OperationInvalidException.class);
        }
        domain.destroy();
        assertThatExceptionOfType(LibvirtException.class).isThrownBy(() -> job.backupBegin(push(guest.file()), null));
        try (Job<DomainJobResult> refused = job.save(guest.file().toString(), null)) {
            assertThatExceptionOfType(JobException.class).isThrownBy(() -> get(refused.completion()));
        }
        domain.close();
        assertThatIllegalStateException().isThrownBy(job::info);
        assertThatIllegalStateException().isThrownBy(job::managedSave);
    }
}
