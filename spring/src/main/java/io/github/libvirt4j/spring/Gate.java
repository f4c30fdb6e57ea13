package io.github.libvirt4j.spring;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Lets handlers through while the application runs. Safe for use by any thread.
///
/// A handler waits in front of a shut gate: what happens meanwhile stays with the library, which merges it.
final class Gate {
    private enum State {
        SHUT,
        OPEN,
        GONE
    }

    // All guarded by this.
    private State state = State.SHUT;
    private final Set<Thread> inside = new HashSet<>();
    private @Nullable Runnable whenEmpty;

    /// Waits until the gate is open.
    ///
    /// @return false if it never will be
    synchronized boolean enter() throws InterruptedException {
        while (state == State.SHUT) {
            wait();
        }
        return state == State.OPEN && inside.add(Thread.currentThread());
    }

    void leave() {
        Runnable next = null;
        synchronized (this) {
            inside.remove(Thread.currentThread());
            if (inside.isEmpty()) {
                next = whenEmpty;
                whenEmpty = null;
            }
        }
        if (next != null) {
            next.run();
        }
    }

    synchronized void open() {
        if (state == State.SHUT) {
            state = State.OPEN;
            notifyAll();
        }
    }

    synchronized boolean isOpen() {
        return state == State.OPEN;
    }

    /// Shuts the gate.
    ///
    /// @param then is run when nobody is inside except the caller, whose handler may be what stops the
    ///     application
    void shut(Runnable then) {
        synchronized (this) {
            if (state == State.OPEN) {
                state = State.SHUT;
            }
            inside.remove(Thread.currentThread());
            if (!inside.isEmpty()) {
                whenEmpty = then;
                return;
            }
        }
        then.run();
    }

    /// Waits until the gate is removed.
    ///
    /// @return false if it was not within `limit`
    synchronized boolean awaitRemoved(Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        for (long left = limit.toNanos(); state != State.GONE && left > 0; left = deadline - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return state == State.GONE;
    }

    /// Sends away all who wait, and all who come.
    synchronized void remove() {
        state = State.GONE;
        notifyAll();
    }
}
