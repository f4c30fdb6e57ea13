package io.github.libvirt4j.internal.c;

import io.github.libvirt4j.error.FunctionMissingException;
import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.error.NoFileDescriptorsException;
import java.io.File;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// libvirt's four shared libraries. Each is loaded, and each of its functions linked, when first used.
///
/// One jar serves every libvirt: what the loaded one lacks fails at its call, with an exception that says
/// what is missing. Safe for use by any thread.
@SuppressWarnings("ImmutableEnumChecker") // A loaded library stays loaded.
public enum CLibrary {
    /// The library itself.
    LIBVIRT("libvirt.so.0"),
    /// The functions of the QEMU driver only.
    QEMU("libvirt-qemu.so.0"),
    /// The functions of the LXC driver only.
    LXC("libvirt-lxc.so.0"),
    /// The administration of daemons.
    ADMIN("libvirt-admin.so.0");

    /// Names the directory of the libraries to load, where they are not the system's.
    private static final String PATH_PROPERTY = "libvirt4j.library.path";

    private static final CFunction DLOPEN = CFunction.of(
            "dlopen", FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
    private static final CFunction DLERROR = CFunction.of("dlerror", FunctionDescriptor.of(ValueLayout.ADDRESS));
    private static final int RTLD_LAZY = 1;

    private final String soname;
    /// The result of `dlopen`.
    private volatile @Nullable MemorySegment loaded;

    CLibrary(String soname) {
        this.soname = soname;
    }

    /// The file name the loader looks for.
    public String soname() {
        return soname;
    }

    /// A handle for a C function. Never fails: for one that is not there, the handle throws, and looks again
    /// at the next call where the library could not be loaded.
    ///
    /// @param since the version of libvirt that brought the function
    /// @return with a number for a pointer that the function returns; see [CMemory#pointer]
    public MethodHandle link(String function, String since, FunctionDescriptor signature) {
        // An overflow half-way would break classes of the JDK's for good.
        StackProbe.always();
        boolean givesPointer =
                signature.returnLayout().filter(ValueLayout.ADDRESS::equals).isPresent();
        FunctionDescriptor linked = givesPointer ? signature.changeReturnLayout(ValueLayout.JAVA_LONG) : signature;
        try {
            return linkNow(function, since, linked);
        } catch (LibvirtException | IllegalCallerException failed) {
            return new LinkedLater(this, function, since, linked).handle();
        }
    }

    private MethodHandle linkNow(String function, String since, FunctionDescriptor signature) {
        return CFunction.downcall(address(function, since), signature);
    }

    /// The address of a C function.
    ///
    /// @throws FunctionMissingException if the function, or the whole library, is not there
    /// @throws NoFileDescriptorsException if no file descriptor is left to load the library
    /// @throws IllegalCallerException if the VM does not let this module use native code
    public MemorySegment address(String function, String since) {
        MemorySegment address = CFunction.find(library(function), function);
        if (CMemory.isNull(address)) {
            throw new FunctionMissingException(
                    function,
                    function + " needs libvirt " + since + " or newer; the loaded " + soname + " is of "
                            + Startup.version() + " and does not have it",
                    null);
        }
        return address;
    }

    /// Loads the library, if that has not happened yet.
    ///
    /// @throws FunctionMissingException if it cannot be loaded
    /// @throws NoFileDescriptorsException if no file descriptor is left to load it
    /// @throws IllegalCallerException if the VM does not let this module use native code
    public void load() {
        MemorySegment _ = library(null);
    }

    /// Whether the library is there and has a function.
    public boolean has(String function) {
        MemorySegment library = loaded;
        return library != null && !CMemory.isNull(CFunction.find(library, function));
    }

    /// Why the library cannot be loaded, and what to do; empty if it is there.
    public Optional<String> problem() {
        try {
            load();
            return Optional.empty();
        } catch (LibvirtException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /// @param function the one that needs it; null if none does
    private MemorySegment library(@Nullable String function) {
        MemorySegment library = loaded;
        return library != null ? library : load(function);
    }

    private synchronized MemorySegment load(@Nullable String function) {
        MemorySegment library = loaded;
        if (library == null) {
            String directory = System.getProperty(PATH_PROPERTY);
            String file = directory == null ? soname : directory + "/" + soname;
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment name = CMemory.string(arena, file, PATH_PROPERTY);
                MethodHandle dlerror = DLERROR.handle();
                // Forgets what it said before, and is called again right behind dlopen, as what it says is the
                // thread's.
                MemorySegment _ = (MemorySegment) dlerror.invokeExact();
                library = (MemorySegment) DLOPEN.handle().invokeExact(name, RTLD_LAZY);
                if (CMemory.isNull(library)) {
                    String reason = CMemory.string((MemorySegment) dlerror.invokeExact());
                    throw cannotBeLoaded(function, file, String.valueOf(reason));
                }
            } catch (Throwable t) {
                throw unexpected(t);
            }
            loaded = library;
        }
        return library;
    }

    /// @param reason the loader's words
    private LibvirtException cannotBeLoaded(@Nullable String function, String file, String reason) {
        String name = soname.substring(0, soname.indexOf('.'));
        String what = (function == null ? name + " cannot" : function + " needs " + name + ", which cannot")
                + " be loaded: " + reason;
        String needs = function == null ? "dlopen" : function;
        // Not by the words, which are in the user's language.
        if (!FileDescriptors.areFree(1)) {
            return new NoFileDescriptorsException(needs, what, 1);
        }
        boolean isMissing =
                file.equals(soname) ? (" " + reason).contains(" " + soname + ":") : !new File(file).exists();
        return new FunctionMissingException(needs, what + ". " + advice(isMissing, file), null);
    }

    /// Returns what a downcall threw as an unchecked exception; a downcall throws no others. Throws it if it
    /// is an error.
    public static RuntimeException unexpected(Throwable thrown) {
        // No switch over types: the VM makes one at its first use, and if the heap is full then, it is broken for good.
        if (thrown instanceof Error e) {
            throw e;
        }
        return thrown instanceof RuntimeException e ? e : new IllegalStateException(thrown);
    }

    private String advice(boolean isMissing, String file) {
        String property = "-D" + PATH_PROPERTY + "=DIRECTORY";
        if (!isMissing) {
            return "The file is there, and the loader refuses it. Install what it names (ldd lists what a library "
                    + "needs), or take another libvirt and name the directory it is in: " + property;
        }
        return file.equals(soname)
                ? "Install libvirt's client library (package libvirt0 on Debian and Ubuntu, libvirt-libs on Fedora), or "
                        + "name the directory it is in: " + property
                : "Name the directory it is in (" + property + "), or leave the property out for the system's libvirt";
    }

    /// A function that could not be linked when its handle was made. Each call tries again until one can.
    private static final class LinkedLater {
        private final CLibrary library;
        private final String function;
        private final String since;
        private final FunctionDescriptor signature;
        private volatile @Nullable MethodHandle linked;

        LinkedLater(CLibrary library, String function, String since, FunctionDescriptor signature) {
            this.library = library;
            this.function = function;
            this.since = since;
            this.signature = signature;
        }

        MethodHandle handle() {
            MethodType type = signature.toMethodType();
            try {
                MethodHandle link =
                        MethodHandles.lookup().bind(this, "link", MethodType.methodType(MethodHandle.class));
                return MethodHandles.foldArguments(MethodHandles.exactInvoker(type), link);
            } catch (ReflectiveOperationException e) {
                throw new LinkageError("LinkedLater.link", e);
            }
        }

        @SuppressWarnings("unused") // By name.
        private MethodHandle link() {
            MethodHandle found = linked;
            if (found == null) {
                found = library.linkNow(function, since, signature);
                linked = found;
            }
            return found;
        }
    }
}
