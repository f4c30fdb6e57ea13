package io.github.libvirt4j.error;

import org.jspecify.annotations.Nullable;

/// Thrown by the futures of a [Job][io.github.libvirt4j.job.Job] that ended, or was lost from sight, and
/// nothing proves how: it may have succeeded and may have failed.
public final class JobOutcomeUnknownException extends JobException {
    private static final long serialVersionUID = 1;

    /// An exception for a job.
    ///
    /// @param message the job and the reason
    /// @param cause null if there is none
    public JobOutcomeUnknownException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
