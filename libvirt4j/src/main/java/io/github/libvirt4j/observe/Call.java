package io.github.libvirt4j.observe;

import io.github.libvirt4j.error.LibvirtException;
import org.jspecify.annotations.Nullable;

/// A call of C. Two are equal only if they are the same.
public final class Call {
    private final String uri;
    private final String function;
    private final Thread thread = Thread.currentThread();
    private final long begun = System.nanoTime();

    /// A call that begins now, on this thread.
    ///
    /// @param uri the connection
    /// @param function the C function
    public Call(String uri, String function) {
        this.uri = uri;
        this.function = function;
    }

    /// The connection, as it was opened.
    public String uri() {
        return uri;
    }

    /// The C function; of a Java method that calls several, the function that is its purpose.
    public String function() {
        return function;
    }

    /// The thread that the call is made on: with a time limit not the caller's.
    public Thread thread() {
        return thread;
    }

    /// The time since the call began, in ns. With a time limit it does not include the wait for a thread.
    public long nanos() {
        return System.nanoTime() - begun;
    }

    /// The word for the end of a call, for metrics and traces: `OK`, libvirt's error code, or the simple name of
    /// an exception that is none of libvirt's.
    ///
    /// @param thrown the exception; null for a success
    public static String outcome(@Nullable Throwable thrown) {
        if (thrown == null) {
            return "OK";
        }
        return thrown instanceof LibvirtException refused
                ? refused.code().toString()
                : thrown.getClass().getSimpleName();
    }

    @Override
    public String toString() {
        return function + " on " + uri;
    }
}
