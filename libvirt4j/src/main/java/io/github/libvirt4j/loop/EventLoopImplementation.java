package io.github.libvirt4j.loop;

/// An event loop of the program's that libvirt runs on; see [EventLoop#use]. C: the six functions of
/// `virEventRegisterImpl`.
///
/// libvirt calls these methods on any thread, and within [LoopHandle#ready] and [LoopTimeout#expired]. They
/// must not wait for the loop, and must wake the loop if it would otherwise miss the change. An exception of
/// these methods is reported to [Libvirt#setUncaughtHandler][io.github.libvirt4j.Libvirt#setUncaughtHandler];
/// `addHandle` and `addTimeout` then fail in libvirt.
///
/// The loop calls `ready` and `expired` on a thread of its own, for the life of the process. Both do nothing
/// after the removal of the handle or timeout, so the loop need not prevent such calls. [LoopSource#attach]
/// associates an object of the loop's with a handle or timeout.
public interface EventLoopImplementation {
    /// Adds a file descriptor. The loop calls [LoopHandle#ready] whenever it is ready. Several handles can
    /// have the same file descriptor.
    ///
    /// @param handle the handle of the file descriptor
    /// @param events the bits of [EventHandleType][io.github.libvirt4j.types.EventHandleType] to wait for;
    ///     with 0 the loop must not call the handle before an update, not even for an error or hangup
    void addHandle(LoopHandle handle, int events);

    /// Changes the events that a handle waits for.
    ///
    /// @param events as for [#addHandle]
    void updateHandle(LoopHandle handle, int events);

    /// Removes a handle.
    void removeHandle(LoopHandle handle);

    /// Adds a periodic timeout. The loop calls [LoopTimeout#expired] whenever the time has passed.
    ///
    /// @param millis the period, in milliseconds; 0 for every turn of the loop, −1 for never until an update
    void addTimeout(LoopTimeout timeout, int millis);

    /// Restarts a timeout with another period.
    ///
    /// @param millis as for [#addTimeout]
    void updateTimeout(LoopTimeout timeout, int millis);

    /// Removes a timeout.
    void removeTimeout(LoopTimeout timeout);
}
