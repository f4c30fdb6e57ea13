package io.github.libvirt4j.internal.loop;

import io.github.libvirt4j.loop.LoopHandle;

/// A file descriptor.
public final class LibvirtHandle extends LibvirtSource implements LoopHandle {
    private final int fd;

    public LibvirtHandle(int number, int fd, long callback, long opaque, long free) {
        super(number, callback, opaque, free);
        this.fd = fd;
    }

    @Override
    public int watch() {
        return number();
    }

    @Override
    public int fd() {
        return fd;
    }

    @Override
    public void ready(int events) {
        LibvirtSource.dispatch(this, events);
    }

    @Override
    void call(int events) {
        JavaLoop.callHandle(callback(), number(), fd, events, opaque());
    }

    @Override
    public String toString() {
        return "handle " + number() + " of file descriptor " + fd;
    }
}
