package io.github.libvirt4j.support;

import io.github.libvirt4j.internal.c.CMemory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/// Memory of C's of which can be seen whether it was freed: each C library takes so large a block from the
/// system, and gives it back at once. Its pages are not there before they are written to.
public final class LargeBlock {
    /// The C library of GNU keeps none of more than 32 MiB.
    public static final long SIZE = 48L << 20;

    private LargeBlock() {}

    public static MemorySegment allocate() {
        return CMemory.allocate(SIZE);
    }

    /// Whether the process has all of its addresses. Others that came to some of them need not have all.
    public static boolean isAllocated(MemorySegment block) {
        long end = block.address();
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/maps"))) {
                long[] range = Arrays.stream(
                                line.substring(0, line.indexOf(' ')).split("-", -1))
                        .mapToLong(address -> Long.parseUnsignedLong(address, 16))
                        .toArray();
                if (range[0] <= end && end < range[1]) {
                    end = range[1];
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return end >= block.address() + SIZE;
    }
}
