package io.github.libvirt4j.event;

import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/// How events get from libvirt's loop to a handler. Immutable, for use by any thread.
public sealed interface Delivery {
    /// The capacity of [#queued()].
    int DEFAULT_CAPACITY = 4096;

    /// The default: a queue of 4096 events, and a thread of the library's while the handler is at work. Of
    /// these there are as many as handlers are at work at a time; an executor can have fewer. Its steps give
    /// others: `Delivery.queued().capacity(100).overflow(Overflow.CLOSE).executor(pool)`.
    static Queued queued() {
        return new Queued(DEFAULT_CAPACITY, Overflow.DROP_OLDEST, null);
    }

    /// The same with another capacity.
    ///
    /// @throws IllegalArgumentException if `capacity` is less than 1
    static Queued queued(int capacity) {
        return queued().capacity(capacity);
    }

    /// On the event loop itself: the shortest way there is. As long as the handler runs, no other event of
    /// any connection is delivered and no keepalive answered; one that does not return stops them all.
    static Delivery direct() {
        return Direct.DIRECT;
    }

    /// Through a queue of its own: the handler runs off the event loop, for one event at a time, in their
    /// order.
    ///
    /// @param capacity how many events may wait
    /// @param overflow what happens to more
    /// @param executor runs the handler; null for a thread of the library's
    record Queued(int capacity, Overflow overflow, @Nullable Executor executor) implements Delivery {
        /// Checks the capacity.
        public Queued {
            if (capacity < 1) {
                throw new IllegalArgumentException("A queue of " + capacity + " events cannot hold one; at least 1");
            }
            Objects.requireNonNull(overflow, "overflow");
        }

        /// With room for so many.
        ///
        /// @throws IllegalArgumentException if it is less than 1
        public Queued capacity(int events) {
            return new Queued(events, overflow, executor);
        }

        /// With another way to deal with more events than there is room for.
        public Queued overflow(Overflow policy) {
            return new Queued(capacity, policy, executor);
        }

        /// With the handler run by an executor: a pool, an event thread of a user interface, virtual
        /// threads. Up to 256 events are delivered in one task.
        ///
        /// The handler runs for one event at a time, in their order, whatever the executor does: a task that
        /// finds nothing to deliver, or another one at work, returns. An executor that throws has what it
        /// throws reported to [Libvirt#setUncaughtHandler][io.github.libvirt4j.Libvirt#setUncaughtHandler],
        /// and is offered a task again with the next event. An executor that forgets a task is offered
        /// another when the queue has overflowed.
        public Queued executor(Executor runsTheHandler) {
            return new Queued(capacity, overflow, Objects.requireNonNull(runsTheHandler, "executor"));
        }
    }

    /// On the event loop.
    enum Direct implements Delivery {
        /// The only one.
        DIRECT
    }
}
