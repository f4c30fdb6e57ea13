package io.github.libvirt4j.internal.link;

import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.link.Gap;
import io.github.libvirt4j.link.Why;
import io.github.libvirt4j.types.DomainEventType;
import java.util.ArrayList;
import java.util.List;

/// The reason for a look at a domain: the events that announced a change, or a list.
///
/// @param resync whether the list was the first of a generation
/// @param hints the last events, the oldest first; empty if there was none
record Reason(boolean resync, List<DomainEvent.Lifecycle> hints) {
    static final Reason RESYNC = new Reason(true, List.of());
    static final Reason DRIFT = new Reason(false, List.of());

    /// The number of events that are kept of a domain.
    private static final int HINTS = 8;

    /// This reason, and another later one.
    Reason and(Reason later) {
        if (hints.isEmpty()) {
            return later;
        }
        List<DomainEvent.Lifecycle> all = new ArrayList<>(hints);
        all.addAll(later.hints);
        return new Reason(later.resync, List.copyOf(all.subList(Math.max(0, all.size() - HINTS), all.size())));
    }

    /// This reason, and an event after it.
    Reason and(DomainEvent.Lifecycle hint) {
        return and(new Reason(resync, List.of(hint)));
    }

    boolean isAnnounced() {
        return !hints.isEmpty();
    }

    /// Whether an event told that the domain ended.
    boolean tellsOfTheEnd() {
        return hints.stream()
                .map(DomainEvent.Lifecycle::type)
                .anyMatch(type -> type == DomainEventType.STOPPED || type == DomainEventType.UNDEFINED);
    }

    /// The reason as a handler hears of it.
    ///
    /// @param gap the gap that the handler heard of last
    Why why(Gap gap) {
        if (isAnnounced()) {
            return new Why.Told(hints);
        }
        return resync ? new Why.Resync(gap) : new Why.Drift();
    }
}
