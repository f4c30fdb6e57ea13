package io.github.libvirt4j.internal.callback;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.List;
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
public final class Upcall {
    private static final MethodHandle REPORT;

    static {
        try {
            REPORT = MethodHandles.lookup()
                    .findStatic(
                            Uncaught.class, "report", MethodType.methodType(void.class, String.class, Throwable.class));
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("Uncaught.report", e);
        }
    }

    private final String cName;
    private final FunctionDescriptor signature;
    private final MethodHandle contained;
    private volatile List<MemorySegment> pointers = List.of();

    private Upcall(String cName, FunctionDescriptor signature, MethodHandle contained) {
        this.cName = cName;
        this.signature = signature;
        this.contained = contained;
    }

    /// A callback type whose C functions call a static method.
    ///
    /// @param cName the C name of the callback type, used in reports
    /// @param signature its C signature
    /// @param lookup sees the target, in its own class
    /// @param target name of the static method with exactly that signature
    /// @param failSafe what C gets when the target throws; null for `void` only
    public static Upcall of(
            String cName,
            FunctionDescriptor signature,
            MethodHandles.Lookup lookup,
            String target,
            @Nullable Object failSafe) {
        try {
            return of(
                    cName,
                    signature,
                    lookup.findStatic(lookup.lookupClass(), target, signature.toMethodType()),
                    failSafe);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(
                    "No " + target + signature.toMethodType() + " in " + lookup.lookupClass(), e);
        }
    }

    static Upcall of(String cName, FunctionDescriptor signature, MethodHandle target, @Nullable Object failSafe) {
        MethodType type = signature.toMethodType();
        if (!target.type().equals(type)) {
            throw new IllegalArgumentException(cName + " is " + type + ", its target " + target.type());
        }
        if ((failSafe == null) != (type.returnType() == void.class)) {
            throw new IllegalArgumentException(cName + " returns " + type.returnType() + ", fail-safe is " + failSafe);
        }
        MethodHandle report = REPORT.bindTo(cName);
        MethodHandle onThrow = failSafe == null
                ? report
                : MethodHandles.foldArguments(
                        MethodHandles.dropArguments(
                                MethodHandles.constant(type.returnType(), failSafe), 0, Throwable.class),
                        report);
        return new Upcall(cName, signature, MethodHandles.catchException(target, Throwable.class, onThrow));
    }

    /// The C name of the callback type.
    public String cName() {
        return cName;
    }

    /// The function pointer number `k`, from 0: one C function each, all alike. Never freed.
    public MemorySegment pointer(int k) {
        List<MemorySegment> made = pointers;
        return k < made.size() ? made.get(k) : make(k);
    }

    @SuppressWarnings("restricted")
    private synchronized MemorySegment make(int k) {
        List<MemorySegment> made = new ArrayList<>(pointers);
        while (made.size() <= k) {
            made.add(Linker.nativeLinker().upcallStub(contained, signature, Arena.global()));
        }
        pointers = List.copyOf(made);
        return made.get(k);
    }

    @Override
    public String toString() {
        return cName + signature;
    }
}
