package io.github.libvirt4j.event;

/// The policy for events that find a queue full because its handler is slower than they arrive. Default:
/// [#DROP_OLDEST].
///
/// Under each policy [Registration#lost] counts the lost events, and [EventHandler#lost] is called at the
/// gap. An [EventQueue][io.github.libvirt4j.event.EventQueue], which has no handler, only counts them.
public enum Overflow {
    /// Drops the oldest queued event: the handler receives the latest events, with gaps. This is the default.
    DROP_OLDEST,

    /// Drops the arriving event: the handler receives the earliest events, with gaps.
    DROP_NEWEST,

    /// Closes the registration: the queued events are delivered, then [EventHandler#lost] is called, and no
    /// further event is delivered. This is for programs that cannot tolerate a gap and start anew instead.
    CLOSE
}
