package io.github.libvirt4j.cli;

import io.github.libvirt4j.Domain;
import io.github.libvirt4j.DomainJob;
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
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The job of a whole domain, except a backup, that another program has begun. How it ended is known by the
/// statistics that libvirt keeps of it, if it keeps them.
final class FoundJob implements Followed {
    private final Domain domain;
    private final int operation;
    private final DomainJob.Stats before;
    private @Nullable Progress progress;

    private FoundJob(Domain domain, int operation, DomainJob.Stats before) {
        this.domain = domain;
        this.operation = operation;
        this.before = before;
    }

    /// The job that a domain has; null if it has none.
    static @Nullable FoundJob of(Domain domain) {
        if (!domain.isActive()) {
            return null;
        }
        // The job is there after the statistics of the one before were read.
        DomainJob.Stats before = completed(domain);
        DomainJob.Stats now = domain.job().stats();
        return isWorking(now) ? new FoundJob(domain, operation(now), before) : null;
    }

    Word kind() {
        return new Word(DomainJobOperation.of(operation), operation);
    }

    private static DomainJob.Stats completed(Domain domain) {
        return domain.job().stats(DomainGetJobStatsFlags.COMPLETED, DomainGetJobStatsFlags.KEEP_COMPLETED);
    }

    private static boolean isWorking(DomainJob.Stats stats) {
        return stats.type() == DomainJobType.BOUNDED || stats.type() == DomainJobType.UNBOUNDED;
    }

    private static int operation(DomainJob.Stats stats) {
        return stats.params().get(DomainJobKeys.OPERATION).orElse(0);
    }

    @Override
    public JobOutcome outcome() {
        try {
            return domain.isActive() ? look() : stopped(domain.state());
        } catch (NotFoundException e) {
            return isOf(DomainJobOperation.SAVE) || isOf(DomainJobOperation.MIGRATION_OUT)
                    ? JobOutcome.of(State.UNKNOWN, "the domain no longer exists here")
                    : JobOutcome.of(State.INTERRUPTED, "the domain no longer exists");
        }
    }

    /// A save and a migration end with the domain.
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
        DomainJob.Stats now = domain.job().stats();
        if (isWorking(now) && operation(now) == operation) {
            progress = new Progress(
                    sum(now, DomainJobKeys.MEMORY_PROCESSED, DomainJobKeys.DISK_PROCESSED),
                    sum(now, DomainJobKeys.MEMORY_TOTAL, DomainJobKeys.DISK_TOTAL),
                    Instant.now());
            return JobOutcome.of(State.RUNNING);
        }
        DomainJob.Stats completed = completed(domain);
        if (completed.equals(before) || operation(completed) != operation) {
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
