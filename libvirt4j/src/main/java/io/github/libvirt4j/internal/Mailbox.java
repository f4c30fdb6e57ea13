package io.github.libvirt4j.internal;

import io.github.libvirt4j.Delivery;
import io.github.libvirt4j.EventHandler;
import io.github.libvirt4j.Overflow;
import io.github.libvirt4j.event.Event;
import io.github.libvirt4j.internal.callback.Uncaught;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The queue between the event loop and one handler: bounded, in order, one event at a time. Safe for use
/// by any thread.
///
/// Putting never blocks and never runs the handler, unless the user's executor does. What finds no room is
/// dealt with as [Delivery.Queued#overflow] says, counted, and told to the handler where the gap is.
///
/// @param <E> what is delivered
public final class Mailbox<E extends Event> {
    private static final System.Logger LOG = System.getLogger("io.github.libvirt4j");

    /// Events delivered in one task of the executor, so that a busy handler lets others at its threads.
    private static final int BATCH = 256;

    /// So often who delivers gives way before it takes it that there is nothing more: to start a delivery costs
    /// more than one does.
    private static final int PATIENCE = 5;

    private final String name;
    private final Delivery.Queued how;

    /// Null if events are taken by hand.
    private final @Nullable EventHandler<? super E> handler;

    private final Owner owner;
    private final Executor executor;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition idle = lock.newCondition();
    private final Condition available = lock.newCondition();

    // All guarded by lock.
    private final ArrayDeque<Object> queue = new ArrayDeque<>(); // Of E and Gap.
    private int waiting; // How many are E.
    private boolean running;
    private boolean overflown;
    private boolean brokenOff;
    private boolean closed;
    private long lost;

    /// The last that has delivered.
    private volatile @Nullable Thread runner;

    /// Somebody was told that events are lost.
    private boolean told;

    /// Where events are missing.
    private static final class Gap {
        private long count;
    }

    /// Who hears of what becomes of the mailbox.
    public interface Owner {
        /// It had no room and takes nothing more; on the event loop. What is in it is still delivered.
        void overflown();

        /// It is closed, and the handler not at work. Can come more than once.
        void over();
    }

    /// @param name of the registration, for reports
    /// @param how capacity, what happens when there is no room, and where the handler runs
    /// @param handler gets the events; null if they are taken by hand
    public Mailbox(String name, Delivery.Queued how, @Nullable EventHandler<? super E> handler, Owner owner) {
        this.name = name;
        this.how = how;
        this.handler = handler;
        this.owner = owner;
        this.executor = Objects.requireNonNullElse(how.executor(), Workers::execute);
    }

    /// Adds an event.
    public void put(E event) {
        boolean start = false;
        boolean overflows = false;
        boolean tell = false;
        lock.lock();
        try {
            if (closed) {
                lost++;
            } else if (overflown) {
                lost++;
                dropLast();
            } else if (waiting < how.capacity()) {
                add(event);
            } else {
                lost++;
                tell = !told;
                told = true;
                switch (how.overflow()) {
                    case DROP_OLDEST -> {
                        dropFirst();
                        add(event);
                    }
                    case DROP_NEWEST -> dropLast();
                    case CLOSE -> {
                        dropLast();
                        overflown = true;
                        overflows = true;
                    }
                }
            }
            if (handler == null) {
                available.signal();
            } else if (!running && !queue.isEmpty()) {
                running = true;
                start = true;
            }
        } finally {
            lock.unlock();
        }
        if (start) {
            start();
        }
        if (overflows) {
            owner.overflown();
        }
        if (tell) {
            // A log can block, and this is the event loop.
            Workers.execute(this::tellOfLoss);
        }
    }

    /// Whoever is no more than a lambda hears of it by this only.
    private void tellOfLoss() {
        LOG.log(
                Level.WARNING,
                "{0}: more than {1} events waited, and some are lost: they come faster than they are {2}. {3}",
                name,
                how.capacity(),
                handler == null ? "taken" : "handled",
                how.overflow() == Overflow.CLOSE
                        ? "No more are received"
                        : "This is said once; how many are lost says lost() of the "
                                + (handler == null ? "queue" : "registration"));
    }

