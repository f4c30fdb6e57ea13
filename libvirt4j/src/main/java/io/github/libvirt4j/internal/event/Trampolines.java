package io.github.libvirt4j.internal.event;

import io.github.libvirt4j.event.Event;
import io.github.libvirt4j.internal.c.CMemory;
import io.github.libvirt4j.internal.c.Uuids;
import io.github.libvirt4j.internal.callback.Loans;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The common part of the trampolines of all events: each copies C's arguments into a record, and hands it to
/// the [EventSink] on loan.
///
/// C's pointers come as numbers ([Upcall][io.github.libvirt4j.internal.callback.Upcall] says why). What C
/// passes is valid during the call only. Strings that C documents as never NULL are empty if they are.
final class Trampolines {
    /// Room for a UUID. Almost always the loop's, but libvirt may call from any thread.
    private static final ThreadLocal<MemorySegment> UUID_BYTES =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(Uuids.SIZE));

    private Trampolines() {}

    static void deliver(long opaque, Supplier<Event> event) {
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

    /// A C function that writes the UUID of an object.
    interface GetUuid {
        int into(MemorySegment bytes);
    }

    static UUID uuid(GetUuid get) {
        MemorySegment bytes = UUID_BYTES.get();
        // It cannot fail for an object there is.
        return get.into(bytes) < 0 ? new UUID(0, 0) : Uuids.get(bytes);
    }

    static String text(MemorySegment string) {
        String text = CMemory.string(string);
        return text == null ? "" : text;
    }

    static String text(long string) {
        return text(pointer(string));
    }

    static @Nullable String textOrNull(long string) {
        return CMemory.string(pointer(string));
    }

    static MemorySegment pointer(long address) {
        return MemorySegment.ofAddress(address);
    }
}
