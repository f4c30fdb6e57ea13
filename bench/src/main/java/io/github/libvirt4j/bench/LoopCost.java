package io.github.libvirt4j.bench;

import io.github.libvirt4j.Connect;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;

/// What an event costs on the loop that libvirt runs on, of how many others are waited for, by `loop.c`.
/// Prints a line for each number: nanoseconds of a file descriptor, of a timeout, of a file descriptor with
/// epoll in C, and bytes the loop's thread allocated for each event.
public final class LoopCost {
    private static final int[] NUMBERS = {10, 100, 1_000, 10_000};
    private static final FunctionDescriptor SIGNATURE =
            FunctionDescriptor.of(ValueLayout.JAVA_DOUBLE, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG);

    private LoopCost() {}

    /// Runs. The arguments are the path of the C library, and how long a measurement is to take, in
    /// milliseconds.
    @SuppressWarnings("restricted")
    public static void main(String[] arguments) throws Throwable {
        double nanos = Double.parseDouble(arguments[1]) * 1e6;
        SymbolLookup library = SymbolLookup.libraryLookup(Path.of(arguments[0]), Arena.global());
        MethodHandle handles = function(library, "loop_handles");
        MethodHandle timeouts = function(library, "loop_timeouts");
        MethodHandle epoll = function(library, "epoll_handles");
        try (Connect _ = Connect.open("test:///default")) {
            // The compiler's.
            double _ = (double) handles.invokeExact(10, 100_000L);
            double _ = (double) timeouts.invokeExact(10, 100_000L);
            for (int number : NUMBERS) {
                long before = allocated();
                double probe = (double) handles.invokeExact(number, 1_000L);
                long events = (long) Math.max(1_000, nanos / probe);
                double ofHandles = (double) handles.invokeExact(number, events);
                double bytes = (double) (allocated() - before) / (events + 1_000);
                double ofTimeouts = (double) timeouts.invokeExact(number, events);
                double inC = (double) epoll.invokeExact(number, (long) Math.max(1_000, nanos / 1_000));
                System.out.printf("%d %.0f %.0f %.0f %.1f%n", number, ofHandles, ofTimeouts, inC, bytes);
            }
        }
    }

    /// By the loop's thread, until now.
    private static long allocated() {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("libvirt4j-events"))
                .mapToLong(thread -> threads.getThreadAllocatedBytes(thread.threadId()))
                .sum();
    }

    @SuppressWarnings("restricted")
    private static MethodHandle function(SymbolLookup library, String name) {
        return Linker.nativeLinker().downcallHandle(library.findOrThrow(name), SIGNATURE);
    }
}
