package io.github.libvirt4j.internal.c;

import io.github.libvirt4j.error.FunctionMissingException;
import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.error.NoFileDescriptorsException;
import java.io.File;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// libvirt's four shared libraries. Each is loaded, and each of its functions looked up, when first used.
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

    private static final CFunction DLOPEN = CFunction.of("dlopen");
    private static final CFunction DLERROR = CFunction.of("dlerror");
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

    /// The pointer to a C function.
    ///
    /// @param since the version of libvirt that brought the function
    /// @throws FunctionMissingException if the function, or the whole library, is not there
    /// @throws NoFileDescriptorsException if no file descriptor is left to load the library
    /// @throws IllegalCallerException if the VM does not let this module use native code
    public MemorySegment function(String function, String since) {
        // An overflow half-way would break classes of the JDK's for good.
        StackProbe.always();
        MemorySegment pointer = CFunction.find(library(function), function);
        if (CMemory.isNull(pointer)) {
            throw new FunctionMissingException(
                    function,
                    function + " needs libvirt " + since + " or newer; the loaded " + soname + " is of "
                            + Startup.version() + " and does not have it",
                    null);
        }
        return pointer;
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
                MemorySegment dlerror = DLERROR.pointer();
                MemorySegment dlopen = DLOPEN.pointer();
                // Forgets what it said before, and is called again right behind dlopen, as what it says is the
                // thread's.
                Downcall.call(dlerror);
                library = CMemory.pointer(Downcall.call(dlopen, CMemory.address(name), RTLD_LAZY));
                if (CMemory.isNull(library)) {
                    String reason = CMemory.string(CMemory.pointer(Downcall.call(dlerror)));
                    throw cannotBeLoaded(function, file, String.valueOf(reason));
                }
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
}
