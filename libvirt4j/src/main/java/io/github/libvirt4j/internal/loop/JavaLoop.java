package io.github.libvirt4j.internal.loop;

import static io.github.libvirt4j.internal.raw.LibvirtEvent.virEventRegisterImpl;

import io.github.libvirt4j.internal.VmExit;
import io.github.libvirt4j.internal.c.CMemory;
import io.github.libvirt4j.internal.c.Downcall;
import io.github.libvirt4j.internal.c.StackProbe;
import io.github.libvirt4j.internal.callback.CallbackType;
import io.github.libvirt4j.internal.callback.Uncaught;
import io.github.libvirt4j.internal.callback.Upcall;
import io.github.libvirt4j.internal.raw.CallbackTypes.VirEventAddHandleFunc;
import io.github.libvirt4j.internal.raw.CallbackTypes.VirEventAddTimeoutFunc;
import io.github.libvirt4j.internal.raw.CallbackTypes.VirEventRemoveHandleFunc;
import io.github.libvirt4j.internal.raw.CallbackTypes.VirEventRemoveTimeoutFunc;
import io.github.libvirt4j.internal.raw.CallbackTypes.VirEventUpdateHandleFunc;
import io.github.libvirt4j.internal.raw.CallbackTypes.VirEventUpdateTimeoutFunc;
import io.github.libvirt4j.loop.EventLoopImplementation;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// An event loop in Java as libvirt sees it: its six functions. There is one in a process, for ever.
///
/// libvirt's numbers are made here, and its functions are called from here, one at a time whatever threads
/// the loop has. What libvirt removes is freed from a clean stack: by the loop, when the call it is in has
/// returned, or at its next turn.
public final class JavaLoop {
    // Named in reports, which may need no memory.
    private static final CallbackType<VirEventRemoveHandleFunc> REMOVE_HANDLE = VirEventRemoveHandleFunc.type();
    private static final CallbackType<VirEventRemoveTimeoutFunc> REMOVE_TIMEOUT = VirEventRemoveTimeoutFunc.type();

    private static final AtomicInteger LAST = new AtomicInteger();
    private static final LibvirtSources<LibvirtHandle> HANDLES = new LibvirtSources<>();
    private static final LibvirtSources<LibvirtTimeout> TIMEOUTS = new LibvirtSources<>();
    private static final LibvirtSources.ToFree TO_FREE = new LibvirtSources.ToFree();

    /// Held while libvirt is called.
    private static final VmExit.HeldLock CALLING = new VmExit.HeldLock();

    /// Guarded by the class.
    private static List<Upcall> upcalls = List.of();

    private static volatile @Nullable EventLoopImplementation implementation;

    private JavaLoop() {}

    /// The six functions, in the order of `virEventRegisterImpl`. Made when asked for: a full heap would
    /// break the class for good if its initialiser made them.
    public static synchronized List<Upcall> upcalls() {
        if (upcalls.isEmpty()) {
            upcalls = List.of(
                    Upcall.of(VirEventAddHandleFunc.type(), JavaLoop::addHandle, -1),
                    Upcall.of(VirEventUpdateHandleFunc.type(), JavaLoop::updateHandle),
                    Upcall.of(REMOVE_HANDLE, JavaLoop::removeHandle, -1),
                    Upcall.of(VirEventAddTimeoutFunc.type(), JavaLoop::addTimeout, -1),
                    Upcall.of(VirEventUpdateTimeoutFunc.type(), JavaLoop::updateTimeout),
                    Upcall.of(REMOVE_TIMEOUT, JavaLoop::removeTimeout, -1));
        }
        return upcalls;
    }

    /// Gives it to libvirt, once.
    static void register(EventLoopImplementation loop) {
        implementation = loop;
        // From now on ordinary calls can call back: they change what they wait for.
        StackProbe.arm();
        List<Upcall> six = upcalls();
        virEventRegisterImpl(
                six.get(0).pointer(0),
                six.get(1).pointer(0),
                six.get(2).pointer(0),
                six.get(3).pointer(0),
                six.get(4).pointer(0),
                six.get(5).pointer(0));
    }

    /// Whether a timeout is one of this loop's: libvirt keeps the first loop that a process registers, and
    /// ignores all others silently.
    static boolean hasTimeout(int timer) {
        return TIMEOUTS.get(timer) != null;
    }

