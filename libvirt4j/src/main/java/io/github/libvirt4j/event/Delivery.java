package io.github.libvirt4j.event;

import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/// The way of events from the event loop to a handler. Default: [#queued()]. Immutable, safe for use by any
/// thread.
public sealed interface Delivery {
    /// The capacity of [#queued()], in events.
    int DEFAULT_CAPACITY = 4096;

    /// Delivery through a queue of 4096 events that drops the oldest, with the handler on a thread of the
    /// library's. This is the default.
    ///
    /// The library uses one thread for each handler that is running; an executor can limit their number. The
    /// methods of [Queued] return other settings:
    /// `Delivery.queued().capacity(100).overflow(Overflow.CLOSE).executor(pool)`.
    static Queued queued() {
        return new Queued(DEFAULT_CAPACITY, Overflow.DROP_OLDEST, null);
    }

    /// Delivery as by [#queued()], with another capacity.
    ///
    /// @param capacity the number of events that may wait
    /// @throws IllegalArgumentException if `capacity` is less than 1
    static Queued queued(int capacity) {
        return queued().capacity(capacity);
    }

    /// Delivery on the event loop itself, which has the lowest latency. While the handler runs, no other
    /// event of any connection is delivered and no keepalive probe is answered; a handler that does not
    /// return stops all connections.
    static Delivery direct() {
        return Direct.DIRECT;
    }

    /// Delivery through a queue of the registration's own: the handler runs off the event loop, with one
    /// event at a time and in order.
    ///
    /// @param capacity the number of events that may wait
    /// @param overflow the policy for events that find the queue full
    /// @param executor the executor that runs the handler; null for a thread of the library's
    record Queued(int capacity, Overflow overflow, @Nullable Executor executor) implements Delivery {
        /// Checks the capacity.
        ///
        /// @throws IllegalArgumentException if `capacity` is less than 1
        public Queued {
            if (capacity < 1) {
                throw new IllegalArgumentException("A queue of " + capacity + " events cannot hold one; at least 1");
            }
            Objects.requireNonNull(overflow, "overflow");
        }

        /// Returns this delivery with another capacity. Default: 4096 events.
        ///
        /// @param events the number of events that may wait
        /// @throws IllegalArgumentException if `events` is less than 1
        public Queued capacity(int events) {
            return new Queued(events, overflow, executor);
        }

        /// Returns this delivery with another policy for events that find the queue full. Default:
        /// [Overflow#DROP_OLDEST].
        public Queued overflow(Overflow policy) {
            return new Queued(capacity, policy, executor);
        }

        /// Returns this delivery with an executor that runs the handler: a pool, the event thread of a user
        /// interface, virtual threads. Default: a thread of the library's. One task delivers up to 256
        /// events.
        ///
        /// The handler receives one event at a time and in order, whatever the executor does: a task that
        /// finds nothing to deliver, or another task delivering, returns. An exception of the executor is
        /// reported to [Libvirt#setUncaughtHandler][io.github.libvirt4j.Libvirt#setUncaughtHandler], and the
        /// executor receives a task again with the next event. An executor that loses a task receives another
        /// when the queue has overflowed.
        public Queued executor(Executor runsTheHandler) {
            return new Queued(capacity, overflow, Objects.requireNonNull(runsTheHandler, "executor"));
        }
    }

    /// Delivery on the event loop.
    enum Direct implements Delivery {
        /// The only value; see [Delivery#direct].
        DIRECT
    }
}
