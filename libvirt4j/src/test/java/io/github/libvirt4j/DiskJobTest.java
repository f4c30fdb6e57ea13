package io.github.libvirt4j;

import static io.github.libvirt4j.support.Futures.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.libvirt4j.error.JobCancelledException;
import io.github.libvirt4j.error.JobException;
import io.github.libvirt4j.error.JobFailedException;
import io.github.libvirt4j.error.JobInterruptedException;
import io.github.libvirt4j.error.JobOutcomeUnknownException;
import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.error.ResourceBusyException;
import io.github.libvirt4j.job.DiskJobResult;
import io.github.libvirt4j.job.Job;
import io.github.libvirt4j.job.JobOutcome;
import io.github.libvirt4j.job.JobOutcome.State;
import io.github.libvirt4j.job.Progress;
import io.github.libvirt4j.support.FullDisk;
import io.github.libvirt4j.testing.SessionDaemon;
import io.github.libvirt4j.types.DomainBlockCommitFlags;
import io.github.libvirt4j.types.DomainBlockCopyFlags;
import io.github.libvirt4j.types.DomainBlockCopyKeys;
import io.github.libvirt4j.types.DomainBlockJobInfoFlags;
import io.github.libvirt4j.types.DomainBlockJobType;
import io.github.libvirt4j.types.DomainBlockPullFlags;
import io.github.libvirt4j.types.TypedParameters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// Jobs on the disk of a guest of QEMU.
@ExtendWith(NothingLeft.class)
@Timeout(120)
class DiskJobTest {
    private static final long MIB = 1 << 20;

    /// In bytes/s: a job of 24 MB takes half a minute, longer than any test needs to do something meanwhile.
    private static final long SLOW = MIB;

    private final Connect connect = Connect.open(SessionDaemon.shared().unixUri("qemu:///session"));
    private DiskGuest guest;
    private Domain domain;
    private DomainDisk vda;

    @BeforeEach
    void start() throws IOException {
        guest = DiskGuest.start(SessionDaemon.shared());
        domain = guest.on(connect);
        vda = domain.disk("vda");
    }

    @AfterEach
    void stop() {
        guest.close();
        connect.close();
    }

    private Path overlay() {
        return DiskGuest.overlay(guest, domain, "vda");
    }

    private static void isDone(Job<DiskJobResult> job, DomainBlockJobType type, boolean pivoted, Path... images)
            throws Exception {
        DiskJobResult result = get(job.completion());
        assertThat(result.type()).isEqualTo(type);
        assertThat(result.disk()).isEqualTo("vda");
        assertThat(result.pivoted()).isEqualTo(pivoted);
        assertThat(result.images())
                .isEqualTo(List.of(images).stream().map(Path::toString).toList());
        assertThat(job.outcome()).isEqualTo(JobOutcome.of(State.COMPLETED));
    }

    @Test
    void pulls() throws Exception {
        Path overlay = overlay();
        try (Job<DiskJobResult> job = vda.pull(0)) {
            isDone(job, DomainBlockJobType.PULL, false, overlay);
            assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(job::pivot);
            assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(job::finish);
            assertThat(get(job.cancel()).state()).isEqualTo(State.COMPLETED);
            assertThatExceptionOfType(JobException.class).isThrownBy(() -> get(job.ready()));
            assertThat(vda.job()).isEmpty();
            assertThat(vda.jobInfo()).isEmpty();
        }
    }

    @Test
    void pullsDownToAnImage() throws Exception {
        Path lower = overlay();
        Path upper = overlay();
        try (Job<DiskJobResult> job = vda.rebase(guest.disk().toString(), 0)) {
            isDone(job, DomainBlockJobType.PULL, false, upper, guest.disk());
        }
        // There is nothing above that image any more.
        try (Job<DiskJobResult> job = vda.rebase(guest.disk().toString(), 0)) {
            isDone(job, DomainBlockJobType.PULL, false, upper, guest.disk());
        }
        assertThat(lower).exists();
    }

