package io.github.libvirt4j.support;

import java.util.BitSet;

/// Bit sets for tests.
public final class Bits {
    private Bits() {}

    /// The set with these bits.
    public static BitSet bits(int... bits) {
        BitSet set = new BitSet();
        for (int bit : bits) {
            set.set(bit);
        }
        return set;
    }
}
