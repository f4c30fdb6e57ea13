package io.github.libvirt4j.event;

import java.util.Objects;

/// An element of a publisher of events ([EventSource#publisher][io.github.libvirt4j.EventSource#publisher]):
/// an event, or the place where events are missing. Immutable, safe for use by any thread.
///
/// ```java
/// switch (element) {
///     case EventOrGap.Happened(var event) -> table.apply(event);
///     case EventOrGap.Missing(var events) -> table.readAgain();
/// }
/// ```
///
/// @param <E> the type of the events
public sealed interface EventOrGap<E extends Event> {
    /// An event.
    ///
    /// @param <E> the type of the event
    /// @param event the event
    record Happened<E extends Event>(E event) implements EventOrGap<E> {
        /// Rejects null.
        public Happened {
            Objects.requireNonNull(event, "event");
        }
    }

    /// A gap: events were lost here because the subscriber asked for fewer than arrived.
    ///
    /// @param <E> the type of the events
    /// @param events the number of missing events, at least 1
    record Missing<E extends Event>(long events) implements EventOrGap<E> {}
}
