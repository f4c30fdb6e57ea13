package io.github.libvirt4j.internal.loop;

import static io.github.libvirt4j.internal.raw.LibvirtEvent.virEventAddTimeout;
import static io.github.libvirt4j.internal.raw.LibvirtEvent.virEventRegisterDefaultImpl;
import static io.github.libvirt4j.internal.raw.LibvirtEvent.virEventRemoveTimeout;
import static io.github.libvirt4j.internal.raw.LibvirtEvent.virEventRunDefaultImpl;
import static io.github.libvirt4j.internal.raw.LibvirtEvent.virEventUpdateTimeout;

import io.github.libvirt4j.internal.VmExit;
import io.github.libvirt4j.internal.c.Errors;
import io.github.libvirt4j.internal.c.FileDescriptors;
import io.github.libvirt4j.internal.c.Startup;
import io.github.libvirt4j.internal.callback.Loans;
import io.github.libvirt4j.internal.callback.Upcall;
import io.github.libvirt4j.internal.raw.CallbackTypes.VirEventTimeoutCallback;
import io.github.libvirt4j.loop.EventLoopImplementation;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The event loop of the process: [EventLoop][io.github.libvirt4j.loop.EventLoop] behind its face.
public final class ProcessLoop {
    private static final Upcall EXPIRED = Upcall.of(VirEventTimeoutCallback.type(), new Expired());

    /// Those who wait for a turn, the last one first.
    private static final AtomicReference<@Nullable Barrier> BARRIERS = new AtomicReference<>();

    private static final String PROPERTY = "libvirt4j.eventLoop";

    /// Null for libvirt's own.
    private static @Nullable EventLoopImplementation chosen;

    private static volatile boolean started;

    /// Whether the loop is one in Java. [JavaLoop] takes its time to be initialised, and is not
    /// needed otherwise.
    private static volatile boolean inJava;

    /// The loop's, unless the loop is the user's.
    private static volatile @Nullable Thread thread;

    /// The timer that turns the loop when it is asked to. It is off otherwise, and there for as long as the
    /// loop: libvirt's sleeps for ever without a source.
    private static volatile int timer;

    /// In a list of its own: the loop needs no memory to let all go.
    private static final class Barrier extends CountDownLatch {
        private @Nullable Barrier next;

        Barrier() {
            super(1);
        }
    }

    private ProcessLoop() {}

    /// Another loop, before it has started.
    ///
    /// @throws IllegalStateException if the event loop has started
    public static synchronized void use(Supplier<EventLoopImplementation> loop) {
        refuseIfStarted();
        chosen = loop.get();
    }

    private static void refuseIfStarted() {
        if (started) {
            throw new IllegalStateException(
                    "The event loop runs already; choose another before the first connection is opened");
        }
    }

    /// Whether the loop has started.
    public static boolean isStarted() {
        return started;
    }

    /// Whether the calling thread is the event loop's.
    public static boolean isCurrentThread() {
        return isOwnThread() || (inJava && JavaLoop.isCalling());
    }

    /// The thread that libvirt is called on just now; null if there is none.
    public static @Nullable Thread caller() {
        Thread own = thread;
        return own == null && inJava ? JavaLoop.caller() : own;
    }

    /// Whether it is the thread of a loop of the library's.
    static boolean isOwnThread() {
        return Thread.currentThread() == thread;
    }

    /// The C callback of its timers.
    public static Upcall upcall() {
        return EXPIRED;
    }

    /// Registers and starts the loop, if that has not happened yet. C: `virEventRegisterDefaultImpl`.
    public static void ensure() {
        if (!started) {
            start();
        }
    }

