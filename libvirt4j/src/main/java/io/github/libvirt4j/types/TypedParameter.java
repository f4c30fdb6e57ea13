package io.github.libvirt4j.types;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A named value whose type C tells at run time. C: `virTypedParameter`. Immutable, for use by any thread.
///
/// @param name its name
/// @param rawType its type, a `virTypedParameterType`
/// @param value an [Integer] for INT, a [Long] for UINT, LLONG and ULLONG (this one unsigned), a [Double],
///     a [Boolean], a [String]; for a type newer than this jar a [Long] of the 8 bytes as they are; null
///     only for a string that C left out
public record TypedParameter(
        String name, int rawType, @Nullable Object value) {
    /// The name may not be null.
    public TypedParameter {
        Objects.requireNonNull(name, "name");
    }

    /// Its type.
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