    private void add(E event) {
        queue.add(event);
        waiting++;
    }

    private void dropFirst() {
        Gap gap = queue.peek() instanceof Gap first ? first : new Gap();
        if (gap.count > 0) {
            queue.remove();
        }
        queue.remove();
        waiting--;
        gap.count++;
        queue.addFirst(gap);
    }

    private void dropLast() {
        if (!(queue.peekLast() instanceof Gap)) {
            queue.add(new Gap());
        }
        ((Gap) queue.getLast()).count++;
    }

    /// Outside the lock: an executor may run the task at once.
    private void start() {
        try {
            executor.execute(this::deliver);
        } catch (Throwable t) {
            // What waits goes on waiting, for the next event's attempt.
            lock.lock();
            try {
                running = false;
                idle.signalAll();
            } finally {
                lock.unlock();
            }
            Uncaught.report(name, t);
        }
    }

    private void deliver() {
        int delivered = 0;
        runner = Thread.currentThread();
        try (Handling _ = Handling.of(this)) {
            while (delivered < BATCH && deliverNext()) {
                delivered++;
            }
        }
        if (delivered == BATCH) {
            start();
        } else if (isOver()) {
            owner.over();
        }
    }

    /// False if nothing waited: the next event then starts another delivery.
    @SuppressWarnings("unchecked") // All but gaps are E.
    private boolean deliverNext() {
        Object next = nextOrIdle();
        if (next == null) {
            return false;
        }
        EventHandler<? super E> to = Objects.requireNonNull(handler);
        try {
            if (next instanceof Gap gap) {
                to.lost(gap.count);
            } else {
                to.on((E) next);
            }
        } catch (Throwable t) {
            Uncaught.report(name, t);
        }
        return true;
    }

    @SuppressWarnings("ThreadPriorityCheck") // Nothing depends on who runs meanwhile.
    private @Nullable Object nextOrIdle() {
        for (int waited = 0; ; waited++) {
            lock.lock();
            try {
                Object next = next();
                if (next != null) {
                    return next;
                }
                if (closed || waited == PATIENCE) {
                    running = false;
                    idle.signalAll();
                    return null;
                }
            } finally {
                lock.unlock();
            }
            Thread.yield();
        }
    }

    private @Nullable Object next() {
        Object next = queue.poll();
        if (next == null && (overflown || brokenOff)) {
            closed = true;
            available.signalAll();
        } else if (next != null && !(next instanceof Gap)) {
            waiting--;
        }
        return next;
    }

    /// Takes an event by hand; waits for one at most `nanos` nanoseconds.
    ///
    /// @return null if none came
    /// @throws IllegalStateException if the mailbox is closed
    @SuppressWarnings("unchecked") // All but gaps are E.
    public @Nullable E take(long nanos) throws InterruptedException {
        long left = nanos;
        lock.lockInterruptibly();
        try {
            while (true) {
                Object next = next();
                if (closed) {
                    throw new IllegalStateException("The queue of " + name + " events is closed"
                            + (overflown ? ": " + lost + " found no room" : "")
                            + (brokenOff ? ": the connection broke off" : ""));
                }
                if (next != null && !(next instanceof Gap)) {
                    return (E) next;
                }
                if (next == null) {
                    if (left <= 0) {
                        return null;
                    }
                    left = available.awaitNanos(left);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /// Of events that are taken by hand, nothing more comes. What waits can still be taken.
    public void brokenOff() {
        lock.lock();
        try {
            brokenOff = true;
            available.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Takes no more events, and drops those that wait. The handler may still be at work on one.
    public void close() {
        lock.lock();
        try {
            closed = true;
            lost += waiting;
            waiting = 0;
            queue.clear();
            available.signalAll();
            idle.signalAll();
        } finally {
            lock.unlock();
        }
        if (isOver()) {
            owner.over();
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
            while (running || (handler != null && !queue.isEmpty())) {
                if (left <= 0 || Handling.isUnderWay(this)) {
                    return false;
                }
                left = VmExit.awaitNanos(idle, left, runner);
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
}
