package io.github.libvirt4j.cli;

/// A failure that the command reports in one line, without a stack trace.
final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;

    Failure(String message) {
        this(Status.FAILED, message);
    }

    /// @param status the exit status, one of [Status]
    Failure(int status, String message) {
        super(message);
        this.status = status;
    }

    int status() {
        return status;
    }
}
