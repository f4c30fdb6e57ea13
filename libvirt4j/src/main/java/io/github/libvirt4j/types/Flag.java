package io.github.libvirt4j.types;

import java.util.Collection;

/// A bit of one of libvirt's `flags` arguments. Immutable, safe for use by any thread.
///
/// All enums of flags implement this interface, so that a function that accepts two of them takes both in one
/// argument. Such a function also accepts a bit newer than this jar: `Flag.of(1 << 20)`.
@FunctionalInterface
public interface Flag {
    /// C's bits of the flag, as an unsigned int.
    int bits();

    /// Returns a flag for bits that have no constant in this jar.
    static Flag of(int bits) {
        return () -> bits;
    }

    /// Returns the bitwise or of all `flags`.
    static int combine(Flag... flags) {
        int bits = 0;
        for (Flag flag : flags) {
            bits |= flag.bits();
        }
        return bits;
    }

    /// Returns the bitwise or of all `flags`.
    static int combine(Collection<? extends Flag> flags) {
        return combine(flags.toArray(Flag[]::new));
    }
}
