package io.github.libvirt4j.job;

import java.util.Objects;
import java.util.Optional;

/// The outcome of a job, as far as it is known: the job continues, or has ended in some way. Immutable, safe
/// for use by any thread.
///
/// @param state the state
/// @param why the reason for the state, for people to read; present for [State#UNKNOWN], and for
///     [State#FAILED] and [State#INTERRUPTED] if there is more to say than that
public record JobOutcome(State state, Optional<String> why) {
    /// Rejects null.
    public JobOutcome {
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(why, "why");
    }

    /// The state of a job.
    public enum State {
        /// The job continues.
        RUNNING,
        /// The first phase of the job is complete. The job continues until the program ends it by
        /// [Job#pivot], [Job#finish] or [Job#cancel].
        READY,
        /// The job ended, and its effect was seen.
        COMPLETED,
        /// The job ended without its effect.
        FAILED,
        /// The job was cancelled, by this program or another one.
        CANCELLED,
        /// The guest stopped before the end of the job was seen.
        INTERRUPTED,
        /// The job was lost from sight, or ended in a way that nothing proves. It may have succeeded and may
        /// have failed.
        UNKNOWN
    }

    /// An outcome without a reason.
    public static JobOutcome of(State state) {
        return new JobOutcome(state, Optional.empty());
    }

    /// An outcome with a reason.
    public static JobOutcome of(State state, String why) {
        return new JobOutcome(state, Optional.of(why));
    }

    /// Whether the outcome is final: neither [State#RUNNING] nor [State#READY].
    public boolean isFinal() {
        return state != State.RUNNING && state != State.READY;
    }

    @Override
    public String toString() {
        return why.map(text -> state + " (" + text + ")").orElse(state.toString());
    }
}
