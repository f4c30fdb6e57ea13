package io.github.libvirt4j.event;

/// What happens to events that find a queue full, because its handler is slower than they come. In any case
/// they are counted in [Registration#lost], and [EventHandler#lost] is called where they are missing, if
/// there is a handler; an [EventQueue][io.github.libvirt4j.event.EventQueue] only counts them.
public enum Overflow {
    /// The oldest that waits makes room: the handler sees the latest, with gaps. The default.
    DROP_OLDEST,

    /// The one that comes is dropped: the handler sees the earliest, with gaps.
    DROP_NEWEST,

    /// The registration ends: what waits is delivered, then [EventHandler#lost] is called, and nothing more
    /// comes. For handlers that would be wrong with a gap, and start anew instead.
    CLOSE
}
