package io.github.libvirt4j.internal.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.NothingLeft;
import io.github.libvirt4j.internal.c.CMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NothingLeft.class)
@Timeout(60)
class CallMemoryTest {
    private static final int SIZE = 40;

    @Test
    void isTheSameForOneCallAfterTheOtherAndFullOfZeroes() {
        long first;
        try (Arena arena = CallMemory.take()) {
            MemorySegment memory = arena.allocate(SIZE).fill((byte) 1);
            first = memory.address();
        }
        try (Arena arena = CallMemory.take()) {
            assertThat(arena).isInstanceOf(CallMemory.class);
            MemorySegment memory = arena.allocate(SIZE);
            assertThat(memory.address()).isEqualTo(first);
            assertThat(memory.toArray(ValueLayout.JAVA_BYTE)).containsOnly(0);
        }
    }

    @Test
    void isAnotherInACallWithinACall() {
        try (Arena outer = CallMemory.take()) {
            MemorySegment kept = outer.allocate(SIZE).fill((byte) 1);
            try (Arena inner = CallMemory.take()) {
                inner.allocate(SIZE).fill((byte) 2);
            }
            outer.allocate(SIZE).fill((byte) 3);
            assertThat(kept.toArray(ValueLayout.JAVA_BYTE)).containsOnly(1);
        }
    }

    /// Of which more than one has the same place.
    @Test
    void isOneThreadsAtATime() throws Exception {
        int threads = 200;
        var taken = new CountDownLatch(threads);
        List<Thread> all = new ArrayList<>();
        List<Long> wrong = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            byte mine = (byte) i;
            all.add(Thread.ofVirtual().start(() -> {
                try (Arena arena = CallMemory.take()) {
                    MemorySegment memory = arena.allocate(SIZE).fill(mine);
                    taken.countDown();
                    taken.await();
                    for (byte each : memory.toArray(ValueLayout.JAVA_BYTE)) {
                        if (each != mine) {
                            synchronized (wrong) {
                                wrong.add(memory.address());
                            }
                        }
                    }
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }));
        }
        for (Thread each : all) {
            each.join();
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void hasRoomForAnything() {
        try (Arena arena = CallMemory.take()) {
            MemorySegment small = arena.allocate(3);
            MemorySegment number = arena.allocate(ValueLayout.JAVA_LONG);
            MemorySegment nearlyAll = arena.allocate(505).fill((byte) 1);
            MemorySegment large = arena.allocate(100_000).fill((byte) 1);
            MemorySegment page = arena.allocate(1, 4096);
            MemorySegment rest = arena.allocate(SIZE);
            assertThat(number.address() % Long.BYTES).isZero();
            assertThat(page.address() % 4096).isZero();
            assertThat(small.byteSize()).isEqualTo(3);
            assertThat(nearlyAll.toArray(ValueLayout.JAVA_BYTE)).containsOnly(1);
            assertThat(rest.toArray(ValueLayout.JAVA_BYTE)).containsOnly(0);
            assertThat(large.toArray(ValueLayout.JAVA_BYTE)).containsOnly(1);
        }
    }

    @Test
    @SuppressWarnings("restricted")
    void freesWhatIsToBeFreedWithIt() {
        var freed = new AtomicInteger();
        MemorySegment given;
        try (Arena arena = CallMemory.take()) {
            given = CMemory.room(arena, 100_000);
            MemorySegment _ = given.reinterpret(arena, _ -> freed.incrementAndGet());
            assertThat(given.scope().isAlive()).isTrue();
        }
        assertThat(given.scope().isAlive()).isFalse();
        assertThat(freed).hasValue(1);
        // And the next is as good.
        try (Arena arena = CallMemory.take()) {
            assertThat(CMemory.room(arena, 100_000).scope().isAlive()).isTrue();
        }
    }
}
