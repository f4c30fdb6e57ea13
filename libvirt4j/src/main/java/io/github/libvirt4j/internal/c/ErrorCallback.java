package io.github.libvirt4j.internal.c;

import static io.github.libvirt4j.internal.raw.Virterror.virConnSetErrorFunc;
import static io.github.libvirt4j.internal.raw.Virterror.virSetErrorFunc;

import io.github.libvirt4j.error.ErrorHandler;
import io.github.libvirt4j.error.LibvirtError;
import io.github.libvirt4j.internal.call.HandlerScope;
import io.github.libvirt4j.internal.call.TimedCalls;
import io.github.libvirt4j.internal.callback.GlobalHolder;
import io.github.libvirt4j.internal.callback.Loans;
import io.github.libvirt4j.internal.callback.Uncaught;
import io.github.libvirt4j.internal.callback.Upcall;
import io.github.libvirt4j.internal.raw.CallbackTypes.VirErrorFunc;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// C's `virErrorFunc`, which has no free callback: one permanent stub, and a holder for the Java object
/// behind it, of the process or of a connection.
///
/// libvirt keeps the global handler and its user data in two variables it reads without a lock: its user
/// data is therefore always NULL. A connection's are read under its lock; its user data is the number of
/// the holder, on loan until the connection is closed.
public final class ErrorCallback {
    private static final Upcall UPCALL = Upcall.of(VirErrorFunc.type(), new Raised());

    private static final GlobalHolder<ErrorHandler> GLOBAL = new GlobalHolder<>();

    private ErrorCallback() {}

    /// Replaces the global handler; null for silence.
    public static @Nullable ErrorHandler set(@Nullable ErrorHandler handler) {
        return GLOBAL.replace(handler, () -> {
            if (handler == null) {
                Startup.silenceErrors();
            } else {
                StackProbe.arm();
                virSetErrorFunc(MemorySegment.NULL, UPCALL.pointer(0));
            }
        });
    }

    /// The handler of one connection. Safe for use by any thread.
    public static final class OfConnection {
        private final GlobalHolder<ErrorHandler> holder = new GlobalHolder<>();

        /// Guarded by the holder's lock.
        private long loan;

        /// Replaces it; null for the global one.
        public @Nullable ErrorHandler set(MemorySegment connect, @Nullable ErrorHandler handler) {
            return holder.replace(handler, () -> {
                if (handler == null) {
                    virConnSetErrorFunc(connect, MemorySegment.NULL, MemorySegment.NULL);
                } else {
                    StackProbe.arm();
                    if (loan == 0) {
                        loan = Loans.lend(holder);
                    }
                    virConnSetErrorFunc(connect, Loans.opaque(loan), UPCALL.pointer(0));
                }
            });
        }

        /// Before the connection is closed: C has no free callback here.
        public void end(MemorySegment connect) {
            holder.replace(null, () -> {
                if (loan != 0) {
                    virConnSetErrorFunc(connect, MemorySegment.NULL, MemorySegment.NULL);
                    Loans.end(loan);
                }
            });
        }
    }

    /// Its C callback.
    public static Upcall upcall() {
        return UPCALL;
    }

    /// For calls of our own making whose errors are nobody's business: until the result is closed.
    public static HandlerScope quietly() {
        return HandlerScope.of(ErrorCallback.class);
    }

    /// On the failing thread, with its error not yet read by the call that failed. Errors of the calls a
    /// handler makes are not told to it: one that always fails would never end.
    // A class, not a lambda: linking one in an initialiser, with the heap full, would break the class for good.
    private static final class Raised implements VirErrorFunc {
        @Override
        public void call(long userData, long raised) {
            GlobalHolder<?> holder = userData == 0 ? GLOBAL : Loans.borrow(userData, GlobalHolder.class);
            MemorySegment pointer = MemorySegment.ofAddress(raised);
            if (holder != null
                    && holder.get() instanceof ErrorHandler handler
                    && !CMemory.isNull(pointer)
                    && !HandlerScope.isInside(ErrorCallback.class)) {
                LibvirtError error = Errors.copy(pointer);
                try (HandlerScope _ = HandlerScope.of(ErrorCallback.class);
                        TimedCalls.Outside _ = TimedCalls.outside()) {
                    Errors.preserving(pointer, () -> tell(handler, error));
                }
            }
        }
    }

    private static void tell(ErrorHandler handler, LibvirtError error) {
        try {
            handler.on(error);
        } catch (Throwable t) {
            Uncaught.report(UPCALL.cName(), t);
        }
    }
}
