package io.github.libvirt4j.internal.event;

import io.github.libvirt4j.event.Delivery;
import io.github.libvirt4j.event.Event;
import io.github.libvirt4j.event.EventHandler;
import io.github.libvirt4j.event.Overflow;
import io.github.libvirt4j.internal.Duty;
import io.github.libvirt4j.internal.Log;
import io.github.libvirt4j.internal.Observers;
import io.github.libvirt4j.internal.VmExit;
import io.github.libvirt4j.internal.Workers;
import io.github.libvirt4j.internal.call.HandlerScope;
import io.github.libvirt4j.internal.callback.Uncaught;
import io.github.libvirt4j.observe.Handling;
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
/// @param <E> what is delivered: events, or envelopes of them
public final class Mailbox<E> {
    /// Events delivered in one task of the executor, so that a busy handler lets others at its threads.
    private static final int BATCH = 256;

    /// So often who delivers gives way before it takes it that there is nothing more: to start a delivery
    /// costs more than one does.
    private static final int PATIENCE = 5;

    private final String name;
    private final Delivery.Queued how;

    /// Null if events are taken by hand.
    private final @Nullable EventHandler<? super E> handler;

    /// The handler, if it asks for events; null if it takes whatever comes.
    private final @Nullable Demanding demanding;

    private final Owner owner;
    private final Executor executor;

    /// The one task of this mailbox, however often an executor is offered it, and however often it runs it.
    private final Runnable delivery = this::deliver;

    private final Duty again;
    private final Duty telling = new Duty(() -> Workers.execute(this::logLoss));
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition idle = lock.newCondition();
    private final Condition available = lock.newCondition();

    // All guarded by lock.
    private final Backlog<E> waiting = new Backlog<>();

    /// How many more events, or gaps, the handler takes.
    private long demand = Long.MAX_VALUE;

    /// The handler knows, or need not know, that it is closed.
    private boolean endTold = true;

    /// The executor has the task, as far as is known.
    private boolean offered;

    /// A thread delivers. At most one does.
    private boolean running;

    private boolean overflown;
    private boolean brokenOff;
    private boolean closed;

    /// The last that has delivered.
    private volatile @Nullable Thread runner;

    /// Somebody was told that events are lost.
    private boolean told;

    /// An object that is delivered in place of an event.
    public interface Envelope {
        /// Null for a mark.
        @Nullable
        Event event();
    }

    /// The owner of the mailbox, which is notified of its state.
    public interface Owner {
        /// It had no room and takes nothing more; on the event loop. What is in it is still delivered. Comes
        /// again with each further event.
        void overflown();

        /// It is closed, and the handler not at work. Can come more than once.
        void over();
    }

    /// A handler that gets no more than it has asked for by [#request], and nothing before [#open].
    public interface Demanding {
        /// It may ask from now on.
        void begin();

        /// Nothing more comes.
        ///
        /// @param reason the rest of a message; empty if the mailbox was closed
        void end(String reason);
    }

    /// @param name of the registration, for reports
    /// @param how capacity, what happens when there is no room, and where the handler runs
    /// @param handler gets the events; null if they are taken by hand
    public Mailbox(String name, Delivery.Queued how, @Nullable EventHandler<? super E> handler, Owner owner) {
        this.name = name;
        this.how = how;
        this.handler = handler;
        this.demanding = handler instanceof Demanding asks ? asks : null;
        this.owner = owner;
        this.executor = Objects.requireNonNullElse(how.executor(), Workers::execute);
        Runnable offer = this::offer;
        this.again = new Duty(() -> Workers.execute(offer));
        if (demanding != null) {
            demand = 0;
            endTold = false;
            // Until open() has begun.
            running = true;
        }
    }

    /// Begins to deliver to a demanding handler; on this thread it hears of that.
    public void open() {
        runner = Thread.currentThread();
        try (HandlerScope _ = HandlerScope.of(this)) {
            Objects.requireNonNull(demanding).begin();
        } finally {
            pause(true);
        }
    }

    /// Asks for more, as a demanding handler does.
    ///
    /// @param events at least 1
    public void request(long events) {
        boolean start;
        lock.lock();
        try {
            demand = Long.MAX_VALUE - demand < events ? Long.MAX_VALUE : demand + events;
            start = claim();
        } finally {
            lock.unlock();
        }
        if (start) {
            offer();
        }
    }

