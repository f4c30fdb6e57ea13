package io.github.libvirt4j.internal.c;

import io.github.libvirt4j.internal.CleanerThread;
import java.lang.foreign.MemorySegment;
import java.lang.ref.PhantomReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// A libvirt object, and who still uses it. Safe for use by any thread.
///
/// The handle that owns it counts as a user until it is closed, every call in flight does, and every object
/// that came from it does: a connection outlives its domains. The last one to leave releases it. It keeps no
/// more than a phantom reference to its handle, and is the one object that outlives a handle that was
/// forgotten: the smaller it is, the more of them can be forgotten in a second.
public final class NativeObject extends PhantomReference<Object> {
    /// The C function that gives a pointer back; its result says nothing.
    @FunctionalInterface
    public interface Release {
        /// Gives it back. If it throws, it is called again, and has done nothing that cannot be done twice.
        void release(MemorySegment pointer);

        /// It was closed while others may still use it: lets those come back that wait.
        default void interrupt(MemorySegment pointer) {}
    }

    private static final AtomicIntegerFieldUpdater<NativeObject> USERS =
            AtomicIntegerFieldUpdater.newUpdater(NativeObject.class, "users");
    private static final AtomicIntegerFieldUpdater<NativeObject> CLOSED =
            AtomicIntegerFieldUpdater.newUpdater(NativeObject.class, "closed");
    private static final AtomicIntegerFieldUpdater<NativeObject> INTERRUPTED =
            AtomicIntegerFieldUpdater.newUpdater(NativeObject.class, "interrupted");

    /// Not a `LongAdder`, which may want memory to count.
    private static final AtomicLong LIVE = new AtomicLong();

    /// The parent of the connections: what is in a list is reachable until it is released, else nobody would
    /// hear that its handle was forgotten.
    private static final NativeObject ROOT = new NativeObject(new Object(), null, _ -> {});

    /// Those whose release threw; guarded by ROOT.
    private static @Nullable NativeObject unreleased;

    private final @Nullable NativeObject parent;
    private final Release release;
    private MemorySegment pointer = MemorySegment.NULL;
    private volatile int users;
    private volatile int closed;
    private volatile int interrupted;

    /// The first of a list of all that came from it and is not released; guarded by it.
    private @Nullable NativeObject firstChild;

    // In the list of its parent, and guarded by that.
    private @Nullable NativeObject next;
    private @Nullable NativeObject previous;

    /// Guarded by ROOT.
    private @Nullable NativeObject nextUnreleased;

    /// An object that is not there yet: all that needs memory is done before C is called.
    ///
    /// @param handle owns it; closed when it is collected
    /// @param parent the connection it comes from; null for a connection
    /// @param release gives the pointer back; called until it does not throw
    public NativeObject(Object handle, @Nullable NativeObject parent, Release release) {
        super(handle, CleanerThread.FORGOTTEN);
        this.parent = parent;
        this.release = release;
    }

    /// Does what can fail for want of a thread, before C is asked for anything.
    public static void makeReady() {
        CleanerThread.ensure();
    }

    /// Takes a share of the closing of handles that were forgotten, so that who makes handles cannot outrun
    /// it. For one who is about to make another; does not block.
    public static void closeForgotten() {
        CleanerThread.help();
    }

    /// It is there, and open; if its parent has been closed meanwhile, it is closed at once. Needs no memory.
    ///
    /// @param given what C gave; ours. The caller is using the parent
    public void begin(MemorySegment given) {
        pointer = given;
        users = 1;
        LIVE.incrementAndGet();
        if (parent != null) {
            parent.retain();
        }
        link(parentOrRoot());
        if (parent != null && parent.isClosed()) {
            close();
        }
    }

    /// How many there are that were not released.
    public static long live() {
        return LIVE.get();
    }

    /// Begins a use: the pointer stays valid until [#leave]. Null if the object was closed.
    public @Nullable MemorySegment enter() {
        int before;
        do {
            before = users;
            if (before == 0 || isClosed()) {
                return null;
            }
        } while (!USERS.compareAndSet(this, before, before + 1));
        return pointer;
    }

    /// Begins a use of an object that may be closed: false if it was released.
    private boolean enterClosed() {
        int before;
        do {
            before = users;
            if (before == 0) {
                return false;
            }
        } while (!USERS.compareAndSet(this, before, before + 1));
        return true;
    }

    /// Begins another use, for one who is using it, closed or not.
    public void retain() {
        USERS.incrementAndGet(this);
    }

    /// The pointer, for one who is using it.
    public MemorySegment pointer() {
        return pointer;
    }

    /// Ends a use.
    public void leave() {
        if (USERS.decrementAndGet(this) == 0) {
            release();
        }
    }

    private void release() {
        // First: who waits for the release, as a connection's close does, is to find it counted.
        LIVE.decrementAndGet();
        boolean released = false;
        try {
            release.release(pointer);
            released = true;
        } finally {
            if (!released) {
                LIVE.incrementAndGet();
                addUnreleased();
            }
        }
        unlink(parentOrRoot());
        if (parent != null) {
            parent.leave();
        }
    }

    /// The stack was nearly full, there was no memory, or no thread.
    private void addUnreleased() {
        synchronized (ROOT) {
            nextUnreleased = unreleased;
            unreleased = this;
        }
        // The cleaner comes to it by itself, after a pause.
        if (!CleanerThread.isCurrent()) {
            CleanerThread.wake();
        }
    }

    /// Releases what could not be released; on the cleaner thread.
    ///
    /// @return whether some is left
    public static boolean releaseAgain() {
        NativeObject one;
        synchronized (ROOT) {
            one = unreleased;
            unreleased = null;
        }
        while (one != null) {
            NativeObject following = one.nextUnreleased;
            try {
                one.release();
            } catch (Throwable t) {
                // It is among them again.
            }
            one = following;
        }
        synchronized (ROOT) {
            return unreleased != null;
        }
    }

    /// No new uses from now on; the owner's own ends. True the first time.
    public boolean close() {
        if (!CLOSED.compareAndSet(this, 0, 1)) {
            return false;
        }
        leave();
        return true;
    }

    /// Closes it, and wakes users that wait, also if it was closed before.
    public void closeNow() {
        if (!enterClosed()) {
            return;
        }
        try {
            close();
            if (INTERRUPTED.compareAndSet(this, 0, 1)) {
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
            for (NativeObject child = firstChild; child != null; child = child.next) {
                children.add(child);
            }
        }
        children.forEach(NativeObject::closeNow);
    }

    private NativeObject parentOrRoot() {
        return parent == null ? ROOT : parent;
    }

    private void link(NativeObject list) {
        synchronized (list) {
            next = list.firstChild;
            if (next != null) {
                next.previous = this;
            }
            list.firstChild = this;
        }
    }

    private void unlink(NativeObject list) {
        synchronized (list) {
            if (previous == null) {
                list.firstChild = next;
            } else {
                previous.next = next;
            }
            if (next != null) {
                next.previous = previous;
            }
            // A closed handle that somebody keeps must not keep others.
            next = null;
            previous = null;
        }
    }

    /// Whether it was closed. Calls in flight may still be using it.
    public boolean isClosed() {
        return closed != 0;
    }

    @Override
    public String toString() {
        return "0x" + Long.toHexString(pointer.address());
    }
}
