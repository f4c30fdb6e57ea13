package io.github.libvirt4j.internal.event;

import io.github.libvirt4j.event.EventKind;
import io.github.libvirt4j.internal.callback.CallbackType;
import io.github.libvirt4j.internal.callback.Loans;
import io.github.libvirt4j.internal.callback.Upcall;
import io.github.libvirt4j.types.EnumValue;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The events of one sort of object: the pair of C functions that registers them, and a row for each kind.
abstract class EventFamily {
    /// Empty until they are asked for: where a constant of a class failed, the class would be broken for
    /// good. Guarded by this.
    private List<EventTable.Row> rows = List.of();

    /// Goes through the rows: a kind, its number in C, and its C callback with a trampoline.
    ///
    /// A trampoline stands behind an `if`, so that the VM links only those of the kinds that are registered:
    /// to link all of a domain's takes half as long as a first registration.
    abstract void eachRow(Rows rows);

    /// The C function [#register] calls.
    abstract String registerFunction();

    /// The family's `RegisterAny`.
    abstract int registerAny(
            MemorySegment connect,
            MemorySegment object,
            int id,
            MemorySegment callback,
            MemorySegment opaque,
            MemorySegment free);

    int register(
            MemorySegment connect,
            MemorySegment object,
            int id,
            EventKind<?> wanted,
            MemorySegment callback,
            MemorySegment opaque) {
        return registerAny(connect, object, id, callback, opaque, Loans.free());
    }

    abstract int deregister(MemorySegment connect, int callback);

    /// The number of the event that is the rarest.
    abstract EnumValue rarest();

    /// Registers for the event of the family that is the rarest.
    final int registerForTheRarest(MemorySegment connect, MemorySegment callback) {
        return registerAny(
                connect, MemorySegment.NULL, rarest().value(), callback, MemorySegment.NULL, MemorySegment.NULL);
    }

    /// The family whose [EventAnchor] this one needs.
    EventFamily anchorage() {
        return this;
    }

    final synchronized List<EventTable.Row> rows() {
        if (rows.isEmpty()) {
            var all = new Rows(null);
            eachRow(all);
            rows = List.copyOf(all.list);
        }
        return rows;
    }

    final Upcall upcall(EventKind<?> kind) {
        var one = new Rows(kind);
        eachRow(one);
        return Objects.requireNonNull(one.upcall, kind.name());
    }

    /// Takes all rows without their upcalls, and the upcall of one.
    final class Rows {
        private final @Nullable EventKind<?> wanted;
        private final List<EventTable.Row> list = new ArrayList<>();
        private @Nullable Upcall upcall;

        /// @param wanted the kind whose upcall is wanted; null for none
        private Rows(@Nullable EventKind<?> wanted) {
            this.wanted = wanted;
        }

        /// The row of a kind.
        ///
        /// @param id its number in C; null if it has none
        /// @return whether its upcall is wanted
        boolean wants(EventKind<?> kind, @Nullable EnumValue id) {
            list.add(new EventTable.Row(EventFamily.this, kind, id == null ? -1 : id.value()));
            return kind == wanted;
        }

        /// The C callback of that row. C ignores what it returns.
        <T extends Upcall.Target> void upcall(CallbackType<T> type, T trampoline) {
            boolean returns = type.signature().returnLayout().isPresent();
            upcall = returns ? Upcall.of(type, trampoline, 0) : Upcall.of(type, trampoline);
        }
    }
}
