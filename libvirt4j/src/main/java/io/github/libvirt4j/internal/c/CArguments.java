package io.github.libvirt4j.internal.c;

import io.github.libvirt4j.internal.call.CallMemory;
import io.github.libvirt4j.types.TypedParameters;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Makes C's arguments of Java's values, in memory that lives as long as the call they are of.
///
/// The values that they are made of have to be immutable, or a copy: with a time limit the call can begin
/// after its caller has left.
///
/// Not thread-safe. The memory is taken when the first argument needs some; many calls need none.
public final class CArguments implements AutoCloseable {
    private @Nullable Arena memory;

    /// The memory of the call.
    @SuppressWarnings("MustBeClosedChecker") // Closed with this.
    public Arena memory() {
        if (memory == null) {
            memory = CallMemory.take();
        }
        return memory;
    }

    /// Ends the memory.
    @Override
    public void close() {
        if (memory != null) {
            memory.close();
        }
    }

    /// A string.
    ///
    /// @param what names it in the exception
    /// @throws IllegalArgumentException if it has a NUL in it, or cannot be UTF-8
    /// @throws NullPointerException if it is null
    public MemorySegment string(String string, String what) {
        return CMemory.string(memory(), string, what);
    }

    /// A string; NULL for null.
    ///
    /// @param what names it in the exception
    /// @throws IllegalArgumentException if it has a NUL in it, or cannot be UTF-8
    public MemorySegment stringOrNull(@Nullable String string, String what) {
        return CMemory.stringOrNull(memory(), string, what);
    }

    /// An array of strings, with a NULL behind the last.
    ///
    /// @param what names it in the exception
    /// @throws IllegalArgumentException if a string of it cannot be C's
    public MemorySegment strings(List<String> strings, String what) {
        return CStrings.array(memory(), strings, what);
    }

    /// An array of typed parameters.
    ///
    /// @throws IllegalArgumentException if one of them cannot be C's; the message has its name
    public MemorySegment parameters(TypedParameters parameters) {
        return CTypedParameters.array(memory(), parameters);
    }

    /// A UUID.
    public MemorySegment uuid(UUID uuid) {
        Objects.requireNonNull(uuid, "uuid");
        MemorySegment bytes = memory().allocate(Uuids.SIZE);
        Uuids.set(bytes, uuid);
        return bytes;
    }

    /// Bytes, such as of [CpuMaps].
    public MemorySegment bytes(byte[] bytes) {
        MemorySegment copy = memory().allocate(Math.max(1, bytes.length));
        MemorySegment.copy(bytes, 0, copy, ValueLayout.JAVA_BYTE, 0, bytes.length);
        return copy;
    }

    /// An array of ints.
    public MemorySegment ints(List<Integer> ints) {
        MemorySegment array = room(Math.max(1, ints.size()) * (long) Integer.BYTES);
        for (int i = 0; i < ints.size(); i++) {
            array.setAtIndex(ValueLayout.JAVA_INT, i, ints.get(i));
        }
        return array;
    }

    /// An array of longs.
    public MemorySegment longs(List<Long> longs) {
        MemorySegment array = room(Math.max(1, longs.size()) * (long) Long.BYTES);
        for (int i = 0; i < longs.size(); i++) {
            array.setAtIndex(ValueLayout.JAVA_LONG, i, longs.get(i));
        }
        return array;
    }

    /// Memory for C to fill, all 0.
    public MemorySegment room(long size) {
        return memory().allocate(size, Long.BYTES);
    }
}
