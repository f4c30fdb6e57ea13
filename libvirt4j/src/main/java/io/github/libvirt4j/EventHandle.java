package io.github.libvirt4j;

/// A file descriptor that libvirt waits for, on an [EventLoopImplementation].
public final class EventHandle extends LoopSource {
    private final int fd;

    EventHandle(int number, int fd, long callback, long opaque, long free) {
        super(number, callback, opaque, free);
        this.fd = fd;
    }

    /// Its number, which no other handle has or had.
    public int watch() {
        return number();
    }

    /// The file descriptor.
    public int fd() {
        return fd;
    }

    /// Tells libvirt that it is ready, on the thread of the loop. Does nothing after its removal.
    ///
    /// @param events the bits of [EventHandleType][io.github.libvirt4j.types.EventHandleType]; error and
    ///     hangup also if they were not waited for
    public void ready(int events) {
        LoopSource.dispatch(this, events);
    }

    @Override
    void call(int events) {
        ImplementedLoop.callHandle(callback(), number(), fd, events, opaque());
    }

    @Override
    public String toString() {
        return "handle " + number() + " of file descriptor " + fd;
    }
}
