package io.github.libvirt4j.internal.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libvirt4j.NothingLeft;
import io.github.libvirt4j.internal.c.CFunction;
import io.github.libvirt4j.internal.c.Downcall;
import io.github.libvirt4j.support.Pipe;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// One set of the kernel's, beside that of the process's loop.
@ExtendWith(NothingLeft.class)
@Timeout(60)
class EpollTest {
    private static final int READABLE = 1;
    private static final int WRITABLE = 2;
    private static final int ERROR = 4;
    private static final int HANGUP = 8;
    private static final int SIGPIPE = 13;

    private record Ready(int number, int tag, int events) {}

    // They stay as long as the process: each has two file descriptors.
    private final Epoll epoll = new Epoll(4);
    private final Pipe first = new Pipe();
    private final Pipe second = new Pipe();

    @BeforeEach
    void open() {
        epoll.open();
    }

    @AfterEach
    void close() {
        first.close();
        second.close();
    }

    private List<Ready> await(int millis) {
        List<Ready> all = new ArrayList<>();
        int count = epoll.await(millis);
        for (int i = 0; i < count; i++) {
            all.add(new Ready(epoll.number(i), epoll.tag(i), epoll.events(i)));
        }
        return all;
    }

    @Test
    void tellsOfEachWhatItIsReadyFor() {
        assertThat(await(0)).isEmpty();
        assertThat(epoll.set(first.readEnd(), 11, READABLE, false)).isTrue();
        assertThat(await(0)).isEmpty();
        assertThat(epoll.set(second.writeEnd(), 12, WRITABLE | READABLE, false)).isTrue();
        first.write();
        Ready readable = new Ready(first.readEnd(), 11, READABLE);
        Ready writable = new Ready(second.writeEnd(), 12, WRITABLE);
        assertThat(await(-1)).containsExactlyInAnyOrder(readable, writable);
        // Whatever else has woken it, and as long as that lasts.
        epoll.wake();
        epoll.wake();
        assertThat(await(-1)).containsExactlyInAnyOrder(readable, writable);
        assertThat(await(-1)).containsExactlyInAnyOrder(readable, writable);
        first.read();
        assertThat(await(-1)).containsExactly(writable);
        epoll.remove(second.writeEnd());
        assertThat(await(0)).isEmpty();
        epoll.wake();
        assertThat(await(-1)).isEmpty();
        assertThat(await(0)).isEmpty();
        // Also where the bell is told before it.
        epoll.wake();
        first.write();
        assertThat(await(-1)).containsExactly(readable);
    }

    @Test
    void tellsErrorsAndHangupsUnasked() {
        assertThat(epoll.set(first.writeEnd(), 1, READABLE, false)).isTrue();
        assertThat(epoll.set(second.readEnd(), 2, WRITABLE, false)).isTrue();
        first.closeReadEnd();
        second.closeWriteEnd();
        assertThat(await(-1))
                .containsExactlyInAnyOrder(
                        new Ready(first.writeEnd(), 1, ERROR), new Ready(second.readEnd(), 2, HANGUP));
    }

    /// The kernel's word counts, whatever is thought to be known of a number.
    @Test
    void changesWhatIsThereAndAddsWhatIsNot() {
        int number = second.writeEnd();
        assertThat(epoll.set(number, 1, READABLE, true)).isTrue();
        assertThat(await(0)).isEmpty();
        assertThat(epoll.set(number, 2, WRITABLE, false)).isTrue();
        assertThat(await(-1)).containsExactly(new Ready(number, 2, WRITABLE));
        assertThat(epoll.set(number, 3, READABLE, true)).isTrue();
        assertThat(await(0)).isEmpty();
        second.close();
        for (boolean known : new boolean[] {true, false}) {
            assertThatThrownBy(() -> epoll.set(number, 4, READABLE, known))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("epoll_ctl of file descriptor " + number + ": errno 9");
        }
        // It is not in the set any more.
        epoll.remove(number);
    }

    /// A signal ends the system call, even one whose handler does nothing.
    @Test
    void outlivesSignals() throws Exception {
        CFunction gettid = CFunction.of("gettid");
        CFunction tgkill = CFunction.of("tgkill");
        AtomicLong waiting = new AtomicLong();
        FutureTask<List<Ready>> wait = new FutureTask<>(() -> {
            waiting.set(Downcall.call(gettid.pointer()));
            return await(60_000);
        });
        Thread thread = new Thread(wait);
        thread.start();
        while (!wait.isDone()) {
            // The VM has a handler of this one, which does nothing.
            if (waiting.get() != 0) {
                Downcall.call(tgkill.pointer(), ProcessHandle.current().pid(), waiting.get(), SIGPIPE);
            }
            Thread.sleep(1);
        }
        assertThat(wait.get()).isEmpty();
        thread.join();
        first.write();
        assertThat(epoll.set(first.readEnd(), 1, READABLE, false)).isTrue();
        assertThat(await(-1)).containsExactly(new Ready(first.readEnd(), 1, READABLE));
    }

    @Test
    void beginsAnewWithItsBell() {
        epoll.set(second.writeEnd(), 1, WRITABLE, false);
        assertThat(await(-1)).hasSize(1);
        epoll.renew();
        assertThat(await(0)).isEmpty();
        epoll.wake();
        assertThat(await(-1)).isEmpty();
        epoll.set(second.writeEnd(), 2, WRITABLE, false);
        assertThat(await(-1)).containsExactly(new Ready(second.writeEnd(), 2, WRITABLE));
    }
}
