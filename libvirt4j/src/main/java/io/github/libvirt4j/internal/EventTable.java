package io.github.libvirt4j.internal;

import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetName;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetUUID;
import static io.github.libvirt4j.internal.raw.LibvirtNetwork.virNetworkGetName;
import static io.github.libvirt4j.internal.raw.LibvirtNetwork.virNetworkGetUUID;
import static io.github.libvirt4j.internal.raw.LibvirtNodedev.virNodeDeviceGetName;
import static io.github.libvirt4j.internal.raw.LibvirtStorage.virStoragePoolGetName;
import static io.github.libvirt4j.internal.raw.LibvirtStorage.virStoragePoolGetUUID;

import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.DomainIdentity;
import io.github.libvirt4j.event.EventKind;
import io.github.libvirt4j.event.NetworkEvent;
import io.github.libvirt4j.event.NetworkIdentity;
import io.github.libvirt4j.event.NodeDeviceEvent;
import io.github.libvirt4j.event.NodeDeviceIdentity;
import io.github.libvirt4j.event.StoragePoolEvent;
import io.github.libvirt4j.event.StoragePoolIdentity;
import io.github.libvirt4j.internal.callback.Loans;
import io.github.libvirt4j.internal.callback.Upcall;
import io.github.libvirt4j.internal.raw.CallbackTypes;
import io.github.libvirt4j.internal.raw.LibvirtDomain;
import io.github.libvirt4j.internal.raw.LibvirtNetwork;
import io.github.libvirt4j.internal.raw.LibvirtNodedev;
import io.github.libvirt4j.internal.raw.LibvirtStorage;
import io.github.libvirt4j.types.DomainEventId;
import io.github.libvirt4j.types.EnumValue;
import io.github.libvirt4j.types.NetworkEventId;
import io.github.libvirt4j.types.NodeDeviceEventId;
import io.github.libvirt4j.types.StoragePoolEventId;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The one table of events: a line a kind, and below the C callback of each. The name of the callback type
/// is the name of its descriptor; the last column is the method below.
public final class EventTable {
    // @formatter:off
    private static final List<Row> ROWS = List.of(
            new Row(
                    DomainEvent.LIFECYCLE,
                    Family.DOMAIN,
                    DomainEventId.LIFECYCLE,
                    "virConnectDomainEventCallback",
                    CallbackTypes::virConnectDomainEventCallback,
                    "lifecycle"),
            new Row(
                    DomainEvent.DEVICE_ADDED,
                    Family.DOMAIN,
                    DomainEventId.DEVICE_ADDED,
                    "virConnectDomainEventDeviceAddedCallback",
                    CallbackTypes::virConnectDomainEventDeviceAddedCallback,
                    "deviceAdded"),
            new Row(
                    DomainEvent.METADATA_CHANGE,
                    Family.DOMAIN,
                    DomainEventId.METADATA_CHANGE,
                    "virConnectDomainEventMetadataChangeCallback",
                    CallbackTypes::virConnectDomainEventMetadataChangeCallback,
                    "metadataChange"),
            new Row(
                    NetworkEvent.LIFECYCLE,
                    Family.NETWORK,
                    NetworkEventId.LIFECYCLE,
                    "virConnectNetworkEventLifecycleCallback",
                    CallbackTypes::virConnectNetworkEventLifecycleCallback,
                    "networkLifecycle"),
            new Row(
                    StoragePoolEvent.LIFECYCLE,
                    Family.STORAGE_POOL,
                    StoragePoolEventId.LIFECYCLE,
                    "virConnectStoragePoolEventLifecycleCallback",
                    CallbackTypes::virConnectStoragePoolEventLifecycleCallback,
                    "storagePoolLifecycle"),
            new Row(
                    StoragePoolEvent.REFRESH,
                    Family.STORAGE_POOL,
                    StoragePoolEventId.REFRESH,
                    "virConnectStoragePoolEventGenericCallback",
                    CallbackTypes::virConnectStoragePoolEventGenericCallback,
                    "storagePoolRefresh"),
            new Row(
                    NodeDeviceEvent.LIFECYCLE,
                    Family.NODE_DEVICE,
                    NodeDeviceEventId.LIFECYCLE,
                    "virConnectNodeDeviceEventLifecycleCallback",
                    CallbackTypes::virConnectNodeDeviceEventLifecycleCallback,
                    "nodeDeviceLifecycle"));
    // @formatter:on

    /// Sees the methods below.
    private static final MethodHandles.Lookup CALLBACKS = MethodHandles.lookup();

