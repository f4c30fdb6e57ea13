package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtEvent.virEventAddTimeout;
import static io.github.libvirt4j.internal.raw.LibvirtEvent.virEventRegisterDefaultImpl;
import static io.github.libvirt4j.internal.raw.LibvirtEvent.virEventRunDefaultImpl;
import static io.github.libvirt4j.internal.raw.LibvirtEvent.virEventUpdateTimeout;

import io.github.libvirt4j.internal.Errors;
import io.github.libvirt4j.internal.Startup;
import io.github.libvirt4j.internal.Workers;
import io.github.libvirt4j.internal.callback.Uncaught;
import io.github.libvirt4j.internal.callback.Upcall;
import io.github.libvirt4j.internal.raw.CallbackTypes;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// libvirt's event loop: the one thread of the process that reads what daemons send, and from which events
/// come.
///
/// The library owns it. It is registered before the first connection is opened and runs until the process
/// ends, on the daemon thread `libvirt4j-events`; nobody has to start it, and without it libvirt would drop
/// connections and deliver no event.
public final class EventLoop {
    private static final Upcall TURNED = Upcall.of(
            "virEventTimeoutCallback", CallbackTypes.virEventTimeoutCallback(), MethodHandles.lookup(), "turned", null);

    private static final ConcurrentLinkedQueue<CountDownLatch> BARRIERS = new ConcurrentLinkedQueue<>();

    private static volatile @Nullable Thread thread;

    /// The timer that turns the loop when it is asked to. It is off otherwise, and there for as long as the
    /// loop: libvirt's sleeps for ever without a source.
    private static volatile int timer;

    private EventLoop() {}

    /// Whether the calling thread is the event loop's: in a handler with direct delivery, say. Nothing may
    /// block here.
    public static boolean isCurrentThread() {
        return Thread.currentThread() == thread;
    }

    /// The C callback of its timers.
    static Upcall upcall() {
        return TURNED;
    }

    /// Registers and starts the loop, if that has not happened yet. C: `virEventRegisterDefaultImpl`.
    static void ensure() {
        if (thread == null) {
            start();
        }
    }

    private static synchronized void start() {
        if (thread != null) {
            return;
        }
        Startup.ensure();
        Errors.check(virEventRegisterDefaultImpl(), "virEventRegisterDefaultImpl");
        timer = Errors.check(
                virEventAddTimeout(-1, TURNED.pointer(0), MemorySegment.NULL, MemorySegment.NULL),
                "virEventAddTimeout");
        Thread loop = Workers.thread("libvirt4j-events", EventLoop::run);
        // First, as it can fail for want of a thread: the next one to need the loop tries again.
        loop.start();
        thread = loop;
    }

    /// Waits until the loop has turned once: what it was running when this was called has returned.
    ///
    /// Not for the loop's own thread, which would wait for itself.
    ///
    /// @return false if `nanos` nanoseconds were not enough
    static boolean barrier(long nanos) throws InterruptedException {
        if (isCurrentThread()) {
            throw new IllegalStateException("The event loop cannot wait for itself");
        }
        var turned = new CountDownLatch(1);
        BARRIERS.add(turned);
        virEventUpdateTimeout(timer, 0);
        return turned.await(nanos, TimeUnit.NANOSECONDS);
    }

    /// The same, however long it takes, also for a thread that is interrupted.
    static void turn() {
        boolean interrupted = false;
        boolean turned = false;
        while (!turned) {
            try {
                turned = barrier(Long.MAX_VALUE);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    // C's virEventTimeoutCallback. Off first: a barrier that is added after the queue was emptied turns it on again.
    @SuppressWarnings("unused")
    private static void turned(int timer, MemorySegment opaque) {
        virEventUpdateTimeout(timer, -1);
        CountDownLatch waiting;
        while ((waiting = BARRIERS.poll()) != null) {
            waiting.countDown();
        }
    }

    private static void run() {
        while (true) {
            try {
                Errors.check(virEventRunDefaultImpl(), "virEventRunDefaultImpl");
            } catch (Throwable t) {
                Uncaught.report("the event loop", t);
                pause();
            }
        }
    }

    /// Between two failures, so that a loop which cannot run does not use up a processor.
    private static void pause() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            // Nothing ends the loop.
        }
    }
}
