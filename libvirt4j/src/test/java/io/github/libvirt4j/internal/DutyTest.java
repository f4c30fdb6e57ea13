package io.github.libvirt4j.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.NothingLeft;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NothingLeft.class)
@Timeout(60)
class DutyTest {
    @Test
    void isDoneAtOnceWhereThatIsPossible() {
        var doing = new AtomicInteger();
        var duty = new Duty(doing::incrementAndGet);
        duty.now();
        assertThat(doing).hasValue(1);
    }

    @Test
    void isTriedUntilItSucceeds() throws Exception {
        var attempts = new AtomicInteger();
        var done = new CountDownLatch(1);
        new Duty(() -> {
                    if (attempts.incrementAndGet() < 3) {
                        throw new OutOfMemoryError("on purpose");
                    }
                    done.countDown();
                })
                .now();
        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(attempts).hasValue(3);
    }

    /// One that is asked for twice before the cleaner comes to it is done once; one that is asked for while
    /// it is done is done again, and the others are not forgotten.
    @Test
    void isDoneOnceForAllWhoAskedForItBefore() throws Exception {
        var inside = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        BlockingQueue<String> done = new LinkedBlockingQueue<>();
        var first = new Duty(() -> {
            inside.countDown();
            // An interrupt is for the cleaner: it is how it is woken.
            while (goOn.getCount() > 0) {
                Thread.onSpinWait();
            }
            done.add("first");
        });
        var second = new Duty(() -> done.add("second"));
        var third = new Duty(() -> done.add("third"));
        first.due();
        assertThat(inside.await(10, TimeUnit.SECONDS)).isTrue();
        for (int i = 0; i < 3; i++) {
            second.due();
            third.due();
        }
        goOn.countDown();
        assertThat(done.poll(10, TimeUnit.SECONDS)).isNotNull();
        assertThat(done.poll(10, TimeUnit.SECONDS)).isNotNull();
        assertThat(done.poll(10, TimeUnit.SECONDS)).isNotNull();
        // A later one is behind all there was.
        var last = new CountDownLatch(1);
        new Duty(last::countDown).due();
        assertThat(last.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(done).isEmpty();
    }
}
