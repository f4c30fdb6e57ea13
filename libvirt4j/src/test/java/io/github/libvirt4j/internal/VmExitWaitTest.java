package io.github.libvirt4j.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.NothingLeft;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// The waits of a VM that does not exit; [VmExitTest][io.github.libvirt4j.VmExitTest] has the others.
@ExtendWith(NothingLeft.class)
@Timeout(60)
class VmExitWaitTest {
    private static final long SLICE = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long LIMIT = TimeUnit.MILLISECONDS.toNanos(120);

    private final List<Long> slices = new ArrayList<>();
    private final CountDownLatch latch = new CountDownLatch(1);

    private boolean awaitLatch(long nanos) throws InterruptedException {
        slices.add(nanos);
        return latch.await(nanos, TimeUnit.NANOSECONDS);
    }

    @Test
    void takeAllTheirTimeInSlices() throws Exception {
        long start = System.nanoTime();
        assertThat(VmExit.await(LIMIT, Thread::currentThread, this::awaitLatch)).isFalse();
        assertThat(System.nanoTime() - start).isBetween(LIMIT, TimeUnit.SECONDS.toNanos(10));
        assertThat(slices)
                .hasSizeBetween(1, 3)
                .allMatch(nanos -> nanos <= SLICE)
                .startsWith(SLICE);
    }

    @Test
    void endWithWhatTheyWaitFor() throws Exception {
        assertThat(VmExit.await(0, () -> null, this::awaitLatch)).isFalse();
        assertThat(slices).hasSize(1);
        // In the second slice.
        var calls = new AtomicInteger();
        assertThat(VmExit.await(LIMIT, () -> null, _ -> calls.incrementAndGet() == 2))
                .isTrue();
        assertThat(calls).hasValue(2);
    }

    /// Also for a thread that is interrupted before or while it waits, and stays so.
    @Test
    void withoutALimitEndWithNothingElse() {
        Thread.currentThread().interrupt();
        VmExit.await(Thread::currentThread, nanos -> {
            boolean isThere = slices.size() == 2;
            assertThat(nanos).isEqualTo(SLICE);
            slices.add(nanos);
            return isThere || latch.await(1, TimeUnit.MILLISECONDS);
        });
        assertThat(Thread.interrupted()).isTrue();
        assertThat(slices).hasSize(3);
    }

    /// Five seconds in all are the limit of a VM that exits.
    @Test
    void withoutALimitHaveNoneInAll() {
        var calls = new AtomicInteger();
        VmExit.await(Thread::currentThread, _ -> calls.incrementAndGet() == 200);
        assertThat(calls).hasValue(200);
    }

    @Test
    void forALockLastUntilItIsFree() throws Exception {
        var lock = new VmExit.HeldLock();
        assertThat(lock.holder()).isNull();
        var held = new CountDownLatch(1);
        Thread holder = Thread.ofPlatform().start(() -> {
            lock.take();
            try {
                held.countDown();
                Thread.sleep(70);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            } finally {
                lock.unlock();
            }
        });
        held.await();
        assertThat(lock.holder()).isSameAs(holder);
        Thread.currentThread().interrupt();
        lock.take();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(lock.holder()).isSameAs(Thread.currentThread());
        lock.unlock();
        holder.join();
    }

    @Test
    void forAConditionTakeASliceOfWhatIsLeft() throws Exception {
        var lock = new ReentrantLock();
        Condition never = lock.newCondition();
        lock.lock();
        try {
            long start = System.nanoTime();
            long left = VmExit.awaitNanos(never, LIMIT, Thread.currentThread());
            long took = System.nanoTime() - start;
            assertThat(took).isGreaterThanOrEqualTo(SLICE);
            assertThat(left).isBetween(LIMIT - took, LIMIT - SLICE);
            assertThat(VmExit.awaitNanos(never, 1, null)).isNotPositive();
        } finally {
            lock.unlock();
        }
    }
}
