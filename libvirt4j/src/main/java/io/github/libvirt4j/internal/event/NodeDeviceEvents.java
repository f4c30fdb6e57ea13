package io.github.libvirt4j.internal.event;

import static io.github.libvirt4j.internal.event.Trampolines.deliver;
import static io.github.libvirt4j.internal.event.Trampolines.pointer;
import static io.github.libvirt4j.internal.event.Trampolines.text;
import static io.github.libvirt4j.internal.raw.LibvirtNodedev.virNodeDeviceGetName;

import io.github.libvirt4j.event.NodeDeviceEvent;
import io.github.libvirt4j.event.NodeDeviceIdentity;
import io.github.libvirt4j.internal.raw.CallbackTypes.VirConnectNodeDeviceEventGenericCallback;
import io.github.libvirt4j.internal.raw.CallbackTypes.VirConnectNodeDeviceEventLifecycleCallback;
import io.github.libvirt4j.internal.raw.LibvirtNodedev;
import io.github.libvirt4j.types.EnumValue;
import io.github.libvirt4j.types.NodeDeviceEventId;
import java.lang.foreign.MemorySegment;

/// Events of node devices.
final class NodeDeviceEvents extends EventFamily {
    @Override
    void eachRow(Rows rows) {
        if (rows.wants(NodeDeviceEvent.LIFECYCLE, NodeDeviceEventId.LIFECYCLE)) {
            rows.upcall(
                    VirConnectNodeDeviceEventLifecycleCallback.type(),
                    (_, device, type, detail, opaque) ->
                            deliver(opaque, () -> new NodeDeviceEvent.Lifecycle(identity(device), type, detail)));
        }
        if (rows.wants(NodeDeviceEvent.UPDATE, NodeDeviceEventId.UPDATE)) {
            rows.upcall(
                    VirConnectNodeDeviceEventGenericCallback.type(),
                    (_, device, opaque) -> deliver(opaque, () -> new NodeDeviceEvent.Update(identity(device))));
        }
    }

    @Override
    String registerFunction() {
        return "virConnectNodeDeviceEventRegisterAny";
    }

    @Override
    int registerAny(
            MemorySegment connect,
            MemorySegment object,
            int id,
            MemorySegment callback,
            MemorySegment opaque,
            MemorySegment free) {
        return LibvirtNodedev.virConnectNodeDeviceEventRegisterAny(connect, object, id, callback, opaque, free);
    }

    @Override
    int deregister(MemorySegment connect, int callback) {
        return LibvirtNodedev.virConnectNodeDeviceEventDeregisterAny(connect, callback);
    }

    @Override
    EnumValue rarest() {
        return NodeDeviceEventId.UPDATE;
    }

    private static NodeDeviceIdentity identity(long address) {
        MemorySegment device = pointer(address);
        return new NodeDeviceIdentity(text(virNodeDeviceGetName(device)));
    }
}
