package io.github.libvirt4j.internal.c;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Collections;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Calls of C functions, nearly all of them by one method handle. Safe for use by any thread.
///
/// A handle is of one signature, and to link one takes the VM a dozen classes and some milliseconds; libvirt has
/// ninety signatures. But integers and pointers travel alike on the platforms libvirt4j knows: each in a
/// register of 64 bits or, from the seventh on x86-64, in as much of the stack. A function reads as many bits as
/// its parameter has, and none of what it has no parameter for (System V ABI for AMD64, 3.2.3; AAPCS64, 6.8.2).
/// So each is called with eight numbers: integers as they are, pointers by [CMemory#address].
///
/// A result is 64 bits as well. Of an `int` the lower half is meant, so it is cast; of `void`, nothing.
public final class Downcall {
    /// As many as any function of libvirt takes.
    private static final int NUMBERS = 8;

    private static volatile @Nullable MethodHandle linked;
    private static volatile @Nullable MethodHandle linkedWithErrno;
    private static volatile @Nullable MethodHandle linkedHolding;
    private static volatile @Nullable Errno knownErrno;

    private Downcall() {}

    /// The signature of nearly all calls, in both directions: eight numbers for one.
    public static FunctionDescriptor signature() {
        return FunctionDescriptor.of(
                ValueLayout.JAVA_LONG,
                Collections.nCopies(NUMBERS, ValueLayout.JAVA_LONG).toArray(MemoryLayout[]::new));
    }

    /// Calls a function of no parameters.
    public static long call(MemorySegment function) {
        return call(function, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    /// Calls a function of one parameter.
    public static long call(MemorySegment function, long a) {
        return call(function, a, 0, 0, 0, 0, 0, 0, 0);
    }

    /// Calls a function of two parameters.
    public static long call(MemorySegment function, long a, long b) {
        return call(function, a, b, 0, 0, 0, 0, 0, 0);
    }

    /// Calls a function of three parameters.
    public static long call(MemorySegment function, long a, long b, long c) {
        return call(function, a, b, c, 0, 0, 0, 0, 0);
    }

    /// Calls a function of four parameters.
    public static long call(MemorySegment function, long a, long b, long c, long d) {
        return call(function, a, b, c, d, 0, 0, 0, 0);
    }

    /// Calls a function of five parameters.
    public static long call(MemorySegment function, long a, long b, long c, long d, long e) {
        return call(function, a, b, c, d, e, 0, 0, 0);
    }

    /// Calls a function of six parameters.
    public static long call(MemorySegment function, long a, long b, long c, long d, long e, long f) {
        return call(function, a, b, c, d, e, f, 0, 0);
    }

    /// Calls a function of seven parameters.
    public static long call(MemorySegment function, long a, long b, long c, long d, long e, long f, long g) {
        return call(function, a, b, c, d, e, f, g, 0);
    }

    /// Calls a function of eight parameters.
    ///
    /// @throws IllegalCallerException if the VM does not let this module use native code
    /// @throws StackOverflowError if the stack has no room for linking
    public static long call(MemorySegment function, long a, long b, long c, long d, long e, long f, long g, long h) {
        if (linked == null) {
            linked = link(signature());
        }
        try {
            return (long) Plain.HANDLE.invokeExact(function, a, b, c, d, e, f, g, h);
        } catch (Throwable t) {
            throw CLibrary.unexpected(t);
        }
    }

    /// Calls a function of up to four parameters, and keeps its `errno`. Of a variadic one too: what it takes
    /// beyond its parameters comes in the same registers.
    ///
    /// @param errno memory of [#errnoMemory]
    public static long withErrno(MemorySegment function, MemorySegment errno, long a, long b, long c, long d) {
        if (linkedWithErrno == null) {
            linkedWithErrno = link(signature(), Linker.Option.captureCallState("errno"));
        }
        try {
            return (long) WithErrno.HANDLE.invokeExact(function, errno, a, b, c, d, 0L, 0L, 0L, 0L);
        } catch (Throwable t) {
            throw CLibrary.unexpected(t);
        }
    }

    /// Calls a function of up to four parameters, of which the second is memory that is not the library's, such as a
    /// buffer of the user's: until the function returns, an arena that it is of cannot be closed.
    public static long holding(MemorySegment function, long a, MemorySegment held, long c, long d) {
        if (linkedHolding == null) {
            MemoryLayout[] parameters = signature().argumentLayouts().toArray(MemoryLayout[]::new);
            parameters[1] = ValueLayout.ADDRESS;
            linkedHolding = link(FunctionDescriptor.of(ValueLayout.JAVA_LONG, parameters));
        }
        try {
            return (long) Holding.HANDLE.invokeExact(function, a, held, c, d, 0L, 0L, 0L, 0L);
        } catch (Throwable t) {
            throw CLibrary.unexpected(t);
        }
    }

    /// Memory that keeps the `errno` of a call.
    public static MemorySegment errnoMemory(Arena arena) {
        return arena.allocate(Errno.known().layout);
    }

    /// The `errno` a call has left there.
    public static int errno(MemorySegment errnoMemory) {
        return errnoMemory.get(ValueLayout.JAVA_INT, Errno.known().offset);
    }

    /// Where the linker puts `errno`. No constants, as an initialiser that overflows half-way would break this class,
    /// and
    /// some of the JDK's.
    private record Errno(MemoryLayout layout, long offset) {
        static Errno known() {
            Errno errno = knownErrno;
            if (errno == null) {
                StackProbe.always();
                MemoryLayout layout = Linker.Option.captureStateLayout();
                errno = new Errno(layout, layout.byteOffset(MemoryLayout.PathElement.groupElement("errno")));
                knownErrno = errno;
            }
            return errno;
        }
    }

    /// Loads the classes of what calls later: that can take a file descriptor, and a call that fails for want of one is
    /// made again with its `errno`.
    static void makeReady() {
        Class<?> _ = WithErrno.class;
        Class<?> _ = Holding.class;
    }

    @SuppressWarnings("restricted")
    private static MethodHandle link(FunctionDescriptor signature, Linker.Option... options) {
        // Linking that overflows half-way leaves classes of the JDK's that never work again.
        StackProbe.always();
        try {
            return Linker.nativeLinker().downcallHandle(signature, options);
        } catch (IllegalCallerException denied) {
            throw withTheFlag(denied);
        }
    }

    /// Says what to do.
    static IllegalCallerException withTheFlag(IllegalCallerException denied) {
        String module = Downcall.class.getModule().getName();
        return new IllegalCallerException(
                "The Java VM does not let libvirt4j use native code. Start it with --enable-native-access="
                        + (module == null ? "ALL-UNNAMED" : module),
                denied);
    }

    /// A constant, which compilers see through. Linked before this class is initialised: an initialiser that fails,
    /// because the stack or the heap is full, would break it for good.
    private static final class Plain {
        static final MethodHandle HANDLE = Objects.requireNonNull(linked);
    }

    private static final class WithErrno {
        static final MethodHandle HANDLE = Objects.requireNonNull(linkedWithErrno);
    }

    private static final class Holding {
        static final MethodHandle HANDLE = Objects.requireNonNull(linkedHolding);
    }
}
