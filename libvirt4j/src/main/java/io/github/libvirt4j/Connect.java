package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtHost.virConnectGetCapabilities;
import static io.github.libvirt4j.internal.raw.LibvirtHost.virConnectGetHostname;
import static io.github.libvirt4j.internal.raw.LibvirtHost.virConnectGetLibVersion;
import static io.github.libvirt4j.internal.raw.LibvirtHost.virConnectGetMaxVcpus;
import static io.github.libvirt4j.internal.raw.LibvirtHost.virConnectGetType;
import static io.github.libvirt4j.internal.raw.LibvirtHost.virConnectGetURI;
import static io.github.libvirt4j.internal.raw.LibvirtHost.virConnectGetVersion;
import static io.github.libvirt4j.internal.raw.LibvirtHost.virConnectIsAlive;
import static io.github.libvirt4j.internal.raw.LibvirtHost.virConnectIsEncrypted;
import static io.github.libvirt4j.internal.raw.LibvirtHost.virConnectIsSecure;
import static io.github.libvirt4j.internal.raw.LibvirtHost.virConnectSetKeepAlive;
import static io.github.libvirt4j.internal.raw.LibvirtStream.virStreamNew;

import io.github.libvirt4j.error.ErrorHandler;
import io.github.libvirt4j.event.Event;
import io.github.libvirt4j.internal.c.CMemory;
import io.github.libvirt4j.internal.c.ErrorCallback;
import io.github.libvirt4j.internal.call.HandlerScope;
import io.github.libvirt4j.internal.event.ConnectionCalls;
import io.github.libvirt4j.types.ConnectFlags;
import io.github.libvirt4j.types.Flag;
import io.github.libvirt4j.types.StreamFlags;
import io.github.libvirt4j.types.Version;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A connection to a hypervisor. C: `virConnectPtr`. Safe for use by any thread; but for libvirt's own fault
/// before 10.4.0, where several threads at once on one connection to a daemon, a handler among them, can
/// crash the process: see `docs/faults.md`.
///
/// [#close] really closes: it ends the registrations and the handles that came from it. A connection that
/// is forgotten is closed when it is collected, but not while something is registered on it.
///
/// @c {@index virConnectClose} libvirt 0.0.3
public final class Connect extends Connection implements EventSource<Event> {
    private final ErrorCallback.OfConnection errorCallback;

    /// Set while it is opened.
    private volatile boolean remote;

    /// A connection before it is opened.
    Connect(String name, @Nullable Duration callTimeout) {
        this(name, new ErrorCallback.OfConnection(), callTimeout);
    }

    private Connect(String name, ErrorCallback.OfConnection errorCallback, @Nullable Duration callTimeout) {
        super(name, ConnectionCalls.CONNECT, errorCallback::end, callTimeout);
        this.errorCallback = errorCallback;
    }

    /// Makes it one to what C gave.
    void begin(MemorySegment pointer, Duration keepAliveInterval, int keepAliveCount) {
        object.begin(pointer);
        try (HandlerScope _ = ErrorCallback.quietly()) {
            remote = virConnectSetKeepAlive(pointer, (int) keepAliveInterval.toSeconds(), keepAliveCount) >= 0;
        }
        if (!remote) {
            anchor().dropAtOpening(pointer);
        }
    }

    /// Opens the hypervisor a URI names.
    ///
    /// Blocks until it is open: for ever, if the other side accepts the connection and then says nothing;
    /// [Opening#openTimeout] sets a limit. A connection to another process asks it for signs of life from
    /// then on; see [Opening#keepAlive].
    ///
    /// @c {@index virConnectOpenAuth} libvirt 0.4.0
    /// @param uri such as `qemu:///system` or `test:///default`; null for the one libvirt takes by default,
    ///     from the environment variable `LIBVIRT_DEFAULT_URI` or by looking for a hypervisor on this
    ///     machine
    /// @throws io.github.libvirt4j.error.LibvirtException if there is no such hypervisor, or it cannot be
    ///     reached
    /// @throws io.github.libvirt4j.error.AuthenticationFailedException if it requires a login, and none was
    ///     given or it was not accepted; a login comes from libvirt's `auth.conf`, or from
    ///     [Opening#authenticator]
    /// @throws io.github.libvirt4j.error.FunctionMissingException if libvirt is not installed
    /// @throws IllegalCallerException if the VM does not let libvirt4j use native code
    /// @throws UnsupportedOperationException if this is not Linux on x86-64 or aarch64
    /// @throws IllegalStateException if another class loader of this process has the library as well, or an
    ///     [AdmConnect] was opened in it, or the property `libvirt4j.eventLoop` names no loop
    public static Connect open(@Nullable String uri, ConnectFlags... flags) {
        return to(uri).flags(flags).open();
    }

    /// Says how to open a hypervisor, step by step: `Connect.to(uri).readOnly().open()`.
    ///
    /// @param uri as for [#open]
    public static Opening<RuntimeException> to(@Nullable String uri) {
        return Opening.of(uri);
    }

