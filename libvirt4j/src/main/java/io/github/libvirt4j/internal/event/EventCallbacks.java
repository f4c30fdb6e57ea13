package io.github.libvirt4j.internal.event;

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
import io.github.libvirt4j.internal.c.CMemory;
import io.github.libvirt4j.internal.c.CTypedParameters;
import io.github.libvirt4j.internal.c.Uuids;
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
/// C's pointers come as numbers ([Upcall][io.github.libvirt4j.internal.callback.Upcall] says why). What C
/// passes is valid during the call only. Strings that C documents as never NULL are empty if they are.
// They are called by name, with arguments that are there because C passes them.
@SuppressWarnings("UnusedVariable")
final class EventCallbacks {
    static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

    /// Room for a UUID. Almost always the loop's, but libvirt may call from any thread.
    private static final ThreadLocal<MemorySegment> UUID_BYTES =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(Uuids.SIZE));

    private EventCallbacks() {}

    private static void deliver(long opaque, Supplier<Event> event) {
        EventSink sink = Loans.borrow(opaque, EventSink.class);
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
    static int lifecycle(long connect, long domain, int type, int detail, long opaque) {
        deliver(opaque, () -> new DomainEvent.Lifecycle(domain(domain), type, detail));
        return 0;
    }

    static void reboot(long connect, long domain, long opaque) {
        deliver(opaque, () -> new DomainEvent.Reboot(domain(domain)));
    }

    static void rtcChange(long connect, long domain, long utcOffset, long opaque) {
        deliver(opaque, () -> new DomainEvent.RtcChange(domain(domain), Duration.ofSeconds(utcOffset)));
    }

    static void watchdog(long connect, long domain, int action, long opaque) {
        deliver(opaque, () -> new DomainEvent.Watchdog(domain(domain), action));
    }

    static void ioError(long connect, long domain, long srcPath, long devAlias, int action, long opaque) {
        deliver(opaque, () -> new DomainEvent.IoError(domain(domain), text(srcPath), text(devAlias), action));
    }

    static void graphics(
            long connect, long domain, int phase, long local, long remote, long authScheme, long subject, long opaque) {
        deliver(
                opaque,
                () -> new DomainEvent.Graphics(
                        domain(domain), phase, address(local), address(remote), text(authScheme), identities(subject)));
    }

    static void ioErrorReason(
            long connect, long domain, long srcPath, long devAlias, int action, long reason, long opaque) {
        deliver(
                opaque,
                () -> new DomainEvent.IoErrorReason(
                        domain(domain), text(srcPath), text(devAlias), action, text(reason)));
    }

    static void controlError(long connect, long domain, long opaque) {
        deliver(opaque, () -> new DomainEvent.ControlError(domain(domain)));
    }

    static void blockJob(long connect, long domain, long disk, int type, int status, long opaque) {
        deliver(opaque, () -> new DomainEvent.BlockJob(domain(domain), text(disk), type, status));
    }

    static void diskChange(
            long connect, long domain, long oldSrcPath, long newSrcPath, long devAlias, int reason, long opaque) {
        deliver(
                opaque,
                () -> new DomainEvent.DiskChange(
                        domain(domain), textOrNull(oldSrcPath), textOrNull(newSrcPath), text(devAlias), reason));
    }

    static void trayChange(long connect, long domain, long devAlias, int reason, long opaque) {
        deliver(opaque, () -> new DomainEvent.TrayChange(domain(domain), text(devAlias), reason));
    }

    static void pmWakeup(long connect, long domain, int reason, long opaque) {
        deliver(opaque, () -> new DomainEvent.PmWakeup(domain(domain), reason));
    }

    static void pmSuspend(long connect, long domain, int reason, long opaque) {
        deliver(opaque, () -> new DomainEvent.PmSuspend(domain(domain), reason));
    }

    static void balloonChange(long connect, long domain, long actual, long opaque) {
        deliver(opaque, () -> new DomainEvent.BalloonChange(domain(domain), actual));
    }

    static void pmSuspendDisk(long connect, long domain, int reason, long opaque) {
        deliver(opaque, () -> new DomainEvent.PmSuspendDisk(domain(domain), reason));
    }

    static void deviceRemoved(long connect, long domain, long alias, long opaque) {
        deliver(opaque, () -> new DomainEvent.DeviceRemoved(domain(domain), text(alias)));
    }

    static void blockJob2(long connect, long domain, long disk, int type, int status, long opaque) {
        deliver(opaque, () -> new DomainEvent.BlockJob2(domain(domain), text(disk), type, status));
    }

    static void tunable(long connect, long domain, long params, int count, long opaque) {
        deliver(opaque, () -> new DomainEvent.Tunable(domain(domain), CTypedParameters.copy(pointer(params), count)));
    }

    static void agentLifecycle(long connect, long domain, int state, int reason, long opaque) {
        deliver(opaque, () -> new DomainEvent.AgentLifecycle(domain(domain), state, reason));
    }

    static void deviceAdded(long connect, long domain, long alias, long opaque) {
        deliver(opaque, () -> new DomainEvent.DeviceAdded(domain(domain), text(alias)));
    }

    static void migrationIteration(long connect, long domain, int iteration, long opaque) {
        deliver(opaque, () -> new DomainEvent.MigrationIteration(domain(domain), iteration));
    }

    static void jobCompleted(long connect, long domain, long params, int count, long opaque) {
        deliver(
                opaque,
                () -> new DomainEvent.JobCompleted(domain(domain), CTypedParameters.copy(pointer(params), count)));
    }

    static void deviceRemovalFailed(long connect, long domain, long alias, long opaque) {
        deliver(opaque, () -> new DomainEvent.DeviceRemovalFailed(domain(domain), text(alias)));
    }

    static void metadataChange(long connect, long domain, int type, long uri, long opaque) {
        deliver(opaque, () -> new DomainEvent.MetadataChange(domain(domain), type, textOrNull(uri)));
    }

    static void blockThreshold(
            long connect, long domain, long dev, long path, long threshold, long excess, long opaque) {
        deliver(
                opaque,
                () -> new DomainEvent.BlockThreshold(domain(domain), text(dev), textOrNull(path), threshold, excess));
    }

    static void memoryFailure(long connect, long domain, int recipient, int action, int flags, long opaque) {
        deliver(opaque, () -> new DomainEvent.MemoryFailure(domain(domain), recipient, action, flags));
    }

    static void memoryDeviceSizeChange(long connect, long domain, long alias, long size, long opaque) {
        deliver(opaque, () -> new DomainEvent.MemoryDeviceSizeChange(domain(domain), text(alias), size));
    }

    static void nicMacChange(long connect, long domain, long alias, long oldMac, long newMac, long opaque) {
        deliver(opaque, () -> new DomainEvent.NicMacChange(domain(domain), text(alias), text(oldMac), text(newMac)));
    }

    static void vcpuRemoved(long connect, long domain, int vcpuId, long opaque) {
        deliver(opaque, () -> new DomainEvent.VcpuRemoved(domain(domain), Integer.toUnsignedLong(vcpuId)));
    }

    static void channelLifecycle(long connect, long domain, long channelName, int state, int reason, long opaque) {
        deliver(opaque, () -> new DomainEvent.ChannelLifecycle(domain(domain), text(channelName), state, reason));
    }

    static void qemuMonitor(
            long connect, long domain, long event, long seconds, int micros, long details, long opaque) {
        deliver(
                opaque,
                () -> new DomainEvent.QemuMonitor(
                        domain(domain), text(event), seconds, Integer.toUnsignedLong(micros), textOrNull(details)));
    }

    static void networkLifecycle(long connect, long network, int type, int detail, long opaque) {
        deliver(opaque, () -> new NetworkEvent.Lifecycle(network(network), type, detail));
    }

    static void networkMetadataChange(long connect, long network, int type, long uri, long opaque) {
        deliver(opaque, () -> new NetworkEvent.MetadataChange(network(network), type, textOrNull(uri)));
    }

    static void storagePoolLifecycle(long connect, long pool, int type, int detail, long opaque) {
        deliver(opaque, () -> new StoragePoolEvent.Lifecycle(storagePool(pool), type, detail));
    }

    static void storagePoolRefresh(long connect, long pool, long opaque) {
        deliver(opaque, () -> new StoragePoolEvent.Refresh(storagePool(pool)));
    }

    static void nodeDeviceLifecycle(long connect, long device, int type, int detail, long opaque) {
        deliver(opaque, () -> new NodeDeviceEvent.Lifecycle(nodeDevice(device), type, detail));
    }

    static void nodeDeviceUpdate(long connect, long device, long opaque) {
        deliver(opaque, () -> new NodeDeviceEvent.Update(nodeDevice(device)));
    }

    static void secretLifecycle(long connect, long secret, int type, int detail, long opaque) {
        deliver(opaque, () -> new SecretEvent.Lifecycle(secret(secret), type, detail));
    }

    static void secretValueChanged(long connect, long secret, long opaque) {
        deliver(opaque, () -> new SecretEvent.ValueChanged(secret(secret)));
    }

    /// Of an [EventAnchor].
    static void unheard(long connect, long object, long opaque) {}

    static void closed(long connect, int reason, long opaque) {
        deliver(opaque, () -> new ConnectEvent.Closed(reason));
    }

    private static DomainIdentity domain(long address) {
        MemorySegment domain = pointer(address);
        return new DomainIdentity(text(virDomainGetName(domain)), uuid(bytes -> virDomainGetUUID(domain, bytes)));
    }

    private static NetworkIdentity network(long address) {
        MemorySegment network = pointer(address);
        return new NetworkIdentity(text(virNetworkGetName(network)), uuid(bytes -> virNetworkGetUUID(network, bytes)));
    }

    private static StoragePoolIdentity storagePool(long address) {
        MemorySegment pool = pointer(address);
        return new StoragePoolIdentity(
                text(virStoragePoolGetName(pool)), uuid(bytes -> virStoragePoolGetUUID(pool, bytes)));
    }

    private static NodeDeviceIdentity nodeDevice(long address) {
        MemorySegment device = pointer(address);
        return new NodeDeviceIdentity(text(virNodeDeviceGetName(device)));
    }

    private static SecretIdentity secret(long address) {
        MemorySegment secret = pointer(address);
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

    private static @Nullable GraphicsAddress address(long of) {
        MemorySegment pointer = pointer(of);
        if (CMemory.isNull(pointer)) {
            return null;
        }
        MemorySegment address = CMemory.view(pointer, VirDomainEventGraphicsAddress.SIZE);
        return new GraphicsAddress(
                VirDomainEventGraphicsAddress.family(address),
                CMemory.string(VirDomainEventGraphicsAddress.node(address)),
                CMemory.string(VirDomainEventGraphicsAddress.service(address)));
    }

    private static List<GraphicsIdentity> identities(long of) {
        MemorySegment pointer = pointer(of);
        List<GraphicsIdentity> list = new ArrayList<>();
        if (!CMemory.isNull(pointer)) {
            MemorySegment subject = CMemory.view(pointer, VirDomainEventGraphicsSubject.SIZE);
            int count = VirDomainEventGraphicsSubject.nidentity(subject);
            long size = VirDomainEventGraphicsSubjectIdentity.SIZE;
            MemorySegment all = CMemory.array(
                    "virDomainEventGraphicsSubject", VirDomainEventGraphicsSubject.identities(subject), count, size);
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

    private static String text(long string) {
        return text(pointer(string));
    }

    private static @Nullable String textOrNull(long string) {
        return CMemory.string(pointer(string));
    }

    private static MemorySegment pointer(long address) {
        return MemorySegment.ofAddress(address);
    }
}
