package io.github.libvirt4j.cli;

import io.github.libvirt4j.error.AccessDeniedException;
import io.github.libvirt4j.error.AgentUnresponsiveException;
import io.github.libvirt4j.error.AlreadyExistsException;
import io.github.libvirt4j.error.AuthenticationFailedException;
import io.github.libvirt4j.error.CallTimeoutException;
import io.github.libvirt4j.error.DisconnectedException;
import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.error.NotFoundException;
import io.github.libvirt4j.error.OperationInvalidException;
import io.github.libvirt4j.error.OperationTimeoutException;
import io.github.libvirt4j.error.ResourceBusyException;
import io.github.libvirt4j.error.UnsupportedException;
import java.io.EOFException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ParameterException;

/// The exit statuses, by the kind of a failure, and the line that reports it.
final class Status {
    static final int OK = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;

    /// The connection broke off, or was not opened in time. A repetition can succeed.
    static final int DISCONNECTED = 3;

    static final int NOT_FOUND = 4;

    /// The state of the object does not permit it, or another operation is in progress.
    static final int STATE = 5;

    static final int DENIED = 6;
    static final int UNSUPPORTED = 7;

    /// The requested change did not happen within the given time.
    static final int NOT_IN_TIME = 8;

    /// The job was cancelled.
    static final int CANCELLED = 9;

    /// The guest stopped before the end of the job was seen.
    static final int GUEST_STOPPED = 10;

    /// Nothing proves how the job ended.
    static final int UNKNOWN = 11;

    /// A shell's status of a process that SIGINT has ended.
    static final int INTERRUPTED = 128 + 2;

    /// A shell's status of a process that SIGPIPE has ended.
    static final int ABANDONED = 128 + 13;

    /// Each status and its meaning, for help pages.
    static final String[] MEANINGS = {
        "0:success",
        "1:failure; a line on stderr says why",
        "2:the arguments are wrong",
        "3:the connection broke off, or could not be opened in time",
        "4:the domain, network, pool, volume or snapshot does not exist",
        "5:its state does not permit the operation, something else uses it, it exists already, or its agent does not answer",
        "6:the login failed, or access is denied, as on a read-only connection",
        "7:libvirt, the hypervisor or its driver does not have the operation",
        "8:it did not happen within the time limit, as with `shutdown --timeout`",
        "9:the job was cancelled",
        "10:the domain stopped before the end of the job was seen",
        "11:the outcome of the job is not known: it can have succeeded, and can have failed",
        "130:interrupted by Ctrl-C",
        "141:the reader of the output has closed the pipe, as in `| head -1`"
    };

    private Status() {}

    /// The status for an exception.
    @SuppressWarnings("IfChainToSwitch")
    static int of(Throwable thrown) {
        if (thrown instanceof Failure failure) {
            return failure.status();
        } else if (thrown instanceof ParameterException) {
            return USAGE;
        } else if (thrown instanceof DisconnectedException || thrown instanceof CallTimeoutException) {
            return DISCONNECTED;
        } else if (thrown instanceof NotFoundException) {
            return NOT_FOUND;
        } else if (thrown instanceof OperationInvalidException
                || thrown instanceof ResourceBusyException
                || thrown instanceof OperationTimeoutException
                || thrown instanceof AlreadyExistsException
                || thrown instanceof AgentUnresponsiveException) {
            return STATE;
        } else if (thrown instanceof AccessDeniedException || thrown instanceof AuthenticationFailedException) {
            return DENIED;
        } else if (thrown instanceof UnsupportedException) {
            return UNSUPPORTED;
        }
        return FAILED;
    }

    /// The line that reports an exception. If it is a fault of the command, it names a file with the stack trace.
    static String line(Throwable thrown) {
        String message = message(thrown);
        if (message != null) {
            return message;
        }
        StringWriter trace = new StringWriter();
        thrown.printStackTrace(new PrintWriter(trace));
        String line = "A fault of the command: " + thrown;
        try {
            return line + ". Please report it, with " + TextFile.temporary("libvirt4j-", ".txt", trace.toString());
        } catch (IOException e) {
            return line + ", " + Arrays.toString(thrown.getStackTrace());
        }
    }

    /// The message of an exception to the user; null if it is none that the command expects.
    @SuppressWarnings("IfChainToSwitch")
    static @Nullable String message(Throwable thrown) {
        if (thrown instanceof LibvirtException
                || thrown instanceof IllegalCallerException
                || thrown instanceof IllegalStateException
                || thrown instanceof IllegalArgumentException
                || thrown instanceof Failure
                || thrown instanceof ParameterException
                || thrown instanceof UnsupportedOperationException) {
            return String.valueOf(thrown.getMessage());
        } else if (thrown instanceof IOException) {
            // The message of a file's exception is often its name only.
            return thrown.getClass() == IOException.class || thrown instanceof EOFException
                    ? String.valueOf(thrown.getMessage())
                    : thrown.getClass().getSimpleName() + ": " + thrown.getMessage();
        }
        return null;
    }
}
