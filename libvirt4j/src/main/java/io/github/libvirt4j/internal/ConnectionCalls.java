package io.github.libvirt4j.internal;

import io.github.libvirt4j.internal.callback.Upcall;
import io.github.libvirt4j.internal.raw.CallbackTypes;
import io.github.libvirt4j.internal.raw.LibvirtAdmin;
import io.github.libvirt4j.internal.raw.LibvirtHost;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The C functions that both sorts of connection have, each under a name of its own.
public enum ConnectionCalls {
    /// To a hypervisor.
    CONNECT("virConnectCloseFunc", "virConnectRegisterCloseCallback") {
        @Override
        public int close(MemorySegment pointer) {
            return LibvirtHost.virConnectClose(pointer);
        }

        @Override
        public int isAlive(MemorySegment pointer) {
            return LibvirtHost.virConnectIsAlive(pointer);
        }

        @Override
        int registerCloseCallback(MemorySegment pointer, MemorySegment opaque, MemorySegment free) {
            return LibvirtHost.virConnectRegisterCloseCallback(
                    pointer, closeUpcall().pointer(0), opaque, free);
        }

        @Override
        int unregisterCloseCallback(MemorySegment pointer) {
            return LibvirtHost.virConnectUnregisterCloseCallback(
                    pointer, closeUpcall().pointer(0));
        }
    },

    /// To a daemon itself.
    ADM_CONNECT("virAdmConnectCloseFunc", "virAdmConnectRegisterCloseCallback") {
        @Override
        public int close(MemorySegment pointer) {
            return LibvirtAdmin.virAdmConnectClose(pointer);
        }

        @Override
        public int isAlive(MemorySegment pointer) {
            return LibvirtAdmin.virAdmConnectIsAlive(pointer);
        }

        @Override
        int registerCloseCallback(MemorySegment pointer, MemorySegment opaque, MemorySegment free) {
            return LibvirtAdmin.virAdmConnectRegisterCloseCallback(
                    pointer, closeUpcall().pointer(0), opaque, free);
        }

        @Override
        int unregisterCloseCallback(MemorySegment pointer) {
            return LibvirtAdmin.virAdmConnectUnregisterCloseCallback(
                    pointer, closeUpcall().pointer(0));
        }
    };

    private static final AtomicReference<@Nullable ConnectionCalls> OPENED = new AtomicReference<>();

    private final String closeType;
    private final String registerFunction;

    @SuppressWarnings("ImmutableEnumChecker") // Made when first wanted.
    private volatile @Nullable Upcall closeUpcall;

    ConnectionCalls(String closeType, String registerFunction) {
        this.closeType = closeType;
        this.registerFunction = registerFunction;
    }

    /// Before the first is opened. Each of the two libraries registers all of libvirt's types with GObject,
    /// which wants their names once: whichever comes second in a process gets none, and crashes.
    ///
    /// @throws IllegalStateException if the process has opened the other sort
    public final void claimProcess() {
        if (!OPENED.compareAndSet(null, this) && OPENED.get() != this) {
            throw new IllegalStateException(
                    "A process can open connections of libvirt or of libvirt-admin, not both: libvirt crashes then. "
                            + "Open one of the two in a process of its own");
        }
    }

    /// `virConnectClose`.
    public abstract int close(MemorySegment pointer);

    /// `virConnectIsAlive`: asks nobody, tells what is known here.
    public abstract int isAlive(MemorySegment pointer);

    abstract int registerCloseCallback(MemorySegment pointer, MemorySegment opaque, MemorySegment free);

    final String registerFunction() {
        return registerFunction;
    }

    /// libvirt compares the function pointer: it is always the first of [#closeUpcall].
    abstract int unregisterCloseCallback(MemorySegment pointer);

    /// The C callback that says that a connection broke off.
    public final synchronized Upcall closeUpcall() {
        Upcall made = closeUpcall;
        if (made == null) {
            made = Upcall.of(closeType, CallbackTypes.of(closeType), EventCallbacks.LOOKUP, "closed", null);
            closeUpcall = made;
        }
        return made;
    }
}
