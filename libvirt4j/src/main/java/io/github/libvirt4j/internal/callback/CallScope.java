package io.github.libvirt4j.internal.callback;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// A closure lent for the length of one call into C, which calls it back on the way.
///
/// An exception of the closure is stored, C receives the fail-safe value and stops, and [#check] rethrows the
/// same object from the Java call that caused it. The closure is not called again after it threw. Confined to
/// the thread of the call.
///
/// @param <C> the closure's type
public final class CallScope<C> implements AutoCloseable {
    /// The call of the closure by a trampoline.
    ///
    /// @param <C> the closure's type
    @FunctionalInterface
    public interface Body<C> {
        /// Returns what C gets.
        int apply(C closure) throws Throwable;
    }

    private final C closure;
    private final long number;
    private volatile @Nullable Throwable thrown;
    private volatile boolean entered;
    private volatile long left = System.nanoTime();

    private CallScope(C closure) {
        this.closure = closure;
        // The constructor's last act: nothing can come by this number before the call is made.
        this.number = Loans.lend(this);
    }

    /// Lends a closure until [#close].
    public static <C> CallScope<C> lend(C closure) {
        return new CallScope<>(closure);
    }

    /// The opaque pointer to give to C.
    public MemorySegment opaque() {
        return Loans.opaque(number);
    }

    /// For the trampoline: runs `body` with the closure behind `opaque`, and returns −1 when there is none,
    /// when it throws or has thrown.
    public static <C> int enter(long opaque, Class<C> type, Body<? super C> body) {
        CallScope<?> scope = Loans.borrow(opaque, CallScope.class);
        if (scope == null || scope.thrown != null) {
            return -1;
        }
        scope.entered = true;
        try {
            return body.apply(type.cast(scope.closure));
        } catch (Throwable t) {
            scope.thrown = t;
            return -1;
        } finally {
            scope.left = System.nanoTime();
            scope.entered = false;
        }
    }

    /// Since when C has been at work without the closure, in terms of `System.nanoTime()`: now, while the
    /// closure is. For any thread.
    public long waitingSince() {
        return entered ? System.nanoTime() : left;
    }

    /// Rethrows what the closure threw, the same object.
    ///
    /// @param ofCall libvirt's own error of the same call, kept as suppressed
    /// @param <X> the checked type the closure declares
    // The closure's signature lets X and unchecked ones out of it, nothing else.
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals", "ReferenceEquality"})
    public <X extends Throwable> void check(@Nullable Throwable ofCall) throws X {
        Throwable t = thrown;
        if (t != null) {
            if (ofCall != null && ofCall != t) {
                t.addSuppressed(ofCall);
            }
            throw (X) t;
        }
    }

    /// Ends the loan.
    @Override
    public void close() {
        Loans.end(number);
    }
}
