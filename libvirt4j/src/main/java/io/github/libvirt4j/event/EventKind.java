package io.github.libvirt4j.event;

import io.github.libvirt4j.types.Version;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A kind of event, which a registration names. The constants are members of the interface of their events,
/// such as [DomainEvent#LIFECYCLE]. Immutable, safe for use by any thread.
///
/// @param <E> the record of the events of this kind
public final class EventKind<E extends Event> {
    private final String name;
    private final Class<E> type;
    private final Version since;
    private final @Nullable Filter filter;

    /// The selected events of a kind.
    ///
    /// @param event the name of the events, or a pattern
    /// @param flags C's flags for the name
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

    /// This kind, limited to events of a name.
    EventKind<E> filtered(String event, int flags) {
        return new EventKind<>(name, type, since, new Filter(event, flags));
    }

    /// The name of the kind, such as `domain.lifecycle`: noun, dot, event.
    public String name() {
        return name;
    }

    /// The record class of the events of this kind.
    public Class<E> type() {
        return type;
    }

    /// The first release of libvirt that has this kind. Client and daemon both need it.
    public Version since() {
        return since;
    }

    /// The event name or pattern that limits this kind, as set by [DomainEvent#qemuMonitor]; null if the kind
    /// is not limited.
    public @Nullable String filter() {
        return filter == null ? null : filter.event;
    }

    /// The bits of C's flags that apply to [#filter]; 0 without a filter.
    public int filterFlags() {
        return filter == null ? 0 : filter.flags;
    }

    /// Returns this kind with a narrower type if its events are of class `sort`; empty otherwise.
    ///
    /// @param <S> the narrower type of events
    @SuppressWarnings("unchecked") // Checked by hand.
    public <S extends Event> Optional<EventKind<? extends S>> narrow(Class<S> sort) {
        return sort.isAssignableFrom(type) ? Optional.of((EventKind<? extends S>) this) : Optional.empty();
    }

    @Override
    public String toString() {
        return filter == null ? name : name + "(" + filter.event + ")";
    }
}