    @Test
    void commits() throws Exception {
        Path lower = overlay();
        Path upper = overlay();
        try (Job<DiskJobResult> job = vda.commit(null, lower.toString(), 0)) {
            isDone(job, DomainBlockJobType.COMMIT, false, upper, guest.disk());
        }
    }

    @Test
    void commitsTheActiveImage() throws Exception {
        overlay();
        Path upper = overlay();
        try (Job<DiskJobResult> job = vda.commit(null, null, 0, DomainBlockCommitFlags.ACTIVE)) {
            get(job.ready());
            assertThat(job.outcome().state()).isEqualTo(State.READY);
            assertThat(get(job.cancel()).state()).isEqualTo(State.CANCELLED);
        }
        assertThat(domain.xmlDesc()).contains("<source file='" + upper + "'");
        try (Job<DiskJobResult> job = vda.commit(null, null, 0, DomainBlockCommitFlags.ACTIVE)) {
            // Before it is ready, most likely.
            get(job.pivot());
            isDone(job, DomainBlockJobType.ACTIVE_COMMIT, true, guest.disk());
        }
    }

    private static String copyTo(Path file) {
        return "<disk type='file'><driver type='raw'/><source file='" + file + "'/></disk>";
    }

    private Job<DiskJobResult> copy(Path to, long bandwidth) {
        return vda.copy(
                copyTo(to),
                TypedParameters.builder()
                        .set(DomainBlockCopyKeys.BANDWIDTH, bandwidth)
                        .build(),
                DomainBlockCopyFlags.TRANSIENT_JOB);
    }

    @Test
    void copiesAndPivots() throws Exception {
        Path copy = guest.file();
        try (Job<DiskJobResult> job = copy(copy, 0)) {
            get(job.pivot());
            isDone(job, DomainBlockJobType.COPY, true, copy);
        }
        assertThat(Files.mismatch(copy, guest.disk())).isEqualTo(-1);
    }

    @Test
    void copiesAMoment() throws Exception {
        Path copy = guest.file();
        try (Job<DiskJobResult> job = copy(copy, 0)) {
            get(job.finish());
            isDone(job, DomainBlockJobType.COPY, false, guest.disk());
        }
        assertThat(Files.mismatch(copy, guest.disk())).isEqualTo(-1);
    }

    @Test
    void reportsProgressAndIsCancelled() throws Exception {
        Path copy = guest.file();
        try (Job<DiskJobResult> job = copy(copy, SLOW)) {
            assertThat(vda.jobInfo(DomainBlockJobInfoFlags.BANDWIDTH_BYTES)).hasValueSatisfying(info -> {
                assertThat(info.type()).isEqualTo(DomainBlockJobType.COPY);
                assertThat(info.bandwidth()).isEqualTo(SLOW);
                assertThat(info.end()).isEqualTo(DiskGuest.SIZE);
            });
            assertThatExceptionOfType(ResourceBusyException.class).isThrownBy(() -> vda.pull(0));
            CountDownLatch three = new CountDownLatch(3);
            job.onProgress(Duration.ofMillis(20), _ -> three.countDown());
            assertThat(three.await(60, TimeUnit.SECONDS)).isTrue();
            Progress progress = job.progress();
            assertThat(progress.end()).isEqualTo(DiskGuest.SIZE);
            assertThat(progress.fraction()).isBetween(0.0, 0.99);
            assertThat(job.outcome().state()).isEqualTo(State.RUNNING);
            CompletableFuture<DiskJobResult> abandoned = job.completion();
            abandoned.cancel(true);
            assertThat(job.outcome().state()).isEqualTo(State.RUNNING);
            assertThat(get(job.cancel()).state()).isEqualTo(State.CANCELLED);
            assertThatExceptionOfType(JobCancelledException.class)
                    .isThrownBy(() -> get(job.completion()))
                    .withMessageContaining("vda");
            assertThatExceptionOfType(JobCancelledException.class).isThrownBy(() -> get(job.ready()));
        }
        assertThat(domain.xmlDesc()).contains("<source file='" + guest.disk() + "'");
    }

