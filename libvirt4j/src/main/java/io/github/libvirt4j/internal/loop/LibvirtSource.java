package io.github.libvirt4j.internal.loop;

import io.github.libvirt4j.loop.LoopSource;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// A handle or timeout that libvirt adds to an event loop: its function, its data, and the function that
/// frees the data.
public abstract sealed class LibvirtSource implements LoopSource permits LibvirtHandle, LibvirtTimeout {
    /// C's functions, which are few: so that they stay in the processor's cache, however many there are who
    /// have them.
    private static final ConcurrentHashMap<Long, MemorySegment> FUNCTIONS = new ConcurrentHashMap<>();

    private final int number;
    private final MemorySegment callback;
    private final long opaque;
    private final MemorySegment free;
    private volatile boolean removed;
    private volatile @Nullable Object attachment;

    /// The next one that is to be freed; of
    /// [LibvirtSources.ToFree].
    @Nullable
    LibvirtSource nextToFree;

    LibvirtSource(int number, long callback, long opaque, long free) {
        this.number = number;
        this.callback = function(callback);
        this.opaque = opaque;
        this.free = function(free);
    }

    private static MemorySegment function(long address) {
        return FUNCTIONS.computeIfAbsent(address, MemorySegment::ofAddress);
    }

    @Override
    public final void attach(@Nullable Object object) {
        attachment = object;
    }

    @Override
    public final @Nullable Object attachment() {
        return attachment;
    }

    final int number() {
        return number;
    }

    final MemorySegment callback() {
        return callback;
    }

    final long opaque() {
        return opaque;
    }

    final MemorySegment free() {
        return free;
    }

    public final void remove() {
        removed = true;
    }

    /// Calls libvirt's function.
    abstract void call(int events);

    static void dispatch(LibvirtSource source, int events) {
        if (!source.removed) {
            JavaLoop.dispatch(source, events);
        }
    }

    final boolean isRemoved() {
        return removed;
    }
}
