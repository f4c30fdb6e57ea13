package io.github.libvirt4j.event;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Events to be taken by hand, in their order; good with virtual threads. Safe for use by any thread: each
/// event is taken by one of them.
///
/// When it is full the oldest event is dropped, unless it was told otherwise
/// ([Overflow][io.github.libvirt4j.event.Overflow]), and counted in [#lost]; where it is missing is not
/// shown. With [Overflow#CLOSE][io.github.libvirt4j.event.Overflow#CLOSE] there is nothing to be taken after
/// the last that found room. When the connection breaks off, what waits can still be taken.
///
/// @param <E> the events
public interface EventQueue<E extends Event> extends AutoCloseable {
    /// Waits for the next event and takes it.
    ///
    /// @throws IllegalStateException if the queue, or its connection, is closed before one comes, or the
    ///     connection breaks off
    E take() throws InterruptedException;

    /// Waits for the next event and takes it, or gives up after `limit`; zero does not wait.
    ///
    /// @return null if none came
    /// @throws IllegalStateException if the queue, or its connection, is closed before one comes, or the
    ///     connection breaks off
    @Nullable
    E poll(Duration limit) throws InterruptedException;

    /// Ends the registration. Events that wait are dropped, and counted in [#lost]; a thread that waits for
    /// one gets an [IllegalStateException]. Closing again does nothing.
    @Override
    void close();

    /// Whether events can still come; see [Registration#isActive].
    boolean isActive();

    /// How many events were not taken: because the queue was full, or because it was closed.
    long lost();
}
