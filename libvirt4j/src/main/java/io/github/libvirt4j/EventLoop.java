package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtEvent.virEventAddTimeout;
import static io.github.libvirt4j.internal.raw.LibvirtEvent.virEventRegisterDefaultImpl;
import static io.github.libvirt4j.internal.raw.LibvirtEvent.virEventRemoveTimeout;
import static io.github.libvirt4j.internal.raw.LibvirtEvent.virEventRunDefaultImpl;
import static io.github.libvirt4j.internal.raw.LibvirtEvent.virEventUpdateTimeout;

import io.github.libvirt4j.internal.EpollLoop;
import io.github.libvirt4j.internal.Errors;
import io.github.libvirt4j.internal.FileDescriptors;
import io.github.libvirt4j.internal.LoopThread;
import io.github.libvirt4j.internal.Startup;
import io.github.libvirt4j.internal.VmExit;
import io.github.libvirt4j.internal.callback.Loans;
import io.github.libvirt4j.internal.callback.Upcall;
import io.github.libvirt4j.internal.raw.CallbackTypes;
import io.github.libvirt4j.types.EventHandleType;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// libvirt's event loop: the one thread of the process that reads what daemons send, and from which events
/// come.
///
/// The library owns it. It is registered before the first connection is opened and runs until the process
/// ends, on the daemon thread `libvirt4j-events`; nobody has to start it, and without it libvirt would drop
/// connections and deliver no event.
///
/// Default: the library's own loop, on Linux's epoll. The system property `libvirt4j.eventLoop=libvirt` chooses
/// libvirt's own, which turns GLib's default main context: where a toolkit (GTK, SWT, java-gi) lives in the
/// process, its callbacks then run on the thread `libvirt4j-events`. [#use] runs libvirt on a loop of the
/// program's.
public final class EventLoop {
    private static final Upcall EXPIRED = Upcall.of(
            "virEventTimeoutCallback",
            CallbackTypes.virEventTimeoutCallback(),
            MethodHandles.lookup(),
            "expired",
            null);

    /// Those who wait for a turn, the last one first.
    private static final AtomicReference<@Nullable Barrier> BARRIERS = new AtomicReference<>();

    private static final String PROPERTY = "libvirt4j.eventLoop";

    /// Null for libvirt's own.
    private static @Nullable EventLoopImplementation chosen;

    private static volatile boolean started;

    /// Whether the loop is one in Java. [ImplementedLoop] takes its time to be initialised, and is not
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

    private EventLoop() {}

    /// Runs libvirt on an event loop of one's own, for the rest of the process's life. C:
    /// `virEventRegisterImpl`.
    ///
    /// @throws IllegalStateException if the event loop has started: it does with the first connection, or
    ///     the first that is waited for on it
    public static synchronized void use(EventLoopImplementation loop) {
        refuseIfStarted();
        chosen = Objects.requireNonNull(loop, "loop");
    }

    private static void refuseIfStarted() {
        if (started) {
            throw new IllegalStateException(
                    "The event loop runs already; choose another before the first connection is opened");
        }
    }

    /// Runs libvirt on the library's own event loop, on Linux's epoll, whatever the system property
    /// `libvirt4j.eventLoop` says. Without that property it is the default.
    ///
    /// libvirt's own looks at all that is waited for in each turn, which with thousands of connections
    /// takes longer than the work; this one looks at what is ready.
    ///
    /// @throws IllegalStateException if the event loop has started
    public static synchronized void useEpoll() {
        refuseIfStarted();
        use(new EpollLoop());
    }

    /// Whether the calling thread is the event loop's: in a handler with direct delivery, say. Nothing may
    /// block here.
    public static boolean isCurrentThread() {
        return isOwnThread() || (inJava && ImplementedLoop.isCalling());
    }

    /// The thread that libvirt is called on just now; null if there is none.
    private static @Nullable Thread caller() {
        Thread own = thread;
        return own == null && inJava ? ImplementedLoop.caller() : own;
    }

    /// Whether it is the thread of a loop of the library's.
    static boolean isOwnThread() {
        return Thread.currentThread() == thread;
    }

    /// The C callback of its timers.
    static Upcall upcall() {
        return EXPIRED;
    }

