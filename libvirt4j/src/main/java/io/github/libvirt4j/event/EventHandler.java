package io.github.libvirt4j.event;

/// A lambda that receives events.
///
/// By default a handler runs on a thread of the library's, with one event of a registration at a time and in
/// order. It may block, throw, call libvirt, and close its registration or the connection. [Delivery] offers
/// other threads. With libvirt before 10.4.0 a handler should not call a connection to a daemon that other
/// threads use: see [Connect][io.github.libvirt4j.Connect].
///
/// @param <E> the type of the events. It has no bound [Event][io.github.libvirt4j.event.Event], so that a
///     handler of `Object` handles events too, and a lambda for several kinds of events compiles to working
///     code; see `docs/on.md`
@FunctionalInterface
public interface EventHandler<E> {
    /// Receives an event.
    ///
    /// @throws Exception is reported to
    ///     [Libvirt#setUncaughtHandler][io.github.libvirt4j.Libvirt#setUncaughtHandler]; the next event is
    ///     delivered as usual
    void on(E event) throws Exception;

    /// Receives the number of events that were lost because this handler is slower than they arrive. It is
    /// called at the gap, before the next event. The log reports the first loss of each registration, and
    /// [Registration#lost] counts all of them. Default: does nothing.
    ///
    /// @param count the number of events missing at this place
    default void lost(long count) {}
}
