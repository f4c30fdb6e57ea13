package io.github.libvirt4j.internal.event;

import io.github.libvirt4j.internal.c.ErrorCallback;
import io.github.libvirt4j.internal.call.HandlerScope;
import io.github.libvirt4j.internal.callback.Upcall;
import io.github.libvirt4j.internal.raw.CallbackTypes;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.Map;

/// Registrations of a connection that nobody hears, of events that hardly ever come: from the first real
/// one of a family on, or from the opening, until the connection is closed. Not safe for use by several
/// threads at a time.
///
/// libvirt can go deaf for good when the last of a connection's callbacks goes: an event that is being
/// queued at that moment stays in the queue, without the timer that empties it, and every later one finds
/// the queue not empty and the timer taken care of (`virObjectEventStateQueueRemote` looks for the timer
/// before it takes the lock; seen with libvirt 9.0 and 11.3). With an anchor there is no last one, on
/// either side. A driver inside this process has one queue for all connections to it, and each of them can
/// put an event into it: each has its anchor from the opening on.
public final class EventAnchor {
    // Some event types pass more arguments between the object and the opaque. This callback uses no argument.
    private static final Upcall UNHEARD = Upcall.of(
            "virConnectDomainEventGenericCallback",
            CallbackTypes.virConnectDomainEventGenericCallback(),
            EventCallbacks.LOOKUP,
            "unheard",
            null);

    private final Map<EventTable.Family, Anchor> anchors = new EnumMap<>(EventTable.Family.class);

    /// Made before C is asked: what C has registered is not forgotten for want of memory.
    private static final class Anchor {
        private boolean isDropped;

        /// −1 if C has refused.
        private int id = -1;
    }

    /// Before something is registered for events of that row. A driver that does not have the anchor's
    /// event will say what it thinks of the other one.
    public void drop(MemorySegment connect, EventTable.Row row) {
        drop(connect, row.family().anchorage());
    }

    /// Of a driver inside this process, before anything is done with the connection. One for events of
    /// domains holds the queue of all.
    public void dropAtOpening(MemorySegment connect) {
        drop(connect, EventTable.Family.DOMAIN);
    }

    private void drop(MemorySegment connect, EventTable.Family family) {
        Anchor anchor = anchors.computeIfAbsent(family, _ -> new Anchor());
        if (!anchor.isDropped) {
            try (HandlerScope _ = ErrorCallback.quietly()) {
                anchor.id = family.registerForTheRarest(connect, UNHEARD.pointer(0));
                anchor.isDropped = true;
            }
        }
    }

    /// Before the connection is closed.
    public void weigh(MemorySegment connect) {
        try (HandlerScope _ = ErrorCallback.quietly()) {
            anchors.forEach((family, anchor) -> {
                if (anchor.id >= 0) {
                    family.deregister(connect, anchor.id);
                    anchor.id = -1;
                }
            });
        }
    }
}
