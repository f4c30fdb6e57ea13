package io.github.libvirt4j.internal.callback;

import io.github.libvirt4j.internal.Log;
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
    ///
    /// @param callback the source of the exception; its `toString()` is called here, because it can throw as
    ///     well
    // Whatever is thrown here, an OutOfMemoryError of the log included, must not get any further.
    @SuppressWarnings("EmptyCatch")
    public static void report(Object callback, Throwable thrown) {
        try {
            report(callback.toString(), thrown, handler);
        } catch (Throwable beyondHelp) {
            // Nowhere left to say it.
        }
    }

    private static void report(String callback, Throwable thrown, @Nullable BiConsumer<String, Throwable> to) {
        if (to == null) {
            Log.uncaught(callback, thrown);
            return;
        }
        try {
            to.accept(callback, thrown);
        } catch (Throwable ofHandler) {
            Log.uncaught(callback, thrown);
            Log.uncaught("the handler for uncaught exceptions", ofHandler);
        }
    }
}
