package io.github.libvirt4j.error;

import io.github.libvirt4j.types.ErrorDomain;
import io.github.libvirt4j.types.ErrorLevel;
import io.github.libvirt4j.types.ErrorNumber;
import org.jspecify.annotations.Nullable;

/// Thrown when the loaded libvirt lacks a C function, or the library of the function is not installed. The
/// message names the version or library that is needed.
public final class FunctionMissingException extends UnsupportedException {
    private static final long serialVersionUID = 1;

    /// An exception for a function that could not be called.
    ///
    /// @param function the C function
    /// @param message the missing part, and what to do
    /// @param cause the exception of the loader
    public FunctionMissingException(String function, String message, @Nullable Throwable cause) {
        super(
                function,
                new LibvirtError(
                        ErrorNumber.NO_SUPPORT.value(),
                        ErrorDomain.NONE.value(),
                        ErrorLevel.ERROR.value(),
                        message,
                        function,
                        null,
                        null,
                        0,
                        0),
                message,
                cause);
    }
}
