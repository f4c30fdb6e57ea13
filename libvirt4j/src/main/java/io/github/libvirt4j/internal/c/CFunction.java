package io.github.libvirt4j.internal.c;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A function of the process: of C's library, or of what was preloaded in its place. Called by [Downcall]. Safe
/// for use by any thread.
///
/// The function is looked up when it is first needed. A lookup that fails throws, and the next one looks again:
/// so a static final field can hold one without an initialiser that fails for good.
///
/// `Linker.defaultLookup()` finds the C library's own `free`, and a process with another `malloc` preloaded
/// dies of it. `dlsym(RTLD_DEFAULT, …)` finds the functions that libvirt calls.
public final class CFunction {
    private static volatile @Nullable MemorySegment dlsym;

    private final String name;
    private volatile @Nullable MemorySegment found;

    private CFunction(String name) {
        this.name = name;
    }

    /// The function of that name.
    public static CFunction of(String name) {
        return new CFunction(name);
    }

    /// The pointer to it.
    ///
    /// @throws UnsatisfiedLinkError if the process has none of that name
    /// @throws IllegalCallerException if the VM does not let this module use native code
    /// @throws StackOverflowError if the stack has no room for the lookup
    public MemorySegment pointer() {
        MemorySegment pointer = found;
        if (pointer == null) {
            // An overflow half-way would break classes of the JDK's for good.
            StackProbe.always();
            pointer = find(MemorySegment.NULL, name);
            if (CMemory.isNull(pointer)) {
                throw new UnsatisfiedLinkError("The process has no function " + name);
            }
            found = pointer;
        }
        return pointer;
    }

    /// The pointer to a function of a library that `dlopen` gave, or of the process (`RTLD_DEFAULT`, which is
    /// NULL); NULL if there is none.
    static MemorySegment find(MemorySegment library, String name) {
        MemorySegment function = dlsym;
        if (function == null) {
            function = findDlsym();
            dlsym = function;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment string = arena.allocateFrom(name);
            return CMemory.pointer(Downcall.call(function, library.address(), CMemory.address(string)));
        }
    }

    /// The JDK's lookup is a library of its own, and finds nothing for good where no file descriptor was left
    /// to load it. The C library is there already, and found by its name without one.
    @SuppressWarnings("restricted")
    private static MemorySegment findDlsym() {
        Optional<MemorySegment> found = Linker.nativeLinker().defaultLookup().find("dlsym");
        if (found.isPresent()) {
            return found.get();
        }
        try {
            return SymbolLookup.libraryLookup("libc.so.6", Arena.global()).findOrThrow("dlsym");
        } catch (IllegalCallerException denied) {
            throw Downcall.withTheFlag(denied);
        }
    }
}
