package io.github.libvirt4j.bench.ours;

import io.github.libvirt4j.Connect;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/// `loop LIBRARY MILLIS N…`: nanoseconds of a file descriptor and of a timeout on the loop that libvirt runs
/// on, one ready of N, by `loop.c`.
final class Loop {
    private static final FunctionDescriptor SIGNATURE =
            FunctionDescriptor.of(ValueLayout.JAVA_DOUBLE, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG);

    private Loop() {}

    @SuppressWarnings("restricted")
    static void run(Peer.Arguments arguments) throws Throwable {
        double nanos = arguments.number(1) * 1e6;
        SymbolLookup library = SymbolLookup.libraryLookup(Path.of(arguments.text(0)), Arena.global());
        MethodHandle handles = function(library, "loop_handles");
        MethodHandle timeouts = function(library, "loop_timeouts");
        try (Connect _ = Connect.open("test:///default")) {
            // The compiler's.
            double _ = (double) handles.invokeExact(10, 100_000L);
            double _ = (double) timeouts.invokeExact(10, 100_000L);
            while (Peer.turn()) {
                for (int i = 2; i < arguments.all().size(); i++) {
                    measure("handles", handles, arguments.number(i), nanos);
                    measure("timeouts", timeouts, arguments.number(i), nanos);
                }
            }
        }
    }

    private static void measure(String figure, MethodHandle function, int n, double nanos) throws Throwable {
        double probe = (double) function.invokeExact(n, 100L);
        Peer.say(figure, n, (double) function.invokeExact(n, (long) Math.max(100, nanos / probe)));
    }

    @SuppressWarnings("restricted")
    private static MethodHandle function(SymbolLookup library, String name) {
        return Linker.nativeLinker().downcallHandle(library.findOrThrow(name), SIGNATURE);
    }
}
