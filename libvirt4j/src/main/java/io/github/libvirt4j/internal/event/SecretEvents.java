package io.github.libvirt4j.internal.event;

import static io.github.libvirt4j.internal.event.Trampolines.deliver;
import static io.github.libvirt4j.internal.event.Trampolines.pointer;
import static io.github.libvirt4j.internal.event.Trampolines.text;
import static io.github.libvirt4j.internal.event.Trampolines.uuid;
import static io.github.libvirt4j.internal.raw.LibvirtSecret.virSecretGetUUID;
import static io.github.libvirt4j.internal.raw.LibvirtSecret.virSecretGetUsageID;
import static io.github.libvirt4j.internal.raw.LibvirtSecret.virSecretGetUsageType;

import io.github.libvirt4j.event.SecretEvent;
import io.github.libvirt4j.event.SecretIdentity;
import io.github.libvirt4j.internal.raw.CallbackTypes.VirConnectSecretEventGenericCallback;
import io.github.libvirt4j.internal.raw.CallbackTypes.VirConnectSecretEventLifecycleCallback;
import io.github.libvirt4j.internal.raw.LibvirtSecret;
import io.github.libvirt4j.types.EnumValue;
import io.github.libvirt4j.types.SecretEventId;
import java.lang.foreign.MemorySegment;

/// Events of secrets.
final class SecretEvents extends EventFamily {
    @Override
    void eachRow(Rows rows) {
        if (rows.wants(SecretEvent.LIFECYCLE, SecretEventId.LIFECYCLE)) {
            rows.upcall(
                    VirConnectSecretEventLifecycleCallback.type(),
                    (_, secret, type, detail, opaque) ->
                            deliver(opaque, () -> new SecretEvent.Lifecycle(identity(secret), type, detail)));
        }
        if (rows.wants(SecretEvent.VALUE_CHANGED, SecretEventId.VALUE_CHANGED)) {
            rows.upcall(
                    VirConnectSecretEventGenericCallback.type(),
                    (_, secret, opaque) -> deliver(opaque, () -> new SecretEvent.ValueChanged(identity(secret))));
        }
    }

    @Override
    String registerFunction() {
        return "virConnectSecretEventRegisterAny";
    }

    @Override
    int registerAny(
            MemorySegment connect,
            MemorySegment object,
            int id,
            MemorySegment callback,
            MemorySegment opaque,
            MemorySegment free) {
        return LibvirtSecret.virConnectSecretEventRegisterAny(connect, object, id, callback, opaque, free);
    }

    @Override
    int deregister(MemorySegment connect, int callback) {
        return LibvirtSecret.virConnectSecretEventDeregisterAny(connect, callback);
    }

    @Override
    EnumValue rarest() {
        return SecretEventId.LIFECYCLE;
    }

    private static SecretIdentity identity(long address) {
        MemorySegment secret = pointer(address);
        return new SecretIdentity(
                uuid(bytes -> virSecretGetUUID(secret, bytes)),
                virSecretGetUsageType(secret),
                text(virSecretGetUsageID(secret)));
    }
}
