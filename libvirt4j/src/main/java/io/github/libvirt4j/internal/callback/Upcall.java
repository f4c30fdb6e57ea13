package io.github.libvirt4j.internal.callback;

import io.github.libvirt4j.internal.Workers;
import io.github.libvirt4j.internal.c.Downcall;
import io.github.libvirt4j.internal.c.StackProbe;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/// One C callback type: Java code as C function pointers. Safe for use by any thread.
///
/// The only place that makes stubs, and none is made without containment: nothing can be written that
/// throws into C. Each type states what C gets when its target throws; 0 would be "go on for ever" to one
/// and "end of file" to the next.
///
/// Stubs are immortal. One whose arena was closed while C could still call it would be a crash of the VM,
/// and their number stays small: libvirt refuses two registrations of one event on one object with the same
/// function pointer, so the k-th listener there uses pointer `k`, and there are as many stubs as there ever
/// were listeners in one place.
///
/// Nothing at the entry of a stub allocates, as an `OutOfMemoryError` there is outside of the containment and
/// ends the VM. A target is therefore given C's pointers as numbers, not as segments; and each stub is called
/// until the VM has linked it and compiled its method handles, before C gets it.
public final class Upcall {
    /// The VM customizes a method handle at its 128th call, which makes a class.
    private static final int CALLS_TO_WARM = 130;

    private static final int MOST_AT_ONCE = 16;

    /// Linking and customizing allocate less; tried first, where an error can be caught.
    private static final int ROOM_TO_WARM = 1 << 20;

    /// In bytes. Other threads take some meanwhile.
    private static final int PLENTY = 32 << 20;

    /// Java code as C calls it. The interface of each callback type has a method of its own, which this one calls.
    public interface Target {
        /// From C, which passes as many numbers as its callback type has parameters; what the others are is by
        /// accident. See [Downcall] for what an integer or a pointer is then.
        ///
        /// @return for C
        long fromC(long a, long b, long c, long d, long e, long f, long g, long h) throws Throwable;
    }

    /// Turns back a call that warms a stub, on the way that an exception of a target takes.
    private static final class Warming extends Exception {
        private static final long serialVersionUID = 1;

        private Warming() {
            super("warming", null, false, false);
        }
    }

    @SuppressWarnings("StaticAssignmentOfThrowable") // It has no stack, and there may be no memory for another.
    private static final Warming WARMING = new Warming();

    /// The thread that calls a stub to warm it; null almost always.
    private static volatile @Nullable Thread warmer;

    private final CallbackType<?> type;
    private final Target target;
    private final long failSafe;
    private volatile List<MemorySegment> pointers = List.of();

    /// Of the thread that makes stubs, one at a time. Made with the first stub, and if that fails, tried again with
    /// the next: where a constant of a class failed, the class would be broken for good.
    private @Nullable MethodHandle contained;

    private Upcall(CallbackType<?> type, Target target, long failSafe) {
        this.type = type;
        this.target = target;
        this.failSafe = failSafe;
    }

    /// A callback type without a result, whose C functions call `target`.
    public static <T extends Target> Upcall of(CallbackType<T> type, T target) {
        return of(type, target, false, 0);
    }

    /// A callback type whose C functions call `target`.
    ///
    /// @param failSafe the value that C receives when the target throws
    public static <T extends Target> Upcall of(CallbackType<T> type, T target, long failSafe) {
        return of(type, target, true, failSafe);
    }

    private static <T extends Target> Upcall of(CallbackType<T> type, T target, boolean returns, long failSafe) {
        if (returns != type.signature().returnLayout().isPresent()) {
            throw new IllegalArgumentException(
                    type.cName() + " is " + type.signature() + ", fail-safe is " + (returns ? failSafe : "none"));
        }
        return new Upcall(type, target, failSafe);
    }

    /// [#enter], of this.
    private MethodHandle contained() {
        try {
            return MethodHandles.lookup()
                    .bind(this, "enter", Downcall.signature().toMethodType());
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("Upcall.enter", e);
        }
    }

    /// The first of Java on the way from C, and the last on the way back: contains what the target throws. Plain
    /// Java: a tree of method handles does the same, and takes the VM tens of classes.
    @SuppressWarnings("unused") // By name.
    private long enter(long a, long b, long c, long d, long e, long f, long g, long h) {
        try {
            Thread thread = warmer;
            if (thread != null && thread == Thread.currentThread()) {
                throw WARMING;
            }
            return target.fromC(a, b, c, d, e, f, g, h);
        } catch (Throwable t) {
            if (t != WARMING) {
                Uncaught.report(cName(), t);
            }
            return failSafe;
        }
    }

    /// The C name of the callback type.
    public String cName() {
        return type.cName();
    }

    /// Its C signature.
    public FunctionDescriptor signature() {
        return type.signature();
    }

    /// The function pointer number `k`, from 0: one C function each, all alike. Never freed.
    public MemorySegment pointer(int k) {
        List<MemorySegment> made = pointers;
        return k < made.size() ? made.get(k) : make(k);
    }

    private synchronized MemorySegment make(int k) {
        // So that the wait below does not overflow and leave the stubs to two threads.
        StackProbe.always();
        Making making = new Making(k);
        Workers.execute(making);
        making.await();
        return pointers.get(k);
    }

    /// Makes stubs, on a thread whose stack is empty. The VM links a stub, and customizes its method handles, at the
    /// entry of a call, where an overflow cannot be caught; it takes many frames for that.
    private final class Making implements Runnable {
        private final int k;
        private final CountDownLatch done = new CountDownLatch(1);
        private @Nullable Throwable failure;

        Making(int k) {
            this.k = k;
        }

        @Override
        public void run() {
            try {
                make();
            } catch (Throwable t) {
                failure = t;
            } finally {
                done.countDown();
            }
        }

        @SuppressWarnings("restricted")
        private void make() {
            FunctionDescriptor signature = Downcall.signature();
            MethodHandle handle = contained;
            if (handle == null) {
                handle = contained();
                contained = handle;
            }
            List<MemorySegment> made = new ArrayList<>(pointers);
            // Some more than asked for: one that is made while the heap gets full can end the VM, so that is done
            // rarely.
            int enough = k + Math.min(Math.max(k, 1), MOST_AT_ONCE);
            while (made.size() < enough) {
                MemorySegment stub = Linker.nativeLinker().upcallStub(handle, signature, Arena.global());
                warm(stub);
                made.add(stub);
            }
            pointers = List.copyOf(made);
        }

        void await() {
            boolean interrupted = false;
            while (done.getCount() > 0) {
                try {
                    done.await();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            if (failure instanceof Error e) {
                throw e;
            }
            if (failure instanceof RuntimeException e) {
                throw e;
            }
        }
    }

    /// Calls a stub as C would, without its target.
    private static void warm(MemorySegment stub) {
        makeRoom();
        synchronized (WARMING) {
            warmer = Thread.currentThread();
            try {
                for (int i = 0; i < CALLS_TO_WARM; i++) {
                    Downcall.call(stub);
                }
            } finally {
                warmer = null;
            }
        }
    }

    /// Has the VM collect what is needed, or throw here. Nearly always there is plenty, and to fill so much with
    /// zeroes for each stub is a good part of a start.
    private static void makeRoom() {
        if (Runtime.getRuntime().freeMemory() > PLENTY) {
            return;
        }
        byte[] room = new byte[ROOM_TO_WARM];
        try {
            room[0] = 1;
        } finally {
            Reference.reachabilityFence(room);
        }
    }

    @Override
    public String toString() {
        return cName() + signature();
    }
}
