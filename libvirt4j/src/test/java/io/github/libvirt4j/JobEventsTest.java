package io.github.libvirt4j;

import static io.github.libvirt4j.support.Futures.get;
import static io.github.libvirt4j.types.ConnectDomainEventBlockJobStatus.CANCELED;
import static io.github.libvirt4j.types.ConnectDomainEventBlockJobStatus.COMPLETED;
import static io.github.libvirt4j.types.ConnectDomainEventBlockJobStatus.FAILED;
import static io.github.libvirt4j.types.ConnectDomainEventBlockJobStatus.READY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.libvirt4j.error.JobFailedException;
import io.github.libvirt4j.error.JobInterruptedException;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.Registration;
import io.github.libvirt4j.job.DiskJobResult;
import io.github.libvirt4j.job.DomainJobResult;
import io.github.libvirt4j.job.Job;
import io.github.libvirt4j.job.JobOutcome.State;
import io.github.libvirt4j.testing.SessionDaemon;
import io.github.libvirt4j.types.ConnectDomainEventBlockJobStatus;
import io.github.libvirt4j.types.DomainBlockCommitFlags;
import io.github.libvirt4j.types.DomainBlockCopyFlags;
import io.github.libvirt4j.types.DomainBlockJobType;
import io.github.libvirt4j.types.DomainBlockPullFlags;
import io.github.libvirt4j.types.DomainJobKeys;
import io.github.libvirt4j.types.DomainJobOperation;
import io.github.libvirt4j.types.TypedParameters;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// Jobs whose events are missing, repeated, or those of another job: the outcome is the same.
@ExtendWith(NothingLeft.class)
@Timeout(120)
class JobEventsTest {
    private static final long SLOW = 1 << 20;

    private final Connect connect = Connect.open(SessionDaemon.shared().unixUri("qemu:///session"));
    private DiskGuest guest;
    private Domain domain;

    /// A slow job on the other disk, for which events are registered.
    private Job<DiskJobResult> other;

    @BeforeEach
    void start() throws IOException {
        guest = DiskGuest.start(SessionDaemon.shared(), "vdb");
        domain = guest.on(connect);
        overlay("vdb");
        other = domain.disk("vdb").pull(SLOW, DomainBlockPullFlags.BANDWIDTH_BYTES);
    }

    @AfterEach
    void stop() {
        other.close();
        guest.close();
        connect.close();
    }

    private Path overlay(String target) {
        return DiskGuest.overlay(guest, domain, target);
    }

    /// From now on no job of the connection hears of anything.
    private void withholdEvents() {
        Registration registration = Objects.requireNonNull(connect.jobs.registration());
        registration.close();
    }

    private static void event(Job<?> job, DomainEvent event) {
        ((WatchedJob<?>) job).event(event);
    }

    private DomainEvent blockJob(String disk, DomainBlockJobType type, ConnectDomainEventBlockJobStatus status) {
        return new DomainEvent.BlockJob2(domain.identity(), disk, type.value(), status.value());
    }

    @Test
    @Tag("slow")
    void pullIsProvenWithoutEvents() throws Exception {
        withholdEvents();
        Path overlay = overlay("vda");
        try (Job<DiskJobResult> job = domain.disk("vda").pull(0)) {
            assertThat(get(job.completion()).images()).containsExactly(overlay.toString());
        }
    }

    @Test
    @Tag("slow")
    void commitIsProvenWithoutEvents() throws Exception {
        withholdEvents();
        overlay("vda");
        try (Job<DiskJobResult> job = domain.disk("vda").commit(null, null, 0, DomainBlockCommitFlags.ACTIVE)) {
            assertThat(get(job.pivot()).images()).containsExactly(guest.disk().toString());
        }
    }

