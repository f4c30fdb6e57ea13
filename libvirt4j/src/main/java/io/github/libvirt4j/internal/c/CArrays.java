package io.github.libvirt4j.internal.c;

import io.github.libvirt4j.error.ProtocolViolationException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/// Arrays whose elements C gives away. Each element is copied, and each is freed once, whatever happens.
public final class CArrays {
    /// More elements than libvirt carries in any list of structs or strings.
    private static final int MOST = 65_536;

    private CArrays() {}

    /// Where an array of pointers that C allocated ends. libvirt passes most counts on as the daemon tells
    /// them, and puts a NULL behind the last element of some arrays only.
    public enum End {
        /// There is a NULL behind the last; the count has to agree.
        AT_NULL,
        /// There need not be a NULL; a NULL before the count is reached is a violation.
        AT_COUNT
    }

    /// Copies what an array of pointers points to, and frees all of it.
    ///
    /// @param function C's function that gave it
    /// @param array C's; NULL if it is empty
    /// @param count as C told it, not negative
    /// @param copy makes something of an element
    /// @param free frees an element
    /// @throws ProtocolViolationException if there are not as many as announced
    public static <T> List<T> take(
            String function,
            MemorySegment array,
            int count,
            End end,
            Function<MemorySegment, T> copy,
            NativeObject.Release free) {
        Consumer<MemorySegment> back = free::release;
        Function<MemorySegment, T> of = element -> {
            try {
                return copy.apply(element);
            } finally {
                CMemory.giveBack(element, back);
            }
        };
        return own(function, array, count, end, of, back);
    }

    /// Makes something that owns it of each element of an array of pointers, and frees the array.
    ///
    /// @param function C's function that gave it
    /// @param array C's; NULL if it is empty
    /// @param count as C told it, not negative
    /// @param of makes something of an element, which is no longer ours then, whether that throws or not
    /// @param giveBack frees an element that nothing was made of, as there was no memory or the count is
    ///     wrong
    /// @throws ProtocolViolationException if there are not as many as announced
    public static <T> List<T> own(
            String function,
            MemorySegment array,
            int count,
            End end,
            Function<MemorySegment, T> of,
            Consumer<MemorySegment> giveBack) {
        if (CMemory.isNull(array)) {
            return checked(function, count, List.of());
        }
        MemorySegment pointers = CMemory.pointers(array);
        int there = length(pointers, count, end);
        int taken = 0;
        try {
            checked(function, count, there);
            List<T> all = new ArrayList<>(there);
            while (taken < there) {
                MemorySegment element = CMemory.pointer(address(pointers, taken));
                taken++;
                all.add(of.apply(element));
            }
            return List.copyOf(all);
        } finally {
            for (; taken < there; taken++) {
                CMemory.giveBack(CMemory.pointer(address(pointers, taken)), giveBack);
            }
            CMemory.giveBack(array, CMemory::free);
        }
    }

    /// Copies what an array of pointers points to, which C frees as a whole. It ends [at NULL][End#AT_NULL].
    ///
    /// @param function C's function that gave it
    /// @param array C's; NULL if it is empty
    /// @param count as C told it, not negative
    /// @param copy makes something of an element
    /// @throws ProtocolViolationException if there are not as many as announced
    public static <T> List<T> copy(String function, MemorySegment array, int count, Function<MemorySegment, T> copy) {
        if (CMemory.isNull(array)) {
            return checked(function, count, List.of());
        }
        MemorySegment pointers = CMemory.pointers(array);
        checked(function, count, length(pointers, count, End.AT_NULL));
        List<T> all = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            all.add(copy.apply(CMemory.pointer(address(pointers, i))));
        }
        return List.copyOf(all);
    }

    private static int length(MemorySegment pointers, int count, End end) {
        int there = 0;
        while ((end == End.AT_NULL || there < count) && address(pointers, there) != 0) {
            there++;
        }
        return there;
    }

    private static long address(MemorySegment pointers, int index) {
        return pointers.getAtIndex(ValueLayout.JAVA_LONG, index);
    }

    private static <T> List<T> checked(String function, int count, List<T> all) {
        checked(function, count, all.size());
        return all;
    }

    private static void checked(String function, int count, int there) {
        if (there != count) {
            throw new ProtocolViolationException(function, "announced " + count + " elements, and gave " + there);
        }
    }

    /// An array for C to fill, all 0, with room for one element at least.
    ///
    /// @param function C's function that told the number
    /// @param most for how many there is to be room, as C told it
    /// @throws ProtocolViolationException if there cannot be so many
    public static MemorySegment room(Arena arena, String function, int most, long size) {
        if (most < 0 || most > MOST) {
            throw new ProtocolViolationException(function, "announced " + most + " elements; libvirt carries " + MOST);
        }
        return arena.allocate(Math.max(1, most) * size, Long.BYTES);
    }

    /// Copies the elements with which C has filled an array of ours, and frees what is in them.
    ///
    /// @param function C's function that filled it
    /// @param room the whole array, which was all 0
    /// @param size of an element, in bytes
    /// @param count how many C says that it has filled
    /// @param copy makes something of an element
    /// @param free frees what is in an element; it is called for those that C left 0 as well
    /// @throws ProtocolViolationException if there cannot be so many
    public static <T> List<T> takeFilled(
            String function,
            MemorySegment room,
            long size,
            int count,
            Function<MemorySegment, T> copy,
            Consumer<MemorySegment> free) {
        int most = (int) (room.byteSize() / size);
        Consumer<Long> back = offset -> free.accept(room.asSlice(offset, size));
        try {
            long there = CMemory.array(function, room, CMemory.count(function, count, most), size)
                    .byteSize();
            List<T> all = new ArrayList<>();
            for (long at = 0; at < there; at += size) {
                all.add(copy.apply(room.asSlice(at, size)));
            }
            return List.copyOf(all);
        } finally {
            for (int i = 0; i < most; i++) {
                CMemory.giveBack(i * size, back);
            }
        }
    }
}
