package io.github.libvirt4j.error;

import io.github.libvirt4j.types.ErrorDomain;
import io.github.libvirt4j.types.ErrorLevel;
import io.github.libvirt4j.types.ErrorNumber;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/// An error as libvirt describes it: a copy of C's `virError`. Immutable, safe for use by any thread.
///
/// @param rawCode the error code, a `virErrorNumber`
/// @param rawDomain the part of libvirt that raised the error, a `virErrorDomain`
/// @param rawLevel the severity, a `virErrorLevel`
/// @param message libvirt's message; null if it has none
/// @param str1 further text; its meaning depends on the code
/// @param str2 further text
/// @param str3 further text
/// @param int1 a further number
/// @param int2 a further number
public record LibvirtError(
        int rawCode,
        int rawDomain,
        int rawLevel,
        @Nullable String message,
        @Nullable String str1,
        @Nullable String str2,
        @Nullable String str3,
        int int1,
        int int2)
        implements Serializable {
    /// An error that the library itself raises: in no part of libvirt, at the level of an error.
    public static LibvirtError of(ErrorNumber code, String message) {
        return new LibvirtError(
                code.value(), ErrorDomain.NONE.value(), ErrorLevel.ERROR.value(), message, null, null, null, 0, 0);
    }

    /// The error code.
    public ErrorNumber code() {
        return ErrorNumber.of(rawCode);
    }

    /// The part of libvirt that raised the error.
    public ErrorDomain domain() {
        return ErrorDomain.of(rawDomain);
    }

    /// The severity of the error.
    public ErrorLevel level() {
        return ErrorLevel.of(rawLevel);
    }
}
