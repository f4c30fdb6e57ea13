package io.github.libvirt4j.internal.call;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// Memory for the length of a call, which C has on its stack: a block that one call after the other uses. To
/// ask the system for some and to give it back takes longer than most calls inside the process do beside C.
///
/// An allocation that does not fit into the block is made separately, and so are all allocations of a nested
/// call, or of a call on another thread that shares the block.
@SuppressWarnings("MustBeClosedChecker") // The caller that takes it closes it.
public final class CallMemory implements Arena {
    private static final int BLOCKS = 64;
    private static final int SIZE = 512;

    /// References to them are this far from each other, each in a cache line of its own.
    private static final int STRIDE = 16;

    /// In its place: null, if it was never used; the block; or this, while it is in use.
    private static final Object TAKEN = new Object();

    private static final AtomicReferenceArray<@Nullable Object> ALL = new AtomicReferenceArray<>(BLOCKS * STRIDE);

    private final int place;
    private final MemorySegment block = Arena.global().allocate(SIZE, Long.BYTES);
    private long used;
    private @Nullable Arena more;

    private CallMemory(int place) {
        this.place = place;
    }

    /// Some, which the caller closes, and of which nothing is used afterwards.
    public static Arena take() {
        int place = (int) (Thread.currentThread().threadId() % BLOCKS) * STRIDE;
        Object there = ALL.getAndSet(place, TAKEN);
        if (there == TAKEN) {
            return Arena.ofConfined();
        }
        return there == null ? new CallMemory(place) : (CallMemory) there;
    }

    @Override
    public MemorySegment allocate(long size, long alignment) {
        long start = (used + alignment - 1) & -alignment;
        if (alignment > Long.BYTES || size > SIZE - start) {
            return more().allocate(size, alignment);
        }
        used = start + size;
        return block.asSlice(start, size).fill((byte) 0);
    }

    /// Of what has no room in the block, and of what is to be freed with this.
    @Override
    public MemorySegment.Scope scope() {
        return more().scope();
    }

    private Arena more() {
        if (more == null) {
            more = Arena.ofConfined();
        }
        return more;
    }

    @Override
    public void close() {
        Arena others = more;
        more = null;
        used = 0;
        try {
            if (others != null) {
                others.close();
            }
        } finally {
            ALL.setRelease(place, this);
        }
    }
}