    @Test
    void failsWhereThereIsNoSpace() throws Exception {
        Path socket = guest.file();
        String xml = "<disk type='network'><driver type='raw'/><source protocol='nbd' name='x'>"
                + "<host transport='unix' socket='" + socket + "'/></source></disk>";
        TypedParameters none = TypedParameters.builder().build();
        try (FullDisk _ = new FullDisk(socket, DiskGuest.SIZE);
                Job<DiskJobResult> job =
                        vda.copy(xml, none, DomainBlockCopyFlags.TRANSIENT_JOB, DomainBlockCopyFlags.REUSE_EXT)) {
            assertThatExceptionOfType(JobFailedException.class).isThrownBy(() -> get(job.completion()));
            assertThatExceptionOfType(JobFailedException.class).isThrownBy(() -> get(job.ready()));
            assertThatExceptionOfType(JobFailedException.class).isThrownBy(() -> get(job.pivot()));
        }
        assertThat(domain.xmlDesc()).contains("<source file='" + guest.disk() + "'");
    }

    @Test
    void cancelOfAnotherProgramIsSeen() throws Exception {
        overlay();
        try (Job<DiskJobResult> job = vda.pull(SLOW, DomainBlockPullFlags.BANDWIDTH_BYTES)) {
            vda.jobAbort();
            assertThatExceptionOfType(JobCancelledException.class).isThrownBy(() -> get(job.completion()));
        }
    }

    @Test
    @SuppressWarnings("try") // Closed on purpose.
    void isAttachedTo() throws Exception {
        Path overlay = overlay();
        try (Job<DiskJobResult> first = vda.pull(SLOW, DomainBlockPullFlags.BANDWIDTH_BYTES);
                Job<DiskJobResult> again = vda.job().orElseThrow()) {
            first.close();
            assertThatExceptionOfType(JobOutcomeUnknownException.class).isThrownBy(() -> get(first.completion()));
            vda.jobSetSpeed(0);
            isDone(again, DomainBlockJobType.PULL, false, overlay);
        }
    }

    @Test
    void isInterruptedByTheEndOfTheGuest() throws Exception {
        overlay();
        try (Job<DiskJobResult> job = vda.pull(SLOW, DomainBlockPullFlags.BANDWIDTH_BYTES)) {
            domain.destroy();
            assertThatExceptionOfType(JobInterruptedException.class).isThrownBy(() -> get(job.completion()));
        }
    }

    @Test
    @SuppressWarnings("try") // Closed on purpose.
    void isUnknownAfterItsConnectionWasClosed() throws Exception {
        overlay();
        try (Connect other = Connect.open(guest.uri())) {
            Job<DiskJobResult> job = guest.on(other).disk("vda").pull(SLOW, DomainBlockPullFlags.BANDWIDTH_BYTES);
            other.close();
            assertThatExceptionOfType(JobOutcomeUnknownException.class).isThrownBy(() -> get(job.completion()));
        }
        assertThat(vda.jobInfo()).isPresent();
    }

    @Test
    void isRefused() {
        assertThatExceptionOfType(LibvirtException.class)
                .isThrownBy(() -> domain.disk("vdz").pull(0));
        assertThatExceptionOfType(LibvirtException.class).isThrownBy(() -> vda.commit("/no/such/image", null, 0));
        assertThatExceptionOfType(LibvirtException.class).isThrownBy(vda::jobAbort);
        assertThatExceptionOfType(LibvirtException.class).isThrownBy(() -> vda.jobSetSpeed(1));
        assertThatExceptionOfType(LibvirtException.class)
                .isThrownBy(() -> vda.copy("<disk", TypedParameters.builder().build()));
        domain.destroy();
        assertThatExceptionOfType(LibvirtException.class).isThrownBy(() -> vda.pull(0));
        assertThatExceptionOfType(LibvirtException.class).isThrownBy(vda::job);
    }
}
