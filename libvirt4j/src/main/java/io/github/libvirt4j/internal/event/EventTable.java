package io.github.libvirt4j.internal.event;

import static io.github.libvirt4j.internal.event.EventTable.Family.DOMAIN;
import static io.github.libvirt4j.internal.event.EventTable.Family.NETWORK;
import static io.github.libvirt4j.internal.event.EventTable.Family.NODE_DEVICE;
import static io.github.libvirt4j.internal.event.EventTable.Family.QEMU;
import static io.github.libvirt4j.internal.event.EventTable.Family.SECRET;
import static io.github.libvirt4j.internal.event.EventTable.Family.STORAGE_POOL;

import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.EventKind;
import io.github.libvirt4j.event.NetworkEvent;
import io.github.libvirt4j.event.NodeDeviceEvent;
import io.github.libvirt4j.event.SecretEvent;
import io.github.libvirt4j.event.StoragePoolEvent;
import io.github.libvirt4j.internal.c.CMemory;
import io.github.libvirt4j.internal.callback.Loans;
import io.github.libvirt4j.internal.callback.Upcall;
import io.github.libvirt4j.internal.raw.CallbackTypes;
import io.github.libvirt4j.internal.raw.LibvirtDomain;
import io.github.libvirt4j.internal.raw.LibvirtNetwork;
import io.github.libvirt4j.internal.raw.LibvirtNodedev;
import io.github.libvirt4j.internal.raw.LibvirtQemu;
import io.github.libvirt4j.internal.raw.LibvirtSecret;
import io.github.libvirt4j.internal.raw.LibvirtStorage;
import io.github.libvirt4j.types.DomainEventId;
import io.github.libvirt4j.types.EnumValue;
import io.github.libvirt4j.types.NetworkEventId;
import io.github.libvirt4j.types.NodeDeviceEventId;
import io.github.libvirt4j.types.SecretEventId;
import io.github.libvirt4j.types.StoragePoolEventId;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The one table of events that have a registration of their own: a line a kind. The last column is the C
/// callback, a method of [EventCallbacks].
public final class EventTable {
    private static final List<Row> ROWS = List.of(
            DOMAIN.row(DomainEvent.LIFECYCLE, DomainEventId.LIFECYCLE, "virConnectDomainEventCallback", "lifecycle"),
            DOMAIN.row(DomainEvent.REBOOT, DomainEventId.REBOOT, "virConnectDomainEventGenericCallback", "reboot"),
            DOMAIN.row(
                    DomainEvent.RTC_CHANGE,
                    DomainEventId.RTC_CHANGE,
                    "virConnectDomainEventRTCChangeCallback",
                    "rtcChange"),
            DOMAIN.row(
                    DomainEvent.WATCHDOG, DomainEventId.WATCHDOG, "virConnectDomainEventWatchdogCallback", "watchdog"),
            DOMAIN.row(DomainEvent.IO_ERROR, DomainEventId.IO_ERROR, "virConnectDomainEventIOErrorCallback", "ioError"),
            DOMAIN.row(
                    DomainEvent.GRAPHICS, DomainEventId.GRAPHICS, "virConnectDomainEventGraphicsCallback", "graphics"),
            DOMAIN.row(
                    DomainEvent.IO_ERROR_REASON,
                    DomainEventId.IO_ERROR_REASON,
                    "virConnectDomainEventIOErrorReasonCallback",
                    "ioErrorReason"),
            DOMAIN.row(
                    DomainEvent.CONTROL_ERROR,
                    DomainEventId.CONTROL_ERROR,
                    "virConnectDomainEventGenericCallback",
                    "controlError"),
            DOMAIN.row(
                    DomainEvent.BLOCK_JOB,
                    DomainEventId.BLOCK_JOB,
                    "virConnectDomainEventBlockJobCallback",
                    "blockJob"),
            DOMAIN.row(
                    DomainEvent.DISK_CHANGE,
                    DomainEventId.DISK_CHANGE,
                    "virConnectDomainEventDiskChangeCallback",
                    "diskChange"),
            DOMAIN.row(
                    DomainEvent.TRAY_CHANGE,
                    DomainEventId.TRAY_CHANGE,
                    "virConnectDomainEventTrayChangeCallback",
                    "trayChange"),
            DOMAIN.row(
                    DomainEvent.PMWAKEUP, DomainEventId.PMWAKEUP, "virConnectDomainEventPMWakeupCallback", "pmWakeup"),
            DOMAIN.row(
                    DomainEvent.PMSUSPEND,
                    DomainEventId.PMSUSPEND,
                    "virConnectDomainEventPMSuspendCallback",
                    "pmSuspend"),
            DOMAIN.row(
                    DomainEvent.BALLOON_CHANGE,
                    DomainEventId.BALLOON_CHANGE,
                    "virConnectDomainEventBalloonChangeCallback",
                    "balloonChange"),
            DOMAIN.row(
                    DomainEvent.PMSUSPEND_DISK,
                    DomainEventId.PMSUSPEND_DISK,
                    "virConnectDomainEventPMSuspendDiskCallback",
                    "pmSuspendDisk"),
            DOMAIN.row(
                    DomainEvent.DEVICE_REMOVED,
                    DomainEventId.DEVICE_REMOVED,
                    "virConnectDomainEventDeviceRemovedCallback",
                    "deviceRemoved"),
            DOMAIN.row(
                    DomainEvent.BLOCK_JOB_2,
                    DomainEventId.BLOCK_JOB_2,
                    "virConnectDomainEventBlockJobCallback",
                    "blockJob2"),
            DOMAIN.row(DomainEvent.TUNABLE, DomainEventId.TUNABLE, "virConnectDomainEventTunableCallback", "tunable"),
            DOMAIN.row(
                    DomainEvent.AGENT_LIFECYCLE,
                    DomainEventId.AGENT_LIFECYCLE,
                    "virConnectDomainEventAgentLifecycleCallback",
                    "agentLifecycle"),
            DOMAIN.row(
                    DomainEvent.DEVICE_ADDED,
                    DomainEventId.DEVICE_ADDED,
                    "virConnectDomainEventDeviceAddedCallback",
                    "deviceAdded"),
            DOMAIN.row(
                    DomainEvent.MIGRATION_ITERATION,
                    DomainEventId.MIGRATION_ITERATION,
                    "virConnectDomainEventMigrationIterationCallback",
                    "migrationIteration"),
            DOMAIN.row(
                    DomainEvent.JOB_COMPLETED,
                    DomainEventId.JOB_COMPLETED,
                    "virConnectDomainEventJobCompletedCallback",
                    "jobCompleted"),
            DOMAIN.row(
                    DomainEvent.DEVICE_REMOVAL_FAILED,
                    DomainEventId.DEVICE_REMOVAL_FAILED,
                    "virConnectDomainEventDeviceRemovalFailedCallback",
                    "deviceRemovalFailed"),
            DOMAIN.row(
                    DomainEvent.METADATA_CHANGE,
                    DomainEventId.METADATA_CHANGE,
                    "virConnectDomainEventMetadataChangeCallback",
                    "metadataChange"),
            DOMAIN.row(
                    DomainEvent.BLOCK_THRESHOLD,
                    DomainEventId.BLOCK_THRESHOLD,
                    "virConnectDomainEventBlockThresholdCallback",
                    "blockThreshold"),
            DOMAIN.row(
                    DomainEvent.MEMORY_FAILURE,
                    DomainEventId.MEMORY_FAILURE,
                    "virConnectDomainEventMemoryFailureCallback",
                    "memoryFailure"),
            DOMAIN.row(
                    DomainEvent.MEMORY_DEVICE_SIZE_CHANGE,
                    DomainEventId.MEMORY_DEVICE_SIZE_CHANGE,
                    "virConnectDomainEventMemoryDeviceSizeChangeCallback",
                    "memoryDeviceSizeChange"),
            DOMAIN.row(
                    DomainEvent.NIC_MAC_CHANGE,
                    DomainEventId.NIC_MAC_CHANGE,
                    "virConnectDomainEventNICMACChangeCallback",
                    "nicMacChange"),
            DOMAIN.row(
                    DomainEvent.VCPU_REMOVED,
                    DomainEventId.VCPU_REMOVED,
                    "virConnectDomainEventVcpuRemovedCallback",
                    "vcpuRemoved"),
            DOMAIN.row(
                    DomainEvent.CHANNEL_LIFECYCLE,
                    DomainEventId.CHANNEL_LIFECYCLE,
                    "virConnectDomainEventChannelLifecycleCallback",
                    "channelLifecycle"),
            QEMU.row(DomainEvent.QEMU_MONITOR, null, "virConnectDomainQemuMonitorEventCallback", "qemuMonitor"),
            NETWORK.row(
                    NetworkEvent.LIFECYCLE,
                    NetworkEventId.LIFECYCLE,
                    "virConnectNetworkEventLifecycleCallback",
                    "networkLifecycle"),
            NETWORK.row(
                    NetworkEvent.METADATA_CHANGE,
                    NetworkEventId.METADATA_CHANGE,
                    "virConnectNetworkEventMetadataChangeCallback",
                    "networkMetadataChange"),
            STORAGE_POOL.row(
                    StoragePoolEvent.LIFECYCLE,
                    StoragePoolEventId.LIFECYCLE,
                    "virConnectStoragePoolEventLifecycleCallback",
                    "storagePoolLifecycle"),
            STORAGE_POOL.row(
                    StoragePoolEvent.REFRESH,
                    StoragePoolEventId.REFRESH,
                    "virConnectStoragePoolEventGenericCallback",
                    "storagePoolRefresh"),
            NODE_DEVICE.row(
                    NodeDeviceEvent.LIFECYCLE,
                    NodeDeviceEventId.LIFECYCLE,
                    "virConnectNodeDeviceEventLifecycleCallback",
                    "nodeDeviceLifecycle"),
            NODE_DEVICE.row(
                    NodeDeviceEvent.UPDATE,
                    NodeDeviceEventId.UPDATE,
                    "virConnectNodeDeviceEventGenericCallback",
                    "nodeDeviceUpdate"),
            SECRET.row(
                    SecretEvent.LIFECYCLE,
                    SecretEventId.LIFECYCLE,
                    "virConnectSecretEventLifecycleCallback",
                    "secretLifecycle"),
            SECRET.row(
                    SecretEvent.VALUE_CHANGED,
                    SecretEventId.VALUE_CHANGED,
                    "virConnectSecretEventGenericCallback",
                    "secretValueChanged"));

