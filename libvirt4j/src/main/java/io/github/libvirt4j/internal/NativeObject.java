package io.github.libvirt4j.internal;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// A libvirt object, and who still uses it. Safe for use by any thread.
///
/// The handle that owns it counts as a user until it is closed, every call in flight does, and every object
/// that came from it does: a connection outlives its domains. The last one to leave releases it. It knows
/// nothing of its handle, so that a handle that was forgotten can be found out.
public final class NativeObject {
    /// The C function that gives a pointer back; its result says nothing.
    @FunctionalInterface
    public interface Release {
        /// Gives it back.
        void release(MemorySegment pointer);

        /// It was closed while others may still use it: lets those come back that wait.
        default void interrupt(MemorySegment pointer) {}
    }

    private static final LongAdder LIVE = new LongAdder();

    private final MemorySegment pointer;
    private final @Nullable NativeObject parent;
    private final Release release;
    private final AtomicInteger users = new AtomicInteger(1);
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicBoolean interrupted = new AtomicBoolean();

    // A ring of a connection and all that came from it and is not released; guarded by the connection.
    private NativeObject next = this;
    private NativeObject previous = this;

    /// An object that is open; one whose parent has been closed meanwhile is closed at once.
    ///
    /// @param pointer what C gave; ours
    /// @param parent the connection it came from, which the caller is using now; null for a connection
    /// @param release gives the pointer back; called once
    public NativeObject(MemorySegment pointer, @Nullable NativeObject parent, Release release) {
        this.pointer = pointer;
        this.parent = parent;
        this.release = release;
        LIVE.increment();
        if (parent != null) {
            parent.users.incrementAndGet();
            link(parent);
            if (parent.closed.get()) {
                close();
            }
        }
    }

    /// How many there are that were not released.
    public static long live() {
        return LIVE.sum();
    }

    /// Begins a use: the pointer stays valid until [#leave]. Null if the object was closed.
    public @Nullable MemorySegment enter() {
        int before;
        do {
            before = users.get();
            if (before == 0 || closed.get()) {
                return null;
            }
        } while (!users.compareAndSet(before, before + 1));
        return pointer;
    }

    /// The same, closed or not: false if it was released.
    private boolean enterClosed() {
        return users.getAndUpdate(before -> before == 0 ? 0 : before + 1) != 0;
    }

    /// Begins another use, for one who is using it, closed or not.
    public void retain() {
        users.incrementAndGet();
    }

    /// The pointer, for one who is using it.
    public MemorySegment pointer() {
        return pointer;
    }

    /// Ends a use.
    public void leave() {
        if (users.decrementAndGet() == 0) {
            // First: who waits for the release, as a connection's close does, is to find it counted.
            LIVE.decrement();
            try {
                release.release(pointer);
            } finally {
                if (parent != null) {
                    unlink(parent);
                    parent.leave();
                }
            }
        }
    }

    /// No new uses from now on; the owner's own ends. True the first time.
    public boolean close() {
        if (!closed.compareAndSet(false, true)) {
            return false;
        }
        leave();
        return true;
    }

    /// The same, and does not let those wait who use it, also if it was closed before.
    public void closeNow() {
        if (!enterClosed()) {
            return;
        }
        try {
            close();
            if (interrupted.compareAndSet(false, true)) {
                release.interrupt(pointer);
            }
        } finally {
            leave();
        }
    }

    /// Closes what came from it.
    public void closeChildren() {
        List<NativeObject> children = new ArrayList<>();
        synchronized (this) {
            for (NativeObject child = next; child != this; child = child.next) {
                children.add(child);
            }
        }
        children.forEach(NativeObject::closeNow);
    }

    private void link(NativeObject connection) {
        synchronized (connection) {
            next = connection.next;
            previous = connection;
            next.previous = this;
            connection.next = this;
        }
    }

    private void unlink(NativeObject connection) {
        synchronized (connection) {
            next.previous = previous;
            previous.next = next;
            // A closed handle that somebody keeps must not keep others.
            next = this;
            previous = this;
        }
    }

    /// Whether it was closed. Calls in flight may still be using it.
    public boolean isClosed() {
        return closed.get();
    }

    @Override
    public String toString() {
        return "0x" + Long.toHexString(pointer.address());
    }
}
