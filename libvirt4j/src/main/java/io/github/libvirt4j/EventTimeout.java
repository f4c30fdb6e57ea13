package io.github.libvirt4j;

/// A time that libvirt waits for, on an [EventLoopImplementation].
public final class EventTimeout extends LoopSource {
    EventTimeout(int number, long callback, long opaque, long free) {
        super(number, callback, opaque, free);
    }

    /// Its number, which no other timeout has or had.
    public int timer() {
        return number();
    }

    /// Tells libvirt that the time is up, on the thread of the loop. Does nothing after its removal.
    public void expired() {
        LoopSource.dispatch(this, 0);
    }

    @Override
    void call(int none) {
        ImplementedLoop.callTimeout(callback(), number(), opaque());
    }

    @Override
    public String toString() {
        return "timeout " + number();
    }
}
