package io.github.libvirt4j.internal;

import java.lang.System.Logger.Level;
import java.text.MessageFormat;
import org.jspecify.annotations.Nullable;

/// The library's logger, `io.github.libvirt4j`. Does not throw: what is logged is said beside work that must
/// go on.
///
/// The logger is looked up for each message: one that could not be had when a class was initialised would
/// keep the class from ever being used. The JDK's own classes are not made so: where the first message of a
/// process met a full heap or stack, `System.getLogger` fails for good. Messages go to the standard error
/// output then.
public final class Log {
    private Log() {}

    /// Logs a message in the form of `java.text.MessageFormat`.
    public static void warning(String format, @Nullable Object... parameters) {
        try {
            logger().log(Level.WARNING, format, parameters);
        } catch (Throwable t) {
            print(format, parameters);
        }
    }

    /// Logs what was thrown, and not by whom it is to be seen.
    ///
    /// @param what was done
    /// @param about to what
    public static void warning(Throwable thrown, String what, Object about) {
        try {
            logger().log(Level.WARNING, what + " " + about, thrown);
        } catch (Throwable t) {
            print("{0} {1}: {2}", what, about, thrown);
        }
    }

    /// Logs what a callback threw that nobody else hears of.
    public static void uncaught(String callback, Throwable thrown) {
        try {
            logger().log(Level.ERROR, "Uncaught exception in " + callback, thrown);
        } catch (Throwable t) {
            print("Uncaught exception in {0}: {1}", callback, thrown);
        }
    }

    private static System.Logger logger() {
        return System.getLogger("io.github.libvirt4j");
    }

    @SuppressWarnings("EmptyCatch") // Nowhere is left to say it.
    private static void print(String format, @Nullable Object... parameters) {
        try {
            System.err.println("libvirt4j: " + MessageFormat.format(format, parameters));
        } catch (Throwable t) {
            // There is no memory for it.
        }
    }
}
