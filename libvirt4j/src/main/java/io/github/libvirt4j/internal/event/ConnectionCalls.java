package io.github.libvirt4j.internal.event;

import io.github.libvirt4j.event.ConnectEvent;
import io.github.libvirt4j.internal.callback.Upcall;
import io.github.libvirt4j.internal.raw.CallbackTypes.VirAdmConnectCloseFunc;
import io.github.libvirt4j.internal.raw.CallbackTypes.VirConnectCloseFunc;
import io.github.libvirt4j.internal.raw.LibvirtAdmin;
import io.github.libvirt4j.internal.raw.LibvirtHost;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The C functions that both sorts of connection have, each under a name of its own.
@SuppressWarnings("ImmutableEnumChecker") // Method references, and what is made when first wanted.
public enum ConnectionCalls {
    /// To a hypervisor.
    CONNECT(
            "virConnectRegisterCloseCallback",
            LibvirtHost::virConnectClose,
            LibvirtHost::virConnectIsAlive,
            LibvirtHost::virConnectRegisterCloseCallback,
            LibvirtHost::virConnectUnregisterCloseCallback),

    /// To a daemon itself.
    ADM_CONNECT(
            "virAdmConnectRegisterCloseCallback",
            LibvirtAdmin::virAdmConnectClose,
            LibvirtAdmin::virAdmConnectIsAlive,
            LibvirtAdmin::virAdmConnectRegisterCloseCallback,
            LibvirtAdmin::virAdmConnectUnregisterCloseCallback);

    private static final AtomicReference<@Nullable ConnectionCalls> OPENED = new AtomicReference<>();

    private final String registerFunction;
    private final Call close;
    private final Call isAlive;
    private final Register register;
    private final Unregister unregister;

    private volatile @Nullable Upcall closeUpcall;

    private interface Call {
        int on(MemorySegment pointer);
    }

    private interface Register {
        int call(MemorySegment pointer, MemorySegment callback, MemorySegment opaque, MemorySegment free);
    }

    private interface Unregister {
        int call(MemorySegment pointer, MemorySegment callback);
    }

    ConnectionCalls(String registerFunction, Call close, Call isAlive, Register register, Unregister unregister) {
        this.registerFunction = registerFunction;
        this.close = close;
        this.isAlive = isAlive;
        this.register = register;
        this.unregister = unregister;
    }

    /// Before the first is opened. Each of the two libraries registers all of libvirt's types with GObject,
    /// which wants their names once: whichever comes second in a process gets none, and crashes.
    ///
    /// @throws IllegalStateException if the process has opened the other sort
    public void claimProcess() {
        if (!OPENED.compareAndSet(null, this) && OPENED.get() != this) {
            throw new IllegalStateException(
                    "A process can open connections of libvirt or of libvirt-admin, not both: libvirt crashes then. "
                            + "Open one of the two in a process of its own");
        }
    }

    /// `virConnectClose`.
    public int close(MemorySegment pointer) {
        return close.on(pointer);
    }

    /// `virConnectIsAlive`: asks nobody, tells what is known here.
    public int isAlive(MemorySegment pointer) {
        return isAlive.on(pointer);
    }

    int registerCloseCallback(MemorySegment pointer, MemorySegment opaque, MemorySegment free) {
        return register.call(pointer, closeUpcall().pointer(0), opaque, free);
    }

    String closeType() {
        return closeUpcall().cName();
    }

    String registerFunction() {
        return registerFunction;
    }

    /// libvirt compares the function pointer: it is always the first of [#closeUpcall].
    int unregisterCloseCallback(MemorySegment pointer) {
        return unregister.call(pointer, closeUpcall().pointer(0));
    }

    /// The C callback that says that a connection broke off.
    public synchronized Upcall closeUpcall() {
        Upcall made = closeUpcall;
        if (made == null) {
            made = this == CONNECT
                    ? Upcall.of(VirConnectCloseFunc.type(), ConnectionCalls::closed)
                    : Upcall.of(VirAdmConnectCloseFunc.type(), ConnectionCalls::closed);
            closeUpcall = made;
        }
        return made;
    }

    private static void closed(long connect, int reason, long opaque) {
        Trampolines.deliver(opaque, () -> new ConnectEvent.Closed(reason));
    }
}
