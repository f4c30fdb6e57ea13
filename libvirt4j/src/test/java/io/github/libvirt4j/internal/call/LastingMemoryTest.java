package io.github.libvirt4j.internal.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libvirt4j.NothingLeft;
import io.github.libvirt4j.internal.c.CMemory;
import io.github.libvirt4j.support.LargeBlock;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NothingLeft.class)
class LastingMemoryTest {
    @Test
    void isFreedByItsLastOwner() {
        MemorySegment large;
        LastingMemory held;
        LastingMemory second;
        try (LastingMemory memory = LastingMemory.open()) {
            large = memory.room(LargeBlock.SIZE);
            memory.allocate(100);
            assertThat(LastingMemory.held()).isEqualTo(LargeBlock.SIZE + 100);
            held = LastingMemory.hold();
            second = LastingMemory.hold();
        }
        LastingMemory.letGo(held);
        assertThat(LastingMemory.held()).isEqualTo(LargeBlock.SIZE + 100);
        assertThat(LargeBlock.isAllocated(large)).isTrue();
        LastingMemory.letGo(second);
        assertThat(LastingMemory.held()).isZero();
        assertThat(LargeBlock.isAllocated(large)).isFalse();
    }

    /// A call within a call can outlast both.
    @Test
    void isHeldWithAllThatTheThreadHasOpen() {
        LastingMemory both;
        LastingMemory outerOnly;
        try (LastingMemory outer = LastingMemory.open()) {
            outer.allocate(1);
            try (LastingMemory inner = LastingMemory.open()) {
                inner.allocate(2);
                both = LastingMemory.hold();
            }
            assertThat(LastingMemory.held()).isEqualTo(3);
            outerOnly = LastingMemory.hold();
        }
        assertThat(LastingMemory.held()).isEqualTo(3);
        LastingMemory.letGo(both);
        assertThat(LastingMemory.held()).isEqualTo(1);
        LastingMemory.letGo(outerOnly);
        assertThat(LastingMemory.held()).isZero();
        // There is none any more.
        assertThat(LastingMemory.hold()).isNull();
        LastingMemory.letGo(null);
    }

    @Test
    void isFullOfZeroesAndAligned() {
        for (int i = 0; i < 5; i++) {
            MemorySegment dirty = CMemory.allocate(500);
            dirty.fill((byte) 1);
            CMemory.free(dirty);
            try (LastingMemory memory = LastingMemory.open()) {
                MemorySegment allocated = memory.allocate(500, 16);
                assertThat(allocated.toArray(ValueLayout.JAVA_BYTE)).containsOnly(0);
                assertThat(allocated.address() % 16).isZero();
                assertThatThrownBy(() -> memory.allocate(500, 17)).isInstanceOf(IllegalArgumentException.class);
                assertThatThrownBy(memory::scope).isInstanceOf(UnsupportedOperationException.class);
            }
        }
    }
}
