package io.github.libvirt4j.internal.event;

import io.github.libvirt4j.internal.Duty;
import io.github.libvirt4j.internal.Workers;
import io.github.libvirt4j.types.EventHandleType;

/// A listener to the readiness of something. Readiness is level-triggered: libvirt calls back again and again
/// until the listener has served it. A listener at work, on a thread of the pool, therefore waits for
/// nothing, which its owner tells C. Safe for use by any thread.
public abstract class ReadyListener {
    /// Told unasked. A `virStreamEventType` has the same bits.
    private static final int ALWAYS = EventHandleType.ERROR.bits() | EventHandleType.HANGUP.bits();

    private final Duty working = new Duty(() -> Workers.execute(this::work));

    // Guarded by this.
    private boolean busy;
    private int wanted;
    private int told;
    private boolean last;

    /// @param wanted the bits it waits for
    protected ReadyListener(int wanted) {
        this.wanted = wanted;
    }

    /// Serves the readiness, on a thread of the pool.
    ///
    /// @param last whether nothing of that was waited for: an error or a hangup is told once, as it would be
    ///     told indefinitely
    /// @return whether it waits for more; not after the last
    protected abstract boolean ready(int events, boolean last);

    /// The listener has served the readiness. C has to learn what it [waits for][#waitsFor] now.
    ///
    /// @param goesOn false if it waits for nothing any more
    protected abstract void served(boolean goesOn);

    /// Nothing is told any more: the source has ended. Must not block.
    public void over() {}

    /// Sets what it waits for. While it is at work, that takes effect when it is done.
    public final synchronized void want(int bits) {
        wanted = bits;
    }

    /// The bits it waits for at present: none while it is at work.
    public final synchronized int waitsFor() {
        return busy ? 0 : wanted;
    }

    /// Tells the listener what C has said, and has it serve that, if it waits for any of it. Does not throw.
    ///
    /// @return false if it waits for nothing of that, or is at work
    public final boolean tell(int events) {
        if (!claim(events)) {
            return false;
        }
        working.now();
        return true;
    }

    private synchronized boolean claim(int events) {
        int here = events & (wanted | ALWAYS);
        if (busy || here == 0) {
            return false;
        }
        busy = true;
        told = here;
        last = (here & wanted) == 0;
        return true;
    }

    private void work() {
        boolean goesOn = true;
        try {
            goesOn = ready(told, last);
        } finally {
            setBusy(!goesOn);
            served(goesOn);
        }
    }

    private synchronized void setBusy(boolean busy) {
        this.busy = busy;
    }
}
