package io.github.libvirt4j.error;

/// Hears of the errors libvirt raises. Called on the failing thread, on several at once if several calls
/// fail.
@FunctionalInterface
public interface ErrorHandler {
    /// One error. What this throws is reported to
    /// [Libvirt#setUncaughtHandler][io.github.libvirt4j.Libvirt#setUncaughtHandler] and goes no further.
    void on(LibvirtError error) throws Exception;
}
