package io.github.libvirt4j.types;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A named value whose type C determines at run time. C: `virTypedParameter`. Immutable, safe for use by any
/// thread.
///
/// @param name the name
/// @param rawType the type, a `virTypedParameterType`
/// @param value the value: an [Integer] for INT, a [Long] for UINT, LLONG and ULLONG (ULLONG unsigned), a
///     [Double], a [Boolean], or a [String]; for a type newer than this jar a [Long] with the 8 bytes
///     unchanged; null only for a string that C left out
public record TypedParameter(
        String name, int rawType, @Nullable Object value) {
    /// Rejects a null name.
    public TypedParameter {
        Objects.requireNonNull(name, "name");
    }

    /// The type of the value.
    public TypedParameterType type() {
        return TypedParameterType.of(rawType);
    }

    @Override
    public String toString() {
        return name + "="
                + (type() == TypedParameterType.ULLONG && value instanceof Long number
                        ? Long.toUnsignedString(number)
                        : String.valueOf(value));
    }
}
