package io.github.libvirt4j.internal.event;

import static io.github.libvirt4j.internal.event.Trampolines.deliver;
import static io.github.libvirt4j.internal.event.Trampolines.text;
import static io.github.libvirt4j.internal.event.Trampolines.textOrNull;

import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.EventKind;
import io.github.libvirt4j.internal.c.CMemory;
import io.github.libvirt4j.internal.callback.Loans;
import io.github.libvirt4j.internal.raw.CallbackTypes.VirConnectDomainQemuMonitorEventCallback;
import io.github.libvirt4j.internal.raw.LibvirtQemu;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Events of domains that QEMU's monitor sends. They have no numbers, but a name and flags. libvirt keeps
/// their callbacks with those of domains.
final class QemuMonitorEvents extends DomainEvents {
    @Override
    void eachRow(Rows rows) {
        if (rows.wants(DomainEvent.QEMU_MONITOR, null)) {
            rows.upcall(
                    VirConnectDomainQemuMonitorEventCallback.type(),
                    (_, domain, event, seconds, micros, details, opaque) -> deliver(
                            opaque,
                            () -> new DomainEvent.QemuMonitor(
                                    identity(domain),
                                    text(event),
                                    seconds,
                                    Integer.toUnsignedLong(micros),
                                    textOrNull(details))));
        }
    }

    @Override
    String registerFunction() {
        return "virConnectDomainQemuMonitorEventRegister";
    }

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
    int deregister(MemorySegment connect, int callback) {
        return LibvirtQemu.virConnectDomainQemuMonitorEventDeregister(connect, callback);
    }

    @Override
    EventFamily anchorage() {
        return EventTable.DOMAIN;
    }
}
