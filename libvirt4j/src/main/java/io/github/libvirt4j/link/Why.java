package io.github.libvirt4j.link;

import io.github.libvirt4j.event.DomainEvent;
import java.util.List;
import java.util.Objects;

/// The reason why a handler hears of a change of a domain. Immutable, safe for use by any thread.
public sealed interface Why {
    /// Events announced the change. Events are hints: the handler hears of the state that was read after
    /// them, which can contradict the last.
    ///
    /// @param hints the events since the last notice of the domain, in the order of their arrival; the last 8
    ///     if there were more
    record Told(List<DomainEvent.Lifecycle> hints) implements Why {
        /// Copies the list.
        public Told {
            hints = List.copyOf(hints);
        }
    }

    /// The first look after a gap found it. The change happened in the gap, or in the half second after it.
    ///
    /// @param gap the gap
    record Resync(Gap gap) implements Why {
        /// Rejects null.
        public Resync {
            Objects.requireNonNull(gap, "gap");
        }
    }

    /// A regular look found a change that no event had announced. libvirt has such changes: a guest that ends
    /// while its daemon restarts, and reasons that change while the state stays.
    record Drift() implements Why {}
}