    private EventTable() {}

    /// The pair of C functions that registers events of one sort of object.
    @SuppressWarnings("ImmutableEnumChecker") // Method references.
    enum Family {
        DOMAIN(
                "virConnectDomainEventRegisterAny",
                LibvirtDomain::virConnectDomainEventRegisterAny,
                LibvirtDomain::virConnectDomainEventDeregisterAny,
                DomainEventId.CONTROL_ERROR),
        NETWORK(
                "virConnectNetworkEventRegisterAny",
                LibvirtNetwork::virConnectNetworkEventRegisterAny,
                LibvirtNetwork::virConnectNetworkEventDeregisterAny,
                NetworkEventId.LIFECYCLE),
        STORAGE_POOL(
                "virConnectStoragePoolEventRegisterAny",
                LibvirtStorage::virConnectStoragePoolEventRegisterAny,
                LibvirtStorage::virConnectStoragePoolEventDeregisterAny,
                StoragePoolEventId.LIFECYCLE),
        NODE_DEVICE(
                "virConnectNodeDeviceEventRegisterAny",
                LibvirtNodedev::virConnectNodeDeviceEventRegisterAny,
                LibvirtNodedev::virConnectNodeDeviceEventDeregisterAny,
                NodeDeviceEventId.UPDATE),
        SECRET(
                "virConnectSecretEventRegisterAny",
                LibvirtSecret::virConnectSecretEventRegisterAny,
                LibvirtSecret::virConnectSecretEventDeregisterAny,
                SecretEventId.LIFECYCLE),
        /// Has no numbers, but a name and flags. Its callbacks are kept with those of domains.
        QEMU(
                "virConnectDomainQemuMonitorEventRegister",
                LibvirtDomain::virConnectDomainEventRegisterAny,
                LibvirtQemu::virConnectDomainQemuMonitorEventDeregister,
                DomainEventId.CONTROL_ERROR) {
            @Override
            int register(
                    MemorySegment connect,
                    MemorySegment object,
                    int id,
                    EventKind<?> wanted,
                    MemorySegment callback,
                    MemorySegment opaque) {
                try (Arena arena = Arena.ofConfined()) {
                    return LibvirtQemu.virConnectDomainQemuMonitorEventRegister(
                            connect,
                            object,
                            CMemory.stringOrNull(arena, wanted.filter(), "event"),
                            callback,
                            opaque,
                            Loans.free(),
                            wanted.filterFlags());
                }
            }

            @Override
            Family anchorage() {
                return DOMAIN;
            }
        };

