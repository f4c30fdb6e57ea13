package io.github.libvirt4j.internal.event;

import io.github.libvirt4j.event.Event;
import io.github.libvirt4j.internal.c.ErrorCallback;
import io.github.libvirt4j.internal.c.StackProbe;
import io.github.libvirt4j.internal.call.HandlerScope;
import io.github.libvirt4j.internal.callback.Loans;
import io.github.libvirt4j.internal.callback.Uncaught;
import java.lang.foreign.MemorySegment;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;

/// Hears once that a connection broke off, and tells all who want to know. Safe for use by any thread.
///
/// libvirt has room for one close callback a connection. It calls it with the lock held that registering
/// takes, and drivers without one say yes, forget it, and never free it: so it is registered with the first
/// listener, stays for the connection's life, and its loan is ended here.
public final class CloseWatch implements EventSink {
    private final ConnectionCalls calls;
    private final Set<EventSink> listeners = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Event closed;

    /// Guarded by this, which [#accept] does not take: C calls it under a lock that registering takes, too.
    private long loan;

    /// Of a connection of that sort.
    public CloseWatch(ConnectionCalls calls) {
        this.calls = calls;
    }

    /// Adds a listener; one that comes too late is told at once.
    ///
    /// @param check sees what C returned, at once
    /// @return −1 if C refused
    public int add(MemorySegment pointer, EventSink listener, ObjIntConsumer<String> check) {
        if (register(pointer, check) < 0) {
            return -1;
        }
        listeners.add(listener);
        Event already = closed;
        if (already != null) {
            tell(listener, already);
        }
        return 0;
    }

    /// Removes a listener.
    public void remove(EventSink listener) {
        listeners.remove(listener);
    }

    /// From C, once.
    @Override
    public void accept(Event event) {
        closed = event;
        for (EventSink listener : listeners) {
            tell(listener, event);
        }
    }

    /// By whoever removes it: once. What one cannot take does not keep it from the others.
    private void tell(EventSink listener, Event event) {
        if (listeners.remove(listener)) {
            try {
                listener.accept(event);
            } catch (Throwable t) {
                Uncaught.report(calls.closeType(), t);
            }
        }
    }

    private synchronized int register(MemorySegment pointer, ObjIntConsumer<String> check) {
        if (loan != 0) {
            return 0;
        }
        // From now on calls can call back: one that finds the connection broken off does.
        StackProbe.arm();
        return Loans.register(this, opaque -> {
            int result = calls.registerCloseCallback(pointer, opaque, Loans.free());
            check.accept(calls.registerFunction(), result);
            if (result >= 0) {
                loan = opaque.address();
            }
            return result;
        });
    }

    /// Before the connection is closed.
    public synchronized void end(MemorySegment pointer) {
        if (loan != 0) {
            // It fails where it was called already, or was never kept.
            try (HandlerScope _ = ErrorCallback.quietly()) {
                calls.unregisterCloseCallback(pointer);
            }
            Loans.end(loan);
        }
    }
}
