package io.github.libvirt4j.bench.ours;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Scanner;

/// Bytes in use. The VM is started with a heap that is whole from the beginning, so that what is resident
/// grows by what is taken outside of it.
final class Memory {
    private static final int PAGE = 4096;

    private Memory() {}

    /// On the Java heap, after a collection.
    static long heap() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    /// Of the process.
    static long resident() throws IOException {
        try (var statm = new Scanner(Path.of("/proc/self/statm"), StandardCharsets.US_ASCII)) {
            statm.nextLong();
            return statm.nextLong() * PAGE;
        }
    }

    /// On the heap and outside.
    static long all() throws IOException {
        return heap() + resident();
    }
}
