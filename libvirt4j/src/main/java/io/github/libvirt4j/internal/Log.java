package io.github.libvirt4j.internal;

import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/// The library's logger, `io.github.libvirt4j`. It is looked up for each message: one that could not be had when a
/// class was initialised would keep the class from ever being used.
public final class Log {
    private static System.Logger logger() {
        return System.getLogger("io.github.libvirt4j");
    }

    /// Logs a message, as `System.Logger` does.
    public void log(Level level, @Nullable String format, @Nullable Object... parameters) {
        logger().log(level, String.valueOf(format), parameters);
    }

    /// Logs a message with what was thrown.
    public void log(Level level, String message, Throwable thrown) {
        logger().log(level, message, thrown);
    }
}
