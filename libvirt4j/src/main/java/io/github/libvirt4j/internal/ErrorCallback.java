package io.github.libvirt4j.internal;

import static io.github.libvirt4j.internal.raw.Virterror.virSetErrorFunc;

import io.github.libvirt4j.ErrorHandler;
import io.github.libvirt4j.LibvirtError;
import io.github.libvirt4j.internal.callback.GlobalHolder;
import io.github.libvirt4j.internal.callback.Uncaught;
import io.github.libvirt4j.internal.callback.Upcall;
import io.github.libvirt4j.internal.raw.CallbackTypes;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import org.jspecify.annotations.Nullable;

/// C's `virErrorFunc`, which has no free callback.
///
/// libvirt keeps the global handler and its user data in two variables it reads without a lock: so there is
/// one permanent stub, the user data is NULL, and only the Java object behind it changes.
public final class ErrorCallback {
    private static final String NAME = "virErrorFunc";

    private static final Upcall UPCALL =
            Upcall.of(NAME, CallbackTypes.virErrorFunc(), MethodHandles.lookup(), "raised", null);

    private static final GlobalHolder<ErrorHandler> GLOBAL = new GlobalHolder<>();

    /// Errors of the calls a handler makes are not told to it: one that always fails would never end.
    private static final ThreadLocal<Boolean> IN_HANDLER = new ThreadLocal<>();

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

    /// Whether this thread is running an error handler right now: a call that failed waits for its return.
    public static boolean isInHandler() {
        return IN_HANDLER.get() != null;
    }

    /// Its C callback.
    public static Upcall upcall() {
        return UPCALL;
    }

    // On the failing thread, with its error not yet read by the call that failed.
    @SuppressWarnings("unused")
    private static void raised(MemorySegment userData, MemorySegment pointer) {
        ErrorHandler handler = GLOBAL.get();
        if (handler == null || IN_HANDLER.get() != null || CMemory.isNull(pointer)) {
            return;
        }
        LibvirtError error = Errors.copy(pointer);
        IN_HANDLER.set(Boolean.TRUE);
        try {
            Errors.preserving(pointer, () -> tell(handler, error));
        } finally {
            IN_HANDLER.remove();
        }
    }

    private static void tell(ErrorHandler handler, LibvirtError error) {
        try {
            handler.on(error);
        } catch (Throwable t) {
            Uncaught.report(NAME, t);
        }
    }
}
