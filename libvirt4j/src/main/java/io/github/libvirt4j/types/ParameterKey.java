package io.github.libvirt4j.types;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The name of a typed parameter, with the type libvirt sends and expects. Immutable, safe for use by any
/// thread.
///
/// libvirt's own are the constants and methods of the classes `…Keys` in this package:
///
/// ```java
/// long shares = parameters.require(DomainSchedulerKeys.CPU_SHARES);
/// long read = parameters.require(DomainStatsKeys.blockRdBytes(0)); // block.0.rd.bytes
/// TypedParameters change = TypedParameters.builder()
///         .set(DomainSchedulerKeys.CPU_SHARES, 2048L)
///         .build();
/// ```
///
/// The methods `of…` make keys of names that this jar does not know.
///
/// C has four types of integers. An `unsigned int` is a [Long] in Java, from 0 to 4294967295. An
/// `unsigned long long` is a [Long] as well, with its bits: values from 2^63 on are negative, and
/// [Long#toUnsignedString(long)] and its like read them. A key says which of the four is *written*. *Read* is
/// any of them whose value fits, as drivers differ in the type they give the same parameter.
///
/// @param <T> the class of the value in Java
public final class ParameterKey<T> {
    private final String name;
    private final ParameterType type;
    private final Class<T> valueType;

    private ParameterKey(String name, ParameterType type, Class<T> valueType) {
        this.name = Objects.requireNonNull(name, "name");
        this.type = type;
        this.valueType = valueType;
    }

    /// A key of a C `int`.
    public static ParameterKey<Integer> ofInt(String name) {
        return new ParameterKey<>(name, ParameterType.INT, Integer.class);
    }

    /// A key of a C `unsigned int`, from 0 to 4294967295.
    public static ParameterKey<Long> ofUnsignedInt(String name) {
        return new ParameterKey<>(name, ParameterType.UNSIGNED_INT, Long.class);
    }

    /// A key of a C `long long`.
    public static ParameterKey<Long> ofLong(String name) {
        return new ParameterKey<>(name, ParameterType.LONG, Long.class);
    }

    /// A key of a C `unsigned long long`, whose bits the Java `long` has.
    public static ParameterKey<Long> ofUnsignedLong(String name) {
        return new ParameterKey<>(name, ParameterType.UNSIGNED_LONG, Long.class);
    }

    /// A key of a C `double`.
    public static ParameterKey<Double> ofDouble(String name) {
        return new ParameterKey<>(name, ParameterType.DOUBLE, Double.class);
    }

    /// A key of a truth value.
    public static ParameterKey<Boolean> ofBoolean(String name) {
        return new ParameterKey<>(name, ParameterType.BOOLEAN, Boolean.class);
    }

    /// A key of a string.
    public static ParameterKey<String> ofString(String name) {
        return new ParameterKey<>(name, ParameterType.STRING, String.class);
    }

    /// The parameter's name.
    public String name() {
        return name;
    }

    /// The class of the value in Java.
    public Class<T> valueType() {
        return valueType;
    }

    /// A parameter of this key.
    ///
    /// @throws IllegalArgumentException if the value is out of the range of an `unsigned int`; the message
    ///     names the key
    TypedParameter with(T value) {
        return switch (type) {
            case INT -> new TypedParameter.OfInt(name, (Integer) value);
            case UNSIGNED_INT -> new TypedParameter.OfUnsignedInt(name, (Long) value);
            case LONG -> new TypedParameter.OfLong(name, (Long) value);
            case UNSIGNED_LONG -> new TypedParameter.OfUnsignedLong(name, (Long) value);
            case DOUBLE -> new TypedParameter.OfDouble(name, (Double) value);
            case BOOLEAN -> new TypedParameter.OfBoolean(name, (Boolean) value);
            // No factory makes a key of an unrecognized type.
            case STRING, UNRECOGNIZED ->
                new TypedParameter.OfString(name, (String) Objects.requireNonNull(value, name));
        };
    }

    /// The value of a parameter, as this key has it; empty for a string that C left out.
    ///
    /// @throws ClassCastException if the parameter is of another type, or its number does not fit; the
    ///     message names the parameter
    Optional<T> in(TypedParameter parameter) {
        ParameterType its = ParameterType.of(parameter);
        Object value = parameter.value();
        if (value == null && its == type) {
            return Optional.empty();
        }
        Object converted =
                switch (type) {
                    case INT, UNSIGNED_INT, LONG, UNSIGNED_LONG -> integer(its, value);
                    default -> its == type ? value : null;
                };
        if (converted == null) {
            throw new ClassCastException("Parameter '" + name + "' is " + its + ", not " + type + ": " + parameter);
        }
        return Optional.of(valueType.cast(converted));
    }

    /// Null if it is none, or does not fit.
    private @Nullable Object integer(ParameterType its, @Nullable Object value) {
        boolean unsigned = its == ParameterType.UNSIGNED_LONG;
        long number;
        switch (its) {
            case INT, UNSIGNED_INT, LONG, UNSIGNED_LONG -> number = ((Number) Objects.requireNonNull(value)).longValue();
            default -> {
                return null;
            }
        }
        return switch (type) {
            case INT -> number == (int) number && (number >= 0 || !unsigned) ? (Object) (int) number : null;
            case UNSIGNED_INT -> number >= 0 && number <= TypedParameter.OfUnsignedInt.MOST ? (Object) number : null;
            case LONG -> number >= 0 || !unsigned ? (Object) number : null;
            default -> number >= 0 || unsigned ? (Object) number : null;
        };
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
        return name + ", " + type;
    }
}
