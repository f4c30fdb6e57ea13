package io.github.libvirt4j.internal;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Memory that C made or gets: views, strings, and `free`. The only place that gives a raw address a size.
public final class CMemory {
    private static final MethodHandle FREE = function("free", FunctionDescriptor.ofVoid(ValueLayout.ADDRESS));
    private static final MethodHandle MALLOC =
            function("malloc", FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));

    private CMemory() {}

    /// The `size` bytes behind a pointer of C's, valid as long as C says.
    @SuppressWarnings("restricted")
    public static MemorySegment view(MemorySegment pointer, long size) {
        return pointer.reinterpret(size);
    }

    /// The same, and views of that die with `arena`.
    @SuppressWarnings("restricted")
    public static MemorySegment view(MemorySegment pointer, long size, Arena arena) {
        return pointer.reinterpret(size, arena, null);
    }

    /// Copies a string C keeps (`const char *`): null for NULL, U+FFFD for what is not UTF-8.
    public static @Nullable String string(MemorySegment pointer) {
        return isNull(pointer) ? null : view(pointer, Long.MAX_VALUE).getString(0);
    }

    /// Copies a string in an array of characters, which a NUL ends if there is one.
    public static String boundedString(MemorySegment array) {
        byte[] bytes = array.toArray(ValueLayout.JAVA_BYTE);
        int length = 0;
        while (length < bytes.length && bytes[length] != 0) {
            length++;
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    /// Copies a string C gave away (`char *`), and frees it.
    public static @Nullable String takeString(MemorySegment pointer) {
        try {
            return string(pointer);
        } finally {
            free(pointer);
        }
    }

    /// A C string in `arena`.
    ///
    /// @param what names the string in the exception
    /// @throws IllegalArgumentException if it contains a NUL, where C would silently end it
    public static MemorySegment string(SegmentAllocator arena, String string, String what) {
        int nul = Objects.requireNonNull(string, what).indexOf('\0');
        if (nul >= 0) {
            throw new IllegalArgumentException(what + " has a NUL at index " + nul + ": C strings cannot contain one");
        }
        return arena.allocateFrom(string);
    }

    /// The same, and NULL for null.
    public static MemorySegment stringOrNull(SegmentAllocator arena, @Nullable String string, String what) {
        return string == null ? MemorySegment.NULL : string(arena, string, what);
    }

    /// Memory for C to free.
    public static MemorySegment allocate(long size) {
        MemorySegment pointer;
        try {
            pointer = (MemorySegment) MALLOC.invokeExact(size);
        } catch (Throwable t) {
            throw CLibrary.unexpected(t);
        }
        if (isNull(pointer)) {
            throw new OutOfMemoryError("malloc of " + size + " bytes");
        }
        return view(pointer, size);
    }

    /// Memory that lives as long as `arena`. What is in it is undefined: to fill it with zeroes takes as long as
    /// to copy it.
    @SuppressWarnings("restricted")
    public static MemorySegment room(Arena arena, long size) {
        return arena instanceof LastingMemory lasting
                ? lasting.room(size)
                : allocate(size).reinterpret(size, arena, CMemory::free);
    }

    /// Frees what C allocated with `malloc` for us; NULL is fine.
    public static void free(MemorySegment pointer) {
        if (!isNull(pointer)) {
            try {
                FREE.invokeExact(pointer);
            } catch (Throwable t) {
                throw CLibrary.unexpected(t);
            }
        }
    }

    /// Whether C gave NULL.
    public static boolean isNull(MemorySegment pointer) {
        return pointer.address() == 0;
    }

    /// A function of C's own library.
    @SuppressWarnings("restricted")
    static MethodHandle function(String name, FunctionDescriptor signature, Linker.Option... options) {
        return Linker.nativeLinker().downcallHandle(address(name), signature, options);
    }

    /// The pointer to a function of C's own library.
    static MemorySegment address(String name) {
        return Linker.nativeLinker().defaultLookup().findOrThrow(name);
    }

    /// A function that C gave a pointer to: it is called with that first.
    @SuppressWarnings("restricted")
    public static MethodHandle functionAt(FunctionDescriptor signature) {
        return Linker.nativeLinker().downcallHandle(signature);
    }
}
