package io.github.libvirt4j.internal.auth;

import io.github.libvirt4j.internal.c.CFunction;
import io.github.libvirt4j.internal.c.CLibrary;
import io.github.libvirt4j.internal.c.CMemory;
import io.github.libvirt4j.internal.c.Downcall;
import io.github.libvirt4j.internal.callback.CallbackType;
import io.github.libvirt4j.internal.callback.Upcall;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.ValueLayout;

/// Locks for SASL, by which libvirt logs in. SASL takes them from the program, and where that gives none, as
/// libvirt does not, locks nothing: two logins by DIGEST-MD5 at a time then free the same memory. Safe for
/// use by any thread.
public final class SaslLocks {
    /// More than a mutex of the C library has anywhere.
    private static final long ROOM = 128;

    private static final CFunction LOCK = CFunction.of("pthread_mutex_lock");
    private static final CFunction UNLOCK = CFunction.of("pthread_mutex_unlock");
    private static final CFunction FREE = CFunction.of("free");

    private static volatile boolean given;

    private SaslLocks() {}

    /// `void *sasl_mutex_alloc_t(void)`.
    @FunctionalInterface
    public interface Allocate extends Upcall.Target {
        /// From C.
        long call();

        @Override
        default long fromC(long a, long b, long c, long d, long e, long f, long g, long h) {
            return call();
        }
    }

    /// Gives them, before the first connection that can log in. SASL refuses them, and keeps what it has,
    /// where the program uses it already; a libvirt without SASL needs none.
    public static void ensure() {
        if (!given) {
            give();
        }
    }

    private static synchronized void give() {
        // Found by way of libvirt, as it is libvirt's own that is meant, whatever file that is.
        if (!given && CLibrary.LIBVIRT.has("sasl_set_mutex")) {
            var type = new CallbackType<Allocate>("sasl_mutex_alloc_t", FunctionDescriptor.of(ValueLayout.ADDRESS));
            Downcall.call(
                    CLibrary.LIBVIRT.function("sasl_set_mutex", "0.1.0"),
                    CMemory.address(Upcall.of(type, SaslLocks::allocate, 0).pointer(0)),
                    CMemory.address(LOCK.pointer()),
                    CMemory.address(UNLOCK.pointer()),
                    CMemory.address(FREE.pointer()));
        }
        given = true;
    }

    /// SASL's for good: it frees it when it ends. Zeroes are a mutex that nobody holds.
    private static long allocate() {
        return CMemory.allocate(ROOM).fill((byte) 0).address();
    }
}
