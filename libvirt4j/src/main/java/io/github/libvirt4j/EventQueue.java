package io.github.libvirt4j;

import io.github.libvirt4j.event.Event;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Events to be taken by hand, in their order; good with virtual threads. Safe for use by any thread: each
/// event is taken by one of them.
///
/// When it is full the oldest event is dropped, unless it was told otherwise ([Overflow]), and counted in [#lost];
/// where it is missing is not shown. With [Overflow#CLOSE] there is nothing to be taken after the last that found
/// room. When the connection breaks off, what waits can still be taken.
///
/// @param <E> the events
public final class EventQueue<E extends Event> implements AutoCloseable {
    private final Subscription<E> subscription;

    EventQueue(Subscription<E> subscription) {
        this.subscription = subscription;
    }

    /// Waits for the next event and takes it.
    ///
    /// @throws IllegalStateException if the queue, or its connection, is closed before one comes, or the connection
    ///     breaks off
    public E take() throws InterruptedException {
        E event;
        do {
            event = subscription.take(Long.MAX_VALUE);
        } while (event == null);
        return event;
    }

    /// Waits for the next event and takes it, or gives up after `limit`; zero does not wait.
    ///
    /// @return null if none came
    /// @throws IllegalStateException if the queue, or its connection, is closed before one comes, or the connection
    ///     breaks off
    public @Nullable E poll(Duration limit) throws InterruptedException {
        return subscription.take(TimeUnit.NANOSECONDS.convert(limit));
    }

    /// Ends the registration. Events that wait are dropped, and counted in [#lost]; who waits for one gets
    /// an [IllegalStateException]. Closing again does nothing.
    @Override
    public void close() {
        subscription.close();
    }

    /// Whether events can still come; see [Registration#isActive].
    public boolean isActive() {
        return subscription.isActive();
    }

    /// How many events were not taken: because the queue was full, or because it was closed.
    public long lost() {
        return subscription.lost();
    }

    @Override
    public String toString() {
        return subscription.toString();
    }
}