    /// Registers and starts the loop, if that has not happened yet. C: `virEventRegisterDefaultImpl`.
    static void ensure() {
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
            ImplementedLoop.register(loop);
            inJava = true;
        }
        timer = Errors.check(
                virEventAddTimeout(-1, EXPIRED.pointer(0), MemorySegment.NULL, MemorySegment.NULL),
                "virEventAddTimeout");
        if (loop != null && !ImplementedLoop.hasTimeout(timer)) {
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
    static boolean barrier(long nanos) throws InterruptedException {
        return await(nextTurn(), nanos);
    }

    private static CountDownLatch nextTurn() {
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

    /// The same, however long it takes, also for a thread that is interrupted.
    ///
    /// @throws VmExit.InVain if the VM exits, and the loop does not turn any more
    static void turn() {
        CountDownLatch turned = nextTurn();
        VmExit.await(EventLoop::caller, left -> turned.await(left, TimeUnit.NANOSECONDS));
    }

    /// Waits for what needs the loop to turn, at most so long.
    ///
    /// @return false if that was not enough, or the loop is in `System.exit`
    static boolean await(CountDownLatch what, long nanos) throws InterruptedException {
        return VmExit.await(nanos, EventLoop::caller, left -> what.await(left, TimeUnit.NANOSECONDS));
    }

    /// Calls a lambda whenever a file descriptor is ready. C: `virEventAddHandle`.
    ///
    /// That it is ready is a state and no event: while the handler is at work it is not called, and if the
    /// file descriptor is still ready when it returns, it is called again. What is only an error or a
    /// hangup is told once, and the last that is told.
    ///
    /// @param fd a file descriptor that is open for as long as the watch
    /// @param when what to wait for
    /// @param handler runs on a thread of the library's
    public static FileWatch on(int fd, Set<EventHandleType> when, FileHandler handler) {
        if (fd < 0) {
            throw new IllegalArgumentException(fd + " is not a file descriptor");
        }
        ensure();
        FileWatch watch = new FileWatch(fd, Set.copyOf(when), Objects.requireNonNull(handler, "handler"));
        watch.start(fd);
        return watch;
    }

    /// The same for when there is something to read, or the other side is gone.
    public static FileWatch onReadable(int fd, FileHandler handler) {
        return on(fd, EnumSet.of(EventHandleType.READABLE), handler);
    }

    /// The same for when there is room to write.
    public static FileWatch onWritable(int fd, FileHandler handler) {
        return on(fd, EnumSet.of(EventHandleType.WRITABLE), handler);
    }

    /// Calls a lambda again and again. While it is at work it is not called; the times that pass by are
    /// counted ([Timer#lost]). C: `virEventAddTimeout`.
    ///
    /// @param interval from a millisecond to 24 days
    /// @param handler runs on a thread of the library's
    public static Timer every(Duration interval, TimerHandler handler) {
        return start(new Timer(interval, false, Objects.requireNonNull(handler, "handler")));
    }

    /// Calls a lambda once.
    ///
    /// @param delay up to 24 days
    /// @param handler runs on a thread of the library's
    public static Timer after(Duration delay, TimerHandler handler) {
        return start(new Timer(delay, true, Objects.requireNonNull(handler, "handler")));
    }

    private static Timer start(Timer timer) {
        ensure();
        timer.start();
        return timer;
    }

    // C's virEventTimeoutCallback, of timers, and with NULL of our own.
    @SuppressWarnings("unused")
    private static void expired(int timer, long opaque) {
        if (opaque == 0) {
            turned();
            return;
        }
        Timer self = Loans.borrow(opaque, Timer.class);
        if (self != null) {
            self.expired();
        }
    }

    /// Off first: a barrier that is added after the queue was emptied turns it on again. Allocates nothing: whoever
    /// waits for a turn cannot go on without.
    private static void turned() {
        virEventUpdateTimeout(timer, -1);
        Barrier waiting = BARRIERS.getAndSet(null);
        try {
            // Who waited for a turn finds done what was to be freed before.
            if (inJava) {
                ImplementedLoop.freeRemoved();
            }
        } finally {
            for (Barrier each = waiting; each != null; each = each.next) {
                each.countDown();
            }
        }
    }
}
