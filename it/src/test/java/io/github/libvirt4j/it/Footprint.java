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
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.ObjectName;

/// What this process holds of the machine.
///
/// @param heap bytes of Java's, after a collection
/// @param allocated bytes that C has allocated and not freed: libvirt, the library, and what the VM takes
///     this way
/// @param allocatedByVm those of the VM for itself, most of them for its compiler, which come and go by
///     megabytes; 0 without `-XX:NativeMemoryTracking=summary`
/// @param resident bytes of the process in memory, after C has given back what is free
/// @param threads of Java and C
/// @param files file descriptors
public record Footprint(long heap, long allocated, long allocatedByVm, long resident, int threads, int files) {
    private static final int FIELDS = 10;

    /// How much the VM may take or free while it is asked, and how often it is asked for less.
    private static final long UNSTEADY = 100_000;

    private static final int TRIES = 20;

    /// In all, and what buffers and arenas of Java's hold.
    private static final Pattern MALLOC = Pattern.compile("(?m)^ *malloc: (\\d+)");

    private static final Pattern OTHER = Pattern.compile("- +Other \\(.*\\s+\\(malloc=(\\d+)");
    private static final MethodHandle MALLINFO = mallinfo();
    private static final MethodHandle MALLOC_TRIM =
            function("malloc_trim", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG));

    /// What it holds now.
    public static Footprint now() throws IOException {
        long heap = heapInUse();
        long byVm = takenByVm();
        long allocated = allocatedByC();
        for (int i = 0; i < TRIES; i++) {
            long before = byVm;
            byVm = takenByVm();
            if (Math.abs(byVm - before) < UNSTEADY) {
                break;
            }
            allocated = allocatedByC();
        }
        return new Footprint(heap, allocated, byVm, residentNow(), count("task"), count("fd"));
    }

    /// What C has allocated for others than the VM.
    public long allocatedByLibraries() {
        return allocated - allocatedByVm;
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

    /// What the VM says it has, but for what is Java's.
    private static long takenByVm() {
        String said;
        try {
            said = (String) ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            ObjectName.getInstance("com.sun.management:type=DiagnosticCommand"),
                            "vmNativeMemory",
                            new Object[] {new String[] {"summary", "scale=B"}},
                            new String[] {String[].class.getName()});
        } catch (JMException e) {
            throw new AssertionError(e);
        }
        return number(MALLOC, said) - number(OTHER, said);
    }

    private static long number(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? Long.parseLong(text, matcher.start(1), matcher.end(1), 10) : 0;
    }

    /// Else it would be what was needed at most.
    private static long residentNow() throws IOException {
        try {
            int _ = (int) MALLOC_TRIM.invokeExact(0L);
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
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

    private static MethodHandle mallinfo() {
        MemoryLayout struct = MemoryLayout.structLayout(MemoryLayout.sequenceLayout(FIELDS, ValueLayout.JAVA_LONG));
        return function("mallinfo2", FunctionDescriptor.of(struct));
    }

    @SuppressWarnings("restricted")
    private static MethodHandle function(String name, FunctionDescriptor signature) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), signature);
    }
}
