package io.github.libvirt4j;

/// Hears of what handlers throw. Called on the thread the handler ran on, with libvirt waiting for its
/// return.
@FunctionalInterface
public interface UncaughtHandler {
    /// Something was thrown and nobody's call is waiting for it.
    ///
    /// @param callback where: the name of the event kinds, or of libvirt's callback type
    /// @param thrown what, the same object
    void uncaught(String callback, Throwable thrown);
}
