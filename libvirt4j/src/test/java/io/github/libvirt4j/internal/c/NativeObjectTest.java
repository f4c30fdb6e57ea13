package io.github.libvirt4j.internal.c;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libvirt4j.NothingLeft;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NothingLeft.class)
@Timeout(60)
class NativeObjectTest {
    private final AtomicInteger interrupted = new AtomicInteger();
    private final AtomicInteger released = new AtomicInteger();
    private final NativeObject object = new NativeObject(this, null, new NativeObject.Release() {
        @Override
        public void release(MemorySegment pointer) {
            released.incrementAndGet();
        }

        @Override
        public void interrupt(MemorySegment pointer) {
            interrupted.incrementAndGet();
        }
    });

    @BeforeEach
    void begin() {
        object.begin(MemorySegment.ofAddress(1));
    }

    @Test
    void isReleasedByTheLastUser() {
        assertThat(object.enter()).isNotNull();
        assertThat(object.close()).isTrue();
        assertThat(object.close()).isFalse();
        assertThat(object.enter()).isNull();
        assertThat(released).hasValue(0);
        object.leave();
        assertThat(released).hasValue(1);
        object.closeNow();
        assertThat(released).hasValue(1);
        assertThat(interrupted).hasValue(0);
    }

    /// The stack was nearly full, say. It counts until it is released, and its parent is kept.
    @Test
    void isReleasedAgainWhereThatFailed() throws Exception {
        NativeObject.makeReady();
        int failing = 4;
        long begin = System.nanoTime();
        var attempts = new AtomicInteger();
        var last = new CountDownLatch(1);
        var child = new NativeObject(this, object, _ -> {
            if (attempts.incrementAndGet() <= failing) {
                throw new IllegalStateException("on purpose");
            }
            last.countDown();
        });
        long live = NativeObject.live();
        child.begin(MemorySegment.ofAddress(2));
        assertThat(NativeObject.live()).isEqualTo(live + 1);
        object.close();
        assertThatThrownBy(child::close).hasMessage("on purpose");
        assertThat(last.await(10, TimeUnit.SECONDS)).isTrue();
        // With a pause between them, except before the first.
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(200));
        while (released.get() == 0) {
            Thread.onSpinWait();
        }
        assertThat(attempts).hasValue(failing + 1);
        assertThat(released).hasValue(1);
        assertThat(NativeObject.live()).isEqualTo(live - 1);
    }

    /// In whatever order they go; it keeps none of them.
    @Test
    void closesAllThatCameFromIt() throws Exception {
        Field firstChild = NativeObject.class.getDeclaredField("firstChild");
        firstChild.setAccessible(true);
        for (int first = 0; first < 4; first++) {
            List<Integer> closed = new ArrayList<>();
            List<NativeObject> children = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                int number = i;
                var child = new NativeObject(this, object, _ -> closed.add(number));
                child.begin(MemorySegment.ofAddress(10 + i));
                children.add(child);
            }
            assertThat(children.get(first).close()).isTrue();
            assertThat(children.get((first + 2) % 4).close()).isTrue();
            assertThat(closed).containsExactly(first, (first + 2) % 4);
            object.closeChildren();
            assertThat(closed).containsExactlyInAnyOrder(0, 1, 2, 3);
            assertThat(firstChild.get(object)).isNull();
            assertThat(children)
                    .allSatisfy(child -> assertThat(child.isClosed()).isTrue());
        }
        object.close();
        assertThat(released).hasValue(1);
    }

    /// What comes of a call that was in flight while its parent was closed.
    @Test
    void isClosedAtOnceThatComesFromAClosedOne() {
        assertThat(object.enter()).isNotNull();
        object.close();
        var gone = new AtomicInteger();
        var child = new NativeObject(this, object, _ -> gone.incrementAndGet());
        child.begin(MemorySegment.ofAddress(2));
        assertThat(child.isClosed()).isTrue();
        assertThat(gone).hasValue(1);
        assertThat(child).hasToString("0x2");
        assertThat(released).hasValue(0);
        object.leave();
        assertThat(released).hasValue(1);
    }

    /// Whoever closed it first, and once.
    @Test
    void letsThoseGoWhoUseItAlsoIfItWasClosed() {
        assertThat(object.enter()).isNotNull();
        object.close();
        object.closeNow();
        assertThat(interrupted).hasValue(1);
        object.closeNow();
        assertThat(interrupted).hasValue(1);
        assertThat(released).hasValue(0);
        object.leave();
        assertThat(released).hasValue(1);
        object.closeNow();
        assertThat(interrupted).hasValue(1);
        assertThat(released).hasValue(1);
    }
}
