package io.github.libvirt4j.types;

import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Named values of types that C tells at run time, in C's order. C: an array of `virTypedParameter`.
/// Immutable, for use by any thread.
///
/// A name can occur more than once; the methods that take a name give the first.
///
/// @param list all of them
public record TypedParameters(List<TypedParameter> list) implements Iterable<TypedParameter> {
    /// The list is copied.
    public TypedParameters {
        list = List.copyOf(list);
    }

    /// The first of that name.
    public Optional<TypedParameter> get(String name) {
        return list.stream().filter(parameter -> parameter.name().equals(name)).findFirst();
    }

    /// The number of that name, of any integer type; an unsigned 64-bit one as its bits.
    ///
    /// @throws ClassCastException if it is not an integer
    public OptionalLong getLong(String name) {
        Object value = value(name);
        if (value == null) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(value instanceof Integer number ? number : (Long) value);
    }

    /// The number of that name.
    ///
    /// @throws ClassCastException if it is not a double
    public OptionalDouble getDouble(String name) {
        Object value = value(name);
        return value == null ? OptionalDouble.empty() : OptionalDouble.of((Double) value);
    }

    /// The truth value of that name.
    ///
    /// @throws ClassCastException if it is not a boolean
    public Optional<Boolean> getBoolean(String name) {
        return Optional.ofNullable((Boolean) value(name));
    }

    /// The string of that name.
    ///
    /// @throws ClassCastException if it is not a string
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
