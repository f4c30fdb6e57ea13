package io.github.libvirt4j.internal.event;

import static io.github.libvirt4j.internal.event.Trampolines.deliver;
import static io.github.libvirt4j.internal.event.Trampolines.pointer;
import static io.github.libvirt4j.internal.event.Trampolines.text;
import static io.github.libvirt4j.internal.event.Trampolines.uuid;
import static io.github.libvirt4j.internal.raw.LibvirtStorage.virStoragePoolGetName;
import static io.github.libvirt4j.internal.raw.LibvirtStorage.virStoragePoolGetUUID;

import io.github.libvirt4j.event.StoragePoolEvent;
import io.github.libvirt4j.event.StoragePoolIdentity;
import io.github.libvirt4j.internal.raw.CallbackTypes.VirConnectStoragePoolEventGenericCallback;
import io.github.libvirt4j.internal.raw.CallbackTypes.VirConnectStoragePoolEventLifecycleCallback;
import io.github.libvirt4j.internal.raw.LibvirtStorage;
import io.github.libvirt4j.types.EnumValue;
import io.github.libvirt4j.types.StoragePoolEventId;
import java.lang.foreign.MemorySegment;

/// Events of storage pools.
final class StoragePoolEvents extends EventFamily {
    @Override
    void eachRow(Rows rows) {
        if (rows.wants(StoragePoolEvent.LIFECYCLE, StoragePoolEventId.LIFECYCLE)) {
            rows.upcall(
                    VirConnectStoragePoolEventLifecycleCallback.type(),
                    (_, pool, type, detail, opaque) ->
                            deliver(opaque, () -> new StoragePoolEvent.Lifecycle(identity(pool), type, detail)));
        }
        if (rows.wants(StoragePoolEvent.REFRESH, StoragePoolEventId.REFRESH)) {
            rows.upcall(
                    VirConnectStoragePoolEventGenericCallback.type(),
                    (_, pool, opaque) -> deliver(opaque, () -> new StoragePoolEvent.Refresh(identity(pool))));
        }
    }

    @Override
    String registerFunction() {
        return "virConnectStoragePoolEventRegisterAny";
    }

    @Override
    int registerAny(
            MemorySegment connect,
            MemorySegment object,
            int id,
            MemorySegment callback,
            MemorySegment opaque,
            MemorySegment free) {
        return LibvirtStorage.virConnectStoragePoolEventRegisterAny(connect, object, id, callback, opaque, free);
    }

    @Override
    int deregister(MemorySegment connect, int callback) {
        return LibvirtStorage.virConnectStoragePoolEventDeregisterAny(connect, callback);
    }

    @Override
    EnumValue rarest() {
        return StoragePoolEventId.LIFECYCLE;
    }

    private static StoragePoolIdentity identity(long address) {
        MemorySegment pool = pointer(address);
        return new StoragePoolIdentity(
                text(virStoragePoolGetName(pool)), uuid(bytes -> virStoragePoolGetUUID(pool, bytes)));
    }
}
