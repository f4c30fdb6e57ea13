package io.github.libvirt4j.internal.c;

import io.github.libvirt4j.error.ProtocolViolationException;
import io.github.libvirt4j.internal.call.LastingMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Memory that C made or gets: views, strings, and `free`. The only place that gives a raw address a size.
public final class CMemory {
    private static final CFunction FREE = CFunction.of("free");
    private static final CFunction MALLOC = CFunction.of("malloc");

    private static final int ATTEMPTS = 100;
    private static final long BETWEEN_ATTEMPTS_NANOS = 10_000_000;

    private CMemory() {}

    /// The `size` bytes behind a pointer of C's, valid as long as C says.
    @SuppressWarnings("restricted")
    public static MemorySegment view(MemorySegment pointer, long size) {
        return pointer.reinterpret(size);
    }

    /// Gives a pointer its size, for views that die with `arena`.
    @SuppressWarnings("restricted")
    public static MemorySegment view(MemorySegment pointer, long size, Arena arena) {
        return pointer.reinterpret(size, arena, null);
    }

    /// The number of a pointer, for C. Memory of an arena that the garbage collector closes has to be held until
    /// the call is over.
    ///
    /// @throws IllegalArgumentException if it is on Java's heap
    /// @throws IllegalStateException if its arena is closed
    public static long address(MemorySegment pointer) {
        if (!pointer.isNative()) {
            throw new IllegalArgumentException("C cannot reach memory on the heap: " + pointer);
        }
        if (!pointer.scope().isAlive()) {
            throw new IllegalStateException("The arena is closed: " + pointer);
        }
        return pointer.address();
    }

    /// A pointer that C gave. What it stands for is not lost for want of memory: waits for some, a second at
    /// most.
    public static MemorySegment pointer(long address) {
        // NULL is a failure, whose error must be read on this thread.
        return address == 0 ? MemorySegment.NULL : given(address, 0);
    }

    /// The pointers behind one that C gave, up to the NULL at their end. Waits for memory like [#pointer].
    public static MemorySegment pointers(MemorySegment first) {
        return given(first.address(), Long.MAX_VALUE);
    }

    /// The pointer in memory, `offset` bytes behind its begin. Read as the number it is: the VM links what reads it
    /// as a pointer from nine classes.
    public static MemorySegment pointer(MemorySegment memory, long offset) {
        return pointer(memory.get(ValueLayout.JAVA_LONG, offset));
    }

    /// Puts a pointer into memory, `offset` bytes behind its begin.
    public static void pointer(MemorySegment memory, long offset, MemorySegment pointer) {
        memory.set(ValueLayout.JAVA_LONG, offset, address(pointer));
    }

    @SuppressWarnings("restricted")
    private static MemorySegment given(long address, long size) {
        for (int attempt = 1; ; attempt++) {
            try {
                MemorySegment pointer = MemorySegment.ofAddress(address);
                return size == 0 ? pointer : pointer.reinterpret(size);
            } catch (OutOfMemoryError e) {
                awaitRoom(attempt, e);
            }
        }
    }

