package io.github.libvirt4j.internal.event;

import io.github.libvirt4j.event.Event;

/// What a registration lends to C: takes the values of an event on the loop thread. Must not throw.
@FunctionalInterface
public interface EventSink {
    /// Takes one event, of a kind the registration is for.
    void accept(Event event);

    /// Counts one that is lost, as its values could not be copied. Allocates nothing.
    default void missed() {}
}
