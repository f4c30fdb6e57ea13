package io.github.libvirt4j.internal;

/// Makes a stack that is nearly full overflow in Java, before a call into C that can call back.
///
/// At the very entry of an upcall a `StackOverflowError` cannot be caught: the VM aborts. Before the
/// downcall it is an exception like any other. Every generated method of the raw layer asks here first.
public final class StackProbe {
    /// Frames of the probe. With what each keeps alive over the call they take 60 KiB compiled and 130 KiB
    /// interpreted: room for libvirt's own frames, the entry of the upcall and the containment around its
    /// target.
    private static final int DEPTH = 400;

    /// Frames enough for our own bookkeeping around a call that does not call back.
    private static final int BRIEF = 24;

    private static volatile boolean armed;

    private StackProbe() {}

    /// For calls that take closures, or can run one: deregistering, closing, finishing.
    public static void always() {
        descend(DEPTH, 1, 2);
    }

    /// For what must not stop half-way, as counting who uses an object: room for Java frames only.
    public static void brief() {
        descend(BRIEF, 1, 2);
    }

    /// For all other calls: nothing comes back from them unless [#arm] was called.
    public static void whenArmed() {
        if (armed) {
            descend(DEPTH, 1, 2);
        }
    }

    /// From now on ordinary calls can call back: there is an error handler, a close callback or an event
    /// loop in Java.
    public static void arm() {
        armed = true;
    }

    /// Many numbers live across the call, so that a compiled frame is not a handful of bytes.
    private static long descend(int depth, long a, long b) {
        long c = a * 3;
        long d = b * 5;
        long e = c ^ d;
        long f = d + 7;
        long g = e - 9;
        long h = f * 11;
        long i = g ^ 13;
        long j = h + a;
        long k = i - b;
        long l = j * 17;
        long m = k ^ 19;
        long n = l + 21;
        long below = depth == 0 ? a : descend(depth - 1, b, a + depth);
        return below + a + b + c + d + e + f + g + h + i + j + k + l + m + n;
    }
}
