package io.github.libvirt4j.internal.c;

import static io.github.libvirt4j.internal.raw.LibvirtHost.virGetVersion;
import static io.github.libvirt4j.internal.raw.LibvirtHost.virInitialize;
import static io.github.libvirt4j.internal.raw.Virterror.virSetErrorFunc;

import io.github.libvirt4j.internal.Duty;
import io.github.libvirt4j.internal.Workers;
import io.github.libvirt4j.internal.jfr.Flight;
import io.github.libvirt4j.types.Version;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The work before the first call into libvirt, done once. All public methods that need no handle call it.
public final class Startup {
    /// Set by the copy of this library that owns libvirt in this process. Without the package's name in
    /// front: whoever puts a copy into other packages (shading) rewrites strings that begin with it as well.
    private static final String OWNER_PROPERTY = "libvirt4j.owner";

    private static final String ME = Startup.class.getName() + " of loader " + Startup.class.getClassLoader() + ", "
            + Integer.toHexString(System.identityHashCode(Startup.class));

    private static volatile boolean done;

    private Startup() {}

    /// Loads libvirt and makes it ready, if that has not happened yet. One that failed is tried again at
    /// the next call.
    ///
    /// @throws UnsupportedOperationException on a platform libvirt4j does not know
    /// @throws IllegalStateException if another copy of libvirt4j, of another class loader, has started in
    ///     this process
    /// @throws io.github.libvirt4j.error.FunctionMissingException if libvirt is not installed
    /// @throws IllegalCallerException if the VM does not let this module use native code
    public static void ensure() {
        if (!done) {
            start();
        }
    }

    /// The version of the loaded library.
    public static Version version() {
        ensure();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment number = arena.allocate(ValueLayout.JAVA_LONG);
            Errors.check(virGetVersion(number, MemorySegment.NULL, MemorySegment.NULL), "virGetVersion");
            return Version.of(number.get(ValueLayout.JAVA_LONG, 0));
        }
    }

    private static synchronized void start() {
        if (done) {
            return;
        }
        requirePlatform(String.valueOf(System.getProperty("os.name")), String.valueOf(System.getProperty("os.arch")));
        // The following code links and initialises classes. A stack overflow in it would leave them
        // unusable.
        StackProbe.always();
        CLibrary.LIBVIRT.load();
        FileDescriptors.makeReady();
        Downcall.makeReady();
        MemorySegment silent = CLibrary.LIBVIRT.function("virResetError", "0.1.0");
        requireOnlyCopy();
        Errors.check(virInitialize(), "virInitialize");
        silenceErrors(silent);
        Errors.warm();
        CMemory.free(CMemory.allocate(1));
        awaitRecordings();
        done = true;
    }

    /// In the background, as it takes some milliseconds.
    private static void awaitRecordings() {
        ModuleLayer modules = ModuleLayer.boot();
        if (modules != null && modules.findModule("jdk.jfr").isPresent()) {
            new Duty(() -> Workers.execute(Flight::begin)).now();
        }
    }

    /// Without a handler libvirt prints every error to stderr. The cheapest silent one is its own
    /// virResetError, which returns at once on the NULL user data: a failing call makes no upcall.
    public static void silenceErrors() {
        silenceErrors(CLibrary.LIBVIRT.function("virResetError", "0.1.0"));
    }

    private static void silenceErrors(MemorySegment virResetError) {
        virSetErrorFunc(MemorySegment.NULL, virResetError);
    }

    /// Refuses the platforms libvirt4j does not know.
    public static void requirePlatform(String os, String architecture) {
        boolean known = architecture.equals("amd64") || architecture.equals("aarch64");
        if (!os.equals("Linux") || !known) {
            throw new UnsupportedOperationException(
                    "libvirt4j runs on Linux on x86-64 and aarch64; this is " + os + " on " + architecture);
        }
    }

    /// libvirt has one event loop and one error handler for the whole process. Two copies of this class
    /// would each believe to own them; and the first stays for good, see `docs/process.md`.
    private static void requireOnlyCopy() {
        Object owner = System.getProperties().putIfAbsent(OWNER_PROPERTY, ME);
        if (owner != null && !owner.equals(ME)) {
            throw new IllegalStateException(
                    "Another copy of libvirt4j (" + owner + ") has started in this process and "
                            + "stays there, closed or not, as libvirt has one event loop for the life of a process. Load "
                            + "libvirt4j once, in a class loader that all its users share: its jar belongs into the server's "
                            + "folder of libraries (Tomcat: lib) and into no application, and not into other packages (shading)");
        }
    }
}