    /// Room for a UUID. Almost always the loop's, but libvirt may call from any thread.
    private static final ThreadLocal<MemorySegment> UUID =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(Uuids.SIZE));

    private EventTable() {}

    /// The pair of C functions that registers events of one sort of object.
    @SuppressWarnings("ImmutableEnumChecker") // Method references.
    private enum Family {
        DOMAIN(
                "virConnectDomainEventRegisterAny",
                LibvirtDomain::virConnectDomainEventRegisterAny,
                LibvirtDomain::virConnectDomainEventDeregisterAny),
        NETWORK(
                "virConnectNetworkEventRegisterAny",
                LibvirtNetwork::virConnectNetworkEventRegisterAny,
                LibvirtNetwork::virConnectNetworkEventDeregisterAny),
        STORAGE_POOL(
                "virConnectStoragePoolEventRegisterAny",
                LibvirtStorage::virConnectStoragePoolEventRegisterAny,
                LibvirtStorage::virConnectStoragePoolEventDeregisterAny),
        NODE_DEVICE(
                "virConnectNodeDeviceEventRegisterAny",
                LibvirtNodedev::virConnectNodeDeviceEventRegisterAny,
                LibvirtNodedev::virConnectNodeDeviceEventDeregisterAny);

        private final String registerFunction;
        private final Register register;
        private final Deregister deregister;

        Family(String registerFunction, Register register, Deregister deregister) {
            this.registerFunction = registerFunction;
            this.register = register;
            this.deregister = deregister;
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
        private final EventKind<?> kind;
        private final Family family;
        private final int id;
        private final String cType;
        private final Supplier<FunctionDescriptor> signature;
        private final String target;

        /// Made with the first registration: most programs need few kinds.
        private volatile @Nullable Upcall upcall;

        private Row(
                EventKind<?> kind,
                Family family,
                EnumValue id,
                String cType,
                Supplier<FunctionDescriptor> signature,
                String target) {
            this.kind = kind;
            this.family = family;
            this.id = id.value();
            this.cType = cType;
            this.signature = signature;
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
                FunctionDescriptor descriptor = signature.get();
                made = Upcall.of(
                        cType,
                        descriptor,
                        CALLBACKS,
                        target,
                        descriptor.returnLayout().isEmpty() ? null : 0);
                upcall = made;
            }
            return made;
        }

        /// Registers an [EventSink] that is on loan.
        ///
        /// @param object the one to hear of, or NULL for all
        /// @param k which of the callback type's pointers
        /// @return the callback's id, or −1: the loan is then still ours
        public int register(MemorySegment connect, MemorySegment object, int k, long sink) {
            return family.register.call(connect, object, id, upcall().pointer(k), Loans.opaque(sink), Loans.free());
        }

        /// The C function [#register] calls.
        public String registerFunction() {
            return family.registerFunction;
        }

        /// Ends a registration; libvirt ends the loan, now or on the loop thread.
        public int deregister(MemorySegment connect, int callback) {
            return family.deregister.call(connect, callback);
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
            if (row.kind == kind) {
                return row;
            }
        }
        throw new AssertionError(kind);
    }

    /// All rows.
    public static List<Row> rows() {
        return ROWS;
    }

    /// All kinds, in the order of the table.
    public static List<EventKind<?>> kinds() {
        return ROWS.stream().<EventKind<?>>map(row -> row.kind).toList();
    }

    private static @Nullable EventSink sink(MemorySegment opaque) {
        return Loans.borrow(opaque.address(), EventSink.class);
    }

    @SuppressWarnings("unused")
    private static int lifecycle(
            MemorySegment connect, MemorySegment domain, int event, int detail, MemorySegment opaque) {
        EventSink sink = sink(opaque);
        if (sink != null) {
            sink.accept(new DomainEvent.Lifecycle(domain(domain), event, detail));
        }
        return 0;
    }

    @SuppressWarnings("unused")
    private static void deviceAdded(
            MemorySegment connect, MemorySegment domain, MemorySegment alias, MemorySegment opaque) {
        EventSink sink = sink(opaque);
        if (sink != null) {
            sink.accept(new DomainEvent.DeviceAdded(domain(domain), text(alias)));
        }
    }

    @SuppressWarnings("unused")
    private static void metadataChange(
            MemorySegment connect, MemorySegment domain, int type, MemorySegment uri, MemorySegment opaque) {
        EventSink sink = sink(opaque);
        if (sink != null) {
            sink.accept(new DomainEvent.MetadataChange(domain(domain), type, CMemory.string(uri)));
        }
    }

    @SuppressWarnings("unused")
    private static void networkLifecycle(
            MemorySegment connect, MemorySegment network, int event, int detail, MemorySegment opaque) {
        EventSink sink = sink(opaque);
        if (sink != null) {
            MemorySegment uuid = UUID.get();
            virNetworkGetUUID(network, uuid);
            var identity = new NetworkIdentity(text(virNetworkGetName(network)), Uuids.get(uuid));
            sink.accept(new NetworkEvent.Lifecycle(identity, event, detail));
        }
    }

    @SuppressWarnings("unused")
    private static void storagePoolLifecycle(
            MemorySegment connect, MemorySegment pool, int event, int detail, MemorySegment opaque) {
        EventSink sink = sink(opaque);
        if (sink != null) {
            sink.accept(new StoragePoolEvent.Lifecycle(storagePool(pool), event, detail));
        }
    }

    @SuppressWarnings("unused")
    private static void storagePoolRefresh(MemorySegment connect, MemorySegment pool, MemorySegment opaque) {
        EventSink sink = sink(opaque);
        if (sink != null) {
            sink.accept(new StoragePoolEvent.Refresh(storagePool(pool)));
        }
    }

    @SuppressWarnings("unused")
    private static void nodeDeviceLifecycle(
            MemorySegment connect, MemorySegment device, int event, int detail, MemorySegment opaque) {
        EventSink sink = sink(opaque);
        if (sink != null) {
            var identity = new NodeDeviceIdentity(text(virNodeDeviceGetName(device)));
            sink.accept(new NodeDeviceEvent.Lifecycle(identity, event, detail));
        }
    }

    // What names a borrowed object is copied: its pointer is valid during the callback only.

    private static DomainIdentity domain(MemorySegment domain) {
        MemorySegment uuid = UUID.get();
        virDomainGetUUID(domain, uuid);
        return new DomainIdentity(text(virDomainGetName(domain)), Uuids.get(uuid));
    }

    private static StoragePoolIdentity storagePool(MemorySegment pool) {
        MemorySegment uuid = UUID.get();
        virStoragePoolGetUUID(pool, uuid);
        return new StoragePoolIdentity(text(virStoragePoolGetName(pool)), Uuids.get(uuid));
    }

    /// A string that C does not leave out.
    private static String text(MemorySegment string) {
        return String.valueOf(CMemory.string(string));
    }
}
