package io.github.libvirt4j.internal.c;

import io.github.libvirt4j.error.ProtocolViolationException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.util.List;

/// C's lists of strings: arrays of `char *`. [CText] says what becomes of bytes that are not UTF-8.
public final class CStrings {
    private CStrings() {}

    /// An array for C, with its strings, in `arena`; a NULL is behind the last.
    ///
    /// @param what names the list in the exception
    /// @throws IllegalArgumentException if one of them cannot be C's; the message has its index
    public static MemorySegment array(SegmentAllocator arena, List<String> strings, String what) {
        MemorySegment array = arena.allocate((strings.size() + 1L) * Long.BYTES, Long.BYTES);
        for (int i = 0; i < strings.size(); i++) {
            MemorySegment string = CMemory.string(arena, strings.get(i), what + "[" + i + "]");
            CMemory.pointer(array, (long) i * Long.BYTES, string);
        }
        return array;
    }

    /// Copies the strings of an array that C gave away, and frees them and the array.
    ///
    /// @param count as C told it, not negative
    /// @throws ProtocolViolationException if there are not so many
    public static List<String> take(String function, MemorySegment array, int count, CArrays.End end) {
        return CArrays.take(function, array, count, end, string -> copy(function, string), CMemory::free);
    }

    /// Copies the strings that C has put into an array of ours, and frees them.
    ///
    /// @param room the whole array, which was all NULL
    /// @param count how many C says that it has put there, not negative
    /// @throws ProtocolViolationException if there are not so many
    public static List<String> takeFilled(String function, MemorySegment room, int count) {
        return CArrays.takeFilled(
                function,
                room,
                Long.BYTES,
                count,
                each -> copy(function, CMemory.pointer(each, 0)),
                each -> CMemory.free(CMemory.pointer(each, 0)));
    }

    private static String copy(String function, MemorySegment string) {
        String copy = CMemory.string(string);
        if (copy == null) {
            throw new ProtocolViolationException(function, "gave NULL in a list of strings");
        }
        return copy;
    }
}
