package io.github.libvirt4j.internal.c;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.libvirt4j.NothingLeft;
import io.github.libvirt4j.internal.callback.CallbackType;
import io.github.libvirt4j.internal.callback.Upcall;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Functions of the C library, called by the one signature.
@ExtendWith(NothingLeft.class)
class DowncallTest {
    private static final int EBADF = 9;

    private static MemorySegment function(String name) {
        return CFunction.of(name).pointer();
    }

    @Test
    void passesIntegersOfEachWidth() {
        assertThat((int) Downcall.call(function("abs"), -5)).isEqualTo(5);
        assertThat((int) Downcall.call(function("abs"), Integer.MIN_VALUE + 1)).isEqualTo(Integer.MAX_VALUE);
        // Of an int the upper half is not looked at.
        assertThat((int) Downcall.call(function("abs"), 0x7777_7777_0000_0005L)).isEqualTo(5);
        assertThat(Downcall.call(function("labs"), Long.MIN_VALUE + 1)).isEqualTo(Long.MAX_VALUE);
        // Unsigned.
        assertThat((int) Downcall.call(function("htonl"), 0x010203ff)).isEqualTo(0xff030201);
    }

    /// On x86-64 two of them come on the stack.
    @Test
    void passesEightArguments() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment room = arena.allocate(100);
            MemorySegment format = arena.allocateFrom("%d %ld %d %d %s");
            MemorySegment text = arena.allocateFrom("last");
            int length = (int) Downcall.call(
                    function("snprintf"),
                    CMemory.address(room),
                    room.byteSize(),
                    CMemory.address(format),
                    -1,
                    Long.MIN_VALUE,
                    2,
                    -3,
                    CMemory.address(text));
            assertThat(room.getString(0)).isEqualTo("-1 -9223372036854775808 2 -3 last");
            assertThat(length).isEqualTo(33);
        }
    }

    @Test
    void keepsTheErrnoOfACall() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Downcall.errnoMemory(arena);
            assertThat((int) Downcall.withErrno(function("close"), errno, -1, 0, 0, 0))
                    .isEqualTo(-1);
            assertThat(Downcall.errno(errno)).isEqualTo(EBADF);
        }
    }

    @Test
    @SuppressWarnings("MustBeClosedChecker") // Closed before the end.
    void refusesMemoryThatCCannotUse() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CMemory.address(MemorySegment.ofArray(new byte[8])))
                .withMessageStartingWith("C cannot reach memory on the heap");
        Arena arena = Arena.ofConfined();
        MemorySegment memory = arena.allocate(8);
        assertThat(CMemory.address(memory)).isEqualTo(memory.address());
        arena.close();
        assertThatIllegalStateException()
                .isThrownBy(() -> CMemory.address(memory))
                .withMessageStartingWith("The arena is closed");
    }

    /// The second argument of `tsearch` is the root of a tree, and its third a function that C calls once there is
    /// something to compare with.
    @Test
    @SuppressWarnings("MustBeClosedChecker") // Closed by what C calls, if it could be.
    void holdsMemoryThatCIsUsing() {
        Arena arena = Arena.ofShared();
        List<Throwable> refused = new ArrayList<>();
        Upcall.Target closing = (_, _, _, _, _, _, _, _) -> {
            try {
                arena.close();
            } catch (IllegalStateException e) {
                refused.add(e);
            }
            return 0;
        };
        var type = new CallbackType<Upcall.Target>(
                "comparison", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS));
        long comparison = CMemory.address(Upcall.of(type, closing, 0).pointer(0));
        MemorySegment root = arena.allocate(ValueLayout.ADDRESS);
        Downcall.holding(function("tsearch"), 1, root, comparison, 0);
        assertThat(refused).isEmpty();
        Downcall.holding(function("tsearch"), 1, root, comparison, 0);
        assertThat(refused).hasSize(1);
        assertThat(refused.getFirst()).hasMessageContaining("acquired");
        // The only node, which is equal.
        Downcall.holding(function("tdelete"), 1, root, comparison, 0);
        arena.close();
        assertThat(refused).hasSize(2);
    }
}
