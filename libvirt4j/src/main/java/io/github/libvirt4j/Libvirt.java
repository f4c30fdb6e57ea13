package io.github.libvirt4j;

import io.github.libvirt4j.error.ErrorHandler;
import io.github.libvirt4j.error.UncaughtHandler;
import io.github.libvirt4j.event.ConnectEvent;
import io.github.libvirt4j.event.EventKind;
import io.github.libvirt4j.internal.c.ErrorCallback;
import io.github.libvirt4j.internal.c.NativeObject;
import io.github.libvirt4j.internal.c.Startup;
import io.github.libvirt4j.internal.call.TimedCalls;
import io.github.libvirt4j.internal.callback.Loans;
import io.github.libvirt4j.internal.callback.Uncaught;
import io.github.libvirt4j.internal.event.EventTable;
import io.github.libvirt4j.types.Version;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The state of the whole process: the loaded library, its errors, and exceptions of handlers. Safe for use
/// by any thread.
public final class Libvirt {
    private Libvirt() {}

    /// The version of the loaded library.
    ///
    /// @c {@index virGetVersion} libvirt 0.0.3
    /// @throws io.github.libvirt4j.error.FunctionMissingException if libvirt is not installed
    /// @throws IllegalCallerException if the VM does not let libvirt4j use native code
    public static Version version() {
        return Startup.version();
    }

    /// The kinds of events one can register for.
    public static List<EventKind<?>> eventKinds() {
        return Stream.concat(
                        EventTable.rows().stream().<EventKind<?>>map(EventTable.Row::kind),
                        Stream.of(ConnectEvent.CLOSED))
                .toList();
    }

    /// Looks what this library can do in this process, and what keeps it from more. Never throws.
    public static Diagnosis diagnose() {
        return Diagnosis.make();
    }

    /// Sets who hears of every error libvirt raises in this process, besides the exception the failing call
    /// throws.
    ///
    /// The handler runs on the failing thread, on several at once if several calls fail; for an error of
    /// libvirt's own making that is the event loop. It may call libvirt: the failing call's error survives
    /// that, and errors of those calls are theirs alone. It must not wait for another thread that uses the
    /// same connection: the failing call may hold its locks. What it throws is reported to
    /// [#setUncaughtHandler].
    ///
    /// @c {@index virSetErrorFunc} libvirt 0.1.0
    /// @param handler null for none; nothing is printed then either
    /// @return the one before
    public static @Nullable ErrorHandler setErrorHandler(@Nullable ErrorHandler handler) {
        Startup.ensure();
        return ErrorCallback.set(handler);
    }

    /// Sets who hears of what handlers throw when no Java call is waiting for it; see [UncaughtHandler].
    /// Without one it is logged at ERROR, by the `System.Logger` named `io.github.libvirt4j`.
    ///
    /// @param handler null for the log
    public static void setUncaughtHandler(@Nullable UncaughtHandler handler) {
        Uncaught.setHandler(handler == null ? null : handler::uncaught);
    }

    /// How many closures are on loan to C: registrations, error handlers of connections, and calls in
    /// flight that take closures. With all of them closed it is 0; the leak detector of tests.
    public static long closuresOnLoan() {
        return Loans.onLoan();
    }

    /// How many calls and openings nobody waits for any more, and that have not returned: those that were
    /// abandoned by a time limit or an interrupt. Each holds a thread.
    public static long callsAbandoned() {
        return TimedCalls.allAbandoned();
    }

    /// How many of libvirt's objects this process holds: handles that are open, and those closed during a
    /// call that has not returned. With all connections closed it is 0; the other leak detector of tests.
    public static long handlesOpen() {
        return NativeObject.live();
    }
}
