package io.github.libvirt4j.internal;

import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetName;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetUUID;
import static io.github.libvirt4j.internal.raw.LibvirtNetwork.virNetworkGetName;
import static io.github.libvirt4j.internal.raw.LibvirtNetwork.virNetworkGetUUID;
import static io.github.libvirt4j.internal.raw.LibvirtNodedev.virNodeDeviceGetName;
import static io.github.libvirt4j.internal.raw.LibvirtSecret.virSecretGetUUID;
import static io.github.libvirt4j.internal.raw.LibvirtSecret.virSecretGetUsageID;
import static io.github.libvirt4j.internal.raw.LibvirtSecret.virSecretGetUsageType;
import static io.github.libvirt4j.internal.raw.LibvirtStorage.virStoragePoolGetName;
import static io.github.libvirt4j.internal.raw.LibvirtStorage.virStoragePoolGetUUID;

import io.github.libvirt4j.event.ConnectEvent;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.DomainIdentity;
import io.github.libvirt4j.event.Event;
import io.github.libvirt4j.event.GraphicsAddress;
import io.github.libvirt4j.event.GraphicsIdentity;
import io.github.libvirt4j.event.NetworkEvent;
import io.github.libvirt4j.event.NetworkIdentity;
import io.github.libvirt4j.event.NodeDeviceEvent;
import io.github.libvirt4j.event.NodeDeviceIdentity;
import io.github.libvirt4j.event.SecretEvent;
import io.github.libvirt4j.event.SecretIdentity;
import io.github.libvirt4j.event.StoragePoolEvent;
import io.github.libvirt4j.event.StoragePoolIdentity;
import io.github.libvirt4j.internal.callback.Loans;
import io.github.libvirt4j.internal.raw.VirDomainEventGraphicsAddress;
import io.github.libvirt4j.internal.raw.VirDomainEventGraphicsSubject;
import io.github.libvirt4j.internal.raw.VirDomainEventGraphicsSubjectIdentity;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The C callbacks of all events, with C's arguments: each copies what it is given into a record, and hands
/// it to the [EventSink] on loan. [EventTable] names them.
///
/// What C passes is valid during the call only. Strings that C documents as never NULL are empty if they
/// are.
// They are called by name, with arguments that are there because C passes them.
@SuppressWarnings("UnusedVariable")
final class EventCallbacks {
    static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

