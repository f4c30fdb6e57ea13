package io.github.libvirt4j.event;

import io.github.libvirt4j.types.NetworkEventLifecycleType;
import io.github.libvirt4j.types.NetworkMetadataType;
import org.jspecify.annotations.Nullable;

/// An event of a network. Immutable, safe for use by any thread.
public sealed interface NetworkEvent extends Event {
    /// A network was defined, started, … C: `VIR_NETWORK_EVENT_ID_LIFECYCLE`, libvirt 1.2.1.
    EventKind<Lifecycle> LIFECYCLE = new EventKind<>("network.lifecycle", Lifecycle.class, 1_002_001);

    /// The title, the description or the metadata of a network changed. C:
    /// `VIR_NETWORK_EVENT_ID_METADATA_CHANGE`, libvirt 9.8.0.
    EventKind<MetadataChange> METADATA_CHANGE =
            new EventKind<>("network.metadata-change", MetadataChange.class, 9_008_000);

    /// The network that the event is about.
    NetworkIdentity network();

    /// A network was defined, started, … C: `virConnectNetworkEventLifecycleCallback`.
    ///
    /// @param network the network
    /// @param rawType the change of state, a `virNetworkEventLifecycleType`
    /// @param rawDetail always 0 so far
    record Lifecycle(NetworkIdentity network, int rawType, int rawDetail) implements NetworkEvent {
        /// The change of state.
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

    /// The title, the description or the metadata of a network changed. C:
    /// `virConnectNetworkEventMetadataChangeCallback`.
    ///
    /// @param network the network
    /// @param rawType the part that changed, a `virNetworkMetadataType`
    /// @param uri the namespace of the changed element; null if the title or the description changed
    record MetadataChange(
            NetworkIdentity network, int rawType, @Nullable String uri) implements NetworkEvent {
        /// The part that changed.
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
