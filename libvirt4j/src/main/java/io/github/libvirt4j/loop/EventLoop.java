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

/// libvirt's event loop: the one thread of the process that reads what daemons send, and from which events
/// come.
///
/// The library owns it. It is registered before the first connection is opened and runs until the process
/// ends, on the daemon thread `libvirt4j-events`; nobody has to start it, and without it libvirt would drop
/// connections and deliver no event.
///
/// Default: the library's own loop, on Linux's epoll. The system property `libvirt4j.eventLoop=libvirt`
/// chooses libvirt's own, which turns GLib's default main context: where a toolkit (GTK, SWT, java-gi) lives
/// in the process, its callbacks then run on the thread `libvirt4j-events`. [#use] runs libvirt on a loop of
/// the program's.
public final class EventLoop {
    private EventLoop() {}

    /// Runs libvirt on an event loop of one's own, for the rest of the process's life.
    ///
    /// @c {@index virEventRegisterImpl} libvirt 0.5.0
    /// @throws IllegalStateException if the event loop has started: it does with the first connection, or
    ///     the first that is waited for on it
    public static void use(EventLoopImplementation loop) {
        Objects.requireNonNull(loop, "loop");
        ProcessLoop.use(() -> loop);
    }

    /// Runs libvirt on the library's own event loop, on Linux's epoll, whatever the system property
    /// `libvirt4j.eventLoop` says. Without that property it is the default.
    ///
    /// libvirt's own looks at all that is waited for in each turn, which with thousands of connections
    /// takes longer than the work; this one looks at what is ready.
    ///
    /// @throws IllegalStateException if the event loop has started
    public static void useEpoll() {
        ProcessLoop.use(EpollLoop::new);
    }

    /// Whether the calling thread is the event loop's: in a handler with direct delivery, say. Nothing may
    /// block here.
    public static boolean isCurrentThread() {
        return ProcessLoop.isCurrentThread();
    }

    /// Calls a lambda whenever a file descriptor is ready.
    ///
    /// That it is ready is a state and no event: while the handler is at work it is not called, and if the
    /// file descriptor is still ready when it returns, it is called again. What is only an error or a
    /// hangup is told once, and the last that is told.
    ///
    /// @c {@index virEventAddHandle} libvirt 0.9.3
    /// @param fd a file descriptor that is open for as long as the watch
    /// @param when what to wait for
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

    /// Calls a lambda whenever there is something to read, or the other side is gone.
    public static FileWatch onReadable(int fd, FileWatch.Handler handler) {
        return on(fd, EnumSet.of(EventHandleType.READABLE), handler);
    }

    /// Calls a lambda whenever there is room to write.
    public static FileWatch onWritable(int fd, FileWatch.Handler handler) {
        return on(fd, EnumSet.of(EventHandleType.WRITABLE), handler);
    }

    /// Calls a lambda again and again. While it is at work it is not called; the times that pass by are
    /// counted ([Timer#lost]).
    ///
    /// @c {@index virEventAddTimeout} libvirt 0.9.3
    /// @param interval from a millisecond to 24 days
    /// @param handler runs on a thread of the library's
    public static Timer every(Duration interval, Timer.Handler handler) {
        return start(new LibvirtTimer(interval, false, Objects.requireNonNull(handler, "handler")));
    }

    /// Calls a lambda once.
    ///
    /// @c {@index virEventAddTimeout} libvirt 0.9.3
    /// @param delay up to 24 days
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
