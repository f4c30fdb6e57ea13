package io.github.libvirt4j.types;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A named value; the record says which type libvirt sends it in, or expects it in. Immutable, safe for use
/// by any thread.
///
/// [TypedParameters] reads and makes parameters by [ParameterKey]; this type is for parameters whose names
/// are not known beforehand:
///
/// ```java
/// for (TypedParameter parameter : parameters) {
///     switch (parameter) {
///         case TypedParameter.OfString(String name, String value) -> …
///         case TypedParameter.OfUnsignedLong(String name, Long value) -> … Long.toUnsignedString(value)
///         …
///     }
/// }
/// ```
public sealed interface TypedParameter {
    /// The name, in C 79 bytes at most.
    String name();

    /// The value; null only for a string that C left out.
    @Nullable
    Object value();

    /// This value under another name.
    TypedParameter withName(String name);

    /// A C `int`.
    ///
    /// @param name the name
    /// @param value the value
    record OfInt(String name, Integer value) implements TypedParameter {
        /// Checks for null.
        public OfInt {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(value, name);
        }

        @Override
        public OfInt withName(String name) {
            return new OfInt(name, value);
        }

        @Override
        public String toString() {
            return name + "=" + value;
        }
    }

    /// A C `unsigned int`.
    ///
    /// @param name the name
    /// @param value from 0 to 4294967295
    record OfUnsignedInt(String name, Long value) implements TypedParameter {
        static final long MOST = 0xFFFF_FFFFL;

        /// Checks the range.
        ///
        /// @throws IllegalArgumentException if the value is out of it; the message names the parameter
        public OfUnsignedInt {
            Objects.requireNonNull(name, "name");
            if (Objects.requireNonNull(value, name) < 0 || value > MOST) {
                throw new IllegalArgumentException(
                        "Parameter '" + name + "': " + value + " is not an unsigned int, which is from 0 to " + MOST);
            }
        }

        @Override
        public OfUnsignedInt withName(String name) {
            return new OfUnsignedInt(name, value);
        }

        @Override
        public String toString() {
            return name + "=" + value;
        }
    }

    /// A C `long long`.
    ///
    /// @param name the name
    /// @param value the value
    record OfLong(String name, Long value) implements TypedParameter {
        /// Checks for null.
        public OfLong {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(value, name);
        }

        @Override
        public OfLong withName(String name) {
            return new OfLong(name, value);
        }

        @Override
        public String toString() {
            return name + "=" + value;
        }
    }

    /// A C `unsigned long long`.
    ///
    /// @param name the name
    /// @param value its bits: what is negative in Java is 2^63 or more in C
    record OfUnsignedLong(String name, Long value) implements TypedParameter {
        /// Checks for null.
        public OfUnsignedLong {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(value, name);
        }

        @Override
        public OfUnsignedLong withName(String name) {
            return new OfUnsignedLong(name, value);
        }

        @Override
        public String toString() {
            return name + "=" + Long.toUnsignedString(value);
        }
    }

    /// A C `double`.
    ///
    /// @param name the name
    /// @param value the value
    record OfDouble(String name, Double value) implements TypedParameter {
        /// Checks for null.
        public OfDouble {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(value, name);
        }

        @Override
        public OfDouble withName(String name) {
            return new OfDouble(name, value);
        }

        @Override
        public String toString() {
            return name + "=" + value;
        }
    }

    /// A truth value.
    ///
    /// @param name the name
    /// @param value the value
    record OfBoolean(String name, Boolean value) implements TypedParameter {
        /// Checks for null.
        public OfBoolean {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(value, name);
        }

        @Override
        public OfBoolean withName(String name) {
            return new OfBoolean(name, value);
        }

        @Override
        public String toString() {
            return name + "=" + value;
        }
    }

    /// A string.
    ///
    /// @param name the name
    /// @param value null if C left it out
    record OfString(String name, @Nullable String value) implements TypedParameter {
        /// Checks that there is a name.
        public OfString {
            Objects.requireNonNull(name, "name");
        }

        @Override
        public OfString withName(String name) {
            return new OfString(name, value);
        }

        @Override
        public String toString() {
            return name + "=" + value;
        }
    }

    /// A value of a type newer than this jar. It can be shown, and not sent.
    ///
    /// @param name the name
    /// @param rawType C's number of the type
    /// @param value the 8 bytes as they are
    record Unrecognized(String name, int rawType, Long value) implements TypedParameter {
        /// Checks for null.
        public Unrecognized {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(value, name);
        }

        @Override
        public Unrecognized withName(String name) {
            return new Unrecognized(name, rawType, value);
        }

        @Override
        public String toString() {
            return name + "=" + value + " (type " + rawType + ")";
        }
    }
}
