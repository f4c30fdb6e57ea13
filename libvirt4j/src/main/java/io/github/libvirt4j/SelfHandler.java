package io.github.libvirt4j;

import io.github.libvirt4j.event.Event;

/// A lambda that receives events together with its own registration, to close it when it has seen enough, or to ask
/// it how many were lost.
///
/// @param <E> the events
@FunctionalInterface
public interface SelfHandler<E extends Event> {
    /// Receives an event; see [EventHandler#on].
    void on(E event, Registration self) throws Exception;
}
