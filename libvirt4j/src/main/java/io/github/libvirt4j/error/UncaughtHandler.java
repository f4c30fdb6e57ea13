package io.github.libvirt4j.error;

/// A lambda that receives exceptions which no call of the program can throw: those of handlers of events,
/// errors, streams, file descriptors and timers, of executors that refuse to run them, and of event loops.
///
/// It runs on the thread that threw. libvirt waits for its return if the exception comes from a handler with
/// direct delivery or from an error handler.
@FunctionalInterface
public interface UncaughtHandler {
    /// Receives an uncaught exception.
    ///
    /// @param callback the source of the exception: the name of the registration with its event kinds, or of
    ///     libvirt's callback type
    /// @param thrown the object that was thrown
    void uncaught(String callback, Throwable thrown);
}