        private final String registerFunction;
        private final Register register;
        private final Deregister deregister;
        private final int rare;

        Family(String registerFunction, Register register, Deregister deregister, EnumValue rare) {
            this.registerFunction = registerFunction;
            this.register = register;
            this.deregister = deregister;
            this.rare = rare.value();
        }

        /// A kind of event of this family.
        Row row(EventKind<?> kind, @Nullable EnumValue id, String cType, String target) {
            return new Row(this, kind, id == null ? -1 : id.value(), cType, target);
        }

        int register(
                MemorySegment connect,
                MemorySegment object,
                int id,
                EventKind<?> wanted,
                MemorySegment callback,
                MemorySegment opaque) {
            return register.call(connect, object, id, callback, opaque, Loans.free());
        }

        int deregister(MemorySegment connect, int callback) {
            return deregister.call(connect, callback);
        }

        /// The family whose [EventAnchor] this one needs.
        Family anchorage() {
            return this;
        }

        /// Registers for the event of the family that is the rarest.
        int registerForTheRarest(MemorySegment connect, MemorySegment callback) {
            return register.call(connect, MemorySegment.NULL, rare, callback, MemorySegment.NULL, MemorySegment.NULL);
        }

        private interface Register {
            int call(
                    MemorySegment connect,
                    MemorySegment object,
                    int id,
                    MemorySegment callback,
                    MemorySegment opaque,
                    MemorySegment free);
        }

