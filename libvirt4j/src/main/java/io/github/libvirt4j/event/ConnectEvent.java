package io.github.libvirt4j.event;

import io.github.libvirt4j.types.ConnectCloseReason;

/// Something that happened to a connection itself. Immutable, for use by any thread.
public sealed interface ConnectEvent extends Event {
    /// The connection broke off: every use of it fails from now on, and no other event comes. It comes once
    /// to each; who registers after that gets it at once, or a
    /// [DisconnectedException][io.github.libvirt4j.error.DisconnectedException] if nobody was registered
    /// before. The connection is still to be closed.
    ///
    /// It does not come when the connection is closed by its owner, and never with drivers inside this
    /// process, such as `test:///default` or `esx://`. C: `virConnectRegisterCloseCallback`, libvirt
    /// 0.10.0.
    EventKind<Closed> CLOSED = new EventKind<>("connect.closed", Closed.class, 10_000);

    /// The connection broke off. C: `virConnectCloseFunc`, `virAdmConnectCloseFunc`.
    ///
    /// @param rawReason why, a `virConnectCloseReason`
    record Closed(int rawReason) implements ConnectEvent {
        /// Why.
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
