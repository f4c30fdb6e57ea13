package io.github.libvirt4j.internal;

import io.github.libvirt4j.FunctionMissingException;
import io.github.libvirt4j.Libvirt;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// libvirt's four shared libraries. Each is loaded, and each of its functions linked, when first used.
///
/// One jar serves every libvirt: what the loaded one lacks fails at its call, with an exception that says
/// what is missing. Safe for use by any thread.
@SuppressWarnings("ImmutableEnumChecker") // What is loaded is loaded for good.
public enum CLibrary {
    /// The library itself.
    LIBVIRT("libvirt.so.0"),
    /// What only its QEMU driver has.
    QEMU("libvirt-qemu.so.0"),
    /// What only its LXC driver has.
    LXC("libvirt-lxc.so.0"),
    /// Administration of its daemons.
    ADMIN("libvirt-admin.so.0");

    /// Names the directory of the libraries to load, where they are not the system's.
    private static final String PATH_PROPERTY = "libvirt4j.library.path";

    private static final MethodHandle GET;

    static {
        try {
            GET = MethodHandles.lookup().findVirtual(Supplier.class, "get", MethodType.methodType(Object.class));
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("Supplier.get", e);
        }
    }

    private final String soname;
    private volatile @Nullable SymbolLookup symbols;

    CLibrary(String soname) {
        this.soname = soname;
    }

    /// The file name the loader looks for.
    public String soname() {
        return soname;
    }

    /// A handle for a C function. Never fails: for one that is not there, the handle throws.
    ///
    /// @param since the version of libvirt that brought the function
    @SuppressWarnings("restricted")
    public MethodHandle link(String function, String since, FunctionDescriptor signature) {
        // An overflow half-way would break classes of the JDK's for good.
        StackProbe.always();
        try {
            return Linker.nativeLinker().downcallHandle(address(function, since), signature);
        } catch (FunctionMissingException missing) {
            String message = String.valueOf(missing.getMessage());
            return thrower(
                    () -> new FunctionMissingException(function, message, missing.getCause()),
                    signature.toMethodType());
        } catch (IllegalCallerException denied) {
            return thrower(() -> new IllegalCallerException(denied.getMessage(), denied), signature.toMethodType());
        }
    }

    /// The address of a C function.
    ///
    /// @throws FunctionMissingException if the function, or the whole library, is not there
    /// @throws IllegalCallerException if the VM does not let this module use native code
    public MemorySegment address(String function, String since) {
        return symbols(function)
                .find(function)
                .orElseThrow(() -> new FunctionMissingException(
                        function,
                        function + " needs libvirt " + since + " or newer; the loaded " + soname + " is of "
                                + Libvirt.version() + " and does not have it",
                        null));
    }

    /// Whether the library is there and has a function.
    public boolean has(String function) {
        SymbolLookup loaded = symbols;
        return loaded != null && loaded.find(function).isPresent();
    }

    /// Why the library cannot be loaded, and what to do; empty if it is there.
    public Optional<String> problem() {
        try {
            SymbolLookup _ = symbols("This");
            return Optional.empty();
        } catch (FunctionMissingException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private SymbolLookup symbols(String function) {
        SymbolLookup loaded = symbols;
        return loaded != null ? loaded : load(function);
    }

    @SuppressWarnings("restricted")
    private synchronized SymbolLookup load(String function) {
        SymbolLookup loaded = symbols;
        if (loaded != null) {
            return loaded;
        }
        String directory = System.getProperty(PATH_PROPERTY);
        String file = directory == null ? soname : Path.of(directory, soname).toString();
        try {
            loaded = SymbolLookup.libraryLookup(file, Arena.global());
        } catch (IllegalCallerException denied) {
            throw withTheFlag(denied);
        } catch (IllegalArgumentException notThere) {
            throw new FunctionMissingException(
                    function,
                    function + " needs " + file + ", which cannot be loaded. Install libvirt's client library "
                            + "(package libvirt0 on Debian and Ubuntu, libvirt-libs on Fedora), or name the directory "
                            + "it is in: -D" + PATH_PROPERTY + "=DIRECTORY",
                    notThere);
        }
        symbols = loaded;
        return loaded;
    }

    private static IllegalCallerException withTheFlag(IllegalCallerException denied) {
        String module = CLibrary.class.getModule().getName();
        return new IllegalCallerException(
                "The Java VM does not let libvirt4j use native code. Start it with --enable-native-access="
                        + (module == null ? "ALL-UNNAMED" : module),
                denied);
    }

    /// A handle that throws what `failure` makes: each call its own, with the stack trace of its own
    /// caller.
    private static MethodHandle thrower(Supplier<RuntimeException> failure, MethodType type) {
        MethodHandle make = GET.bindTo(failure).asType(MethodType.methodType(RuntimeException.class));
        MethodHandle thrower = MethodHandles.foldArguments(
                MethodHandles.throwException(type.returnType(), RuntimeException.class), make);
        return MethodHandles.dropArguments(thrower, 0, type.parameterList());
    }

    /// What a downcall threw: nothing checked can come out of one.
    public static RuntimeException unexpected(Throwable thrown) {
        return switch (thrown) {
            case RuntimeException e -> e;
            case Error e -> throw e;
            default -> new IllegalStateException(thrown);
        };
    }
}
