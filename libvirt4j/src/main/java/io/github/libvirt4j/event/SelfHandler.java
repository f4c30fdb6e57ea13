package io.github.libvirt4j.event;

/// A lambda that receives events together with its own registration, to close it after the last event it
/// needs, or to ask it how many events were lost; see
/// [EventSource#onWithSelf][io.github.libvirt4j.EventSource#onWithSelf]. It runs as an [EventHandler] does.
///
/// @param <E> the events
@FunctionalInterface
public interface SelfHandler<E> {
    /// Receives an event; see [EventHandler#on].
    ///
    /// @param self the registration of this handler
    void on(Registration self, E event) throws Exception;
}
