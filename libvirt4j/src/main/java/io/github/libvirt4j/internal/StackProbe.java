package io.github.libvirt4j.internal;

/// Makes a stack that is nearly full overflow in Java, before a call into C that can call back.
///
/// At the very entry of an upcall a `StackOverflowError` cannot be caught: the VM aborts. Before the downcall it is an
/// exception like any other. Every generated method of the raw layer asks here first.
public final class StackProbe {
    /// Frames of the probe. Each is at least 32 bytes, three longs more where they are not kept in registers: together
    /// more than what the entry of an upcall and the containment around its target need.
    private static final int DEPTH = 1_000;

    private static volatile boolean armed;

    private StackProbe() {}

    /// For calls that take closures, or can run one: deregistering, closing, finishing.
    public static void always() {
        descend(DEPTH, 1, 2, 3);
    }

    /// For all other calls: nothing comes back from them unless [#arm] was called.
    public static void whenArmed() {
        if (armed) {
            descend(DEPTH, 1, 2, 3);
        }
    }

    /// From now on ordinary calls can call back: there is an error handler, a close callback or an event loop in Java.
    public static void arm() {
        armed = true;
    }

    private static long descend(int depth, long a, long b, long c) {
        return depth == 0 ? a + b + c : a + descend(depth - 1, b, c, a ^ depth);
    }
}
