package io.github.libvirt4j.event;

import io.github.libvirt4j.types.ConnectCloseReason;

/// An event of the connection itself. Immutable, safe for use by any thread.
public sealed interface ConnectEvent extends Event {
    /// The connection broke off: every call on it fails from now on, and no other event is delivered. The
    /// program must still close the connection.
    ///
    /// Each registration receives this event once. A registration that is made after the connection broke off
    /// receives it at once if the connection had an earlier registration for this kind; otherwise registering
    /// throws a [DisconnectedException][io.github.libvirt4j.error.DisconnectedException].
    ///
    /// The event is not delivered when the program closes the connection, and never by drivers inside this
    /// process, such as `test:///default` or `esx://`. C: `virConnectRegisterCloseCallback`, libvirt 0.10.0.
    EventKind<Closed> CLOSED = new EventKind<>("connect.closed", Closed.class, 10_000);

    /// The connection broke off. C: `virConnectCloseFunc`, `virAdmConnectCloseFunc`.
    ///
    /// @param rawReason the reason, a `virConnectCloseReason`
    record Closed(int rawReason) implements ConnectEvent {
        /// The reason.
        public ConnectCloseReason reason() {
            return ConnectCloseReason.of(rawReason);
        }

        @Override
        public EventKind<Closed> kind() {
            return CLOSED;
        }

        @Override
        public String toString() {
            return CLOSED + " " + reason();
        }
    }
}