    /// Whether the driver is in another process, behind libvirt's protocol. Only that driver has keepalive.
    boolean isRemote() {
        return remote;
    }

    /// How many calls of this connection nobody waits for any more, and that have not returned: see
    /// [Opening#callTimeout]. Each holds a thread, sixteen at most, and the connection is not closed before
    /// they return.
    public int callsAbandoned() {
        return timedCalls == null ? 0 : timedCalls.abandoned();
    }

    /// The URI it is open to, as libvirt completed it.
    ///
    /// @c {@index virConnectGetURI} libvirt 0.3.0
    public String uri() {
        return takeString("virConnectGetURI", p -> virConnectGetURI(p));
    }

    /// The name of the driver: `QEMU`, `TEST`, …
    ///
    /// @c {@index virConnectGetType} libvirt 0.0.3
    public String type() {
        return keptString("virConnectGetType", p -> virConnectGetType(p));
    }

    /// The name of the host.
    ///
    /// @c {@index virConnectGetHostname} libvirt 0.3.0
    public String hostname() {
        return takeString("virConnectGetHostname", p -> virConnectGetHostname(p));
    }

    /// The version of the hypervisor.
    ///
    /// @c {@index virConnectGetVersion} libvirt 0.0.3
    public Version version() {
        return Version.of(fillLong("virConnectGetVersion", (p, version) -> virConnectGetVersion(p, version)));
    }

    /// The version of libvirt on the other side.
    ///
    /// @c {@index virConnectGetLibVersion} libvirt 0.7.3
    public Version libVersion() {
        return Version.of(fillLong("virConnectGetLibVersion", (p, version) -> virConnectGetLibVersion(p, version)));
    }

    /// Returns the capabilities of the hypervisor, as XML.
    ///
    /// @c {@index virConnectGetCapabilities} libvirt 0.2.1
    public String capabilities() {
        return takeString("virConnectGetCapabilities", p -> virConnectGetCapabilities(p));
    }

    /// How many processors a domain can have at most.
    ///
    /// @c {@index virConnectGetMaxVcpus} libvirt 0.2.1
    /// @param type of domain: `qemu`, `kvm`, …; null for the driver's first
    public int maxVcpus(@Nullable String type) {
        try (Arena arena = arena()) {
            MemorySegment cType = CMemory.stringOrNull(arena, type, "type");
            return call("virConnectGetMaxVcpus", p -> virConnectGetMaxVcpus(p, cType));
        }
    }

    /// Whether the other side is still there, as far as is known.
    ///
    /// @c {@index virConnectIsAlive} libvirt 0.9.8
    public boolean isAlive() {
        return isTrue("virConnectIsAlive", p -> virConnectIsAlive(p));
    }

    /// Whether nobody can read along: it is encrypted, or does not leave this machine.
    ///
    /// @c {@index virConnectIsSecure} libvirt 0.7.3
    public boolean isSecure() {
        return isTrue("virConnectIsSecure", p -> virConnectIsSecure(p));
    }

    /// Whether it is encrypted.
    ///
    /// @c {@index virConnectIsEncrypted} libvirt 0.7.3
    public boolean isEncrypted() {
        return isTrue("virConnectIsEncrypted", p -> virConnectIsEncrypted(p));
    }

    /// Sets who hears of errors of calls on this connection, instead of the handler of
    /// [Libvirt#setErrorHandler] and in the same way.
    ///
    /// @c {@index virConnSetErrorFunc} libvirt 0.1.0
    /// @param handler null for that one
    /// @return the one before
    public @Nullable ErrorHandler setErrorHandler(@Nullable ErrorHandler handler) {
        MemorySegment pointer = enter();
        try {
            return errorCallback.set(pointer, handler);
        } finally {
            object.leave();
        }
    }

    /// The host the hypervisor runs on.
    public Node node() {
        return new Node(this);
    }

    /// Its domains.
    public Domains domains() {
        return new Domains(this);
    }

    /// Its virtual networks.
    public Networks networks() {
        return new Networks(this);
    }

    /// The network interfaces of its host.
    public Interfaces interfaces() {
        return new Interfaces(this);
    }

    /// Its storage pools.
    public StoragePools storagePools() {
        return new StoragePools(this);
    }

    /// The volumes of all its storage pools; those of one pool are [StoragePool#volumes].
    public AllStorageVols storageVols() {
        return new AllStorageVols(this);
    }

    /// The devices of its host.
    public NodeDevices nodeDevices() {
        return new NodeDevices(this);
    }

    /// Its secrets.
    public Secrets secrets() {
        return new Secrets(this);
    }

    /// Makes a stream, for something to go over. It is to be closed.
    ///
    /// @c {@index virStreamNew} libvirt 0.7.2
    /// @param flags [StreamFlags#NONBLOCK] for one that never waits; see [Stream#on]
    public Stream newStream(StreamFlags... flags) {
        int bits = Flag.combine(flags);
        boolean blocking = (bits & StreamFlags.NONBLOCK.bits()) == 0;
        return call("virStreamNew", p -> virStreamNew(p, bits), owning(() -> new Stream(this, blocking), Stream.FREE));
    }
}
