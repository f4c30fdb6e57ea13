package io.github.libvirt4j.internal;

import io.github.libvirt4j.EventHandler;
import io.github.libvirt4j.event.Event;
import io.github.libvirt4j.internal.callback.Uncaught;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The queue between the event loop and one handler: bounded, in order, one event at a time. Safe for use
/// by any thread.
///
/// Putting never blocks and never runs the handler. A full queue drops its oldest event and tells the
/// handler how many are gone before the next one: where the gap is.
///
/// @param <E> what is delivered
public final class Mailbox<E extends Event> {
    private static final ThreadLocal<Mailbox<?>> CURRENT = new ThreadLocal<>();

    private final String name;
    private final int capacity;

    /// Null if events are taken by hand.
    private final @Nullable EventHandler<? super E> handler;

    private final Runnable whenOver;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition idle = lock.newCondition();
    private final Condition available = lock.newCondition();

    // All guarded by lock.
    private final ArrayDeque<E> queue = new ArrayDeque<>();
    private boolean running;
    private boolean closed;
    private long gap;
    private long lost;

    /// @param name of the registration, for reports
    /// @param capacity how many events may wait
    /// @param handler gets them; null if they are taken by hand
    /// @param whenOver runs when it is closed and the handler not at work; more than once if it is closed again
    public Mailbox(String name, int capacity, @Nullable EventHandler<? super E> handler, Runnable whenOver) {
        this.name = name;
        this.capacity = capacity;
        this.handler = handler;
        this.whenOver = whenOver;
    }

    /// Whether this thread is running a handler right now.
    public static boolean isInHandler() {
        return CURRENT.get() != null;
    }

    /// Adds an event; false if the mailbox is closed.
    public boolean put(E event) {
        lock.lock();
        try {
            if (closed) {
                lost++;
                return false;
            }
            if (queue.size() == capacity) {
                queue.poll();
                gap++;
                lost++;
            }
            queue.add(event);
            if (handler == null) {
                available.signal();
            } else if (!running) {
                // First, as it can fail for want of a thread: the event then waits for the next one's attempt.
                Workers.execute(() -> deliver(handler));
                running = true;
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// Takes an event by hand; waits for one at most `nanos` nanoseconds.
    ///
    /// @return null if none came
    /// @throws IllegalStateException if the mailbox is closed
    public @Nullable E take(long nanos) throws InterruptedException {
        long left = nanos;
        lock.lockInterruptibly();
        try {
            while (queue.isEmpty() && !closed && left > 0) {
                left = available.awaitNanos(left);
            }
            if (closed) {
                throw new IllegalStateException("The queue of " + name + " events is closed");
            }
            return queue.poll();
        } finally {
            lock.unlock();
        }
    }

    /// Takes no more events, and drops those that wait. The handler may still be at work on one.
    public void close() {
        lock.lock();
        try {
            closed = true;
            lost += queue.size();
            queue.clear();
            available.signalAll();
        } finally {
            lock.unlock();
        }
        if (isOver()) {
            whenOver.run();
        }
    }

    /// Whether it is closed and the handler not at work.
    public boolean isOver() {
        lock.lock();
        try {
            return closed && !running;
        } finally {
            lock.unlock();
        }
    }

    /// Waits until no event waits and the handler is not at work, at most `nanos` nanoseconds. From within
    /// the handler itself it does not wait.
    ///
    /// @return whether that was reached
    public boolean awaitIdle(long nanos) throws InterruptedException {
        long left = nanos;
        lock.lockInterruptibly();
        try {
            while (running) {
                if (left <= 0 || CURRENT.get() == this) {
                    return false;
                }
                left = idle.awaitNanos(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// How many events were dropped: because the queue was full, or because it was closed with them in it.
    public long lost() {
        lock.lock();
        try {
            return lost;
        } finally {
            lock.unlock();
        }
    }

    private void deliver(EventHandler<? super E> to) {
        CURRENT.set(this);
        try {
            while (deliverNext(to)) {
                // One at a time.
            }
        } finally {
            CURRENT.remove();
        }
        if (isOver()) {
            whenOver.run();
        }
    }

    private boolean deliverNext(EventHandler<? super E> to) {
        long missing;
        @Nullable E event;
        lock.lock();
        try {
            missing = gap;
            gap = 0;
            event = queue.poll();
            if (event == null) {
                running = false;
                idle.signalAll();
                return false;
            }
        } finally {
            lock.unlock();
        }
        if (missing > 0) {
            try {
                to.lost(missing);
            } catch (Throwable t) {
                Uncaught.report(name, t);
            }
            if (dropIfClosed()) {
                return true;
            }
        }
        try {
            to.on(event);
        } catch (Throwable t) {
            Uncaught.report(name, t);
        }
        return true;
    }

    /// Hearing of the gap may have been enough: the handler is not entered again after its close.
    private boolean dropIfClosed() {
        lock.lock();
        try {
            if (closed) {
                lost++;
            }
            return closed;
        } finally {
            lock.unlock();
        }
    }
}
