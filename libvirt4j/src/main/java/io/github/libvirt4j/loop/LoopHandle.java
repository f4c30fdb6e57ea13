package io.github.libvirt4j.loop;

/// A file descriptor that libvirt waits for, on an [EventLoopImplementation].
public interface LoopHandle extends LoopSource {
    /// The number of the handle, unique within the process.
    int watch();

    /// The file descriptor.
    int fd();

    /// Notifies libvirt that the file descriptor is ready. The loop calls this method on its own thread. It
    /// does nothing after the removal of the handle.
    ///
    /// @param events the bits of [EventHandleType][io.github.libvirt4j.types.EventHandleType]; error and
    ///     hangup also if the handle does not wait for them
    void ready(int events);
}
