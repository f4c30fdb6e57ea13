package io.github.libvirt4j.error;

import org.jspecify.annotations.Nullable;

/// Thrown by the futures of a [Job][io.github.libvirt4j.job.Job] that did not complete. The message names the
/// job and the reason.
public abstract sealed class JobException extends RuntimeException
        permits JobCancelledException, JobFailedException, JobInterruptedException, JobOutcomeUnknownException {
    private static final long serialVersionUID = 1;

    JobException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
