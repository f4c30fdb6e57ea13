package io.github.libvirt4j.internal.c;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.UUID;

/// UUIDs as C keeps them: 16 bytes, the first one first.
public final class Uuids {
    /// How many bytes one takes.
    public static final long SIZE = 16;

    private static final ValueLayout.OfLong HALF = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private Uuids() {}

    /// Reads one.
    public static UUID get(MemorySegment bytes) {
        return new UUID(bytes.get(HALF, 0), bytes.get(HALF, 8));
    }

    /// Writes one.
    public static void set(MemorySegment bytes, UUID uuid) {
        bytes.set(HALF, 0, uuid.getMostSignificantBits());
        bytes.set(HALF, 8, uuid.getLeastSignificantBits());
    }
}
