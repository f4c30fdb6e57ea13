package io.github.libvirt4j.link;

/// A lambda that receives the events of a link, and hears where events are missing; see [Link#on]. The rules of
/// [EventHandler][io.github.libvirt4j.event.EventHandler] apply: the library calls one method at a time, in
/// order, off the event loop, and a handler may block, throw and call libvirt.
///
/// @param <E> the type of the events. It has no bound, for the same reasons
@FunctionalInterface
public interface LinkHandler<E> {
    /// Receives an event.
    ///
    /// @throws Exception is reported to
    ///     [Libvirt#setUncaughtHandler][io.github.libvirt4j.Libvirt#setUncaughtHandler]; the next event is
    ///     delivered as usual
    void on(E event) throws Exception;

    /// Hears that events are missing at this place: between the last event of a generation and the first of the
    /// next, and where the queue of this handler was full ([Gap.Cause#OVERFLOW]). The first call, before all
    /// events, is that of [Gap.Cause#BEGINNING]. A state that is read in this method, or later, contains the
    /// effect of all missing events. Default: does nothing.
    ///
    /// @throws Exception is reported as described for [#on]
    default void gap(Gap gap) throws Exception {}
}