    @Test
    @Tag("slow")
    @Tag("once")
    void endOfACopyIsNotGuessedWithoutEvents() throws Exception {
        withholdEvents();
        try (Job<DiskJobResult> job = copy()) {
            get(job.ready());
            domain.disk("vda").jobAbort();
            assertThatExceptionOfType(JobFailedException.class)
                    .isThrownBy(() -> get(job.completion()))
                    .withMessageContaining("without its effect");
        }
        try (Job<DiskJobResult> job = copy()) {
            assertThat(job.finish()).failsWithin(java.time.Duration.ofSeconds(60));
            assertThat(job.outcome().state()).isEqualTo(State.UNKNOWN);
        }
    }

    private Job<DiskJobResult> copy() {
        String xml = "<disk type='file'><driver type='raw'/><source file='" + guest.file() + "'/></disk>";
        return domain.disk("vda").copy(xml, TypedParameters.builder().build(), DomainBlockCopyFlags.TRANSIENT_JOB);
    }

    @Test
    @Tag("slow")
    void endOfTheGuestIsFoundWithoutEvents() throws Exception {
        withholdEvents();
        domain.destroy();
        assertThatExceptionOfType(JobInterruptedException.class).isThrownBy(() -> get(other.completion()));
    }

    @Test
    @Tag("slow")
    void backupIsProvenWithoutEvents() throws Exception {
        withholdEvents();
        String xml = "<domainbackup><disks><disk name='vda' type='file'><target file='" + guest.file()
                + "'/><driver type='raw'/></disk><disk name='vdb' backup='no'/></disks></domainbackup>";
        try (Job<DomainJobResult> job = domain.job().backupBegin(xml, null)) {
            assertThat(get(job.completion()).stats().get(DomainJobKeys.OPERATION))
                    .hasValue(DomainJobOperation.BACKUP.value());
        }
    }

    /// Those of other disks, types, domains, and of the job before: the images say that none of it is true.
    @Test
    void eventsOfOtherJobsChangeNothing() throws Exception {
        overlay("vda");
        try (Job<DiskJobResult> job = domain.disk("vda").pull(SLOW, DomainBlockPullFlags.BANDWIDTH_BYTES)) {
            for (ConnectDomainEventBlockJobStatus status : List.of(COMPLETED, FAILED, CANCELED, READY)) {
                event(job, blockJob("vda", DomainBlockJobType.PULL, status));
                event(job, blockJob("vdb", DomainBlockJobType.PULL, status));
                event(job, blockJob("vda", DomainBlockJobType.COPY, status));
            }
            event(job, blockJob("vda", DomainBlockJobType.PULL, COMPLETED));
            job.progress();
            assertThat(job.outcome().state()).isEqualTo(State.RUNNING);
            domain.disk("vda").jobAbort();
            event(job, blockJob("vda", DomainBlockJobType.PULL, CANCELED));
            event(job, blockJob("vda", DomainBlockJobType.PULL, CANCELED));
            assertThat(get(job.cancel()).state()).isEqualTo(State.CANCELLED);
        }
        assertThat(other.outcome().state()).isEqualTo(State.RUNNING);
    }

    @Test
    void twoJobsOnTwoDisks() throws Exception {
        Path overlay = overlay("vda");
        try (Job<DiskJobResult> job = domain.disk("vda").pull(0)) {
            assertThat(get(job.completion()).images()).containsExactly(overlay.toString());
        }
        assertThat(other.outcome().state()).isEqualTo(State.RUNNING);
        domain.disk("vdb").jobSetSpeed(0);
        assertThat(get(other.completion()).disk()).isEqualTo("vdb");
    }

    @Test
    void isThereNoLongerThanItsJobs() throws Exception {
        assertThat(connect.jobs.registration()).isNotNull();
        other.close();
        while (connect.jobs.registration() != null) {
            Thread.sleep(1);
        }
        overlay("vda");
        try (Job<DiskJobResult> job = domain.disk("vda").pull(0)) {
            assertThat(get(job.completion()).disk()).isEqualTo("vda");
        }
    }
}
