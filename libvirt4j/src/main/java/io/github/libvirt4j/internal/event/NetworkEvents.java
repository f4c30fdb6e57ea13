package io.github.libvirt4j.internal.event;

import static io.github.libvirt4j.internal.event.Trampolines.deliver;
import static io.github.libvirt4j.internal.event.Trampolines.pointer;
import static io.github.libvirt4j.internal.event.Trampolines.text;
import static io.github.libvirt4j.internal.event.Trampolines.textOrNull;
import static io.github.libvirt4j.internal.event.Trampolines.uuid;
import static io.github.libvirt4j.internal.raw.LibvirtNetwork.virNetworkGetName;
import static io.github.libvirt4j.internal.raw.LibvirtNetwork.virNetworkGetUUID;

import io.github.libvirt4j.event.NetworkEvent;
import io.github.libvirt4j.event.NetworkIdentity;
import io.github.libvirt4j.internal.raw.CallbackTypes.VirConnectNetworkEventLifecycleCallback;
import io.github.libvirt4j.internal.raw.CallbackTypes.VirConnectNetworkEventMetadataChangeCallback;
import io.github.libvirt4j.internal.raw.LibvirtNetwork;
import io.github.libvirt4j.types.EnumValue;
import io.github.libvirt4j.types.NetworkEventId;
import java.lang.foreign.MemorySegment;

/// Events of networks.
final class NetworkEvents extends EventFamily {
    @Override
    void eachRow(Rows rows) {
        if (rows.wants(NetworkEvent.LIFECYCLE, NetworkEventId.LIFECYCLE)) {
            rows.upcall(
                    VirConnectNetworkEventLifecycleCallback.type(),
                    (_, network, type, detail, opaque) ->
                            deliver(opaque, () -> new NetworkEvent.Lifecycle(identity(network), type, detail)));
        }
        if (rows.wants(NetworkEvent.METADATA_CHANGE, NetworkEventId.METADATA_CHANGE)) {
            rows.upcall(
                    VirConnectNetworkEventMetadataChangeCallback.type(),
                    (_, network, type, uri, opaque) -> deliver(
                            opaque, () -> new NetworkEvent.MetadataChange(identity(network), type, textOrNull(uri))));
        }
    }

    @Override
    String registerFunction() {
        return "virConnectNetworkEventRegisterAny";
    }

    @Override
    int registerAny(
            MemorySegment connect,
            MemorySegment object,
            int id,
            MemorySegment callback,
            MemorySegment opaque,
            MemorySegment free) {
        return LibvirtNetwork.virConnectNetworkEventRegisterAny(connect, object, id, callback, opaque, free);
    }

    @Override
    int deregister(MemorySegment connect, int callback) {
        return LibvirtNetwork.virConnectNetworkEventDeregisterAny(connect, callback);
    }

    @Override
    EnumValue rarest() {
        return NetworkEventId.LIFECYCLE;
    }

    private static NetworkIdentity identity(long address) {
        MemorySegment network = pointer(address);
        return new NetworkIdentity(text(virNetworkGetName(network)), uuid(bytes -> virNetworkGetUUID(network, bytes)));
    }
}
