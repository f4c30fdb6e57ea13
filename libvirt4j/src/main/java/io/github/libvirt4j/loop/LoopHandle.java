package io.github.libvirt4j.loop;

/// A file descriptor that libvirt waits for, on an [EventLoopImplementation].
public interface LoopHandle extends LoopSource {
    /// Its number, which no other handle has or had.
    int watch();

    /// The file descriptor.
    int fd();

    /// Tells libvirt that it is ready, on the thread of the loop. Does nothing after its removal.
    ///
    /// @param events the bits of [EventHandleType][io.github.libvirt4j.types.EventHandleType]; error and
    ///     hangup also if they were not waited for
    void ready(int events);
}
