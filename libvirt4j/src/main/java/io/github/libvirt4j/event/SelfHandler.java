package io.github.libvirt4j.event;

/// A lambda that receives events together with its own registration, in order to close it after the last
/// event it needs, or to read the number of lost events; see
/// [EventSource#onWithSelf][io.github.libvirt4j.EventSource#onWithSelf]. The rules of [EventHandler] apply.
///
/// @param <E> the type of the events
@FunctionalInterface
public interface SelfHandler<E> {
    /// Receives an event; see [EventHandler#on].
    ///
    /// @param self the registration of this handler
    void on(Registration self, E event) throws Exception;
}
