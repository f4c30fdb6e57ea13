package io.github.libvirt4j.internal.c;

import io.github.libvirt4j.error.ProtocolViolationException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.StringJoiner;

/// C's bit maps of processors: `unsigned char *`, with the lowest bit of the first byte for processor 0.
public final class CpuMaps {
    /// Bytes of all maps of a call; libvirt carries no more (`REMOTE_CPUMAPS_MAX`).
    private static final long MOST_BYTES = 8 << 20;

    private CpuMaps() {}

    /// How many bytes a map of so many processors takes. C: `VIR_CPU_MAPLEN`.
    public static int length(int cpus) {
        return (cpus + Byte.SIZE - 1) / Byte.SIZE;
    }

    /// The bytes of a map, as many as its highest bit takes, and one at least: libvirt takes the rest as 0.
    /// They are a copy, so a call can outlast its caller.
    public static byte[] bytes(BitSet cpus) {
        return bytes(cpus, Math.max(1, cpus.length()));
    }

    /// The bytes of a map of so many processors.
    ///
    /// @throws IllegalArgumentException if a bit beyond them is set
    public static byte[] bytes(BitSet bits, int cpus) {
        int highest = bits.length() - 1;
        if (highest >= cpus) {
            throw new IllegalArgumentException(
                    "Processor " + highest + " is in the map; there are " + cpus + ", the first is 0");
        }
        byte[] bytes = new byte[length(cpus)];
        byte[] used = bits.toByteArray();
        System.arraycopy(used, 0, bytes, 0, used.length);
        return bytes;
    }

    /// The numbers of the bits that are set, as libvirt writes a list of processors: `0-3,5`.
    public static String text(BitSet bits) {
        StringJoiner text = new StringJoiner(",");
        for (int first = bits.nextSetBit(0); first >= 0; ) {
            int end = bits.nextClearBit(first);
            text.add(end == first + 1 ? "" + first : first + "-" + (end - 1));
            first = bits.nextSetBit(end);
        }
        return text.toString();
    }

    /// Memory for C to fill with maps, one behind the other.
    ///
    /// @param count how many, as C told it
    /// @param length of each, in bytes
    /// @throws ProtocolViolationException if there cannot be so many
    public static MemorySegment room(Arena arena, String function, int count, int length) {
        if (count < 0 || (long) count * length > MOST_BYTES) {
            throw new ProtocolViolationException(
                    function,
                    "needs " + count + " maps of " + length + " bytes; libvirt carries " + MOST_BYTES + " in all");
        }
        return arena.allocate(Math.max(1, count * length));
    }

    /// Reads a map that fills some memory.
    public static BitSet get(MemorySegment map) {
        return BitSet.valueOf(map.toArray(ValueLayout.JAVA_BYTE));
    }

    /// Reads maps one behind the other.
    ///
    /// @param maps memory with as many or more
    /// @param count how many
    /// @param length of each, in bytes
    public static List<BitSet> list(MemorySegment maps, int count, int length) {
        List<BitSet> all = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            all.add(get(maps.asSlice((long) i * length, length)));
        }
        return List.copyOf(all);
    }
}
