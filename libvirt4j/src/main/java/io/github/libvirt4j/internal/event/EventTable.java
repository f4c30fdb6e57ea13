package io.github.libvirt4j.internal.event;

import io.github.libvirt4j.event.EventKind;
import io.github.libvirt4j.internal.callback.Upcall;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// All events that have a registration of their own: a row a kind, in the class of its family.
public final class EventTable {
    static final EventFamily DOMAIN = new DomainEvents();

    private static final List<EventFamily> FAMILIES = List.of(
            DOMAIN,
            new QemuMonitorEvents(),
            new NetworkEvents(),
            new StoragePoolEvents(),
            new NodeDeviceEvents(),
            new SecretEvents());

    private EventTable() {}

    /// How libvirt delivers a kind of event.
    public static final class Row {
        private final EventFamily family;
        private final EventKind<?> kind;
        private final int id;

        /// Made with the first registration: most programs need few kinds.
        private volatile @Nullable Upcall upcall;

        Row(EventFamily family, EventKind<?> kind, int id) {
            this.family = family;
            this.kind = kind;
            this.id = id;
        }

        /// Its C callback.
        public Upcall upcall() {
            Upcall made = upcall;
            return made == null ? make() : made;
        }

        private synchronized Upcall make() {
            Upcall made = upcall;
            if (made == null) {
                made = family.upcall(kind);
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
            return family.registerFunction();
        }

        /// Ends a registration; libvirt ends the loan, now or on the loop thread.
        public int deregister(MemorySegment connect, int callback) {
            return family.deregister(connect, callback);
        }

        EventFamily family() {
            return family;
        }

        /// Its kind.
        public EventKind<?> kind() {
            return kind;
        }

        @Override
        public String toString() {
            return kind.toString();
        }
    }

    /// The row of a kind.
    public static Row row(EventKind<?> kind) {
        for (EventFamily family : FAMILIES) {
            for (Row row : family.rows()) {
                if (row.kind.type() == kind.type()) {
                    return row;
                }
            }
        }
        throw new AssertionError(kind);
    }

    /// All rows.
    public static List<Row> rows() {
        return FAMILIES.stream().flatMap(family -> family.rows().stream()).toList();
    }
}
