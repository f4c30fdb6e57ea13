package io.github.libvirt4j.internal.event;

import io.github.libvirt4j.event.Registration;
import io.github.libvirt4j.internal.Observers;
import io.github.libvirt4j.internal.VmExit;
import io.github.libvirt4j.internal.call.HandlerScope;
import io.github.libvirt4j.internal.callback.Uncaught;
import io.github.libvirt4j.internal.loop.ProcessLoop;
import io.github.libvirt4j.observe.Handling;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A handler of something that is ready, and stays so until it was served: it is not called again before it
/// has returned, and not after it threw. Safe for use by any thread.
public abstract class ReadyRegistration extends ReadyListener implements Registration {
    private final String name;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition idle = lock.newCondition();

    // Guarded by lock.
    private boolean closed;
    private boolean running;
    private @Nullable Thread runner;

    /// @param wanted the bits it waits for
    protected ReadyRegistration(String name, int wanted) {
        super(wanted);
        this.name = name;
    }

    /// Calls the handler.
    ///
    /// @return whether it is to be called again
    protected abstract boolean handle(int events) throws Exception;

    @Override
    protected final boolean ready(int events, boolean last) {
        if (!beginHandling()) {
            return false;
        }
        // An error that prevents the call, such as a full heap, leaves the handler registered.
        boolean goesOn = true;
        Handling handling = Observers.handling(name, null);
        Throwable thrown = null;
        try (HandlerScope _ = HandlerScope.of(this)) {
            goesOn = false;
            goesOn = handle(events) && !last;
        } catch (Throwable t) {
            thrown = t;
            Uncaught.report(name, t);
        } finally {
            endHandling(goesOn);
            Observers.handled(handling, thrown);
        }
        return goesOn;
    }

    private boolean beginHandling() {
        lock.lock();
        try {
            running = !closed;
            runner = Thread.currentThread();
            return running;
        } finally {
            lock.unlock();
        }
    }

    private void endHandling(boolean goesOn) {
        lock.lock();
        try {
            running = false;
            runner = null;
            closed |= !goesOn;
            idle.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Takes it out of C, now or as soon as possible. Idempotent.
    protected abstract void end();

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
        end();
    }

    @Override
    public boolean closeAndAwait(Duration limit) throws InterruptedException {
        long left = TimeUnit.NANOSECONDS.convert(limit);
        close();
        lock.lockInterruptibly();
        try {
            while (running) {
                if (left <= 0 || HandlerScope.isInside(this) || ProcessLoop.isCurrentThread()) {
                    return false;
                }
                left = VmExit.awaitNanos(idle, left, runner);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean isActive() {
        lock.lock();
        try {
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    /// Nothing: it stays ready until something is done about it.
    @Override
    public long lost() {
        return 0;
    }

    @Override
    public String toString() {
        return name;
    }
}
