package io.github.libvirt4j.internal.job;

import io.github.libvirt4j.internal.job.Sight.Verdict;
import io.github.libvirt4j.types.DomainJobKeys;
import io.github.libvirt4j.types.DomainJobOperation;
import io.github.libvirt4j.types.DomainJobType;
import io.github.libvirt4j.types.DomainShutoffReason;
import io.github.libvirt4j.types.DomainState;
import io.github.libvirt4j.types.ParameterKey;
import io.github.libvirt4j.types.TypedParameters;
import org.jspecify.annotations.Nullable;

/// Judges a job of a whole domain by libvirt's statistics. Immutable.
///
/// The statistics of a job that has ended stay until the next job, and are of some job: they count only if
/// they differ from those before the start.
///
/// @param operation the operation of the job
/// @param id the number of the running domain at the start; null if it did not run
/// @param before the statistics of the last job that had ended at the start
public record StatsProof(
        DomainJobOperation operation, @Nullable String id, Stats before) {
    /// The statistics of a job, as `virDomainGetJobStats` returns them.
    ///
    /// @param rawType a `virDomainJobType`
    /// @param params the parameters
    public record Stats(int rawType, TypedParameters params) {
        /// Whether they are of an operation.
        public boolean isOf(DomainJobOperation operation) {
            return params.get(DomainJobKeys.OPERATION).orElse(0) == operation.value();
        }

        /// Whether they are of an operation in progress.
        public boolean isWorking(DomainJobOperation operation) {
            return (rawType == DomainJobType.BOUNDED.value() || rawType == DomainJobType.UNBOUNDED.value())
                    && isOf(operation);
        }

        /// The work that is done.
        public long current() {
            return of(DomainJobKeys.DATA_PROCESSED, DomainJobKeys.MEMORY_PROCESSED, DomainJobKeys.DISK_PROCESSED);
        }

        /// The work in total.
        public long end() {
            return of(DomainJobKeys.DATA_TOTAL, DomainJobKeys.MEMORY_TOTAL, DomainJobKeys.DISK_TOTAL);
        }

        /// libvirt leaves the sum out where only one part is counted.
        private long of(ParameterKey<Long> sum, ParameterKey<Long> memory, ParameterKey<Long> disk) {
            Long all = params.get(sum).orElse(null);
            return all == null
                    ? params.get(memory).orElse(0L) + params.get(disk).orElse(0L)
                    : all;
        }
    }

    /// Judges a backup.
    ///
    /// @param isReady whether a client can read it while it is in progress
    /// @param isNow the number of the running domain; null if it does not run
    /// @param now the statistics of the job in progress
    /// @param completed the statistics of the last job that has ended, read after `now`
    /// @param isDiskBusy whether a disk has a job of a backup
    public Sight see(boolean isReady, @Nullable String isNow, Stats now, Stats completed, boolean isDiskBusy) {
        if (isNow == null || !isNow.equals(id)) {
            return new Sight.Gone();
        }
        if (now.isWorking(operation) || isDiskBusy) {
            return new Sight.Working(now.current(), now.end(), isReady && now.isWorking(operation));
        }
        if (completed.equals(before) || !completed.isOf(operation)) {
            return new Sight.Ended(Verdict.UNCLEAR);
        }
        return new Sight.Ended(
                switch (DomainJobType.of(completed.rawType)) {
                    case COMPLETED -> Verdict.DONE;
                    case FAILED -> Verdict.FAILED;
                    case CANCELLED -> Verdict.CANCELLED;
                    default -> Verdict.UNCLEAR;
                },
                completed.params.get(DomainJobKeys.ERRMSG).orElse(null));
    }

    /// Judges an operation whose call was lost with its connection.
    ///
    /// @param isNow the number of the running domain; null if it does not run
    /// @param rawState the state of the domain, a `virDomainState`
    /// @param rawReason the reason of the state
    /// @param now the statistics of the job in progress
    public Sight seeCall(@Nullable String isNow, int rawState, int rawReason, Stats now) {
        if (now.isWorking(operation)) {
            return new Sight.Working(now.current(), now.end(), false);
        }
        boolean isSave = operation == DomainJobOperation.SAVE;
        if (isNow == null || !isNow.equals(id)) {
            boolean isSaved = rawState == DomainState.SHUTOFF.value() && rawReason == DomainShutoffReason.SAVED.value();
            return isSave && isSaved ? new Sight.Ended(Verdict.DONE) : new Sight.Gone();
        }
        // A domain that runs has not been saved; with other operations it tells nothing.
        return new Sight.Ended(isSave ? Verdict.UNDONE : Verdict.UNCLEAR);
    }
}
