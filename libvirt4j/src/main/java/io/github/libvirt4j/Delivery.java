package io.github.libvirt4j;

/// How events get from libvirt's loop to a handler. Immutable, for use by any thread.
public sealed interface Delivery {
    /// The capacity of [#queued()].
    int DEFAULT_CAPACITY = 4096;

    /// The default: a queue of 4096 events and a thread of the library's.
    static Delivery queued() {
        return new Queued(DEFAULT_CAPACITY);
    }

    /// A queue and a thread of the library's. When `capacity` events wait, the oldest is dropped, counted
    /// and told to [EventHandler#lost].
    ///
    /// @throws IllegalArgumentException if `capacity` is less than 1
    static Delivery queued(int capacity) {
        return new Queued(capacity);
    }

    /// On the event loop itself: the shortest way there is. As long as the handler runs, no other event of
    /// any connection is delivered and no keepalive answered; one that does not return stops them all.
    static Delivery direct() {
        return Direct.DIRECT;
    }

    /// A queue and a thread of the library's.
    ///
    /// @param capacity how many events may wait
    record Queued(int capacity) implements Delivery {
        /// Checks the capacity.
        public Queued {
            if (capacity < 1) {
                throw new IllegalArgumentException("A queue of " + capacity + " events cannot hold one; at least 1");
            }
        }
    }

    /// On the event loop.
    enum Direct implements Delivery {
        /// The only one.
        DIRECT
    }
}
