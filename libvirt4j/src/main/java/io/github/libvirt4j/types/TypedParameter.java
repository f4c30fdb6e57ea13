package io.github.libvirt4j.types;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A named value whose type C tells at run time. C: `virTypedParameter`. Immutable, safe for use by any
/// thread.
///
/// [TypedParameters] reads and makes these by [ParameterKey]; this class is for parameters whose names are
/// not known beforehand.
///
/// @param name the name, in C 79 bytes at most
/// @param rawType the type, a `virTypedParameterType`
/// @param value an [Integer] for INT, a [Long] for UINT, LLONG and ULLONG (this one unsigned), a [Double],
///     a [Boolean], a [String]; for a type newer than this jar a [Long] of the 8 bytes as they are; null
///     only for a string that C left out
public record TypedParameter(
        String name, int rawType, @Nullable Object value) {
    /// Checks that the value is of the type.
    ///
    /// @throws IllegalArgumentException if it is of another class than the type has, with the parameter's
    ///     name
    public TypedParameter {
        Objects.requireNonNull(name, "name");
        TypedParameterType type = TypedParameterType.of(rawType);
        boolean fits = switch (type) {
            case INT -> value instanceof Integer;
            case UINT -> value instanceof Long number && number >= 0 && number <= ParameterKey.MOST_UINT;
            case LLONG, ULLONG, UNRECOGNIZED -> value instanceof Long;
            case DOUBLE -> value instanceof Double;
            case BOOLEAN -> value instanceof Boolean;
            case STRING -> value == null || value instanceof String;
        };
        if (!fits) {
            throw new IllegalArgumentException("Parameter '" + name + "': " + value + " is not of type "
                    + (type == TypedParameterType.UNRECOGNIZED ? rawType : type));
        }
    }

    /// The type; `UNRECOGNIZED` for one that is newer than this jar.
    public TypedParameterType type() {
        return TypedParameterType.of(rawType);
    }

    /// The value as text: an unsigned number as such, and a type newer than this jar by its number.
    @Override
    public String toString() {
        return name + "="
                + switch (type()) {
                    case ULLONG -> Long.toUnsignedString((Long) Objects.requireNonNull(value));
                    case UNRECOGNIZED -> value + " (type " + rawType + ")";
                    default -> String.valueOf(value);
                };
    }
}
