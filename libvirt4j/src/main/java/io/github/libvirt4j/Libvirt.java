package io.github.libvirt4j;

import io.github.libvirt4j.error.ErrorHandler;
import io.github.libvirt4j.error.UncaughtHandler;
import io.github.libvirt4j.event.ConnectEvent;
import io.github.libvirt4j.event.EventKind;
import io.github.libvirt4j.internal.Observers;
import io.github.libvirt4j.internal.c.ErrorCallback;
import io.github.libvirt4j.internal.c.NativeObject;
import io.github.libvirt4j.internal.c.Startup;
import io.github.libvirt4j.internal.call.TimedCalls;
import io.github.libvirt4j.internal.callback.Loans;
import io.github.libvirt4j.internal.callback.Uncaught;
import io.github.libvirt4j.internal.event.EventTable;
import io.github.libvirt4j.observe.Observer;
import io.github.libvirt4j.types.Version;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The state of libvirt in the whole process: the loaded library, its errors, exceptions of handlers, and
/// counts that find leaks. Safe for use by any thread.
public final class Libvirt {
    private Libvirt() {}

    /// The version of the loaded libvirt.
    ///
    /// @c {@index virGetVersion} libvirt 0.0.3
    /// @throws io.github.libvirt4j.error.FunctionMissingException if libvirt is not installed
    /// @throws IllegalCallerException if the VM does not let libvirt4j use native code
    public static Version version() {
        return Startup.version();
    }

    /// The kinds of events that can be registered for.
    public static List<EventKind<?>> eventKinds() {
        return Stream.concat(
                        EventTable.rows().stream().<EventKind<?>>map(EventTable.Row::kind),
                        Stream.of(ConnectEvent.CLOSED))
                .toList();
    }

    /// Determines the capabilities of libvirt4j in this process, and what prevents others. Never throws.
    public static Diagnosis diagnose() {
        return Diagnosis.make();
    }

    /// Sets the handler for the errors that libvirt raises in this process. Default: none. The failing call
    /// throws its exception in any case.
    ///
    /// The handler runs on the thread of the failing call, on several threads at once if several calls fail,
    /// and on the event loop for errors that no call caused. It may call libvirt: the error of the failing
    /// call is preserved. It must not wait for another thread that uses the same connection, because the
    /// failing call may hold locks of the connection. Exceptions of the handler are reported to
    /// [#setUncaughtHandler].
    ///
    /// @c {@index virSetErrorFunc} libvirt 0.1.0
    /// @param handler the handler; null for none. libvirt prints errors in neither case
    /// @return the previous handler; null if there was none
    public static @Nullable ErrorHandler setErrorHandler(@Nullable ErrorHandler handler) {
        Startup.ensure();
        return ErrorCallback.set(handler);
    }

    /// Sets the handler for exceptions that no call of the program can throw, such as those of event
    /// handlers; see [UncaughtHandler]. Default: the `System.Logger` named `io.github.libvirt4j` logs them at
    /// ERROR.
    ///
    /// @param handler the handler; null restores the default
    public static void setUncaughtHandler(@Nullable UncaughtHandler handler) {
        Uncaught.setHandler(handler == null ? null : handler::uncaught);
    }

    /// Adds an observer of what happens in the library. Adding it again does nothing. Default: none, which costs
    /// nothing.
    public static void addObserver(Observer observer) {
        Observers.add(Objects.requireNonNull(observer, "observer"));
    }

    /// Removes an observer. It may still be told of what is in progress on other threads.
    ///
    /// @return whether it was there
    public static boolean removeObserver(Observer observer) {
        return Observers.remove(observer);
    }

    /// The number of closures on loan to C: of registrations, error handlers of connections, and calls in
    /// progress that take closures. It is 0 when all of these have ended; tests detect leaks with it.
    public static long closuresOnLoan() {
        return Loans.onLoan();
    }

    /// The number of calls and openings that were abandoned, at a time limit or by an interrupt, and have not
    /// returned. Each occupies a thread.
    public static long callsAbandoned() {
        return TimedCalls.allAbandoned();
    }

    /// The number of libvirt objects that this process holds: of open handles, and of handles that were
    /// closed during a call that has not returned. It is 0 when all connections are closed; tests detect
    /// leaks with it.
    public static long handlesOpen() {
        return NativeObject.live();
    }
}
