package io.github.libvirt4j.cli;

import io.github.libvirt4j.Domain;
import io.github.libvirt4j.DomainJob;
import io.github.libvirt4j.error.CallAbandonedException;
import io.github.libvirt4j.error.DisconnectedException;
import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.error.NotFoundException;
import io.github.libvirt4j.job.JobOutcome;
import io.github.libvirt4j.job.JobOutcome.State;
import io.github.libvirt4j.job.Progress;
import io.github.libvirt4j.types.DomainGetJobStatsFlags;
import io.github.libvirt4j.types.DomainJobKeys;
import io.github.libvirt4j.types.DomainJobOperation;
import io.github.libvirt4j.types.DomainJobType;
import io.github.libvirt4j.types.DomainShutoffReason;
import io.github.libvirt4j.types.ParameterKey;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The job of a whole domain, except a backup, that another program has begun. The state of the domain tells how
/// a save or a migration ended; the statistics that libvirt keeps tell it of another job, if it keeps them.
///
/// libvirt keeps those of an earlier job if this one fails or is cancelled, and does not show them while this
/// one is in progress. Its operation and its elapsed time identify the job.
final class FoundJob implements Followed {
    /// For a clock of the host that is adjusted between two looks, and for rounding.
    private static final Duration SLACK = Duration.ofMillis(100);

    private final Domain domain;
    private final int operation;

    /// Taken before the last look that saw the job, and the job's elapsed time that the look read, in ms.
    private long lookedAt;

    private long elapsed;
    private @Nullable Progress progress;

    private FoundJob(Domain domain, int operation, long lookedAt, long elapsed) {
        this.domain = domain;
        this.operation = operation;
        this.lookedAt = lookedAt;
        this.elapsed = elapsed;
    }

    /// The job that a domain has; null if it has none.
    static @Nullable FoundJob of(Domain domain) {
        if (!domain.isActive()) {
            return null;
        }
        long at = System.nanoTime();
        DomainJob.Stats now = domain.job().stats();
        return isThere(now) ? new FoundJob(domain, operation(now), at, elapsed(now)) : null;
    }

    Word kind() {
        return new Word(DomainJobOperation.of(operation), operation);
    }

    /// Also true of a job whose work is done, until libvirt has closed its file.
    private static boolean isThere(DomainJob.Stats stats) {
        return stats.type() != DomainJobType.NONE;
    }

    /// In ms; −1 if the driver does not tell it.
    private static long elapsed(DomainJob.Stats stats) {
        return stats.params().get(DomainJobKeys.TIME_ELAPSED).orElse(-1L);
    }

    private static int operation(DomainJob.Stats stats) {
        return stats.params().get(DomainJobKeys.OPERATION).orElse(0);
    }

    @Override
    public JobOutcome outcome() {
        try {
            return domain.isActive() ? look() : stopped(domain.state());
        } catch (NotFoundException e) {
            return gone();
        } catch (DisconnectedException | CallAbandonedException e) {
            throw e;
        } catch (LibvirtException e) {
            return afterFailure();
        }
    }

    /// The outcome after a look that failed, as it does if the domain stops meanwhile.
    private JobOutcome afterFailure() {
        try {
            return domain.isActive() ? JobOutcome.of(State.RUNNING) : stopped(domain.state());
        } catch (NotFoundException e) {
            return gone();
        }
    }

    private JobOutcome gone() {
        return endsDomain()
                ? JobOutcome.of(State.UNKNOWN, "the domain no longer exists here")
                : JobOutcome.of(State.INTERRUPTED, "the domain no longer exists");
    }

    /// A save and a migration end with the domain.
    private boolean endsDomain() {
        return isOf(DomainJobOperation.SAVE) || isOf(DomainJobOperation.MIGRATION_OUT);
    }

    private JobOutcome stopped(Domain.Status status) {
        boolean isEffect = (status.reason() == DomainShutoffReason.SAVED && isOf(DomainJobOperation.SAVE))
                || (status.reason() == DomainShutoffReason.MIGRATED && isOf(DomainJobOperation.MIGRATION_OUT));
        return isEffect
                ? JobOutcome.of(State.COMPLETED)
                : JobOutcome.of(State.INTERRUPTED, "the domain is " + Word.of(status));
    }

    private boolean isOf(DomainJobOperation which) {
        return operation == which.value();
    }

    private JobOutcome look() {
        long at = System.nanoTime();
        DomainJob.Stats now = domain.job().stats();
        if (isThere(now) && operation(now) == operation && elapsed(now) >= elapsed) {
            lookedAt = at;
            elapsed = elapsed(now);
            progress = new Progress(
                    sum(now, DomainJobKeys.MEMORY_PROCESSED, DomainJobKeys.DISK_PROCESSED),
                    sum(now, DomainJobKeys.MEMORY_TOTAL, DomainJobKeys.DISK_TOTAL),
                    Instant.now());
            return JobOutcome.of(State.RUNNING);
        }
        if (endsDomain()) {
            return JobOutcome.of(State.UNKNOWN, "the domain continues");
        }
        DomainJob.Stats completed =
                domain.job().stats(DomainGetJobStatsFlags.COMPLETED, DomainGetJobStatsFlags.KEEP_COMPLETED);
        if (!isOfThis(completed)) {
            return JobOutcome.of(State.UNKNOWN, "libvirt keeps no statistics of it");
        }
        return switch (completed.type()) {
            case COMPLETED -> JobOutcome.of(State.COMPLETED);
            case FAILED ->
                completed
                        .params()
                        .get(DomainJobKeys.ERRMSG)
                        .map(why -> JobOutcome.of(State.FAILED, why))
                        .orElse(JobOutcome.of(State.FAILED));
            case CANCELLED -> JobOutcome.of(State.CANCELLED);
            default -> JobOutcome.of(State.UNKNOWN, "its statistics do not tell");
        };
    }

    /// Whether statistics that were just read are of this job: it ended between the last look and now.
    private boolean isOfThis(DomainJob.Stats completed) {
        long since = Duration.ofNanos(System.nanoTime() - lookedAt).plus(SLACK).toMillis();
        long end = elapsed(completed);
        return operation(completed) == operation && end >= 0 && end >= elapsed && end <= elapsed + since;
    }

    private static long sum(DomainJob.Stats stats, ParameterKey<Long> memory, ParameterKey<Long> disk) {
        return stats.params().get(memory).orElse(0L) + stats.params().get(disk).orElse(0L);
    }

    @Override
    public @Nullable Progress progress() {
        return progress;
    }

    @Override
    public void cancel() {
        domain.job().abort();
    }

    @Override
    public int failure() {
        return Status.FAILED;
    }
}
