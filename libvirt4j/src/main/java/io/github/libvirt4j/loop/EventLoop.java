package io.github.libvirt4j.loop;

import io.github.libvirt4j.internal.loop.EpollLoop;
import io.github.libvirt4j.internal.loop.FileReadiness;
import io.github.libvirt4j.internal.loop.LibvirtTimer;
import io.github.libvirt4j.internal.loop.ProcessLoop;
import io.github.libvirt4j.types.EventHandleType;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;

/// The event loop of libvirt: the one thread of the process that reads the messages of daemons and dispatches
/// events.
///
/// The library owns the event loop. It registers the loop before the first connection is opened, and runs it
/// until the process ends, on the daemon thread `libvirt4j-events`. A program starts nothing. Without an
/// event loop libvirt would drop connections and deliver no events.
///
/// Default: the library's own loop, on Linux's epoll. The system property `libvirt4j.eventLoop=libvirt`
/// selects libvirt's own loop, which iterates GLib's default main context: callbacks of a toolkit in the
/// process (GTK, SWT, java-gi) then run on the thread `libvirt4j-events`. [#use] selects a loop of the
/// program's.
public final class EventLoop {
    private EventLoop() {}

    /// Selects an event loop of the program's, for the life of the process.
    ///
    /// @c {@index virEventRegisterImpl} libvirt 0.5.0
    /// @param loop the event loop
    /// @throws IllegalStateException if the event loop has started: the first connection, file watch or timer
    ///     starts it
    public static void use(EventLoopImplementation loop) {
        Objects.requireNonNull(loop, "loop");
        ProcessLoop.use(() -> loop);
    }

    /// Selects the library's own event loop, on Linux's epoll, regardless of the system property
    /// `libvirt4j.eventLoop`. Without this property it is the default.
    ///
    /// Each turn of libvirt's own loop is O(n) in the number of file descriptors, which with thousands of
    /// connections exceeds the cost of the work; the loop on epoll visits only file descriptors that are
    /// ready.
    ///
    /// @throws IllegalStateException if the event loop has started
    public static void useEpoll() {
        ProcessLoop.use(EpollLoop::new);
    }

    /// Whether the calling thread is the thread of the event loop, as in a handler with direct delivery. Code
    /// on this thread must not block.
    public static boolean isCurrentThread() {
        return ProcessLoop.isCurrentThread();
    }

    /// Registers a handler that is called whenever a file descriptor is ready.
    ///
    /// Readiness is level-triggered: the handler is not called while it is running, and is called again after
    /// it has returned if the file descriptor is still ready. An error or a hangup without an event that the
    /// watch waits for is delivered once, as the last call.
    ///
    /// @c {@index virEventAddHandle} libvirt 0.9.3
    /// @param fd a file descriptor; it must stay open until the watch is closed
    /// @param when the events to wait for
    /// @param handler runs on a thread of the library's
    public static FileWatch on(int fd, Set<EventHandleType> when, FileWatch.Handler handler) {
        if (fd < 0) {
            throw new IllegalArgumentException(fd + " is not a file descriptor");
        }
        ProcessLoop.ensure();
        FileReadiness watch = new FileReadiness(fd, Set.copyOf(when), Objects.requireNonNull(handler, "handler"));
        watch.start(fd);
        return watch;
    }

    /// Registers a handler that is called whenever a file descriptor is readable or its other side has hung
    /// up. Like [#on] with [EventHandleType#READABLE].
    ///
    /// @param fd a file descriptor; it must stay open until the watch is closed
    /// @param handler runs on a thread of the library's
    public static FileWatch onReadable(int fd, FileWatch.Handler handler) {
        return on(fd, EnumSet.of(EventHandleType.READABLE), handler);
    }

    /// Registers a handler that is called whenever a file descriptor is writable. Like [#on] with
    /// [EventHandleType#WRITABLE].
    ///
    /// @param fd a file descriptor; it must stay open until the watch is closed
    /// @param handler runs on a thread of the library's
    public static FileWatch onWritable(int fd, FileWatch.Handler handler) {
        return on(fd, EnumSet.of(EventHandleType.WRITABLE), handler);
    }

    /// Starts a periodic timer. The handler is not called while it is running; [Timer#lost] counts the
    /// expirations that it missed.
    ///
    /// @c {@index virEventAddTimeout} libvirt 0.9.3
    /// @param interval the period; more than zero, at most 24 days, rounded up to milliseconds
    /// @param handler runs on a thread of the library's
    public static Timer every(Duration interval, Timer.Handler handler) {
        return start(new LibvirtTimer(interval, false, Objects.requireNonNull(handler, "handler")));
    }

    /// Starts a timer that expires once.
    ///
    /// @c {@index virEventAddTimeout} libvirt 0.9.3
    /// @param delay the time until it expires; at most 24 days, rounded up to milliseconds
    /// @param handler runs on a thread of the library's
    public static Timer after(Duration delay, Timer.Handler handler) {
        return start(new LibvirtTimer(delay, true, Objects.requireNonNull(handler, "handler")));
    }

    private static Timer start(LibvirtTimer timer) {
        ProcessLoop.ensure();
        timer.start();
        return timer;
    }
}
