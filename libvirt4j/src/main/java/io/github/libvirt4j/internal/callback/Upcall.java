package io.github.libvirt4j.internal.callback;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.ref.Reference;
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

    private static final Object WARMING = new Object();

    /// The thread that calls a stub to warm it; null almost always.
    private static volatile @Nullable Thread warmer;

    private final String cName;
    private final FunctionDescriptor signature;
    private final MethodHandles.Lookup lookup;
    private final String target;
    private final @Nullable Object failSafe;
    private volatile List<MemorySegment> pointers = List.of();

    /// Guarded by this. Made with the first stub, and if that fails, tried again with the next: where a
    /// constant of a class failed, the class would be broken for good.
    private @Nullable MethodHandle contained;

    private Upcall(
            String cName,
            FunctionDescriptor signature,
            MethodHandles.Lookup lookup,
            String target,
            @Nullable Object failSafe) {
        this.cName = cName;
        this.signature = signature;
        this.lookup = lookup;
        this.target = target;
        this.failSafe = failSafe;
    }

    /// A callback type whose C functions call a static method.
    ///
    /// @param cName the C name of the callback type, used in reports
    /// @param signature its C signature
    /// @param lookup sees the target, in its own class
    /// @param target name of the static method with that signature, a `long` for each pointer
    /// @param failSafe the value that C receives when the target throws; null for `void` only
    public static Upcall of(
            String cName,
            FunctionDescriptor signature,
            MethodHandles.Lookup lookup,
            String target,
            @Nullable Object failSafe) {
        if ((failSafe == null) != signature.returnLayout().isEmpty()) {
            throw new IllegalArgumentException(cName + " is " + signature + ", fail-safe is " + failSafe);
        }
        return new Upcall(cName, withoutSegments(signature), lookup, target, failSafe);
    }

    private MethodHandle contained() {
        MethodType type = signature.toMethodType();
        MethodHandle giveFailSafe = failSafe == null
                ? MethodHandles.empty(MethodType.methodType(void.class))
                : MethodHandles.constant(type.returnType(), failSafe);
        MethodHandle report =
                own("report", void.class, String.class, Throwable.class).bindTo(cName);
        MethodHandle onThrow =
                MethodHandles.foldArguments(MethodHandles.dropArguments(giveFailSafe, 0, Throwable.class), report);
        return MethodHandles.guardWithTest(
                own("isWarming", boolean.class),
                MethodHandles.dropArguments(giveFailSafe, 0, type.parameterList()),
                MethodHandles.catchException(target(type), Throwable.class, onThrow));
    }

    private MethodHandle target(MethodType type) {
        try {
            return lookup.findStatic(lookup.lookupClass(), target, type);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException("No " + target + type + " in " + lookup.lookupClass(), e);
        }
    }

    /// The signature with numbers for C's pointers, which nobody has to box.
    private static FunctionDescriptor withoutSegments(FunctionDescriptor signature) {
        MemoryLayout[] arguments =
                signature.argumentLayouts().stream().map(Upcall::withoutSegment).toArray(MemoryLayout[]::new);
        MemoryLayout result = signature.returnLayout().orElse(null);
        return result == null
                ? FunctionDescriptor.ofVoid(arguments)
                : FunctionDescriptor.of(withoutSegment(result), arguments);
    }

    private static MemoryLayout withoutSegment(MemoryLayout layout) {
        return layout.equals(ValueLayout.ADDRESS) ? ValueLayout.JAVA_LONG : layout;
    }

    private static MethodHandle own(String method, Class<?> result, Class<?>... parameters) {
        try {
            return MethodHandles.lookup().findStatic(Upcall.class, method, MethodType.methodType(result, parameters));
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(method, e);
        }
    }

    @SuppressWarnings("unused") // By name.
    private static void report(String cName, Throwable thrown) {
        Uncaught.report(cName, thrown);
    }

    @SuppressWarnings("unused") // By name, at each call.
    private static boolean isWarming() {
        Thread thread = warmer;
        return thread != null && thread == Thread.currentThread();
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
        MethodHandle handle = contained;
        if (handle == null) {
            handle = contained();
            contained = handle;
        }
        List<MemorySegment> made = new ArrayList<>(pointers);
        // Some more than asked for: one that is made while the heap gets full can end the VM, so that is done rarely.
        int enough = k + Math.min(Math.max(k, 1), MOST_AT_ONCE);
        while (made.size() < enough) {
            MemorySegment stub = Linker.nativeLinker().upcallStub(handle, signature, Arena.global());
            warm(stub);
            made.add(stub);
        }
        pointers = List.copyOf(made);
        return made.get(k);
    }

    /// Calls a stub as C would, without its target.
    @SuppressWarnings("restricted")
    private static void warm(MemorySegment stub) {
        // Any signature will do: the arguments are looked at by nobody.
        MethodHandle call = Linker.nativeLinker().downcallHandle(stub, FunctionDescriptor.ofVoid());
        makeRoom();
        synchronized (WARMING) {
            warmer = Thread.currentThread();
            try {
                for (int i = 0; i < CALLS_TO_WARM; i++) {
                    call.invokeExact();
                }
            } catch (Throwable t) {
                throw new LinkageError("Calling a stub", t);
            } finally {
                warmer = null;
            }
        }
    }

    /// Has the VM collect what is needed, or throw here.
    private static void makeRoom() {
        byte[] room = new byte[ROOM_TO_WARM];
        try {
            room[0] = 1;
        } finally {
            Reference.reachabilityFence(room);
        }
    }

    @Override
    public String toString() {
        return cName + signature;
    }
}
