package io.github.libvirt4j.error;

import org.jspecify.annotations.Nullable;

/// Thrown when the driver, the daemon or the loaded libvirt does not support an operation.
public class UnsupportedException extends LibvirtException {
    private static final long serialVersionUID = 1;

    /// An exception for the error of a C function.
    ///
    /// @param function the C function that failed
    /// @param error libvirt's description
    public UnsupportedException(String function, LibvirtError error) {
        super(function, error);
    }

    /// An exception with a message and a cause of its own.
    ///
    /// @param function the C function that failed
    /// @param error libvirt's description
    /// @param message the message of the exception
    /// @param cause the cause; null if there is none
    public UnsupportedException(String function, LibvirtError error, String message, @Nullable Throwable cause) {
        super(function, error, message, cause);
    }
}
