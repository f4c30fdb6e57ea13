package io.github.libvirt4j;

import io.github.libvirt4j.event.Event;

/// A lambda that receives events together with its own registration, to close it when it has seen enough.
///
/// @param <E> the events
@FunctionalInterface
public interface SelfHandler<E extends Event> {
    /// Receives an event; see [EventHandler#on].
    void on(E event, Registration self) throws Exception;
}
