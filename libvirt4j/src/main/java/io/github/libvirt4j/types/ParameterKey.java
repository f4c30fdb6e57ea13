package io.github.libvirt4j.types;

import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// The name of a typed parameter, with the type libvirt sends and expects. Immutable, safe for use by any
/// thread.
///
/// ```java
/// static final ParameterKey<Long> CPU_SHARES = ParameterKey.ofUnsignedLong(Constants.DOMAIN_SCHEDULER_CPU_SHARES);
///
/// long shares = parameters.require(CPU_SHARES);
/// TypedParameters change = TypedParameters.builder().set(CPU_SHARES, 2048L).build();
/// ```
///
/// C has four types of integers. An `unsigned int` is a [Long] in Java, from 0 to 4294967295. An
/// `unsigned long long` is a [Long] as well, with its bits: values from 2^63 on are negative, and
/// [Long#toUnsignedString(long)] and its like read them. A key says which of the four is *written*. *Read* is
/// any of them whose value fits, as drivers differ in the type they give the same parameter.
///
/// @param <T> what the value is in Java
public final class ParameterKey<T> {
    static final long MOST_UINT = 0xFFFF_FFFFL;

    private final String name;
    private final TypedParameterType type;
    private final Class<T> valueType;

    private ParameterKey(String name, TypedParameterType type, Class<T> valueType) {
        this.name = Objects.requireNonNull(name, "name");
        this.type = type;
        this.valueType = valueType;
    }

    /// A key of a C `int`.
    public static ParameterKey<Integer> ofInt(String name) {
        return new ParameterKey<>(name, TypedParameterType.INT, Integer.class);
    }

    /// A key of a C `unsigned int`, from 0 to 4294967295.
    public static ParameterKey<Long> ofUnsignedInt(String name) {
        return new ParameterKey<>(name, TypedParameterType.UINT, Long.class);
    }

    /// A key of a C `long long`.
    public static ParameterKey<Long> ofLong(String name) {
        return new ParameterKey<>(name, TypedParameterType.LLONG, Long.class);
    }

    /// A key of a C `unsigned long long`, whose bits the Java `long` has.
    public static ParameterKey<Long> ofUnsignedLong(String name) {
        return new ParameterKey<>(name, TypedParameterType.ULLONG, Long.class);
    }

    /// A key of a C `double`.
    public static ParameterKey<Double> ofDouble(String name) {
        return new ParameterKey<>(name, TypedParameterType.DOUBLE, Double.class);
    }

    /// A key of a truth value.
    public static ParameterKey<Boolean> ofBoolean(String name) {
        return new ParameterKey<>(name, TypedParameterType.BOOLEAN, Boolean.class);
    }

    /// A key of a string.
    public static ParameterKey<String> ofString(String name) {
        return new ParameterKey<>(name, TypedParameterType.STRING, String.class);
    }

    /// A family of keys whose names have a number between a prefix and a suffix.
    ///
    /// ```java
    /// static final IntFunction<ParameterKey<Long>> READ_BYTES =
    ///         ParameterKey.indexed("block.", ".rd.bytes", ParameterKey::ofUnsignedLong);
    ///
    /// stats.get(READ_BYTES.apply(0)) // block.0.rd.bytes
    /// ```
    ///
    /// @param kind makes a key of a name: `ParameterKey::ofUnsignedLong`, …
    public static <T> IntFunction<ParameterKey<T>> indexed(
            String prefix, String suffix, Function<String, ParameterKey<T>> kind) {
        Objects.requireNonNull(prefix, "prefix");
        Objects.requireNonNull(suffix, "suffix");
        Objects.requireNonNull(kind, "kind");
        return index -> kind.apply(prefix + index + suffix);
    }

    /// The parameter's name.
    public String name() {
        return name;
    }

    /// The type in which the value is written.
    public TypedParameterType type() {
        return type;
    }

    /// The type of the value in Java.
    public Class<T> valueType() {
        return valueType;
    }

    /// A parameter of this key.
    TypedParameter with(T value) {
        return new TypedParameter(name, type.value(), Objects.requireNonNull(value, name));
    }

    /// The value of a parameter, as this key has it; empty for a string that C left out.
    ///
    /// @throws ClassCastException if the parameter is of another type, or its number does not fit
    Optional<T> in(TypedParameter parameter) {
        Object value = parameter.value();
        if (value == null && type == TypedParameterType.STRING) {
            return Optional.empty();
        }
        Object converted = switch (type) {
            case INT, UINT, LLONG, ULLONG -> integer(parameter);
            default -> parameter.type() == type ? value : null;
        };
        if (converted == null) {
            throw new ClassCastException(
                    "Parameter '" + name + "' is " + parameter + " of type " + nameOf(parameter) + ", not a " + type);
        }
        return Optional.of(valueType.cast(converted));
    }

    /// Null if it is none, or does not fit.
    private @Nullable Object integer(TypedParameter parameter) {
        boolean unsigned = parameter.type() == TypedParameterType.ULLONG;
        long number;
        switch (parameter.type()) {
            case INT -> number = (Integer) Objects.requireNonNull(parameter.value());
            case UINT, LLONG, ULLONG -> number = (Long) Objects.requireNonNull(parameter.value());
            default -> {
                return null;
            }
        }
        return switch (type) {
            case INT -> number == (int) number && (number >= 0 || !unsigned) ? (Object) (int) number : null;
            case UINT -> number >= 0 && number <= MOST_UINT ? (Object) number : null;
            case LLONG -> number >= 0 || !unsigned ? (Object) number : null;
            default -> number >= 0 || unsigned ? (Object) number : null;
        };
    }

    private static String nameOf(TypedParameter parameter) {
        return parameter.type() == TypedParameterType.UNRECOGNIZED
                ? String.valueOf(parameter.rawType())
                : parameter.type().name();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ParameterKey<?> key && name.equals(key.name) && type == key.type;
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, type);
    }

    @Override
    public String toString() {
        return name + " (" + type + ")";
    }
}
