package io.github.libvirt4j.event;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A queue of events that the program takes itself, in order; suited to virtual threads. Safe for use by any
/// thread: each event is taken by one thread.
///
/// By default a full queue drops its oldest event; [Overflow][io.github.libvirt4j.event.Overflow] has the
/// other policies. [#lost] counts the dropped events; the queue does not show where they are missing. With
/// [Overflow#CLOSE][io.github.libvirt4j.event.Overflow#CLOSE] the queue ends after the last event that found
/// room. When the connection breaks off, the queued events can still be taken.
///
/// @param <E> the type of the events
public interface EventQueue<E extends Event> extends AutoCloseable {
    /// Takes the next event, and blocks until there is one.
    ///
    /// @throws InterruptedException if the thread is interrupted while it waits
    /// @throws IllegalStateException if the queue is empty and no event can arrive any more: it was closed or
    ///     has overflowed under [Overflow#CLOSE], its connection was closed, or the connection broke off;
    ///     also if this happens while the thread waits
    E take() throws InterruptedException;

    /// Takes the next event, and blocks for at most `limit` until there is one.
    ///
    /// @param limit the longest time to wait; zero does not wait
    /// @return the event; null if none arrived within the limit
    /// @throws InterruptedException if the thread is interrupted while it waits
    /// @throws IllegalStateException if the queue is empty and no event can arrive any more: it was closed or
    ///     has overflowed under [Overflow#CLOSE], its connection was closed, or the connection broke off;
    ///     also if this happens while the thread waits
    @Nullable
    E poll(Duration limit) throws InterruptedException;

    /// Closes the queue and its registration. Queued events are dropped and counted in [#lost]; a thread that
    /// waits for an event receives an [IllegalStateException]. This method is idempotent.
    @Override
    void close();

    /// Whether events can still arrive; see [Registration#isActive].
    boolean isActive();

    /// The number of events that were dropped because the queue was full or closed.
    long lost();
}
