package io.github.libvirt4j.internal.c;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libvirt4j.NothingLeft;
import io.github.libvirt4j.error.ProtocolViolationException;
import io.github.libvirt4j.support.LargeBlock;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NothingLeft.class)
class CMemoryTest {
    @Test
    void freesAStringThatCGaveAway() {
        MemorySegment given = LargeBlock.allocate();
        given.setString(0, "text");
        assertThat(CMemory.string(given)).isEqualTo("text");
        assertThat(LargeBlock.isAllocated(given)).isTrue();
        assertThat(CMemory.takeString(given)).isEqualTo("text");
        assertThat(LargeBlock.isAllocated(given)).isFalse();
        assertThat(CMemory.takeString(MemorySegment.NULL)).isNull();
    }

    @Test
    void freesRoomWithItsArena() {
        MemorySegment room;
        try (Arena arena = Arena.ofConfined()) {
            room = CMemory.room(arena, LargeBlock.SIZE);
            assertThat(LargeBlock.isAllocated(room)).isTrue();
        }
        assertThat(LargeBlock.isAllocated(room)).isFalse();
    }

    @Test
    void refusesArraysThatCannotBe() {
        MemorySegment somewhere = MemorySegment.ofAddress(4096);
        assertThat(CMemory.array("f", MemorySegment.NULL, 0, 8).byteSize()).isZero();
        assertThat(CMemory.array("f", somewhere, 3, 8).byteSize()).isEqualTo(24);
        assertThat(CMemory.array("f", somewhere, Long.MAX_VALUE / 8, 8).byteSize())
                .isEqualTo(Long.MAX_VALUE / 8 * 8);
        for (long count : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE / 8 + 1}) {
            assertThatThrownBy(() -> CMemory.array("f", somewhere, count, 8))
                    .isInstanceOf(ProtocolViolationException.class)
                    .hasMessageContaining("announced " + count + " elements (");
        }
        assertThatThrownBy(() -> CMemory.array("f", MemorySegment.NULL, 1, 8))
                .isInstanceOf(ProtocolViolationException.class)
                .hasMessageContaining("announced 1 elements, and gave none");
        assertThat(CMemory.count("f", 2, 2)).isEqualTo(2);
        assertThatThrownBy(() -> CMemory.count("f", 3, 2)).isInstanceOf(ProtocolViolationException.class);
    }
}
