package io.github.libvirt4j.error;

import org.jspecify.annotations.Nullable;

/// The driver, the daemon or the loaded libvirt cannot do this.
public class UnsupportedException extends LibvirtException {
    private static final long serialVersionUID = 1;

    /// An exception for the error of a C function.
    ///
    /// @param function the C function that failed
    /// @param error libvirt's description
    public UnsupportedException(String function, LibvirtError error) {
        super(function, error);
    }

    /// One that says more.
    public UnsupportedException(String function, LibvirtError error, String message, @Nullable Throwable cause) {
        super(function, error, message, cause);
    }
}
