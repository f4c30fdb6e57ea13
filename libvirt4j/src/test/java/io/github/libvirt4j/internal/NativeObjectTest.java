package io.github.libvirt4j.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.NothingLeft;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NothingLeft.class)
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
        assertThat(interrupted).hasValue(0);
    }

    /// Whoever closed it first, and once.
    @Test
    void letsThoseGoWhoUseItAlsoIfItWasClosed() {
        assertThat(object.enter()).isNotNull();
        object.close();
        object.closeNow();
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
