package io.github.libvirt4j.internal.callback;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// A C side that no libvirt can be made into: it calls the real stubs, through their function pointers.
public final class FakeC {
    private FakeC() {}

    /// A C function, to be called.
    @SuppressWarnings("restricted")
    public static MethodHandle function(MemorySegment pointer, FunctionDescriptor signature) {
        return Linker.nativeLinker().downcallHandle(pointer, signature);
    }

    /// Calls libvirt's free callback, as libvirt does.
    static void free(long number) throws Throwable {
        function(Loans.free(), FunctionDescriptor.ofVoid(java.lang.foreign.ValueLayout.ADDRESS))
                .invokeExact(Loans.opaque(number));
    }
}