    /// Whether this thread is calling libvirt for the loop.
    static boolean isCalling() {
        return CALLING.isHeldByCurrentThread();
    }

    /// The thread that does; null if there is none.
    static @Nullable Thread caller() {
        return CALLING.holder();
    }

    private static EventLoopImplementation loop() {
        EventLoopImplementation loop = implementation;
        if (loop == null) {
            throw new IllegalStateException("No event loop is registered");
        }
        return loop;
    }

    private static int addHandle(int fd, int events, long callback, long opaque, long free) {
        var handle = new LibvirtHandle(LAST.incrementAndGet(), fd, callback, opaque, free);
        // First: it can be ready at once, and removed in its first call.
        HANDLES.add(handle);
        boolean added = false;
        try {
            loop().addHandle(handle, events);
            added = true;
            return handle.watch();
        } finally {
            if (!added) {
                HANDLES.remove(handle.watch());
                handle.remove();
            }
        }
    }

    private static void updateHandle(int watch, int events) {
        LibvirtHandle handle = HANDLES.get(watch);
        // libvirt updates what it has removed, now and then.
        if (handle != null) {
            loop().updateHandle(handle, events);
        }
    }

    private static int removeHandle(int watch) {
        LibvirtHandle handle = HANDLES.remove(watch);
        if (handle == null) {
            return -1;
        }
        handle.remove();
        try {
            loop().removeHandle(handle);
        } catch (Throwable t) {
            // It is removed all the same: nothing it does gets to libvirt any more.
            Uncaught.report(REMOVE_HANDLE.cName(), t);
        }
        free(handle);
        return 0;
    }

    private static int addTimeout(int millis, long callback, long opaque, long free) {
        var timeout = new LibvirtTimeout(LAST.incrementAndGet(), callback, opaque, free);
        TIMEOUTS.add(timeout);
        boolean added = false;
        try {
            loop().addTimeout(timeout, millis);
            added = true;
            return timeout.timer();
        } finally {
            if (!added) {
                TIMEOUTS.remove(timeout.timer());
                timeout.remove();
            }
        }
    }

    private static void updateTimeout(int timer, int millis) {
        LibvirtTimeout timeout = TIMEOUTS.get(timer);
        if (timeout != null) {
            loop().updateTimeout(timeout, millis);
        }
    }

    private static int removeTimeout(int timer) {
        LibvirtTimeout timeout = TIMEOUTS.remove(timer);
        if (timeout == null) {
            return -1;
        }
        timeout.remove();
        try {
            loop().removeTimeout(timeout);
        } catch (Throwable t) {
            Uncaught.report(REMOVE_TIMEOUT.cName(), t);
        }
        free(timeout);
        return 0;
    }

    private static void free(LibvirtSource source) {
        if (!CMemory.isNull(source.free())) {
            TO_FREE.add(source);
            if (!isCalling()) {
                ProcessLoop.wake();
            }
        }
    }

    /// Calls libvirt, on the loop; then frees what has been removed. An error of the VM's is reported, and
    /// the loop goes on with the next.
    public static void dispatch(LibvirtSource source, int events) {
        // Before the lock: an overflow behind it would be none of ours. Our own thread has only just begun.
        if (!ProcessLoop.isOwnThread()) {
            StackProbe.always();
        }
        CALLING.lock();
        try {
            if (!source.isRemoved()) {
                source.call(events);
            }
            freeRemoved();
        } catch (Throwable t) {
            Uncaught.report(source, t);
        } finally {
            CALLING.unlock();
        }
    }

    /// Frees what libvirt has removed; on the loop, and not within anything of libvirt's, which a loop that
    /// turns in a handler would be.
    static void freeRemoved() {
        if (CALLING.getHoldCount() > 1) {
            return;
        }
        LibvirtSource removed;
        while ((removed = TO_FREE.poll()) != null) {
            Downcall.call(removed.free(), removed.opaque());
        }
    }

    static void callHandle(MemorySegment callback, int watch, int fd, int events, long opaque) {
        Downcall.call(callback, watch, fd, events, opaque);
    }

    static void callTimeout(MemorySegment callback, int timer, long opaque) {
        Downcall.call(callback, timer, opaque);
    }
}
