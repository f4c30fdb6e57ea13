package io.github.libvirt4j.event;

import java.time.Duration;

/// A registered handler, which receives events until the registration is closed. Safe for use by any thread.
///
/// A registration keeps its connection reachable: the garbage collector does not close a connection that has
/// a registration.
public interface Registration extends AutoCloseable {
    /// Closes the registration. Queued events are dropped and counted in [#lost]. The handler is not called
    /// again, but may still be running when this method returns. This method is idempotent.
    ///
    /// Deregistering is a call to the daemon, if there is one, and this method blocks until the daemon
    /// answers, as any call does.
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

    /// Closes the registration after the events that have arrived so far were delivered. The events that
    /// remain when `limit` has passed, or when the thread is interrupted, are dropped.
    ///
    /// Called by its own handler, or on the event loop, this method does not wait and drops the queued events
    /// at once, because it would wait for itself.
    ///
    /// @param limit the longest time to wait for the events; the time that [#close] takes is added
    /// @return whether the queue is empty and the handler has returned; true also if an earlier [#close]
    ///     dropped events
    /// @throws InterruptedException if the thread was interrupted while it waited; the registration is closed
    ///     nevertheless
    boolean closeAndAwait(Duration limit) throws InterruptedException;

    /// Whether events can still arrive: false once the registration or its connection was closed, and once
    /// the connection broke off ([ConnectEvent#CLOSED][io.github.libvirt4j.event.ConnectEvent#CLOSED]).
    boolean isActive();

    /// The number of events that were not delivered because the handler was too slow or the registration was
    /// closed.
    long lost();
}
