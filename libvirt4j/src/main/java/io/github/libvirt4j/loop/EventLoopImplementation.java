package io.github.libvirt4j.loop;

/// An event loop of one's own for libvirt to run on; see [EventLoop#use]. C: the six functions of
/// `virEventRegisterImpl`.
///
/// libvirt calls these from any thread, and from within [LoopHandle#ready] and [LoopTimeout#expired]; they
/// must not wait for the loop, and must wake it if it is to see the change. What one of them throws is
/// reported to [Libvirt#setUncaughtHandler][io.github.libvirt4j.Libvirt#setUncaughtHandler]; libvirt is told
/// that it failed where it can be.
///
/// The loop itself calls `ready` and `expired`, on a thread of its own, for as long as the process lives.
/// It need not take care that a handle or timeout is not called after its removal: that does nothing. What it
/// needs to know of one it can attach to it.
public interface EventLoopImplementation {
    /// Begins to wait for a file descriptor, and to call [LoopHandle#ready] whenever it is ready. There
    /// can be several for the same one.
    ///
    /// @param events the bits of [EventHandleType][io.github.libvirt4j.types.EventHandleType] to wait for;
    ///     with 0 it is not to be called, not even of an error or hangup, until an update
    void addHandle(LoopHandle handle, int events);

    /// Waits for something else.
    void updateHandle(LoopHandle handle, int events);

    /// Waits no more.
    void removeHandle(LoopHandle handle);

    /// Begins to call [LoopTimeout#expired] again and again.
    ///
    /// @param millis the time between; 0 for every turn of the loop, −1 for never until an update
    void addTimeout(LoopTimeout timeout, int millis);

    /// Begins anew, with another time.
    void updateTimeout(LoopTimeout timeout, int millis);

    /// Calls it no more.
    void removeTimeout(LoopTimeout timeout);
}
