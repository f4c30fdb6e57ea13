package io.github.libvirt4j.internal.event;

import io.github.libvirt4j.event.Event;

/// The object that a registration lends to C. It takes the values of an event on the thread of the loop, and
/// must not throw.
@FunctionalInterface
public interface EventSink {
    /// Takes one event, of a kind the registration is for.
    void accept(Event event);

    /// Counts one that is lost, as its values could not be copied. Allocates nothing.
    default void missed() {}
}
