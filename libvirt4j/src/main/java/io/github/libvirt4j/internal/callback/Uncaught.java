package io.github.libvirt4j.internal.callback;

import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// Where exceptions go that nobody's Java call is waiting for: those of asynchronous callbacks.
///
/// The one handler of the process, like `Thread.UncaughtExceptionHandler`. Without one they are logged at
/// ERROR.
public final class Uncaught {
    private static volatile @Nullable BiConsumer<String, Throwable> handler;

    private Uncaught() {}

    /// Sets the handler, which is given the callback's C name and what was thrown; null for the log.
    public static void setHandler(@Nullable BiConsumer<String, Throwable> next) {
        handler = next;
    }

    /// Reports, and cannot throw: it stands in the last frame before C.
    // Whatever is thrown here, an OutOfMemoryError of the log included, must not get any further.
    @SuppressWarnings("EmptyCatch")
    public static void report(String callback, Throwable thrown) {
        try {
            BiConsumer<String, Throwable> current = handler;
            if (current == null) {
                log(callback, thrown);
                return;
            }
            try {
                current.accept(callback, thrown);
            } catch (Throwable ofHandler) {
                log(callback, thrown);
                log("the handler for uncaught exceptions", ofHandler);
            }
        } catch (Throwable beyondHelp) {
            // Nowhere left to say it.
        }
    }

    private static void log(String callback, Throwable thrown) {
        System.getLogger("io.github.libvirt4j")
                .log(System.Logger.Level.ERROR, "Uncaught exception in " + callback, thrown);
    }
}
