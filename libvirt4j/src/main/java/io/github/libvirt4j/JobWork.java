package io.github.libvirt4j;

import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.internal.job.Claim;
import io.github.libvirt4j.internal.job.JobKind;
import io.github.libvirt4j.internal.job.Sight;
import io.github.libvirt4j.internal.job.Wish;
import io.github.libvirt4j.job.Progress;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The calls of a job: how it is seen, asked to end, and what it results in. A job outlives the handle that
/// it was begun with and may outlive its connection, so each call looks its domain up.
///
/// @param <R> the result
abstract class JobWork<R> {
    final JobKind kind;
    final UUID domain;

    JobWork(JobKind kind, UUID domain) {
        this.kind = kind;
        this.domain = domain;
    }

    /// Reads the state of the job.
    abstract Sight look(Domain on);

    /// Reads the progress of the job; null if there is no such job now.
    abstract @Nullable Progress progress(Domain on);

    /// Asks libvirt for an end.
    ///
    /// @return false if it is too early
    abstract boolean ask(Domain on, Wish wish);

    /// Returns the claim of an event about the job; null if the event is about something else.
    abstract @Nullable Claim claim(DomainEvent event);

    /// Whether a look is possible: not without a domain.
    boolean canLook() {
        return true;
    }

    /// The result, after the job has completed.
    abstract R result(Connect connect);

    static Progress progress(long current, long end) {
        return new Progress(current, end, Instant.now());
    }

    /// Names the job in messages.
    @Override
    public abstract String toString();
}
