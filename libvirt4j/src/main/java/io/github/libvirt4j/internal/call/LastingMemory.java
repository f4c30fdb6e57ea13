package io.github.libvirt4j.internal.call;

import io.github.libvirt4j.internal.c.CMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Memory for calls that can outlast their caller, as those of [TimedCalls] can. The caller and each call it
/// makes while the memory is open own it together, and the last of them frees it: never under C, and without
/// the garbage collector.
///
/// The thread that opens it allocates from it and closes it; those that are open on a thread are closed in
/// the reverse order.
public final class LastingMemory implements Arena {
    private static final LongAdder HELD = new LongAdder();

    /// The one this thread has opened last, and not closed.
    private static final ThreadLocal<@Nullable LastingMemory> OPEN = new ThreadLocal<>();

    /// The alignment of `malloc` in each C library.
    private static final long ALIGNMENT = 16;

    private final @Nullable LastingMemory outer = OPEN.get();
    private final AtomicInteger owners = new AtomicInteger(1);
    private final ArrayList<MemorySegment> pieces = new ArrayList<>(2);

    private LastingMemory() {}

    /// Some, which the caller closes, and of which it uses nothing afterwards.
    public static LastingMemory open() {
        var opened = new LastingMemory();
        OPEN.set(opened);
        return opened;
    }

    /// How many bytes of the process are not freed.
    public static long held() {
        return HELD.sum();
    }

    /// Makes a call that this thread begins an owner of all memory the thread has open.
    ///
    /// @return the argument of [#letGo] when the call is done
    public static @Nullable LastingMemory hold() {
        LastingMemory last = OPEN.get();
        for (LastingMemory each = last; each != null; each = each.outer) {
            each.owners.incrementAndGet();
        }
        return last;
    }

    /// Ends the ownership of a call; on any thread.
    public static void letGo(@Nullable LastingMemory held) {
        for (LastingMemory each = held; each != null; each = each.outer) {
            each.leave();
        }
    }

    @Override
    public MemorySegment allocate(long size, long alignment) {
        if (alignment > ALIGNMENT) {
            throw new IllegalArgumentException("An alignment of " + alignment + "; it can be up to " + ALIGNMENT);
        }
        return room(size).fill((byte) 0);
    }

    /// Memory like that of [#allocate], with undefined contents.
    public MemorySegment room(long size) {
        // Adding the allocated piece must not fail: room in the list is made first.
        pieces.ensureCapacity(pieces.size() + 1);
        MemorySegment piece = CMemory.allocate(size);
        pieces.add(piece);
        HELD.add(size);
        return piece;
    }

    /// None: the memory does not end with a scope.
    @Override
    public MemorySegment.Scope scope() {
        throw new UnsupportedOperationException("Memory of calls has no scope; its last owner frees it");
    }

    @Override
    public void close() {
        if (outer == null) {
            OPEN.remove();
        } else {
            OPEN.set(outer);
        }
        leave();
    }

    private void leave() {
        if (owners.decrementAndGet() == 0) {
            for (MemorySegment piece : pieces) {
                HELD.add(-piece.byteSize());
                CMemory.free(piece);
            }
        }
    }
}
