package io.github.libvirt4j.types;

/// A bit of one of libvirt's `flags` arguments.
///
/// All flag enums share this interface, so that a function which takes two kinds takes them together; to such
/// a one a bit newer than this jar can be passed as well: `Flag.of(1 << 20)`. Immutable, for use by any
/// thread.
@FunctionalInterface
public interface Flag {
    /// The bits C uses, as an unsigned int.
    int bits();

    /// A flag this jar has no name for.
    static Flag of(int bits) {
        return () -> bits;
    }

    /// All bits of `flags` together.
    static int combine(Flag... flags) {
        int bits = 0;
        for (Flag flag : flags) {
            bits |= flag.bits();
        }
        return bits;
    }
}
