package io.github.libvirt4j.internal.loop;

import io.github.libvirt4j.loop.LoopTimeout;

/// A time.
public final class LibvirtTimeout extends LibvirtSource implements LoopTimeout {
    public LibvirtTimeout(int number, long callback, long opaque, long free) {
        super(number, callback, opaque, free);
    }

    @Override
    public int timer() {
        return number();
    }

    @Override
    public void expired() {
        LibvirtSource.dispatch(this, 0);
    }

    @Override
    void call(int none) {
        JavaLoop.callTimeout(callback(), number(), opaque());
    }

    @Override
    public String toString() {
        return "timeout " + number();
    }
}
