package io.github.libvirt4j.event;

import io.github.libvirt4j.types.NetworkEventLifecycleType;

/// Something that happened to a network. Immutable, for use by any thread.
public sealed interface NetworkEvent extends Event {
    /// A network was defined, started, … C: `VIR_NETWORK_EVENT_ID_LIFECYCLE`, libvirt 1.2.1.
    EventKind<Lifecycle> LIFECYCLE = new EventKind<>("network.lifecycle", Lifecycle.class);

    /// The network it happened to.
    NetworkIdentity network();

    /// A network was defined, started, … C: `virConnectNetworkEventLifecycleCallback`.
    ///
    /// @param network the network
    /// @param rawType what happened, a `virNetworkEventLifecycleType`
    /// @param rawDetail always 0 so far
    record Lifecycle(NetworkIdentity network, int rawType, int rawDetail) implements NetworkEvent {
        /// What happened.
        public NetworkEventLifecycleType type() {
            return NetworkEventLifecycleType.of(rawType);
        }

        @Override
        public EventKind<Lifecycle> kind() {
            return LIFECYCLE;
        }

        @Override
        public String toString() {
            return LIFECYCLE + " " + network.name() + " " + type();
        }
    }
}
