package io.github.libvirt4j.event;

import io.github.libvirt4j.types.NetworkEventLifecycleType;
import io.github.libvirt4j.types.NetworkMetadataType;
import org.jspecify.annotations.Nullable;

/// Something that happened to a network. Immutable, for use by any thread.
public sealed interface NetworkEvent extends Event {
    /// A network was defined, started, … C: `VIR_NETWORK_EVENT_ID_LIFECYCLE`, libvirt 1.2.1.
    EventKind<Lifecycle> LIFECYCLE = new EventKind<>("network.lifecycle", Lifecycle.class, 1_002_001);

    /// Its title, description or metadata changed. C: `VIR_NETWORK_EVENT_ID_METADATA_CHANGE`, libvirt
    /// 9.8.0.
    EventKind<MetadataChange> METADATA_CHANGE =
            new EventKind<>("network.metadata-change", MetadataChange.class, 9_008_000);

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

    /// Its title, description or metadata changed. C: `virConnectNetworkEventMetadataChangeCallback`.
    ///
    /// @param network the network
    /// @param rawType what changed, a `virNetworkMetadataType`
    /// @param uri of an element, its namespace
    record MetadataChange(
            NetworkIdentity network, int rawType, @Nullable String uri) implements NetworkEvent {
        /// What changed.
        public NetworkMetadataType type() {
            return NetworkMetadataType.of(rawType);
        }

        @Override
        public EventKind<MetadataChange> kind() {
            return METADATA_CHANGE;
        }

        @Override
        public String toString() {
            return METADATA_CHANGE + " " + network.name() + " " + type() + (uri == null ? "" : " " + uri);
        }
    }
}
