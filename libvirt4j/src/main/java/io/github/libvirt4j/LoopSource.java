package io.github.libvirt4j;

import java.lang.foreign.MemorySegment;

/// What libvirt wants to be called for by an event loop: its function, its data, and how that is freed.
abstract sealed class LoopSource permits EventHandle, EventTimeout {
    private final int number;
    private final MemorySegment callback;
    private final MemorySegment opaque;
    private final MemorySegment free;
    private volatile boolean removed;

    LoopSource(int number, MemorySegment callback, MemorySegment opaque, MemorySegment free) {
        this.number = number;
        this.callback = callback;
        this.opaque = opaque;
        this.free = free;
    }

    final int number() {
        return number;
    }

    final MemorySegment callback() {
        return callback;
    }

    final MemorySegment opaque() {
        return opaque;
    }

    final MemorySegment free() {
        return free;
    }

    final void remove() {
        removed = true;
    }

    /// Calls libvirt's function.
    abstract void call(int events);

    static void dispatch(LoopSource source, int events) {
        if (!source.removed) {
            ImplementedLoop.dispatch(source, events);
        }
    }

    final boolean isRemoved() {
        return removed;
    }
}
