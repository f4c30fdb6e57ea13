package io.github.libvirt4j.link;

import io.github.libvirt4j.event.Event;
import java.util.Objects;

/// An element of a publisher of the events of a link ([Link#publisher]): an event, or the place where events are
/// missing. Immutable, safe for use by any thread.
///
/// ```java
/// switch (element) {
///     case LinkElement.Happened(var event) -> log.info(event);
///     case LinkElement.Missing(var gap) -> table = link.call(this::readAll);
/// }
/// ```
///
/// @param <E> the type of the events
public sealed interface LinkElement<E extends Event> {
    /// An event.
    ///
    /// @param <E> the type of the event
    /// @param event the event
    record Happened<E extends Event>(E event) implements LinkElement<E> {
        /// Rejects null.
        public Happened {
            Objects.requireNonNull(event, "event");
        }
    }

    /// Events are missing here; see [LinkHandler#gap].
    ///
    /// @param <E> the type of the events
    /// @param gap the generations and times between which they are missing, and the cause
    record Missing<E extends Event>(Gap gap) implements LinkElement<E> {
        /// Rejects null.
        public Missing {
            Objects.requireNonNull(gap, "gap");
        }
    }
}