    /// Adds an event. Without memory for it, it is counted as lost.
    public void put(E event) {
        boolean start = false;
        boolean overflows = false;
        boolean tell = false;
        long lostBefore = 0;
        long lostNow = 0;
        lock.lock();
        try {
            lostBefore = waiting.lost();
            if (closed) {
                waiting.dropUnheard();
            } else if (overflown) {
                overflows = true;
                waiting.dropNewest();
            } else if (waiting.size() < how.capacity()) {
                waiting.add(event);
            } else {
                tell = !told;
                told = true;
                if (how.overflow() == Overflow.DROP_OLDEST) {
                    waiting.dropOldest();
                    waiting.add(event);
                } else {
                    overflown = how.overflow() == Overflow.CLOSE;
                    overflows = overflown;
                    waiting.dropNewest();
                }
            }
        } finally {
            if (handler == null) {
                available.signal();
            } else {
                start = claim();
            }
            lostNow = waiting.lost();
            lock.unlock();
            if (start) {
                offer();
            }
            tellOfLoss(lostNow - lostBefore);
        }
        if (overflows) {
            owner.overflown();
        }
        if (tell) {
            // A log can block, and this is the event loop.
            telling.now();
        }
    }

    /// Puts back the event that a demanding handler is called with: it has taken the place of one element, and
    /// needs another.
    public void putBack(E event) {
        lock.lock();
        try {
            if (closed) {
                waiting.dropUnheard();
            } else {
                waiting.putBack(event);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Adds an object that is no event, for the handler: it takes no room. It is dropped, and not counted, if
    /// the next object is one as well, and together with the events after it.
    public void mark(E mark) {
        boolean start;
        lock.lock();
        try {
            if (closed || overflown) {
                return;
            }
            waiting.mark(mark);
            start = claim();
        } finally {
            lock.unlock();
        }
        if (start) {
            offer();
        }
    }

    /// Counts an event that was lost on its way here.
    public void missed() {
        boolean start;
        lock.lock();
        try {
            if (closed) {
                waiting.dropUnheard();
            } else {
                waiting.dropNewest();
            }
            start = handler != null && claim();
        } finally {
            lock.unlock();
        }
        if (start) {
            offer();
        }
        tellOfLoss(1);
    }

    private void tellOfLoss(long events) {
        if (events > 0) {
            Observers.lost(name, events);
        }
    }

    /// Whoever is no more than a lambda hears of it by this only.
    private void logLoss() {
        Log.warning(
                "{0}: more than {1} events waited, and some are lost: they come faster than they are {2}. {3}",
                name,
                how.capacity(),
                handler == null ? "taken" : "handled",
                how.overflow() == Overflow.CLOSE
                        ? "No more are received"
                        : "This is said once; how many are lost says lost() of the "
                                + (handler == null ? "queue" : "registration"));
    }

    /// Whether there is anything to tell the handler now.
    private boolean hasWork() {
        return closed ? !endTold : demand > 0 && !waiting.isEmpty();
    }

    /// Whether the executor is to be offered the task now.
    private boolean claim() {
        // An executor that has lost the task is offered it again, at increasing intervals: at the 1st, 2nd,
        // 4th, … loss.
        boolean forgotten = offered && waiting.size() >= how.capacity() && Long.bitCount(waiting.lost()) == 1;
        boolean start = (!offered || forgotten) && !running && hasWork();
        offered |= start;
        return start;
    }

    /// Outside the lock: an executor may run the task at once.
    private void offer() {
        try {
            executor.execute(delivery);
        } catch (Throwable t) {
            Uncaught.report(name, t);
            withdraw();
        }
    }

    /// Events that wait go on waiting, for the next event's attempt, unless the executor runs the task all
    /// the same.
    private void withdraw() {
        boolean ours = how.executor() == null;
        lock.lock();
        try {
            offered = ours && hasWork() && !running;
            if (!offered) {
                return;
            }
        } finally {
            lock.unlock();
        }
        // There was no thread, or no memory.
        again.due();
    }

    /// Delivers, unless another thread does, or nothing waits: an executor may run a task that it has
    /// refused, and one twice.
    private void deliver() {
        if (!begin()) {
            return;
        }
        boolean alive = false;
        try (HandlerScope _ = HandlerScope.of(this)) {
            int delivered = 0;
            while (delivered < BATCH && deliverNext()) {
                delivered++;
            }
            alive = true;
        } catch (Throwable t) {
            Uncaught.report(name, t);
        }
        pause(alive);
    }

    /// @param alive whether the executor is to be asked at once
    private void pause(boolean alive) {
        if (end()) {
            if (alive) {
                offer();
            } else {
                again.due();
            }
        } else if (isOver()) {
            owner.over();
        }
    }

    private boolean begin() {
        lock.lock();
        try {
            if (running || !hasWork()) {
                return false;
            }
            offered = false;
            running = true;
            runner = Thread.currentThread();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// Whether there is more.
    private boolean end() {
        lock.lock();
        try {
            running = false;
            idle.signalAll();
            return claim();
        } finally {
            lock.unlock();
        }
    }

    /// False if nothing waited.
    private boolean deliverNext() {
        EventHandler<? super E> to = Objects.requireNonNull(handler);
        for (int waited = 0; ; waited++) {
            long gap = 0;
            E event = null;
            boolean ends = false;
            lock.lock();
            try {
                if (demand > 0) {
                    gap = waiting.takeGap();
                    event = gap == 0 ? waiting.poll() : null;
                }
                if (gap > 0 || event != null) {
                    demand -= demanding == null ? 0 : 1;
                } else {
                    closeIfDone();
                    ends = closed && !endTold;
                    endTold |= closed;
                    if (!ends && (closed || demand == 0 || waited == PATIENCE)) {
                        return false;
                    }
                }
            } finally {
                lock.unlock();
            }
            if (ends) {
                Objects.requireNonNull(demanding).end(reason());
                return false;
            }
            if (gap > 0 || event != null) {
                tell(name, to, gap, event);
                return true;
            }
            giveWay();
        }
    }

    @SuppressWarnings("ThreadPriorityCheck") // Nothing depends on who runs meanwhile.
    private static void giveWay() {
        Thread.yield();
    }

    /// Calls a handler, tells observers of that, and reports what it throws.
    ///
    /// @param name of the registration
    /// @param gap the number of events that are missing, if there is no event
    public static <E> void tell(String name, EventHandler<? super E> to, long gap, @Nullable E event) {
        Handling handling = Observers.handling(name, eventOf(event));
        Throwable thrown = null;
        try {
            if (event == null) {
                to.lost(gap);
            } else {
                to.on(event);
            }
        } catch (Throwable t) {
            thrown = t;
            Uncaught.report(name, t);
        } finally {
            Observers.handled(handling, thrown);
        }
    }

    private static @Nullable Event eventOf(@Nullable Object delivered) {
        if (delivered instanceof Event event) {
            return event;
        }
        return delivered instanceof Envelope envelope ? envelope.event() : null;
    }

    private void closeIfDone() {
        if (waiting.isEmpty() && (overflown || brokenOff)) {
            closed = true;
            available.signalAll();
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
            while (true) {
                waiting.takeGap();
                closeIfDone();
                if (closed) {
                    throw new IllegalStateException("The queue of " + name + " is closed" + reason());
                }
                E event = waiting.poll();
                if (event != null || left <= 0) {
                    return event;
                }
                left = available.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    private String reason() {
        return (overflown ? ": " + lost() + " found no room" : "") + (brokenOff ? ": the connection broke off" : "");
    }

    /// Of events that are taken by hand or asked for, nothing more comes. What waits can still be had.
    public void brokenOff() {
        boolean start;
        lock.lock();
        try {
            brokenOff = true;
            closeIfDone();
            available.signalAll();
            start = handler != null && claim();
        } finally {
            lock.unlock();
        }
        if (start) {
            offer();
        }
    }

    /// Takes no more events, and drops those that wait. The handler may still be at work on one.
    public void close() {
        boolean start;
        lock.lock();
        try {
            closed = true;
            waiting.clear();
            available.signalAll();
            idle.signalAll();
            start = handler != null && claim();
        } finally {
            lock.unlock();
        }
        if (start) {
            offer();
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
            while (running || (handler != null && !waiting.isEmpty())) {
                if (left <= 0 || HandlerScope.isInside(this)) {
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
            return waiting.lost();
        } finally {
            lock.unlock();
        }
    }
}
