package io.github.libvirt4j.internal.job;

import org.jspecify.annotations.Nullable;

/// The result of a look: what the hypervisor's state says of a job, without regard to events.
public sealed interface Sight {
    /// The job is in progress, or libvirt is concluding it.
    ///
    /// @param current the work that is done
    /// @param end the work in total
    /// @param isReady whether its first phase is complete
    record Working(long current, long end, boolean isReady) implements Sight {}

    /// There is no such job.
    ///
    /// @param verdict what the state proves
    /// @param message libvirt's message; null if it has none
    record Ended(Verdict verdict, @Nullable String message) implements Sight {
        Ended(Verdict verdict) {
            this(verdict, null);
        }
    }

    /// The guest does not run, or it is another run of it.
    record Gone() implements Sight {}

    /// The conclusion from a state without the job.
    enum Verdict {
        /// The effect of the job is there.
        DONE,
        /// The effect of the job is there, and was before: the job had nothing to do.
        NOTHING_TO_DO,
        /// The state is as before the job.
        UNDONE,
        /// libvirt reports that the job failed.
        FAILED,
        /// libvirt reports that the job was cancelled.
        CANCELLED,
        /// The state says nothing about the job.
        UNCLEAR
    }
}
