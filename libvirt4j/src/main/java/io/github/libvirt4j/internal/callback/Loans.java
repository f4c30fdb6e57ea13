package io.github.libvirt4j.internal.callback;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Java objects on loan to C. Safe for use by any thread.
///
/// C holds a number in its opaque pointer, never an address. Numbers only grow and none is used twice: one
/// that is gone, or never was, is simply absent. A loan ends when libvirt's free callback comes with its
/// number, or when the one who lent it knows that C did not take it.
public final class Loans {
    private static final ConcurrentHashMap<Long, Object> ON_LOAN = new ConcurrentHashMap<>();

    // Not from 1: an opaque that is a small integer of someone else's is then not by chance a loan of ours.
    private static final AtomicLong LAST = new AtomicLong(0x1000);

    private static final LongAdder STRAYS = new LongAdder();

    private Loans() {}

    /// Lends an object and returns its number. The object is complete before: C may call at once.
    public static long lend(Object closure) {
        long number = LAST.incrementAndGet();
        ON_LOAN.put(number, closure);
        return number;
    }

    /// The object lent under that number; null, and counted, if it is not on loan or not of that type.
    public static <T> @Nullable T borrow(long number, Class<T> type) {
        Object closure = ON_LOAN.get(number);
        if (type.isInstance(closure)) {
            return type.cast(closure);
        }
        STRAYS.increment();
        return null;
    }

    /// Ends a loan: true once, false if it had ended.
    public static boolean end(long number) {
        return ON_LOAN.remove(number) != null;
    }

    /// The number as C's opaque pointer.
    public static MemorySegment opaque(long number) {
        return MemorySegment.ofAddress(number);
    }

    /// C's `virFreeCallback`: ends the loan whose number it is given. It may come under libvirt's locks, so
    /// it does nothing else.
    public static MemorySegment free() {
        return Free.UPCALL.pointer(0);
    }

    /// How many objects are on loan.
    public static long onLoan() {
        return ON_LOAN.mappingCount();
    }

    /// How often C came with a number that was not on loan.
    public static long strays() {
        return STRAYS.sum();
    }

    private static final class Free {
        static final Upcall UPCALL = Upcall.of(
                "virFreeCallback",
                FunctionDescriptor.ofVoid(ValueLayout.ADDRESS),
                MethodHandles.lookup(),
                "free",
                null);

        @SuppressWarnings("unused") // By name.
        static void free(MemorySegment opaque) {
            if (!end(opaque.address())) {
                STRAYS.increment();
            }
        }
    }
}
