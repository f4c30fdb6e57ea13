package io.github.libvirt4j.it;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// What this process holds of the machine.
///
/// @param heap bytes of Java's, after a collection
/// @param allocated bytes that C has allocated and not freed: libvirt, the library, and what the VM takes this
///     way
/// @param resident bytes of the process in memory
/// @param threads of Java and C
/// @param files file descriptors
public record Footprint(long heap, long allocated, long resident, int threads, int files) {
    private static final int FIELDS = 10;
    private static final MethodHandle MALLINFO = mallinfo();

    /// What it holds now.
    public static Footprint now() throws IOException {
        return new Footprint(heapInUse(), allocatedByC(), residentNow(), count("task"), count("fd"));
    }

    private static long heapInUse() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    /// In small pieces, and in such as have pages of their own (`uordblks`, `hblkhd`).
    private static long allocatedByC() {
        try (Arena arena = Arena.ofConfined()) {
            var info = (MemorySegment) MALLINFO.invokeExact((SegmentAllocator) arena);
            return info.getAtIndex(ValueLayout.JAVA_LONG, 7) + info.getAtIndex(ValueLayout.JAVA_LONG, 4);
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }

    private static long residentNow() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            String line =
                    lines.filter(each -> each.startsWith("VmRSS:")).findFirst().orElseThrow();
            return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
        }
    }

    private static int count(String folder) throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/self", folder))) {
            return (int) all.count();
        }
    }

    @SuppressWarnings("restricted")
    private static MethodHandle mallinfo() {
        Linker linker = Linker.nativeLinker();
        MemoryLayout struct = MemoryLayout.structLayout(MemoryLayout.sequenceLayout(FIELDS, ValueLayout.JAVA_LONG));
        return linker.downcallHandle(linker.defaultLookup().findOrThrow("mallinfo2"), FunctionDescriptor.of(struct));
    }
}
