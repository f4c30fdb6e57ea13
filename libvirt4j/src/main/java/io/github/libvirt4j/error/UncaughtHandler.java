package io.github.libvirt4j.error;

/// Hears of what is thrown where no call of the program's waits for it: by handlers of events, errors,
/// streams, file descriptors and timers, by executors that refuse to run them, and by event loops. Called on
/// the thread it was thrown on. With direct delivery, and of an error handler, libvirt waits for its return.
@FunctionalInterface
public interface UncaughtHandler {
    /// Something was thrown and nobody's call is waiting for it.
    ///
    /// @param callback where: the name of the event kinds, or of libvirt's callback type
    /// @param thrown what, the same object
    void uncaught(String callback, Throwable thrown);
}
