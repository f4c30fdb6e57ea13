package io.github.libvirt4j.internal.event;

import static io.github.libvirt4j.internal.event.Trampolines.deliver;
import static io.github.libvirt4j.internal.event.Trampolines.pointer;
import static io.github.libvirt4j.internal.event.Trampolines.text;
import static io.github.libvirt4j.internal.event.Trampolines.textOrNull;
import static io.github.libvirt4j.internal.event.Trampolines.uuid;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetName;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetUUID;

import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.DomainIdentity;
import io.github.libvirt4j.event.GraphicsAddress;
import io.github.libvirt4j.event.GraphicsIdentity;
import io.github.libvirt4j.internal.c.CMemory;
import io.github.libvirt4j.internal.c.CTypedParameters;
import io.github.libvirt4j.internal.raw.CallbackTypes.VirConnectDomainEventAgentLifecycleCallback;
import io.github.libvirt4j.internal.raw.CallbackTypes.VirConnectDomainEventBalloonChangeCallback;
import io.github.libvirt4j.internal.raw.CallbackTypes.VirConnectDomainEventBlockJobCallback;
import io.github.libvirt4j.internal.raw.CallbackTypes.VirConnectDomainEventBlockThresholdCallback;
import io.github.libvirt4j.internal.raw.CallbackTypes.VirConnectDomainEventCallback;
import io.github.libvirt4j.internal.raw.CallbackTypes.VirConnectDomainEventChannelLifecycleCallback;
import io.github.libvirt4j.internal.raw.CallbackTypes.VirConnectDomainEventDeviceAddedCallback;
import io.github.libvirt4j.internal.raw.CallbackTypes.VirConnectDomainEventDeviceRemovalFailedCallback;
import io.github.libvirt4j.internal.raw.CallbackTypes.VirConnectDomainEventDeviceRemovedCallback;
import io.github.libvirt4j.internal.raw.CallbackTypes.VirConnectDomainEventDiskChangeCallback;
import io.github.libvirt4j.internal.raw.CallbackTypes.VirConnectDomainEventGenericCallback;
import io.github.libvirt4j.internal.raw.CallbackTypes.VirConnectDomainEventGraphicsCallback;
import io.github.libvirt4j.internal.raw.CallbackTypes.VirConnectDomainEventIOErrorCallback;
import io.github.libvirt4j.internal.raw.CallbackTypes.VirConnectDomainEventIOErrorReasonCallback;
import io.github.libvirt4j.internal.raw.CallbackTypes.VirConnectDomainEventJobCompletedCallback;
import io.github.libvirt4j.internal.raw.CallbackTypes.VirConnectDomainEventMemoryDeviceSizeChangeCallback;
import io.github.libvirt4j.internal.raw.CallbackTypes.VirConnectDomainEventMemoryFailureCallback;
import io.github.libvirt4j.internal.raw.CallbackTypes.VirConnectDomainEventMetadataChangeCallback;
import io.github.libvirt4j.internal.raw.CallbackTypes.VirConnectDomainEventMigrationIterationCallback;
import io.github.libvirt4j.internal.raw.CallbackTypes.VirConnectDomainEventNICMACChangeCallback;
import io.github.libvirt4j.internal.raw.CallbackTypes.VirConnectDomainEventPMSuspendCallback;
import io.github.libvirt4j.internal.raw.CallbackTypes.VirConnectDomainEventPMSuspendDiskCallback;
import io.github.libvirt4j.internal.raw.CallbackTypes.VirConnectDomainEventPMWakeupCallback;
import io.github.libvirt4j.internal.raw.CallbackTypes.VirConnectDomainEventRTCChangeCallback;
import io.github.libvirt4j.internal.raw.CallbackTypes.VirConnectDomainEventTrayChangeCallback;
import io.github.libvirt4j.internal.raw.CallbackTypes.VirConnectDomainEventTunableCallback;
import io.github.libvirt4j.internal.raw.CallbackTypes.VirConnectDomainEventVcpuRemovedCallback;
import io.github.libvirt4j.internal.raw.CallbackTypes.VirConnectDomainEventWatchdogCallback;
import io.github.libvirt4j.internal.raw.LibvirtDomain;
import io.github.libvirt4j.internal.raw.VirDomainEventGraphicsAddress;
import io.github.libvirt4j.internal.raw.VirDomainEventGraphicsSubject;
import io.github.libvirt4j.internal.raw.VirDomainEventGraphicsSubjectIdentity;
import io.github.libvirt4j.types.DomainEventId;
import io.github.libvirt4j.types.EnumValue;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Events of domains.
class DomainEvents extends EventFamily {
    @Override
    void eachRow(Rows rows) {
        if (rows.wants(DomainEvent.LIFECYCLE, DomainEventId.LIFECYCLE)) {
            rows.upcall(VirConnectDomainEventCallback.type(), (_, domain, type, detail, opaque) -> {
                deliver(opaque, () -> new DomainEvent.Lifecycle(identity(domain), type, detail));
                return 0;
            });
        }
        if (rows.wants(DomainEvent.REBOOT, DomainEventId.REBOOT)) {
            rows.upcall(
                    VirConnectDomainEventGenericCallback.type(),
                    (_, domain, opaque) -> deliver(opaque, () -> new DomainEvent.Reboot(identity(domain))));
        }
        if (rows.wants(DomainEvent.RTC_CHANGE, DomainEventId.RTC_CHANGE)) {
            rows.upcall(
                    VirConnectDomainEventRTCChangeCallback.type(),
                    (_, domain, utcOffset, opaque) -> deliver(
                            opaque, () -> new DomainEvent.RtcChange(identity(domain), Duration.ofSeconds(utcOffset))));
        }
        if (rows.wants(DomainEvent.WATCHDOG, DomainEventId.WATCHDOG)) {
            rows.upcall(
                    VirConnectDomainEventWatchdogCallback.type(),
                    (_, domain, action, opaque) ->
                            deliver(opaque, () -> new DomainEvent.Watchdog(identity(domain), action)));
        }
        if (rows.wants(DomainEvent.IO_ERROR, DomainEventId.IO_ERROR)) {
            rows.upcall(
                    VirConnectDomainEventIOErrorCallback.type(),
                    (_, domain, srcPath, devAlias, action, opaque) -> deliver(
                            opaque,
                            () -> new DomainEvent.IoError(identity(domain), text(srcPath), text(devAlias), action)));
        }
        if (rows.wants(DomainEvent.GRAPHICS, DomainEventId.GRAPHICS)) {
            rows.upcall(
                    VirConnectDomainEventGraphicsCallback.type(),
                    (_, domain, phase, local, remote, authScheme, subject, opaque) -> deliver(
                            opaque,
                            () -> new DomainEvent.Graphics(
                                    identity(domain),
                                    phase,
                                    address(local),
                                    address(remote),
                                    text(authScheme),
                                    identities(subject))));
        }
        if (rows.wants(DomainEvent.IO_ERROR_REASON, DomainEventId.IO_ERROR_REASON)) {
            rows.upcall(
                    VirConnectDomainEventIOErrorReasonCallback.type(),
                    (_, domain, srcPath, devAlias, action, reason, opaque) -> deliver(
                            opaque,
                            () -> new DomainEvent.IoErrorReason(
                                    identity(domain), text(srcPath), text(devAlias), action, text(reason))));
        }
        if (rows.wants(DomainEvent.CONTROL_ERROR, DomainEventId.CONTROL_ERROR)) {
            rows.upcall(
                    VirConnectDomainEventGenericCallback.type(),
                    (_, domain, opaque) -> deliver(opaque, () -> new DomainEvent.ControlError(identity(domain))));
        }
        if (rows.wants(DomainEvent.BLOCK_JOB, DomainEventId.BLOCK_JOB)) {
            rows.upcall(
                    VirConnectDomainEventBlockJobCallback.type(),
                    (_, domain, disk, type, status, opaque) -> deliver(
                            opaque, () -> new DomainEvent.BlockJob(identity(domain), text(disk), type, status)));
        }
        if (rows.wants(DomainEvent.DISK_CHANGE, DomainEventId.DISK_CHANGE)) {
            rows.upcall(
                    VirConnectDomainEventDiskChangeCallback.type(),
                    (_, domain, oldSrcPath, newSrcPath, devAlias, reason, opaque) -> deliver(
                            opaque,
                            () -> new DomainEvent.DiskChange(
                                    identity(domain),
                                    textOrNull(oldSrcPath),
                                    textOrNull(newSrcPath),
                                    text(devAlias),
                                    reason)));
        }
        if (rows.wants(DomainEvent.TRAY_CHANGE, DomainEventId.TRAY_CHANGE)) {
            rows.upcall(
                    VirConnectDomainEventTrayChangeCallback.type(),
                    (_, domain, devAlias, reason, opaque) -> deliver(
                            opaque, () -> new DomainEvent.TrayChange(identity(domain), text(devAlias), reason)));
        }
        if (rows.wants(DomainEvent.PMWAKEUP, DomainEventId.PMWAKEUP)) {
            rows.upcall(
                    VirConnectDomainEventPMWakeupCallback.type(),
                    (_, domain, reason, opaque) ->
                            deliver(opaque, () -> new DomainEvent.PmWakeup(identity(domain), reason)));
        }
        if (rows.wants(DomainEvent.PMSUSPEND, DomainEventId.PMSUSPEND)) {
            rows.upcall(
                    VirConnectDomainEventPMSuspendCallback.type(),
                    (_, domain, reason, opaque) ->
                            deliver(opaque, () -> new DomainEvent.PmSuspend(identity(domain), reason)));
        }
        if (rows.wants(DomainEvent.BALLOON_CHANGE, DomainEventId.BALLOON_CHANGE)) {
            rows.upcall(
                    VirConnectDomainEventBalloonChangeCallback.type(),
                    (_, domain, actual, opaque) ->
                            deliver(opaque, () -> new DomainEvent.BalloonChange(identity(domain), actual)));
        }
        if (rows.wants(DomainEvent.PMSUSPEND_DISK, DomainEventId.PMSUSPEND_DISK)) {
            rows.upcall(
                    VirConnectDomainEventPMSuspendDiskCallback.type(),
                    (_, domain, reason, opaque) ->
                            deliver(opaque, () -> new DomainEvent.PmSuspendDisk(identity(domain), reason)));
        }
        if (rows.wants(DomainEvent.DEVICE_REMOVED, DomainEventId.DEVICE_REMOVED)) {
            rows.upcall(
                    VirConnectDomainEventDeviceRemovedCallback.type(),
                    (_, domain, alias, opaque) ->
                            deliver(opaque, () -> new DomainEvent.DeviceRemoved(identity(domain), text(alias))));
        }
        if (rows.wants(DomainEvent.BLOCK_JOB_2, DomainEventId.BLOCK_JOB_2)) {
            rows.upcall(
                    VirConnectDomainEventBlockJobCallback.type(),
                    (_, domain, disk, type, status, opaque) -> deliver(
                            opaque, () -> new DomainEvent.BlockJob2(identity(domain), text(disk), type, status)));
        }
        if (rows.wants(DomainEvent.TUNABLE, DomainEventId.TUNABLE)) {
            rows.upcall(
                    VirConnectDomainEventTunableCallback.type(),
                    (_, domain, params, count, opaque) -> deliver(
                            opaque,
                            () -> new DomainEvent.Tunable(
                                    identity(domain), CTypedParameters.copy(pointer(params), count))));
        }
        if (rows.wants(DomainEvent.AGENT_LIFECYCLE, DomainEventId.AGENT_LIFECYCLE)) {
            rows.upcall(
                    VirConnectDomainEventAgentLifecycleCallback.type(),
                    (_, domain, state, reason, opaque) ->
                            deliver(opaque, () -> new DomainEvent.AgentLifecycle(identity(domain), state, reason)));
        }
        if (rows.wants(DomainEvent.DEVICE_ADDED, DomainEventId.DEVICE_ADDED)) {
            rows.upcall(
                    VirConnectDomainEventDeviceAddedCallback.type(),
                    (_, domain, alias, opaque) ->
                            deliver(opaque, () -> new DomainEvent.DeviceAdded(identity(domain), text(alias))));
        }
        if (rows.wants(DomainEvent.MIGRATION_ITERATION, DomainEventId.MIGRATION_ITERATION)) {
            rows.upcall(
                    VirConnectDomainEventMigrationIterationCallback.type(),
                    (_, domain, iteration, opaque) ->
                            deliver(opaque, () -> new DomainEvent.MigrationIteration(identity(domain), iteration)));
        }
        if (rows.wants(DomainEvent.JOB_COMPLETED, DomainEventId.JOB_COMPLETED)) {
            rows.upcall(
                    VirConnectDomainEventJobCompletedCallback.type(),
                    (_, domain, params, count, opaque) -> deliver(
                            opaque,
                            () -> new DomainEvent.JobCompleted(
                                    identity(domain), CTypedParameters.copy(pointer(params), count))));
        }
        if (rows.wants(DomainEvent.DEVICE_REMOVAL_FAILED, DomainEventId.DEVICE_REMOVAL_FAILED)) {
            rows.upcall(
                    VirConnectDomainEventDeviceRemovalFailedCallback.type(),
                    (_, domain, alias, opaque) ->
                            deliver(opaque, () -> new DomainEvent.DeviceRemovalFailed(identity(domain), text(alias))));
        }
        if (rows.wants(DomainEvent.METADATA_CHANGE, DomainEventId.METADATA_CHANGE)) {
            rows.upcall(
                    VirConnectDomainEventMetadataChangeCallback.type(),
                    (_, domain, type, uri, opaque) -> deliver(
                            opaque, () -> new DomainEvent.MetadataChange(identity(domain), type, textOrNull(uri))));
        }
        if (rows.wants(DomainEvent.BLOCK_THRESHOLD, DomainEventId.BLOCK_THRESHOLD)) {
            rows.upcall(
                    VirConnectDomainEventBlockThresholdCallback.type(),
                    (_, domain, dev, path, threshold, excess, opaque) -> deliver(
                            opaque,
                            () -> new DomainEvent.BlockThreshold(
                                    identity(domain), text(dev), textOrNull(path), threshold, excess)));
        }
        if (rows.wants(DomainEvent.MEMORY_FAILURE, DomainEventId.MEMORY_FAILURE)) {
            rows.upcall(
                    VirConnectDomainEventMemoryFailureCallback.type(),
                    (_, domain, recipient, action, flags, opaque) -> deliver(
                            opaque, () -> new DomainEvent.MemoryFailure(identity(domain), recipient, action, flags)));
        }
        if (rows.wants(DomainEvent.MEMORY_DEVICE_SIZE_CHANGE, DomainEventId.MEMORY_DEVICE_SIZE_CHANGE)) {
            rows.upcall(
                    VirConnectDomainEventMemoryDeviceSizeChangeCallback.type(),
                    (_, domain, alias, size, opaque) -> deliver(
                            opaque, () -> new DomainEvent.MemoryDeviceSizeChange(identity(domain), text(alias), size)));
        }
        if (rows.wants(DomainEvent.NIC_MAC_CHANGE, DomainEventId.NIC_MAC_CHANGE)) {
            rows.upcall(
                    VirConnectDomainEventNICMACChangeCallback.type(),
                    (_, domain, alias, oldMac, newMac, opaque) -> deliver(
                            opaque,
                            () -> new DomainEvent.NicMacChange(
                                    identity(domain), text(alias), text(oldMac), text(newMac))));
        }
        if (rows.wants(DomainEvent.VCPU_REMOVED, DomainEventId.VCPU_REMOVED)) {
            rows.upcall(
                    VirConnectDomainEventVcpuRemovedCallback.type(),
                    (_, domain, vcpuId, opaque) -> deliver(
                            opaque,
                            () -> new DomainEvent.VcpuRemoved(identity(domain), Integer.toUnsignedLong(vcpuId))));
        }
        if (rows.wants(DomainEvent.CHANNEL_LIFECYCLE, DomainEventId.CHANNEL_LIFECYCLE)) {
            rows.upcall(
                    VirConnectDomainEventChannelLifecycleCallback.type(),
                    (_, domain, channelName, state, reason, opaque) -> deliver(
                            opaque,
                            () -> new DomainEvent.ChannelLifecycle(
                                    identity(domain), text(channelName), state, reason)));
        }
    }

    @Override
    String registerFunction() {
        return "virConnectDomainEventRegisterAny";
    }

    @Override
    int registerAny(
            MemorySegment connect,
            MemorySegment object,
            int id,
            MemorySegment callback,
            MemorySegment opaque,
            MemorySegment free) {
        return LibvirtDomain.virConnectDomainEventRegisterAny(connect, object, id, callback, opaque, free);
    }

    @Override
    int deregister(MemorySegment connect, int callback) {
        return LibvirtDomain.virConnectDomainEventDeregisterAny(connect, callback);
    }

    @Override
    EnumValue rarest() {
        return DomainEventId.CONTROL_ERROR;
    }

    static DomainIdentity identity(long address) {
        MemorySegment domain = pointer(address);
        return new DomainIdentity(text(virDomainGetName(domain)), uuid(bytes -> virDomainGetUUID(domain, bytes)));
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
}
