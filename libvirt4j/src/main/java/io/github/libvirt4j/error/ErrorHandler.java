package io.github.libvirt4j.error;

/// A lambda that receives the errors that libvirt raises. It runs on the thread of the failing call,
/// concurrently if calls fail on several threads.
@FunctionalInterface
public interface ErrorHandler {
    /// Receives an error.
    ///
    /// @param error libvirt's description
    /// @throws Exception is reported to
    ///     [Libvirt#setUncaughtHandler][io.github.libvirt4j.Libvirt#setUncaughtHandler] and does not reach
    ///     the failing call
    void on(LibvirtError error) throws Exception;
}
