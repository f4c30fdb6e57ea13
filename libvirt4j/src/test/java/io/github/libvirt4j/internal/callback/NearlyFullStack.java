package io.github.libvirt4j.internal.callback;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.github.libvirt4j.internal.c.StackProbe;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// A program of its own, as it may abort its VM: calls C, which calls back, at every depth of stacks that
/// are full.
///
/// For each stack size given (in KiB) a thread overflows its stack, and on the way back every frame makes
/// the call: first where there is no room for it at all, then where there is room for half of it, then
/// where there is enough.
final class NearlyFullStack {
    private static final FunctionDescriptor SIGNATURE = FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS);
    private static final Upcall UPCALL =
            Upcall.of(new CallbackType<Fake>("virFakeCallback", SIGNATURE), NearlyFullStack::target, -7);
    private static final MethodHandle FROM_C = FakeC.function(UPCALL.pointer(0), SIGNATURE);

    interface Fake extends Upcall.Target {
        int call(int depth, long opaque);

        @Override
        default long fromC(long a, long b, long c, long d, long e, long f, long g, long h) {
            return call((int) a, b);
        }
    }

    /// Calls to make after the first that had room.
    private static final int ENOUGH = 300;

    /// Stubs are never freed.
    private static final int ENOUGH_STUBS = 20;

    private final String kind;
    private final MemorySegment opaque;
    private long refused;
    private long overflowedInside;
    private long succeeded;

    private NearlyFullStack(String kind, MemorySegment opaque) {
        this.kind = kind;
        this.opaque = opaque;
    }

    /// Arguments: `probe`, `bare`, or `stub` to make one instead, then stack sizes in KiB. Prints what happened.
    public static void main(String[] arguments) throws InterruptedException {
        Uncaught.setHandler((_, _) -> {});
        for (int i = 1; i < arguments.length; i++) {
            long loan = Loans.lend(new Object());
            var run = new NearlyFullStack(arguments[0], Loans.opaque(loan));
            run.call();
            run.succeeded = 0;
            long size = Long.parseLong(arguments[i]) * 1024;
            Thread thread = new Thread(null, run::dive, "dive", size);
            thread.start();
            thread.join();
            System.out.println(arguments[i] + " KiB: " + run.refused + " refused, " + run.overflowedInside
                    + " overflowed inside, " + run.succeeded + " succeeded");
        }
        System.out.println("done");
    }

    @SuppressWarnings("InfiniteRecursion") // On purpose.
    private void dive() {
        try {
            dive();
        } catch (StackOverflowError e) {
            // On the way back now.
        }
        if (succeeded < (kind.equals("stub") ? ENOUGH_STUBS : ENOUGH)) {
            call();
        }
    }

    private void call() {
        try {
            if (kind.equals("stub")) {
                Upcall.of(new CallbackType<Fake>("virFakeCallback", SIGNATURE), NearlyFullStack::target, -7)
                        .pointer(0);
                succeeded++;
                return;
            }
            if (kind.equals("probe")) {
                StackProbe.always();
            }
            int result = (int) FROM_C.invokeExact(20, opaque);
            if (result == -7) {
                overflowedInside++;
            } else {
                succeeded++;
            }
        } catch (StackOverflowError e) {
            refused++;
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }

    // As a trampoline does: looks the closure up, copies something, runs some frames of a user's code.
    private static int target(int depth, long opaque) {
        Object closure = Loans.borrow(opaque, Object.class);
        return closure == null ? -1 : users(depth, new int[16]);
    }

    private static int users(int depth, int[] copy) {
        return depth == 0 ? copy.length : users(depth - 1, copy) + 1;
    }
}
