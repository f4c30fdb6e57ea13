package io.github.libvirt4j.event;

import java.util.Objects;
import java.util.Optional;

/// A kind of event, the thing one registers for. The constants stand on the interface of their events, as
/// [DomainEvent#LIFECYCLE]. Immutable, for use by any thread.
///
/// @param <E> the events of this kind
public final class EventKind<E extends Event> {
    private final String name;
    private final Class<E> type;

    EventKind(String name, Class<E> type) {
        this.name = Objects.requireNonNull(name, "name");
        this.type = Objects.requireNonNull(type, "type");
    }

    /// Its name, such as `domain.lifecycle`: noun, dot, what happens to it.
    public String name() {
        return name;
    }

    /// The record of its events.
    public Class<E> type() {
        return type;
    }

    /// This kind, if its events are of that sort.
    ///
    /// @param <S> the sort
    @SuppressWarnings("unchecked") // Checked by hand.
    public <S extends Event> Optional<EventKind<? extends S>> narrow(Class<S> sort) {
        return sort.isAssignableFrom(type) ? Optional.of((EventKind<? extends S>) this) : Optional.empty();
    }

    @Override
    public String toString() {
        return name;
    }
}
