package io.github.libvirt4j.internal.c;

import io.github.libvirt4j.internal.raw.StackFrame;
import java.util.concurrent.ThreadLocalRandom;

/// Makes a stack that is nearly full overflow in Java, before a call into C that can call back.
///
/// At the very entry of an upcall a `StackOverflowError` cannot be caught: the VM aborts. Before the
/// downcall it is an exception like any other. Every generated method of the raw layer asks here first.
public final class StackProbe {
    /// Frames of 4 KiB compiled, and 8 interpreted: room for libvirt's own frames, the entry of the upcall
    /// and the containment around its target.
    private static final int ENOUGH = 15;

    /// Room enough for our own bookkeeping around a call that does not call back.
    private static final int BRIEF = 1;

    /// One in so many is filled: seldom enough to cost nothing, and often enough for the compilers.
    private static final int SELDOM = 1024;

    // ENOUGH times 8 KiB. One of 240 KiB with few frames is enough, measured on x86-64; the VM keeps 110 of them.
    private static final String MESSAGE =
            "libvirt4j needs 120 KiB of stack for this call, and the thread has less left; "
                    + "libvirt was not called. Call from fewer frames, or start the thread with a stack of 512 KiB or more "
                    + "(-Xss512k, or stackSize of Thread.Builder)";

    private static volatile boolean armed;

    private StackProbe() {}

    /// For calls that take closures, or can run one: deregistering, closing, finishing.
    public static void always() {
        enter(ENOUGH);
    }

    /// For what must not stop half-way, as counting who uses an object: room for Java frames only.
    public static void brief() {
        enter(BRIEF);
    }

    /// Whether this thread, which has only just begun, has room for calls and for a few frames of whoever
    /// makes them.
    public static boolean isRoomy() {
        try {
            enter(ENOUGH + ENOUGH / 2);
            return true;
        } catch (StackOverflowError overflow) {
            return false;
        }
    }

    /// For all other calls: nothing comes back from them unless [#arm] was called.
    public static void whenArmed() {
        if (armed) {
            enter(ENOUGH);
        }
    }

    /// From now on ordinary calls can call back: there is an error handler, a close callback or an event
    /// loop in Java.
    public static void arm() {
        armed = true;
    }

    private static void enter(int frames) {
        try {
            long _ = StackFrame.enter(frames, ThreadLocalRandom.current().nextInt(SELDOM) == 0);
        } catch (StackOverflowError overflow) {
            throw inWords(overflow);
        }
    }

    /// The frames that overflowed are gone, and mostly leave room for another exception. Where they do not,
    /// the one that is there has to do.
    private static StackOverflowError inWords(StackOverflowError overflow) {
        try {
            return new StackOverflowError(MESSAGE);
        } catch (StackOverflowError again) {
            return overflow;
        }
    }
}
