package io.github.libvirt4j.event;

/// A lambda that receives events.
///
/// By default it runs on a thread of the library's, one event of a registration at a time and in their order:
/// it may block, throw, call libvirt, close its registration or the connection. See [Delivery]. With a
/// libvirt before 10.4.0 it is better not to call on a connection to a daemon that other threads use: see
/// [Connect][io.github.libvirt4j.Connect].
///
/// @param <E> the events. Not bounded by [Event][io.github.libvirt4j.event.Event]: a handler of any object is
///     one of events too, and the lambda of several kinds of events has no bound to break; see `docs/on.md`
@FunctionalInterface
public interface EventHandler<E> {
    /// Receives an event. What this throws is reported to
    /// [Libvirt#setUncaughtHandler][io.github.libvirt4j.Libvirt#setUncaughtHandler]; the next event comes all
    /// the same.
    void on(E event) throws Exception;

    /// Events were lost because this handler is slower than they come: called where the gap is, before the
    /// next event. The log says that some are lost too, once for each registration, and [Registration#lost]
    /// how many.
    ///
    /// @param count how many
    default void lost(long count) {}
}
