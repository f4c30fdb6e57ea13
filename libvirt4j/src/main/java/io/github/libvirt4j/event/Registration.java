package io.github.libvirt4j.event;

import java.time.Duration;

/// A handler that is registered for events, until it is closed. Safe for use by any thread.
///
/// It keeps its connection open: handlers are not lost because nobody holds on to the handle.
public interface Registration extends AutoCloseable {
    /// Ends it. Events that wait to be delivered are dropped, and counted in [#lost]; the handler is not
    /// entered again, but may still be at work on one event when this returns. Closing again does nothing.
    ///
    /// Asks the other side, if that is another process, and waits for its answer: for as long as a call does.
    ///
    /// @c {@index virAdmConnectUnregisterCloseCallback} libvirt 2.0.0
    /// @c {@index virConnectDomainEventDeregisterAny} libvirt 0.8.0
    /// @c {@index virConnectDomainQemuMonitorEventDeregister} libvirt 1.2.3
    /// @c {@index virConnectNetworkEventDeregisterAny} libvirt 1.2.1
    /// @c {@index virConnectNodeDeviceEventDeregisterAny} libvirt 2.2.0
    /// @c {@index virConnectSecretEventDeregisterAny} libvirt 3.0.0
    /// @c {@index virConnectStoragePoolEventDeregisterAny} libvirt 2.0.0
    /// @c {@index virConnectUnregisterCloseCallback} libvirt 0.10.0
    /// @c {@index virStreamEventRemoveCallback} libvirt 0.7.2
    @Override
    void close();

    /// Ends it after the events that have come so far were delivered. What is left at the end of `limit`,
    /// or when the thread is interrupted, is dropped.
    ///
    /// Within its own handler, and on the event loop, it drops them at once: it would wait for itself.
    ///
    /// @param limit how long to wait at most for the events, beside what it takes to [#close] it
    /// @return whether nothing waits and the handler has returned; after an earlier [#close] that dropped
    ///     events, too
    /// @throws InterruptedException if the thread was interrupted while it waited; the registration is
    ///     closed all the same
    boolean closeAndAwait(Duration limit) throws InterruptedException;

    /// Whether events can still come: not after it was closed, nor its connection, nor after that broke off,
    /// which [ConnectEvent#CLOSED][io.github.libvirt4j.event.ConnectEvent#CLOSED] tells of.
    boolean isActive();

    /// How many events were not delivered: because the handler was too slow, or because the registration
    /// was closed.
    long lost();
}
