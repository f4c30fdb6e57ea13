package io.github.libvirt4j;

import java.time.Duration;

/// A handler that is registered for events, until it is closed. Safe for use by any thread.
///
/// It keeps its connection open: handlers are not lost because nobody holds on to the handle.
public interface Registration extends AutoCloseable {
    /// Ends it. Events that wait to be delivered are dropped, and counted in [#lost]; the handler is not
    /// entered again, but may still be at work on one event when this returns. Closing again does nothing.
    @Override
    void close();

    /// Ends it after the events that have come so far were delivered.
    ///
    /// From within a handler this does not wait.
    ///
    /// @param limit how long to wait at most; what is left then is dropped
    /// @return whether all were delivered and the handler has returned
    boolean closeAndAwait(Duration limit) throws InterruptedException;

    /// Whether events can still come.
    boolean isActive();

    /// How many events were not delivered: because the handler was too slow, or because the registration
    /// was closed.
    long lost();
}
