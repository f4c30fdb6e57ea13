package io.github.libvirt4j.error;

import io.github.libvirt4j.types.ErrorDomain;
import io.github.libvirt4j.types.ErrorLevel;
import io.github.libvirt4j.types.ErrorNumber;
import org.jspecify.annotations.Nullable;

/// A C function that the loaded libvirt does not have, or whose library is not there at all. The message
/// says which version or library it needs.
public final class FunctionMissingException extends UnsupportedException {
    private static final long serialVersionUID = 1;

    /// An exception for a function that could not be called.
    ///
    /// @param function the C function
    /// @param message what is missing and what to do
    /// @param cause what the loader said
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
