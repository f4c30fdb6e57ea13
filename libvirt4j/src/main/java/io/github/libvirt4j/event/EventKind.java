package io.github.libvirt4j.event;

import io.github.libvirt4j.types.Version;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A kind of event, the thing one registers for. The constants stand on the interface of their events, as
/// [DomainEvent#LIFECYCLE]. Immutable, for use by any thread.
///
/// @param <E> the events of this kind
public final class EventKind<E extends Event> {
    private final String name;
    private final Class<E> type;
    private final Version since;
    private final @Nullable Filter filter;

    /// Which events of a kind are wanted.
    ///
    /// @param event what they are called
    /// @param flags how that is meant
    record Filter(String event, int flags) {}

    EventKind(String name, Class<E> type, int since) {
        this(name, type, Version.of(since), null);
    }

    private EventKind(String name, Class<E> type, Version since, @Nullable Filter filter) {
        this.name = Objects.requireNonNull(name, "name");
        this.type = Objects.requireNonNull(type, "type");
        this.since = since;
        this.filter = filter;
    }

    /// Those of this kind only that are called so.
    EventKind<E> filtered(String event, int flags) {
        return new EventKind<>(name, type, since, new Filter(event, flags));
    }

    /// Its name, such as `domain.lifecycle`: noun, dot, what happens to it.
    public String name() {
        return name;
    }

    /// The record of its events.
    public Class<E> type() {
        return type;
    }

    /// The release of libvirt that has it first, on both sides.
    public Version since() {
        return since;
    }

    /// The event's name it is limited to, as [DomainEvent#qemuMonitor] does; null if it is not.
    public @Nullable String filter() {
        return filter == null ? null : filter.event;
    }

    /// How [#filter] is meant: the bits of C's flags.
    public int filterFlags() {
        return filter == null ? 0 : filter.flags;
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
        return filter == null ? name : name + "(" + filter.event + ")";
    }
}
