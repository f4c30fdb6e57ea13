package io.github.libvirt4j.internal;

import static io.github.libvirt4j.internal.raw.LibvirtDomain.virConnectDomainEventDeregisterAny;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virConnectDomainEventRegisterAny;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetName;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetUUID;

import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.DomainIdentity;
import io.github.libvirt4j.event.EventKind;
import io.github.libvirt4j.internal.callback.Loans;
import io.github.libvirt4j.internal.callback.Upcall;
import io.github.libvirt4j.internal.raw.CallbackTypes;
import io.github.libvirt4j.types.DomainEventId;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.util.List;

/// The one table of events: a line a kind, and below the C callback of each.
public final class EventTable {
    private static final List<Row> ROWS = List.of(domain(
            DomainEvent.LIFECYCLE,
            DomainEventId.LIFECYCLE,
            "virConnectDomainEventCallback",
            CallbackTypes.virConnectDomainEventCallback(),
            "lifecycle",
            0));

    /// Room for a UUID. Almost always the loop's, but libvirt may call from any thread.
    private static final ThreadLocal<MemorySegment> UUID =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(Uuids.SIZE));

    private EventTable() {}

    /// How libvirt delivers a kind of event.
    ///
    /// @param kind the kind
    /// @param id its number in C
    /// @param upcall its callback type
    public record Row(EventKind<?> kind, int id, Upcall upcall) {
        /// Registers an [EventSink] that is on loan. C: `virConnectDomainEventRegisterAny`.
        ///
        /// @param k which of the callback type's pointers
        /// @return the callback's id, or −1: the loan is then still ours
        public int register(MemorySegment connect, int k, long sink) {
            return virConnectDomainEventRegisterAny(
                    connect, MemorySegment.NULL, id, upcall.pointer(k), Loans.opaque(sink), Loans.free());
        }

        /// The C function [#register] calls.
        public String registerFunction() {
            return "virConnectDomainEventRegisterAny";
        }

        /// Ends a registration; libvirt ends the loan, now or on the loop thread. C:
        /// `virConnectDomainEventDeregisterAny`.
        public int deregister(MemorySegment connect, int callback) {
            return virConnectDomainEventDeregisterAny(connect, callback);
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

    /// All kinds.
    public static List<EventKind<?>> kinds() {
        return ROWS.stream().<EventKind<?>>map(Row::kind).toList();
    }

    private static Row domain(
            EventKind<?> kind,
            DomainEventId id,
            String cName,
            FunctionDescriptor signature,
            String target,
            Object failSafe) {
        return new Row(kind, id.value(), Upcall.of(cName, signature, MethodHandles.lookup(), target, failSafe));
    }

    // What it returns is ignored by C.
    @SuppressWarnings("unused")
    private static int lifecycle(
            MemorySegment connect, MemorySegment domain, int event, int detail, MemorySegment opaque) {
        EventSink sink = Loans.borrow(opaque.address(), EventSink.class);
        if (sink != null) {
            sink.accept(new DomainEvent.Lifecycle(identity(domain), event, detail));
        }
        return 0;
    }

    /// Copies what names a borrowed domain: the pointer is valid during the callback only.
    private static DomainIdentity identity(MemorySegment domain) {
        MemorySegment uuid = UUID.get();
        virDomainGetUUID(domain, uuid);
        return new DomainIdentity(String.valueOf(CMemory.string(virDomainGetName(domain))), Uuids.get(uuid));
    }
}
