package io.github.libvirt4j.types;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/// Named values of types that C tells at run time, in C's order. C: an array of `virTypedParameter`.
/// Immutable, safe for use by any thread.
///
/// ```java
/// Optional<Long> quota = parameters.get(DomainSchedulerKeys.VCPU_QUOTA);
/// TypedParameters change = TypedParameters.builder()
///         .set(DomainSchedulerKeys.VCPU_QUOTA, 50_000L)
///         .build();
/// ```
///
/// Parameters that this jar does not know are kept, and those of a type it does not know as well: they are in
/// [#list], and [#toString] shows them.
///
/// A name can occur more than once; the methods that take a name give the first, and [#getAll] gives all.
///
/// @param list all of them
public record TypedParameters(List<TypedParameter> list) implements Iterable<TypedParameter> {
    /// The list is copied.
    public TypedParameters {
        list = List.copyOf(list);
    }

    /// Begins a new set of parameters.
    public static Builder builder() {
        return new Builder();
    }

    /// The value of a key; empty if there is no parameter of its name, or C left its string out.
    ///
    /// @throws ClassCastException if the parameter is of another type, or its number does not fit the key's;
    ///     the message names the key
    public <T> Optional<T> get(ParameterKey<T> key) {
        return get(key.name()).flatMap(key::in);
    }

    /// The value of a key that has to be there.
    ///
    /// @throws NoSuchElementException if it is not there; the message names the key, and those that are there
    /// @throws ClassCastException if the parameter is of another type, or its number does not fit the key's
    public <T> T require(ParameterKey<T> key) {
        return get(key).orElseThrow(() -> new NoSuchElementException("No parameter '" + key.name() + "' among "
                + list.stream().map(TypedParameter::name).toList()));
    }

    /// The values of all parameters of a key's name, in their order.
    ///
    /// @throws ClassCastException if one is of another type, or its number does not fit the key's
    public <T> List<T> getAll(ParameterKey<T> key) {
        List<T> all = new ArrayList<>();
        for (TypedParameter parameter : list) {
            if (parameter.name().equals(key.name())) {
                key.in(parameter).ifPresent(all::add);
            }
        }
        return List.copyOf(all);
    }

    /// Those whose names begin with a prefix, without it: `under("block.0.")` has `rd.bytes` of
    /// `block.0.rd.bytes`.
    public TypedParameters under(String prefix) {
        return new TypedParameters(list.stream()
                .filter(parameter -> parameter.name().startsWith(prefix))
                .map(parameter -> parameter.withName(parameter.name().substring(prefix.length())))
                .toList());
    }

    /// The number of parameters.
    public int size() {
        return list.size();
    }

    /// Whether there are none.
    public boolean isEmpty() {
        return list.isEmpty();
    }

    /// The first parameter of a name.
    public Optional<TypedParameter> get(String name) {
        Objects.requireNonNull(name, "name");
        return list.stream().filter(parameter -> parameter.name().equals(name)).findFirst();
    }

    /// The number of a name, of any integer type; an unsigned 64-bit one as its bits.
    ///
    /// @throws ClassCastException if it is not an integer; the message names it
    public OptionalLong getLong(String name) {
        Optional<TypedParameter> found = get(name);
        if (found.isEmpty()) {
            return OptionalLong.empty();
        }
        ParameterKey<Long> key = found.get() instanceof TypedParameter.OfUnsignedLong
                ? ParameterKey.ofUnsignedLong(name)
                : ParameterKey.ofLong(name);
        return OptionalLong.of(key.in(found.get()).orElseThrow());
    }

    /// The floating-point number of a name.
    ///
    /// @throws ClassCastException if it is not a double; the message names it
    public OptionalDouble getDouble(String name) {
        Optional<Double> value = get(ParameterKey.ofDouble(name));
        return value.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(value.get());
    }

    /// The truth value of a name.
    ///
    /// @throws ClassCastException if it is not a boolean; the message names it
    public Optional<Boolean> getBoolean(String name) {
        return get(ParameterKey.ofBoolean(name));
    }

    /// The string of a name.
    ///
    /// @throws ClassCastException if it is not a string; the message names it
    public Optional<String> getString(String name) {
        return get(ParameterKey.ofString(name));
    }

    @Override
    public Iterator<TypedParameter> iterator() {
        return list.iterator();
    }

    @Override
    public String toString() {
        return list.stream().map(TypedParameter::toString).collect(Collectors.joining(", ", "{", "}"));
    }

    /// Parameters that are being put together, for one thread. Each `set…` replaces the first parameter of
    /// that name, at its place.
    public static final class Builder {
        private final List<TypedParameter> parameters = new ArrayList<>();

        private Builder() {}

        /// Sets the value of a key.
        ///
        /// @throws IllegalArgumentException if it is out of the range of an `unsigned int`; the message names
        ///     the key
        public <T> Builder set(ParameterKey<T> key, T value) {
            return set(key.with(value));
        }

        /// Appends a value, for a key that may occur more than once.
        ///
        /// @throws IllegalArgumentException if it is out of the range of an `unsigned int`
        public <T> Builder add(ParameterKey<T> key, T value) {
            parameters.add(key.with(value));
            return this;
        }

        /// Sets a C `int`.
        public Builder setInt(String name, int value) {
            return set(ParameterKey.ofInt(name), value);
        }

        /// Sets a C `unsigned int`.
        ///
        /// @param value from 0 to 4294967295
        /// @throws IllegalArgumentException if it is another; the message has the name
        public Builder setUnsignedInt(String name, long value) {
            return set(ParameterKey.ofUnsignedInt(name), value);
        }

        /// Sets a C `long long`.
        public Builder setLong(String name, long value) {
            return set(ParameterKey.ofLong(name), value);
        }

        /// Sets a C `unsigned long long`.
        ///
        /// @param value its bits: what is negative in Java is 2^63 or more in C
        public Builder setUnsignedLong(String name, long value) {
            return set(ParameterKey.ofUnsignedLong(name), value);
        }

        /// Sets a C `double`.
        public Builder setDouble(String name, double value) {
            return set(ParameterKey.ofDouble(name), value);
        }

        /// Sets a truth value.
        public Builder setBoolean(String name, boolean value) {
            return set(ParameterKey.ofBoolean(name), value);
        }

        /// Sets a string.
        public Builder setString(String name, String value) {
            return set(ParameterKey.ofString(name), value);
        }

        /// Sets a parameter as libvirt gave it.
        public Builder set(TypedParameter parameter) {
            int index = indexOf(parameter.name());
            if (index < 0) {
                parameters.add(parameter);
            } else {
                parameters.set(index, parameter);
            }
            return this;
        }

        private int indexOf(String name) {
            for (int i = 0; i < parameters.size(); i++) {
                if (parameters.get(i).name().equals(name)) {
                    return i;
                }
            }
            return -1;
        }

        /// The parameters set so far; the builder can go on.
        public TypedParameters build() {
            return new TypedParameters(parameters);
        }

        @Override
        public String toString() {
            return build().toString();
        }
    }
}
