package io.github.libvirt4j.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.NothingLeft;
import io.github.libvirt4j.internal.c.NativeObject;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NothingLeft.class)
@Timeout(60)
class CleanerThreadTest {
    private final AtomicInteger closed = new AtomicInteger();
    private final AtomicInteger closedHere = new AtomicInteger();
    private final Thread here = Thread.currentThread();
    private final List<Object> handles = new ArrayList<>();

    /// An object whose handle is taken for collected, as far as the cleaner can see.
    private void forget() {
        var handle = new Object();
        handles.add(handle);
        var object = new NativeObject(handle, null, _ -> {
            (Thread.currentThread() == here ? closedHere : closed).incrementAndGet();
        });
        object.begin(MemorySegment.ofAddress(1));
        object.enqueue();
    }

    @Test
    void isOneAndADaemon() throws Exception {
        CleanerThread.ensure();
        CleanerThread.ensure();
        assertThat(Thread.getAllStackTraces().keySet().stream()
                        .filter(one -> one.getName().equals("libvirt4j-cleaner")))
                .singleElement()
                .satisfies(one -> assertThat(one.isDaemon()).isTrue());
        assertThat(CleanerThread.isCurrent()).isFalse();
        var isIt = new AtomicBoolean();
        var done = new CountDownLatch(1);
        new Duty(() -> {
                    isIt.set(CleanerThread.isCurrent());
                    done.countDown();
                })
                .due();
        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(isIt).isTrue();
    }

    @Test
    void closesWhatWasForgotten() throws Exception {
        CleanerThread.ensure();
        for (int i = 0; i < 10; i++) {
            forget();
        }
        while (closed.get() < 10) {
            Thread.sleep(1);
        }
        assertThat(closedHere).hasValue(0);
    }

    /// While the cleaner is at work, and by four: the maker of one handle closes those of four others.
    @Test
    void isHelpedByWhoMakesHandles() throws Exception {
        var inside = new CountDownLatch(1);
        var goOn = new AtomicBoolean();
        new Duty(() -> {
                    inside.countDown();
                    // An interrupt is for the cleaner: it is how it is woken.
                    while (!goOn.get()) {
                        Thread.onSpinWait();
                    }
                })
                .due();
        assertThat(inside.await(10, TimeUnit.SECONDS)).isTrue();
        try (Connect connect = Connect.open("test:///default")) {
            for (int i = 0; i < 6; i++) {
                forget();
            }
            connect.domains().lookupByName("test").close();
            assertThat(closedHere).hasValue(4);
            CleanerThread.help();
            assertThat(closedHere).hasValue(6);
            CleanerThread.help();
            assertThat(closed).hasValue(0);
        } finally {
            goOn.set(true);
        }
    }
}
