package io.github.libvirt4j.support;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Counts what is allocated with C's `malloc`.
public final class Malloc {
    private Malloc() {}

    /// Whether less than `limit` bytes more are allocated than were `before`. What the compiler of the VM is
    /// using just now, it gives back.
    public static boolean isWithin(long limit, long before) throws Throwable {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (allocated() - before >= limit && System.nanoTime() < deadline) {
            Thread.sleep(10);
        }
        return allocated() - before < limit;
    }

    /// In bytes. The VM itself uses some.
    @SuppressWarnings("restricted")
    public static long allocated() throws Throwable {
        List<MemoryLayout> tenLongs = Collections.nCopies(10, ValueLayout.JAVA_LONG);
        MethodHandle mallinfo = Linker.nativeLinker()
                .downcallHandle(
                        Linker.nativeLinker().defaultLookup().findOrThrow("mallinfo2"),
                        FunctionDescriptor.of(MemoryLayout.structLayout(tenLongs.toArray(MemoryLayout[]::new))));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = (MemorySegment) mallinfo.invokeExact((SegmentAllocator) arena);
            // In blocks of their own (hblkhd), and in arenas (uordblks).
            return info.getAtIndex(ValueLayout.JAVA_LONG, 4) + info.getAtIndex(ValueLayout.JAVA_LONG, 7);
        }
    }
}