        private interface Deregister {
            int call(MemorySegment connect, int callback);
        }
    }

    /// How libvirt delivers a kind of event.
    public static final class Row {
        private final Family family;
        private final EventKind<?> kind;
        private final int id;
        private final String cType;
        private final String target;

        /// Made with the first registration: most programs need few kinds.
        private volatile @Nullable Upcall upcall;

        private Row(Family family, EventKind<?> kind, int id, String cType, String target) {
            this.family = family;
            this.kind = kind;
            this.id = id;
            this.cType = cType;
            this.target = target;
        }

        /// Its C callback.
        public Upcall upcall() {
            Upcall made = upcall;
            return made == null ? make() : made;
        }

        // For all of them C ignores what they return.
        private synchronized Upcall make() {
            Upcall made = upcall;
            if (made == null) {
                FunctionDescriptor signature = CallbackTypes.of(cType);
                Object failSafe = signature.returnLayout().isEmpty() ? null : 0;
                made = Upcall.of(cType, signature, EventCallbacks.LOOKUP, target, failSafe);
                upcall = made;
            }
            return made;
        }

        /// Registers an [EventSink] that is on loan as `sink`.
        ///
        /// @param object the one to hear of, or NULL for all
        /// @param wanted the row's kind, perhaps limited to some of its events
        /// @param k which of the callback type's pointers
        /// @return the callback's id, or −1: the loan is then still ours
        public int register(
                MemorySegment connect, MemorySegment object, EventKind<?> wanted, int k, MemorySegment sink) {
            return family.register(connect, object, id, wanted, upcall().pointer(k), sink);
        }

        /// The C function [#register] calls.
        public String registerFunction() {
            return family.registerFunction;
        }

        /// Ends a registration; libvirt ends the loan, now or on the loop thread.
        public int deregister(MemorySegment connect, int callback) {
            return family.deregister(connect, callback);
        }

        Family family() {
            return family;
        }

        /// Its kind.
        public EventKind<?> kind() {
            return kind;
        }

        /// The name of the C callback type.
        public String cType() {
            return cType;
        }

        @Override
        public String toString() {
            return kind + " (" + cType + ")";
        }
    }

    /// The row of a kind.
    public static Row row(EventKind<?> kind) {
        for (Row row : ROWS) {
            if (row.kind.type() == kind.type()) {
                return row;
            }
        }
        throw new AssertionError(kind);
    }

    /// All rows.
    public static List<Row> rows() {
        return ROWS;
    }
}