    /// Waits for room in the heap, for what must be done and not be put off. A virtual thread does not park: it could
    /// come back on another carrier, and libvirt's last error is the carrier's.
    ///
    /// @param attempt from 1
    /// @throws OutOfMemoryError `last`, if there was none for a second
    public static void awaitRoom(int attempt, OutOfMemoryError last) {
        if (attempt == ATTEMPTS) {
            throw last;
        }
        if (!Thread.currentThread().isVirtual()) {
            LockSupport.parkNanos(BETWEEN_ATTEMPTS_NANOS);
            return;
        }
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < BETWEEN_ATTEMPTS_NANOS) {
            Thread.onSpinWait();
        }
    }

    /// The elements of an array whose length C tells.
    ///
    /// @param function C's function or type that gave both
    /// @param size of an element, in bytes
    /// @throws ProtocolViolationException if there are fewer elements than none, or some behind NULL
    public static MemorySegment array(String function, MemorySegment pointer, long count, long size) {
        if (count < 0 || (count > 0 && isNull(pointer)) || count > Long.MAX_VALUE / size) {
            throw new ProtocolViolationException(
                    function, "announced " + count + " elements" + (isNull(pointer) ? ", and gave none" : ""));
        }
        return view(pointer, count * size);
    }

    /// How many elements C says that it has put into, or taken out of, memory it was given.
    ///
    /// @param most for how many there is room
    /// @throws ProtocolViolationException if it says more
    public static int count(String function, int count, int most) {
        if (count > most) {
            throw new ProtocolViolationException(function, "announced " + count + " elements, and was given " + most);
        }
        return count;
    }

    /// Gives back to C what C gave, which must be done and not be put off: waits for memory like [#pointer].
    ///
    /// @param what is given back
    /// @param back gives it back; made beforehand, so that nothing here needs memory first
    public static <T> void giveBack(T what, Consumer<T> back) {
        for (int attempt = 1; ; attempt++) {
            try {
                back.accept(what);
                return;
            } catch (OutOfMemoryError e) {
                awaitRoom(attempt, e);
            }
        }
    }

    /// Copies a string C keeps (`const char *`): null for NULL. Bytes that are not UTF-8 are escaped, as
    /// [CText] says.
    public static @Nullable String string(MemorySegment pointer) {
        if (isNull(pointer)) {
            return null;
        }
        MemorySegment bytes = view(pointer, Long.MAX_VALUE);
        return exact(bytes.getString(0), bytes);
    }

    /// Copies a string in an array of characters, which a NUL ends unless it fills the array.
    public static String boundedString(MemorySegment array) {
        int length = 0;
        while (length < array.byteSize() && array.get(ValueLayout.JAVA_BYTE, length) != 0) {
            length++;
        }
        byte[] bytes = new byte[length];
        MemorySegment.copy(array, ValueLayout.JAVA_BYTE, 0, bytes, 0, length);
        return exact(new String(bytes, StandardCharsets.UTF_8), array.asSlice(0, length));
    }

    /// The text Java's decoder made of bytes, unless it has replaced some.
    private static String exact(String decoded, MemorySegment bytes) {
        if (decoded.indexOf('\uFFFD') < 0) {
            return decoded;
        }
        return CText.decode(bytes.asSlice(0, length(bytes)).toArray(ValueLayout.JAVA_BYTE));
    }

    /// The number of bytes of a string, without the NUL behind it; of all of the memory, if there is none.
    static long length(MemorySegment string) {
        long length = 0;
        while (length < string.byteSize() && string.get(ValueLayout.JAVA_BYTE, length) != 0) {
            length++;
        }
        return length;
    }

    /// Copies a string C gave away (`char *`), and frees it.
    public static @Nullable String takeString(MemorySegment pointer) {
        try {
            return string(pointer);
        } finally {
            free(pointer);
        }
    }

    /// A C string in `arena`, in UTF-8 whatever the locale; escapes become the bytes they are of, as [CText]
    /// says.
    ///
    /// @param what names the string in the exception
    /// @throws IllegalArgumentException if it contains a NUL, where C would silently end it, or cannot be
    ///     UTF-8
    public static MemorySegment string(SegmentAllocator arena, String string, String what) {
        if (CText.isPlain(Objects.requireNonNull(string, what))) {
            return arena.allocateFrom(string);
        }
        MemorySegment room = arena.allocate(CText.mostBytes(string.length()));
        ByteBuffer bytes = room.asByteBuffer();
        CText.encode(CharBuffer.wrap(string), bytes, what);
        bytes.put((byte) 0);
        return room;
    }

    /// A string in `arena`; NULL for null.
    public static MemorySegment stringOrNull(SegmentAllocator arena, @Nullable String string, String what) {
        return string == null ? MemorySegment.NULL : string(arena, string, what);
    }

    /// The name of a file in `arena`: its very bytes, which its `toString()` decodes as the locale says. Its
    /// URI has them, percent-encoded.
    ///
    /// @throws IllegalArgumentException if it is not a file of the default file system
    public static MemorySegment path(SegmentAllocator arena, Path file) {
        if (!file.getFileSystem().equals(FileSystems.getDefault())) {
            throw new IllegalArgumentException(file + " is not of the default file system: C cannot open it");
        }
        String encoded = Objects.requireNonNull(file.toUri().getRawPath());
        MemorySegment name = arena.allocate(encoded.length() + 1L);
        ByteBuffer bytes = name.asByteBuffer();
        for (int i = 0; i < encoded.length(); i++) {
            char c = encoded.charAt(i);
            if (c == '%') {
                bytes.put((byte) HexFormat.fromHexDigits(encoded, i + 1, i + 3));
                i += 2;
            } else {
                bytes.put((byte) c);
            }
        }
        bytes.put((byte) 0);
        return name;
    }

    /// Memory for C to free.
    public static MemorySegment allocate(long size) {
        MemorySegment pointer = pointer(Downcall.call(MALLOC.pointer(), size));
        if (isNull(pointer)) {
            throw new OutOfMemoryError("malloc of " + size + " bytes");
        }
        return view(pointer, size);
    }

    /// Memory that lives as long as `arena`. What is in it is undefined: to fill it with zeroes takes as long
    /// as to copy it.
    @SuppressWarnings("restricted")
    public static MemorySegment room(Arena arena, long size) {
        return arena instanceof LastingMemory lasting
                ? lasting.room(size)
                : allocate(size).reinterpret(size, arena, CMemory::free);
    }

    /// Frees what C allocated with `malloc` for us; NULL is fine.
    public static void free(MemorySegment pointer) {
        if (!isNull(pointer)) {
            Downcall.call(FREE.pointer(), address(pointer));
        }
    }

    /// Whether C gave NULL.
    public static boolean isNull(MemorySegment pointer) {
        return pointer.address() == 0;
    }
}
