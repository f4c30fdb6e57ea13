package io.github.libvirt4j.cli;

import io.github.libvirt4j.loop.EventLoop;
import io.github.libvirt4j.loop.FileWatch;
import io.github.libvirt4j.types.EventHandleType;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The end of a subcommand that prints until Ctrl-C, a timeout, the loss of its reader, or enough.
final class Ending implements AutoCloseable {
    private final Printer out;
    private final CountDownLatch enough = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile boolean opened;
    private @Nullable FileWatch watch;

    Ending(Printer out) {
        this.out = out;
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(this::interrupted));
    }

    /// Tells that the connection is there, which must be closed on Ctrl-C.
    void opened() {
        opened = true;
        if (out.pipe() >= 0) {
            // After `| head -1` it ends at once, and not when the next line cannot be printed.
            watch = EventLoop.on(out.pipe(), Set.of(EventHandleType.ERROR), (_, _) -> {
                out.abandoned();
                come();
            });
        }
    }

    /// Ends the wait.
    void come() {
        enough.countDown();
    }

    boolean hasCome() {
        return enough.getCount() == 0;
    }

    /// Waits for the end.
    ///
    /// @param timeout the longest wait; null for none
    void await(@Nullable Duration timeout) throws InterruptedException {
        if (timeout == null) {
            enough.await();
        } else {
            // False is no failure: the time is up.
            boolean _ = enough.await(TimeUnit.NANOSECONDS.convert(timeout), TimeUnit.NANOSECONDS);
        }
    }

    /// On Ctrl-C: the main thread closes the connection, and the process ends as if it had come to an end
    /// by itself.
    private void interrupted() {
        if (closed.getCount() == 0) {
            return;
        }
        come();
        try {
            // An opening that hangs would do so indefinitely.
            boolean _ = opened && closed.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            // The VM is ending.
        }
        out.flush();
        Runtime.getRuntime().halt(Status.OK);
    }

    @Override
    public void close() {
        if (watch != null) {
            watch.close();
        }
        closed.countDown();
    }
}
