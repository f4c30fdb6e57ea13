package io.github.libvirt4j.types;

/// A value of one of libvirt's enumerations.
///
/// Records keep the number C gave and offer the enum beside it: a value newer than this jar reads as
/// `UNRECOGNIZED` and its number is not lost. Immutable, for use by any thread.
public interface EnumValue {
    /// The number C uses.
    ///
    /// @throws IllegalStateException for `UNRECOGNIZED`, which stands for no single number
    int value();

    /// The constant's name: C's, without the prefix.
    String name();
}