    private static synchronized void start() {
        if (started) {
            return;
        }
        Startup.ensure();
        FileDescriptors.require("virEventRegisterDefaultImpl", "Starting the event loop");
        EventLoopImplementation loop = chosen();
        if (loop == null) {
            Errors.check(virEventRegisterDefaultImpl(), "virEventRegisterDefaultImpl");
        } else {
            JavaLoop.register(loop);
            inJava = true;
        }
        timer = Errors.check(
                virEventAddTimeout(-1, EXPIRED.pointer(0), MemorySegment.NULL, MemorySegment.NULL),
                "virEventAddTimeout");
        if (loop != null && !JavaLoop.hasTimeout(timer)) {
            virEventRemoveTimeout(timer);
            throw new IllegalStateException(
                    "Another library of this process has registered an event loop with libvirt, "
                            + "which allows one. Start the VM with -D" + PROPERTY
                            + "=libvirt if that is libvirt's own; "
                            + "otherwise open the first connection of libvirt4j before that library starts");
        }
        // First, as it can fail for want of a thread: the next one to need the loop tries again.
        if (loop == null) {
            thread = LoopThread.start(() -> Errors.check(virEventRunDefaultImpl(), "virEventRunDefaultImpl"));
        } else if (loop instanceof EpollLoop epoll) {
            thread = epoll.start();
        }
        started = true;
    }

    private static @Nullable EventLoopImplementation chosen() {
        if (chosen == null) {
            String name = Objects.requireNonNullElse(System.getProperty(PROPERTY), "epoll");
            chosen = switch (name) {
                case "libvirt" -> null;
                case "epoll" -> new EpollLoop();
                default ->
                    throw new IllegalStateException(
                            "The system property " + PROPERTY + " is '" + name + "'; it can be epoll or libvirt");
            };
        }
        return chosen;
    }

    /// Makes it turn soon.
    static void wake() {
        virEventUpdateTimeout(timer, 0);
    }

    /// Waits until the loop has turned once: what it was running when this was called has returned.
    ///
    /// Not for the loop's own thread, which would wait for itself.
    ///
    /// @return false if `nanos` nanoseconds were not enough, or the loop is in `System.exit`
    public static boolean barrier(long nanos) throws InterruptedException {
        return await(nextTurn(), nanos);
    }

    /// Asks the loop for a turn, which must have [started][#isStarted]. Not for the loop's own thread.
    ///
    /// @return reaches 0 in that turn
    public static CountDownLatch nextTurn() {
        if (isCurrentThread()) {
            throw new IllegalStateException("The event loop cannot wait for itself");
        }
        var barrier = new Barrier();
        BARRIERS.getAndUpdate(before -> {
            barrier.next = before;
            return barrier;
        });
        wake();
        return barrier;
    }

    /// Waits for a turn however long it takes, also on a thread that is interrupted.
    ///
    /// @throws VmExit.InVain if the VM exits, and the loop does not turn any more
    public static void turn() {
        CountDownLatch turned = nextTurn();
        VmExit.await(ProcessLoop::caller, left -> turned.await(left, TimeUnit.NANOSECONDS));
    }

    /// Waits for what needs the loop to turn, at most so long.
    ///
    /// @return false if that was not enough, or the loop is in `System.exit`
    public static boolean await(CountDownLatch what, long nanos) throws InterruptedException {
        return VmExit.await(nanos, ProcessLoop::caller, left -> what.await(left, TimeUnit.NANOSECONDS));
    }

    /// Of timers, and with NULL of our own.
    // A class, not a lambda: linking one in an initialiser, with the heap full, would break the class for good.
    private static final class Expired implements VirEventTimeoutCallback {
        @Override
        public void call(int timer, long opaque) {
            if (opaque == 0) {
                turned();
                return;
            }
            LibvirtTimer self = Loans.borrow(opaque, LibvirtTimer.class);
            if (self != null) {
                self.expired();
            }
        }
    }

    /// Off first: a barrier that is added after the queue was emptied turns it on again. Allocates nothing:
    /// whoever waits for a turn cannot go on without.
    private static void turned() {
        virEventUpdateTimeout(timer, -1);
        Barrier waiting = BARRIERS.getAndSet(null);
        try {
            // Sources removed before the turn are freed before its waiters continue.
            if (inJava) {
                JavaLoop.freeRemoved();
            }
        } finally {
            for (Barrier each = waiting; each != null; each = each.next) {
                each.countDown();
            }
        }
    }
}
