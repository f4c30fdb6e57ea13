package io.github.libvirt4j.types;

import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A list of named values whose types C determines at run time, in C's order. C: an array of
/// `virTypedParameter`. Immutable, safe for use by any thread.
///
/// A name can occur more than once; the methods that take a name return the first value of this name, and
/// empty if there is none.
///
/// @param list all values
public record TypedParameters(List<TypedParameter> list) implements Iterable<TypedParameter> {
    /// Copies the list.
    public TypedParameters {
        list = List.copyOf(list);
    }

    /// Returns the first parameter of a name.
    public Optional<TypedParameter> get(String name) {
        return list.stream().filter(parameter -> parameter.name().equals(name)).findFirst();
    }

    /// Returns the first value of a name, of any integer type. An unsigned 64-bit value is returned as its
    /// bits.
    ///
    /// @throws ClassCastException if the value is not an integer
    public OptionalLong getLong(String name) {
        Object value = value(name);
        if (value == null) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(value instanceof Integer number ? number : (Long) value);
    }

    /// Returns the first value of a name, of type double.
    ///
    /// @throws ClassCastException if the value is not a double
    public OptionalDouble getDouble(String name) {
        Object value = value(name);
        return value == null ? OptionalDouble.empty() : OptionalDouble.of((Double) value);
    }

    /// Returns the first value of a name, of type boolean.
    ///
    /// @throws ClassCastException if the value is not a boolean
    public Optional<Boolean> getBoolean(String name) {
        return Optional.ofNullable((Boolean) value(name));
    }

    /// Returns the first value of a name, of type string.
    ///
    /// @throws ClassCastException if the value is not a string
    public Optional<String> getString(String name) {
        return Optional.ofNullable((String) value(name));
    }

    private @Nullable Object value(String name) {
        return get(name).map(TypedParameter::value).orElse(null);
    }

    @Override
    public Iterator<TypedParameter> iterator() {
        return list.iterator();
    }

    @Override
    public String toString() {
        return list.stream().map(TypedParameter::toString).collect(Collectors.joining(", ", "{", "}"));
    }
}