    /// Room for a UUID. Almost always the loop's, but libvirt may call from any thread.
    private static final ThreadLocal<MemorySegment> UUID_BYTES =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(Uuids.SIZE));

    private EventCallbacks() {}

    private static void deliver(MemorySegment opaque, Supplier<Event> event) {
        EventSink sink = Loans.borrow(opaque.address(), EventSink.class);
        if (sink != null) {
            Event made = null;
            try {
                made = event.get();
            } finally {
                if (made == null) {
                    sink.missed();
                }
            }
            sink.accept(made);
        }
    }

    /// The only one that returns something, which C ignores.
    static int lifecycle(MemorySegment connect, MemorySegment domain, int type, int detail, MemorySegment opaque) {
        deliver(opaque, () -> new DomainEvent.Lifecycle(domain(domain), type, detail));
        return 0;
    }

    static void reboot(MemorySegment connect, MemorySegment domain, MemorySegment opaque) {
        deliver(opaque, () -> new DomainEvent.Reboot(domain(domain)));
    }

    static void rtcChange(MemorySegment connect, MemorySegment domain, long utcOffset, MemorySegment opaque) {
        deliver(opaque, () -> new DomainEvent.RtcChange(domain(domain), Duration.ofSeconds(utcOffset)));
    }

    static void watchdog(MemorySegment connect, MemorySegment domain, int action, MemorySegment opaque) {
        deliver(opaque, () -> new DomainEvent.Watchdog(domain(domain), action));
    }

    static void ioError(
            MemorySegment connect,
            MemorySegment domain,
            MemorySegment srcPath,
            MemorySegment devAlias,
            int action,
            MemorySegment opaque) {
        deliver(opaque, () -> new DomainEvent.IoError(domain(domain), text(srcPath), text(devAlias), action));
    }

    static void graphics(
            MemorySegment connect,
            MemorySegment domain,
            int phase,
            MemorySegment local,
            MemorySegment remote,
            MemorySegment authScheme,
            MemorySegment subject,
            MemorySegment opaque) {
        deliver(
                opaque,
                () -> new DomainEvent.Graphics(
                        domain(domain), phase, address(local), address(remote), text(authScheme), identities(subject)));
    }

    static void ioErrorReason(
            MemorySegment connect,
            MemorySegment domain,
            MemorySegment srcPath,
            MemorySegment devAlias,
            int action,
            MemorySegment reason,
            MemorySegment opaque) {
        deliver(
                opaque,
                () -> new DomainEvent.IoErrorReason(
                        domain(domain), text(srcPath), text(devAlias), action, text(reason)));
    }

    static void controlError(MemorySegment connect, MemorySegment domain, MemorySegment opaque) {
        deliver(opaque, () -> new DomainEvent.ControlError(domain(domain)));
    }

    static void blockJob(
            MemorySegment connect,
            MemorySegment domain,
            MemorySegment disk,
            int type,
            int status,
            MemorySegment opaque) {
        deliver(opaque, () -> new DomainEvent.BlockJob(domain(domain), text(disk), type, status));
    }

    static void diskChange(
            MemorySegment connect,
            MemorySegment domain,
            MemorySegment oldSrcPath,
            MemorySegment newSrcPath,
            MemorySegment devAlias,
            int reason,
            MemorySegment opaque) {
        deliver(
                opaque,
                () -> new DomainEvent.DiskChange(
                        domain(domain),
                        CMemory.string(oldSrcPath),
                        CMemory.string(newSrcPath),
                        text(devAlias),
                        reason));
    }

    static void trayChange(
            MemorySegment connect, MemorySegment domain, MemorySegment devAlias, int reason, MemorySegment opaque) {
        deliver(opaque, () -> new DomainEvent.TrayChange(domain(domain), text(devAlias), reason));
    }

    static void pmWakeup(MemorySegment connect, MemorySegment domain, int reason, MemorySegment opaque) {
        deliver(opaque, () -> new DomainEvent.PmWakeup(domain(domain), reason));
    }

    static void pmSuspend(MemorySegment connect, MemorySegment domain, int reason, MemorySegment opaque) {
        deliver(opaque, () -> new DomainEvent.PmSuspend(domain(domain), reason));
    }

    static void balloonChange(MemorySegment connect, MemorySegment domain, long actual, MemorySegment opaque) {
        deliver(opaque, () -> new DomainEvent.BalloonChange(domain(domain), actual));
    }

    static void pmSuspendDisk(MemorySegment connect, MemorySegment domain, int reason, MemorySegment opaque) {
        deliver(opaque, () -> new DomainEvent.PmSuspendDisk(domain(domain), reason));
    }

    static void deviceRemoved(MemorySegment connect, MemorySegment domain, MemorySegment alias, MemorySegment opaque) {
        deliver(opaque, () -> new DomainEvent.DeviceRemoved(domain(domain), text(alias)));
    }

    static void blockJob2(
            MemorySegment connect,
            MemorySegment domain,
            MemorySegment disk,
            int type,
            int status,
            MemorySegment opaque) {
        deliver(opaque, () -> new DomainEvent.BlockJob2(domain(domain), text(disk), type, status));
    }

    static void tunable(
            MemorySegment connect, MemorySegment domain, MemorySegment params, int count, MemorySegment opaque) {
        deliver(opaque, () -> new DomainEvent.Tunable(domain(domain), CTypedParameters.copy(params, count)));
    }

    static void agentLifecycle(
            MemorySegment connect, MemorySegment domain, int state, int reason, MemorySegment opaque) {
        deliver(opaque, () -> new DomainEvent.AgentLifecycle(domain(domain), state, reason));
    }

    static void deviceAdded(MemorySegment connect, MemorySegment domain, MemorySegment alias, MemorySegment opaque) {
        deliver(opaque, () -> new DomainEvent.DeviceAdded(domain(domain), text(alias)));
    }

    static void migrationIteration(MemorySegment connect, MemorySegment domain, int iteration, MemorySegment opaque) {
        deliver(opaque, () -> new DomainEvent.MigrationIteration(domain(domain), iteration));
    }

    static void jobCompleted(
            MemorySegment connect, MemorySegment domain, MemorySegment params, int count, MemorySegment opaque) {
        deliver(opaque, () -> new DomainEvent.JobCompleted(domain(domain), CTypedParameters.copy(params, count)));
    }

    static void deviceRemovalFailed(
            MemorySegment connect, MemorySegment domain, MemorySegment alias, MemorySegment opaque) {
        deliver(opaque, () -> new DomainEvent.DeviceRemovalFailed(domain(domain), text(alias)));
    }

    static void metadataChange(
            MemorySegment connect, MemorySegment domain, int type, MemorySegment uri, MemorySegment opaque) {
        deliver(opaque, () -> new DomainEvent.MetadataChange(domain(domain), type, CMemory.string(uri)));
    }

    static void blockThreshold(
            MemorySegment connect,
            MemorySegment domain,
            MemorySegment dev,
            MemorySegment path,
            long threshold,
            long excess,
            MemorySegment opaque) {
        deliver(
                opaque,
                () -> new DomainEvent.BlockThreshold(
                        domain(domain), text(dev), CMemory.string(path), threshold, excess));
    }

    static void memoryFailure(
            MemorySegment connect, MemorySegment domain, int recipient, int action, int flags, MemorySegment opaque) {
        deliver(opaque, () -> new DomainEvent.MemoryFailure(domain(domain), recipient, action, flags));
    }

    static void memoryDeviceSizeChange(
            MemorySegment connect, MemorySegment domain, MemorySegment alias, long size, MemorySegment opaque) {
        deliver(opaque, () -> new DomainEvent.MemoryDeviceSizeChange(domain(domain), text(alias), size));
    }

    static void nicMacChange(
            MemorySegment connect,
            MemorySegment domain,
            MemorySegment alias,
            MemorySegment oldMac,
            MemorySegment newMac,
            MemorySegment opaque) {
        deliver(opaque, () -> new DomainEvent.NicMacChange(domain(domain), text(alias), text(oldMac), text(newMac)));
    }

    static void vcpuRemoved(MemorySegment connect, MemorySegment domain, int vcpuId, MemorySegment opaque) {
        deliver(opaque, () -> new DomainEvent.VcpuRemoved(domain(domain), Integer.toUnsignedLong(vcpuId)));
    }

    static void channelLifecycle(
            MemorySegment connect,
            MemorySegment domain,
            MemorySegment channelName,
            int state,
            int reason,
            MemorySegment opaque) {
        deliver(opaque, () -> new DomainEvent.ChannelLifecycle(domain(domain), text(channelName), state, reason));
    }

    static void qemuMonitor(
            MemorySegment connect,
            MemorySegment domain,
            MemorySegment event,
            long seconds,
            int micros,
            MemorySegment details,
            MemorySegment opaque) {
        deliver(
                opaque,
                () -> new DomainEvent.QemuMonitor(
                        domain(domain), text(event), seconds, Integer.toUnsignedLong(micros), CMemory.string(details)));
    }

    static void networkLifecycle(
            MemorySegment connect, MemorySegment network, int type, int detail, MemorySegment opaque) {
        deliver(opaque, () -> new NetworkEvent.Lifecycle(network(network), type, detail));
    }

    static void networkMetadataChange(
            MemorySegment connect, MemorySegment network, int type, MemorySegment uri, MemorySegment opaque) {
        deliver(opaque, () -> new NetworkEvent.MetadataChange(network(network), type, CMemory.string(uri)));
    }

    static void storagePoolLifecycle(
            MemorySegment connect, MemorySegment pool, int type, int detail, MemorySegment opaque) {
        deliver(opaque, () -> new StoragePoolEvent.Lifecycle(storagePool(pool), type, detail));
    }

    static void storagePoolRefresh(MemorySegment connect, MemorySegment pool, MemorySegment opaque) {
        deliver(opaque, () -> new StoragePoolEvent.Refresh(storagePool(pool)));
    }

    static void nodeDeviceLifecycle(
            MemorySegment connect, MemorySegment device, int type, int detail, MemorySegment opaque) {
        deliver(opaque, () -> new NodeDeviceEvent.Lifecycle(nodeDevice(device), type, detail));
    }

    static void nodeDeviceUpdate(MemorySegment connect, MemorySegment device, MemorySegment opaque) {
        deliver(opaque, () -> new NodeDeviceEvent.Update(nodeDevice(device)));
    }

    static void secretLifecycle(
            MemorySegment connect, MemorySegment secret, int type, int detail, MemorySegment opaque) {
        deliver(opaque, () -> new SecretEvent.Lifecycle(secret(secret), type, detail));
    }

    static void secretValueChanged(MemorySegment connect, MemorySegment secret, MemorySegment opaque) {
        deliver(opaque, () -> new SecretEvent.ValueChanged(secret(secret)));
    }

    /// Of an [EventAnchor].
    static void unheard(MemorySegment connect, MemorySegment object, MemorySegment opaque) {}

    static void closed(MemorySegment connect, int reason, MemorySegment opaque) {
        deliver(opaque, () -> new ConnectEvent.Closed(reason));
    }

    private static DomainIdentity domain(MemorySegment domain) {
        return new DomainIdentity(text(virDomainGetName(domain)), uuid(bytes -> virDomainGetUUID(domain, bytes)));
    }

    private static NetworkIdentity network(MemorySegment network) {
        return new NetworkIdentity(text(virNetworkGetName(network)), uuid(bytes -> virNetworkGetUUID(network, bytes)));
    }

    private static StoragePoolIdentity storagePool(MemorySegment pool) {
        return new StoragePoolIdentity(
                text(virStoragePoolGetName(pool)), uuid(bytes -> virStoragePoolGetUUID(pool, bytes)));
    }

    private static NodeDeviceIdentity nodeDevice(MemorySegment device) {
        return new NodeDeviceIdentity(text(virNodeDeviceGetName(device)));
    }

    private static SecretIdentity secret(MemorySegment secret) {
        return new SecretIdentity(
                uuid(bytes -> virSecretGetUUID(secret, bytes)),
                virSecretGetUsageType(secret),
                text(virSecretGetUsageID(secret)));
    }

    private interface GetUuid {
        int into(MemorySegment bytes);
    }

    private static UUID uuid(GetUuid get) {
        MemorySegment bytes = UUID_BYTES.get();
        // It cannot fail for an object there is.
        return get.into(bytes) < 0 ? new UUID(0, 0) : Uuids.get(bytes);
    }

    private static @Nullable GraphicsAddress address(MemorySegment pointer) {
        if (CMemory.isNull(pointer)) {
            return null;
        }
        MemorySegment address = CMemory.view(pointer, VirDomainEventGraphicsAddress.SIZE);
        return new GraphicsAddress(
                VirDomainEventGraphicsAddress.family(address),
                CMemory.string(VirDomainEventGraphicsAddress.node(address)),
                CMemory.string(VirDomainEventGraphicsAddress.service(address)));
    }

    private static List<GraphicsIdentity> identities(MemorySegment pointer) {
        List<GraphicsIdentity> list = new ArrayList<>();
        if (!CMemory.isNull(pointer)) {
            MemorySegment subject = CMemory.view(pointer, VirDomainEventGraphicsSubject.SIZE);
            int count = Math.max(0, VirDomainEventGraphicsSubject.nidentity(subject));
            long size = VirDomainEventGraphicsSubjectIdentity.SIZE;
            MemorySegment all = CMemory.view(VirDomainEventGraphicsSubject.identities(subject), count * size);
            for (int i = 0; i < count; i++) {
                MemorySegment one = all.asSlice(i * size, size);
                list.add(new GraphicsIdentity(
                        CMemory.string(VirDomainEventGraphicsSubjectIdentity.type(one)),
                        CMemory.string(VirDomainEventGraphicsSubjectIdentity.name(one))));
            }
        }
        return list;
    }

    private static String text(MemorySegment string) {
        String text = CMemory.string(string);
        return text == null ? "" : text;
    }
}
