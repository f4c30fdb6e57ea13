package io.github.libvirt4j.internal.c;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A function of the process: of C's library, or of what was preloaded in its place. Safe for use by any
/// thread.
///
/// The function is linked by its first call. A first call that fails throws, and the next one links again: so
/// a static final field can hold one without an initialiser that fails for good.
///
/// `Linker.defaultLookup()` finds the C library's own `free`, and a process with another `malloc` preloaded
/// dies of it. `dlsym(RTLD_DEFAULT, …)` finds the functions that libvirt calls.
public final class CFunction {
    private static final Linker.Option KEEPS_ERRNO = Linker.Option.captureCallState("errno");
    private static final long ERRNO =
            Linker.Option.captureStateLayout().byteOffset(MemoryLayout.PathElement.groupElement("errno"));

    private static final FunctionDescriptor DLSYM =
            FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.ADDRESS);

    private static volatile @Nullable MethodHandle dlsym;

    private final @Nullable String name;
    private final FunctionDescriptor signature;
    private final Linker.Option[] options;
    private volatile @Nullable MethodHandle handle;

    private CFunction(@Nullable String name, FunctionDescriptor signature, Linker.Option... options) {
        this.name = name;
        this.signature = signature;
        this.options = options;
    }

    /// The function of that name.
    public static CFunction of(String name, FunctionDescriptor signature) {
        return new CFunction(name, signature);
    }

    /// The function of that name, called with memory of [#errnoMemory] first, which keeps its `errno`.
    public static CFunction withErrno(String name, FunctionDescriptor signature) {
        return new CFunction(name, signature, KEEPS_ERRNO);
    }

    /// A variadic function, otherwise as [#withErrno].
    ///
    /// @param fixed how many of its parameters are not variadic
    public static CFunction variadicWithErrno(String name, int fixed, FunctionDescriptor signature) {
        return new CFunction(name, signature, KEEPS_ERRNO, Linker.Option.firstVariadicArg(fixed));
    }

    /// Whatever function C gave a pointer to, called with that pointer first.
    public static CFunction atPointer(FunctionDescriptor signature) {
        return new CFunction(null, signature);
    }

    /// The method handle to call it by.
    ///
    /// @throws IllegalCallerException if the VM does not let this module use native code
    /// @throws StackOverflowError if the stack has no room for linking it
    public MethodHandle handle() {
        MethodHandle linked = handle;
        return linked != null ? linked : link();
    }

    private MethodHandle link() {
        // Linking that overflows half-way leaves classes of the JDK's that never work again.
        StackProbe.always();
        MethodHandle linked =
                name == null ? downcall(null, signature, options) : downcall(address(name), signature, options);
        handle = linked;
        return linked;
    }

    /// Memory that keeps the `errno` of a call.
    public static MemorySegment errnoMemory(Arena arena) {
        return arena.allocate(Linker.Option.captureStateLayout());
    }

    /// The `errno` a call has left there.
    public static int errno(MemorySegment errnoMemory) {
        return errnoMemory.get(ValueLayout.JAVA_INT, ERRNO);
    }

    /// The pointer to a function of the process.
    public static MemorySegment address(String name) {
        MemorySegment found = find(MemorySegment.NULL, name);
        if (CMemory.isNull(found)) {
            throw new UnsatisfiedLinkError("The process has no function " + name);
        }
        return found;
    }

    /// The pointer to a function of a library that `dlopen` gave, or of the process (`RTLD_DEFAULT`, which is
    /// NULL); NULL if there is none.
    static MemorySegment find(MemorySegment library, String name) {
        MethodHandle dlsym = dlsym();
        try (Arena arena = Arena.ofConfined()) {
            return (MemorySegment) dlsym.invokeExact(library, arena.allocateFrom(name));
        } catch (Throwable t) {
            throw CLibrary.unexpected(t);
        }
    }

    private static MethodHandle dlsym() {
        MethodHandle linked = dlsym;
        if (linked == null) {
            StackProbe.always();
            linked = downcall(addressOfDlsym(), DLSYM);
            dlsym = linked;
        }
        return linked;
    }

    /// The JDK's lookup is a library of its own, and finds nothing for good where no file descriptor was left
    /// to load it. The C library is there already, and found by its name without one.
    @SuppressWarnings("restricted")
    private static MemorySegment addressOfDlsym() {
        Optional<MemorySegment> found = Linker.nativeLinker().defaultLookup().find("dlsym");
        if (found.isPresent()) {
            return found.get();
        }
        try {
            return SymbolLookup.libraryLookup("libc.so.6", Arena.global()).findOrThrow("dlsym");
        } catch (IllegalCallerException denied) {
            throw withTheFlag(denied);
        }
    }

    /// A handle of the function at an address; at the address it is called with, if that is null.
    @SuppressWarnings("restricted")
    static MethodHandle downcall(
            @Nullable MemorySegment address, FunctionDescriptor signature, Linker.Option... options) {
        try {
            return address == null
                    ? Linker.nativeLinker().downcallHandle(signature, options)
                    : Linker.nativeLinker().downcallHandle(address, signature, options);
        } catch (IllegalCallerException denied) {
            throw withTheFlag(denied);
        }
    }

    private static IllegalCallerException withTheFlag(IllegalCallerException denied) {
        String module = CFunction.class.getModule().getName();
        return new IllegalCallerException(
                "The Java VM does not let libvirt4j use native code. Start it with --enable-native-access="
                        + (module == null ? "ALL-UNNAMED" : module),
                denied);
    }
}
