package io.github.libvirt4j.internal.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libvirt4j.NothingLeft;
import io.github.libvirt4j.support.Threads;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NothingLeft.class)
class GlobalHolderTest {
    @Test
    void givesBackTheOneItReplaces() {
        var holder = new GlobalHolder<String>();
        assertThat(holder.replace("first", () -> {})).isNull();
        assertThat(holder.replace("second", () -> {})).isEqualTo("first");
        assertThat(holder.get()).isEqualTo("second");
        assertThat(holder.replace(null, () -> {})).isEqualTo("second");
        assertThat(holder.get()).isNull();
    }

    @Test
    void dropsTheOldOneWhateverInstallDoes() {
        var holder = new GlobalHolder<String>();
        holder.replace("first", () -> {});
        assertThatThrownBy(() -> holder.replace("second", () -> {
                    throw new IllegalStateException("install");
                }))
                .hasMessage("install");
        assertThat(holder.get()).isEqualTo("second");
        // And the lock is free.
        assertThat(holder.replace("third", () -> {})).isEqualTo("second");
    }

    @Test
    void canBeReadWhileItIsReplaced() throws Exception {
        var holder = new GlobalHolder<String>();
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch read = new CountDownLatch(1);
        AtomicReference<String> seen = new AtomicReference<>();
        Thread replacing = Thread.ofPlatform()
                .start(() -> holder.replace("closure", () -> {
                    inside.countDown();
                    try {
                        assertThat(read.await(10, TimeUnit.SECONDS)).isTrue();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                }));
        inside.await();
        seen.set(String.valueOf(holder.get()));
        read.countDown();
        replacing.join();
        assertThat(seen).hasValue("closure");
    }

    @Test
    void replacesOneAtATime() throws Exception {
        var holder = new GlobalHolder<Integer>();
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger replaced = new AtomicInteger();
        Threads.together(8, thread -> {
            for (int i = 0; i < 2_000; i++) {
                Integer before = holder.replace(thread, () -> {
                    assertThat(inside.incrementAndGet()).isEqualTo(1);
                    inside.decrementAndGet();
                });
                if (before != null) {
                    replaced.incrementAndGet();
                }
            }
        });
        assertThat(replaced).hasValue(8 * 2_000 - 1);
    }
}
