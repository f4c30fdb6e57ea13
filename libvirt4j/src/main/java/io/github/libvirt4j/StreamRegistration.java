package io.github.libvirt4j;

import io.github.libvirt4j.internal.Handling;
import io.github.libvirt4j.internal.StreamWatch;
import io.github.libvirt4j.internal.callback.Uncaught;
import io.github.libvirt4j.types.StreamEventType;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// A handler that waits for a stream to become ready. Safe for use by any thread.
final class StreamRegistration implements Registration, StreamWatch.Listener {
    private final Stream stream;
    private final StreamEnd end;
    private final StreamHandler handler;
    private final String name;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition idle = lock.newCondition();

    // Guarded by lock.
    private boolean closed;
    private boolean running;

    StreamRegistration(Stream stream, StreamEnd end, Set<StreamEventType> when, StreamHandler handler) {
        this.stream = stream;
        this.end = end;
        this.handler = handler;
        this.name = when + " of " + stream;
    }

    @Override
    public boolean ready(int events, boolean last) {
        if (!begin()) {
            return false;
        }
        boolean served = false;
        try (Handling _ = Handling.of(this)) {
            handler.on(stream, StreamEventType.of(events));
            served = true;
        } catch (Throwable t) {
            Uncaught.report(name, t);
        } finally {
            finish(served && !last);
        }
        return served;
    }

    private boolean begin() {
        lock.lock();
        try {
            running = !closed;
            return running;
        } finally {
            lock.unlock();
        }
    }

    private void finish(boolean goesOn) {
        lock.lock();
        try {
            running = false;
            closed |= !goesOn;
            idle.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
        end.watch().remove(this);
    }

    @Override
    public boolean closeAndAwait(Duration limit) throws InterruptedException {
        long left = TimeUnit.NANOSECONDS.convert(limit);
        close();
        lock.lockInterruptibly();
        try {
            while (running) {
                if (left <= 0 || Handling.isUnderWay(this) || EventLoop.isCurrentThread()) {
                    return false;
                }
                left = idle.awaitNanos(left);
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
            return !closed && end.isOpen() && !stream.isClosed();
        } finally {
            lock.unlock();
        }
    }

    /// Readiness is not an event: it stays until something is done about it.
    @Override
    public long lost() {
        return 0;
    }

    @Override
    public String toString() {
        return name;
    }
}
