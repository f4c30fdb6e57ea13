package io.github.libvirt4j.internal.c;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libvirt4j.NothingLeft;
import io.github.libvirt4j.error.ProtocolViolationException;
import io.github.libvirt4j.support.LargeBlock;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Lists of strings, and of anything else, that C gives away.
@ExtendWith(NothingLeft.class)
class CArraysTest {
    private final Arena arena = Arena.ofConfined();

    @AfterEach
    void close() {
        arena.close();
    }

    private static MemorySegment largeString(byte... bytes) {
        MemorySegment string = LargeBlock.allocate();
        MemorySegment.copy(bytes, 0, string, ValueLayout.JAVA_BYTE, 0, bytes.length);
        string.set(ValueLayout.JAVA_BYTE, bytes.length, (byte) 0);
        return string;
    }

    /// An array of C's, with a NULL behind the last.
    private static MemorySegment given(MemorySegment... elements) {
        MemorySegment array = LargeBlock.allocate();
        for (int i = 0; i < elements.length; i++) {
            array.setAtIndex(ValueLayout.ADDRESS, i, elements[i]);
        }
        array.setAtIndex(ValueLayout.ADDRESS, elements.length, MemorySegment.NULL);
        return array;
    }

    private static void assertFreed(MemorySegment... blocks) {
        for (MemorySegment block : blocks) {
            assertThat(LargeBlock.isAllocated(block)).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource(CArrays.End.class)
    void giveStringsAndAreFreed(CArrays.End end) {
        MemorySegment first = largeString((byte) 'a', (byte) 0xE9);
        MemorySegment second = largeString((byte) 0xC3, (byte) 0xA9);
        MemorySegment array = given(first, second);
        assertThat(CStrings.take("f", array, 2, end)).containsExactly("a\uDCE9", "é");
        assertFreed(first, second, array);
        assertThat(CStrings.take("f", MemorySegment.NULL, 0, end)).isEmpty();
        MemorySegment empty = given();
        assertThat(CStrings.take("f", empty, 0, end)).isEmpty();
        assertFreed(empty);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, Integer.MAX_VALUE})
    void areRefusedWhereCountAndNullDisagree(int announced) {
        MemorySegment first = largeString((byte) 'a');
        MemorySegment second = largeString((byte) 'b');
        MemorySegment array = given(first, second);
        assertThatThrownBy(() -> CStrings.take("f", array, announced, CArrays.End.AT_NULL))
                .isInstanceOf(ProtocolViolationException.class)
                .hasMessageContaining("f: announced " + announced + " elements, and gave 2");
        assertFreed(first, second, array);
    }

    /// Memory behind the count need not be C's at all.
    @Test
    void areNotReadBehindTheCount() {
        MemorySegment first = largeString((byte) 'a');
        MemorySegment array = given(first, MemorySegment.ofAddress(1));
        assertThat(CStrings.take("f", array, 1, CArrays.End.AT_COUNT)).containsExactly("a");
        assertFreed(first, array);
        MemorySegment second = largeString((byte) 'a');
        MemorySegment other = given(second);
        assertThatThrownBy(() -> CStrings.take("f", other, 2, CArrays.End.AT_COUNT))
                .isInstanceOf(ProtocolViolationException.class)
                .hasMessageContaining("f: announced 2 elements, and gave 1");
        assertFreed(second, other);
        assertThatThrownBy(() -> CStrings.take("f", MemorySegment.NULL, 1, CArrays.End.AT_COUNT))
                .hasMessageContaining("announced 1 elements, and gave 0");
    }

    @Test
    void areFreedOnceWhenJavaThrowsMeanwhile() {
        MemorySegment array =
                given(MemorySegment.ofAddress(8), MemorySegment.ofAddress(16), MemorySegment.ofAddress(24));
        List<Long> freed = new ArrayList<>();
        assertThatThrownBy(() -> CArrays.take(
                        "f",
                        array,
                        3,
                        CArrays.End.AT_COUNT,
                        element -> {
                            if (element.address() == 16) {
                                throw new OutOfMemoryError("on purpose");
                            }
                            return element;
                        },
                        element -> {
                            // As where there is no room in the heap for the call.
                            if (element.address() == 8 && !freed.contains(0L)) {
                                freed.add(0L);
                                throw new OutOfMemoryError("on purpose");
                            }
                            freed.add(element.address());
                        }))
                .isInstanceOf(OutOfMemoryError.class);
        assertThat(freed).containsExactly(0L, 8L, 16L, 24L);
        assertFreed(array);
    }

    @Test
    void ofOursAreTakenFromAndCleared() {
        for (int announced : new int[] {0, 1, 2}) {
            MemorySegment room = CArrays.room(arena, "f", 3, Long.BYTES);
            MemorySegment first = largeString((byte) 'a');
            MemorySegment second = largeString((byte) 'b');
            room.setAtIndex(ValueLayout.ADDRESS, 0, first);
            room.setAtIndex(ValueLayout.ADDRESS, 1, second);
            assertThat(CStrings.takeFilled("f", room, announced))
                    .isEqualTo(List.of("a", "b").subList(0, announced));
            assertFreed(first, second);
        }
    }

    @Test
    void ofOursAreClearedAlsoWhenTheCountLies() {
        for (int announced : new int[] {3, 4, Integer.MAX_VALUE}) {
            MemorySegment room = CArrays.room(arena, "f", 3, Long.BYTES);
            MemorySegment first = largeString((byte) 'a');
            room.setAtIndex(ValueLayout.ADDRESS, 0, first);
            assertThatThrownBy(() -> CStrings.takeFilled("f", room, announced))
                    .isInstanceOf(ProtocolViolationException.class)
                    .hasMessageContaining(announced == 3 ? "gave NULL in a list of strings" : "was given 3");
            assertFreed(first);
        }
        for (int most : new int[] {-1, 65_537}) {
            assertThatThrownBy(() -> CArrays.room(arena, "f", most, 8))
                    .isInstanceOf(ProtocolViolationException.class)
                    .hasMessageContaining("f: announced " + most + " elements");
        }
        // The largest there can be; and room for one where there is none, as C takes no NULL.
        assertThat(CArrays.room(arena, "f", 65_536, 8).byteSize()).isEqualTo(8 * 65_536);
        assertThat(CArrays.room(arena, "f", 0, 8).byteSize()).isEqualTo(8);
    }

    @Test
    void ofStringsGoToC() {
        MemorySegment array = CStrings.array(arena, List.of("a\uDCE9", ""), "models");
        assertThat(CMemory.string(array.getAtIndex(ValueLayout.ADDRESS, 0))).isEqualTo("a\uDCE9");
        assertThat(CMemory.string(array.getAtIndex(ValueLayout.ADDRESS, 1))).isEmpty();
        assertThat(array.getAtIndex(ValueLayout.JAVA_LONG, 2)).isZero();
        assertThat(array.byteSize()).isEqualTo(24);
        assertThatThrownBy(() -> CStrings.array(arena, List.of("a", "b\0"), "models"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("models[1] has a NUL at index 1");
    }
}
