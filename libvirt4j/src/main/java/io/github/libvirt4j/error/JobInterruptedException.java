package io.github.libvirt4j.error;

import org.jspecify.annotations.Nullable;

/// Thrown by the futures of a [Job][io.github.libvirt4j.job.Job] that ends because the guest stopped.
public final class JobInterruptedException extends JobException {
    private static final long serialVersionUID = 1;

    /// An exception for a job.
    ///
    /// @param message the job and the reason
    /// @param cause null if there is none
    public JobInterruptedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
