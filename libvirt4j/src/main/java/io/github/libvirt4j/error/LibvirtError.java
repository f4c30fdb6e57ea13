package io.github.libvirt4j.error;

import io.github.libvirt4j.types.ErrorDomain;
import io.github.libvirt4j.types.ErrorLevel;
import io.github.libvirt4j.types.ErrorNumber;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/// An error as libvirt describes it: a copy of C's `virError`. Immutable, for use by any thread.
///
/// @param rawCode what went wrong, a `virErrorNumber`
/// @param rawDomain the part of libvirt that raised it, a `virErrorDomain`
/// @param rawLevel how bad it is, a `virErrorLevel`
/// @param message libvirt's words
/// @param str1 further text; what it means depends on the code
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
    /// What went wrong.
    public ErrorNumber code() {
        return ErrorNumber.of(rawCode);
    }

    /// The part of libvirt that raised it.
    public ErrorDomain domain() {
        return ErrorDomain.of(rawDomain);
    }

    /// How bad it is.
    public ErrorLevel level() {
        return ErrorLevel.of(rawLevel);
    }
}
