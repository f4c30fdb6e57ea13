package io.github.libvirt4j.internal.callback;

import io.github.libvirt4j.internal.raw.CallbackTypes.VirFreeCallback;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Java objects on loan to C. Safe for use by any thread.
///
/// C holds a number in its opaque pointer, never an address. Numbers only grow and none is used twice: one
/// that is gone, or never was, is simply absent. A loan ends when libvirt's free callback comes with its
/// number, or when the one who lent it knows that C did not take it.
///
/// Finding and ending a loan allocates nothing: C can come while the heap is full, and a free callback comes
/// once. A number therefore says in which place its loan is.
public final class Loans {
    /// Bits of a number that say its place; the others count all loans there ever were.
    private static final int PLACE_BITS = 22;

    private static final int MOST = 1 << PLACE_BITS;

    private static final Object LOCK = new Object();

    private static final VarHandle LOAN = MethodHandles.arrayElementVarHandle(Loan[].class);

    private record Loan(long number, Object closure) {}

    /// By place. Replaced when it grows.
    private static volatile @Nullable Loan[] places = new Loan[64];

    // Guarded by LOCK.
    private static int[] free = new int[64]; // Places that were given back; the first `freed` of them.
    private static int freed;
    private static int used; // Places that were ever taken: all below.
    private static long last;

    private static final AtomicLong STRAYS = new AtomicLong();

    private Loans() {}

    /// Lends an object and returns its number. The object is complete before: C may call at once.
    ///
    /// @throws IllegalStateException if four million objects are on loan
    public static long lend(Object closure) {
        synchronized (LOCK) {
            if (freed == 0 && used == places.length) {
                grow();
            }
            int place = freed > 0 ? free[freed - 1] : used;
            // No small integer, nor one that somebody else's opaque is likely to be.
            var loan = new Loan((last + 1) << PLACE_BITS | place, closure);
            // From here on nothing fails.
            last++;
            if (freed > 0) {
                freed--;
            } else {
                used++;
            }
            LOAN.setRelease(places, place, loan);
            return loan.number;
        }
    }

    /// A C function that registers a callback.
    @FunctionalInterface
    public interface Registering {
        /// Calls it.
        ///
        /// @return a negative number if C did not take the callback
        int call(MemorySegment opaque);
    }

    /// Lends an object to a C function that registers a callback. If that fails or throws, C has not taken
    /// the loan and will not end it, so that it ends here.
    ///
    /// @return the result of the C function
    public static int register(Object closure, Registering function) {
        long number = lend(closure);
        int result = -1;
        try {
            result = function.call(opaque(number));
            return result;
        } finally {
            if (result < 0) {
                end(number);
            }
        }
    }

    private static void grow() {
        if (places.length == MOST) {
            throw new IllegalStateException(MOST + " closures are on loan to libvirt; end registrations, or close "
                    + "the connections they are on");
        }
        int length = 2 * places.length;
        int[] moreFree = new int[length];
        places = Arrays.copyOf(places, length);
        // Empty now, and as long as all places could become free.
        free = moreFree;
    }

    /// The object lent under that number; null, and counted, if it is not on loan or not of that type.
    public static <T> @Nullable T borrow(long number, Class<T> type) {
        Loan loan = find(number);
        if (loan != null && type.isInstance(loan.closure)) {
            return type.cast(loan.closure);
        }
        STRAYS.incrementAndGet();
        return null;
    }

    private static @Nullable Loan find(long number) {
        @Nullable Loan[] all = places;
        int place = (int) number & (MOST - 1);
        Loan loan = place < all.length ? (Loan) LOAN.getAcquire(all, place) : null;
        return loan != null && loan.number == number ? loan : null;
    }

    /// Ends a loan: true once, false if it had ended.
    public static boolean end(long number) {
        synchronized (LOCK) {
            if (find(number) == null) {
                return false;
            }
            int place = (int) number & (MOST - 1);
            LOAN.setRelease(places, place, null);
            free[freed++] = place;
            return true;
        }
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
        synchronized (LOCK) {
            return (long) used - freed;
        }
    }

    /// How often C came with a number that was not on loan.
    public static long strays() {
        return STRAYS.get();
    }

    /// A class, not a lambda: linking one in an initialiser, with the heap full, would break the class for
    /// good.
    private static final class Free implements VirFreeCallback {
        static final Upcall UPCALL = Upcall.of(VirFreeCallback.type(), new Free());

        @Override
        public void call(long opaque) {
            if (!end(opaque)) {
                STRAYS.incrementAndGet();
            }
        }
    }
}
