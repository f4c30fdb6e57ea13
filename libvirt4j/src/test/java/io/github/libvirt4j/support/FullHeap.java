package io.github.libvirt4j.support;

/// Fills the heap until nothing more can be had, and gives it back when closed. Belongs to one thread; in a
/// VM of its own, with a small heap.
public final class FullHeap implements AutoCloseable {
    private static final int[] SIZES = {1 << 18, 1 << 10, 8};

    private static final Object[] NOTHING = {};

    // Of nested arrays: what is kept must not need room of its own.
    private Object[] kept = NOTHING;

    /// Fills what is free.
    public void fill() {
        for (int size : SIZES) {
            fillWith(size);
        }
    }

    private void fillWith(int size) {
        try {
            while (true) {
                Object[] one = new Object[1 + size / 8];
                one[0] = kept;
                kept = one;
            }
        } catch (OutOfMemoryError full) {
            // As wanted.
        }
    }

    @Override
    public void close() {
        kept = NOTHING;
    }
}
