package io.github.libvirt4j.types;

/// A constant of one of libvirt's enumerations. Immutable, safe for use by any thread.
///
/// Records have both the number that C passed and a method that returns the enum constant: a number newer
/// than this jar maps to the constant `UNRECOGNIZED`, and the number is preserved.
public interface EnumValue {
    /// C's number of the constant.
    ///
    /// @throws IllegalStateException for `UNRECOGNIZED`, which has no number
    int value();

    /// The name of the constant: C's name without the prefix.
    String name();
}
