package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtHost.virConnectGetCapabilities;
import static io.github.libvirt4j.internal.raw.LibvirtHost.virConnectGetHostname;
import static io.github.libvirt4j.internal.raw.LibvirtHost.virConnectGetLibVersion;
import static io.github.libvirt4j.internal.raw.LibvirtHost.virConnectGetMaxVcpus;
import static io.github.libvirt4j.internal.raw.LibvirtHost.virConnectGetSysinfo;
import static io.github.libvirt4j.internal.raw.LibvirtHost.virConnectGetType;
import static io.github.libvirt4j.internal.raw.LibvirtHost.virConnectGetURI;
import static io.github.libvirt4j.internal.raw.LibvirtHost.virConnectGetVersion;
import static io.github.libvirt4j.internal.raw.LibvirtHost.virConnectIsAlive;
import static io.github.libvirt4j.internal.raw.LibvirtHost.virConnectIsEncrypted;
import static io.github.libvirt4j.internal.raw.LibvirtHost.virConnectIsSecure;
import static io.github.libvirt4j.internal.raw.LibvirtHost.virConnectSetIdentity;
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
import io.github.libvirt4j.types.TypedParameters;
import io.github.libvirt4j.types.Version;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A connection to a hypervisor. C: `virConnectPtr`. Safe for use by any thread, with libvirt 10.4.0 or
/// newer; the [package][io.github.libvirt4j] describes this and the common behaviour of handles.
///
/// [#close] also closes all registrations of the connection, and all handles that came from it.
///
/// @c {@index virConnectClose} libvirt 0.0.3
public final class Connect extends Connection implements EventSource<Event> {
    /// The jobs that were begun on this connection, or have come to it.
    final JobWatch jobs = new JobWatch(this);

    private final ErrorCallback.OfConnection errorCallback;

    /// Written once, while the connection is opened.
    private volatile boolean remote;

    /// A connection that is not open yet; [#begin] completes it.
    Connect(String name, @Nullable Duration callTimeout) {
        this(name, new ErrorCallback.OfConnection(), callTimeout);
    }

    private Connect(String name, ErrorCallback.OfConnection errorCallback, @Nullable Duration callTimeout) {
        super(name, ConnectionCalls.CONNECT, errorCallback::end, callTimeout);
        this.errorCallback = errorCallback;
    }

    /// Makes this the owner of the pointer that C gave, and starts keepalive.
    void begin(MemorySegment pointer, Duration keepAliveInterval, int keepAliveCount) {
        object.begin(pointer);
        try (HandlerScope _ = ErrorCallback.quietly()) {
            remote = virConnectSetKeepAlive(pointer, (int) keepAliveInterval.toSeconds(), keepAliveCount) >= 0;
        }
        if (!remote) {
            anchor().dropAtOpening(pointer);
        }
    }

    @Override
    void closing() {
        jobs.closing();
    }

    /// Opens a connection to a hypervisor.
    ///
    /// Blocks until the connection is open; indefinitely if the other side accepts the connection and then
    /// does not answer. [Opening#openTimeout] sets a limit. A connection to a daemon then sends keepalive
    /// probes; see [Opening#keepAlive].
    ///
    /// @c {@index virConnectOpenAuth} libvirt 0.4.0
    /// @param uri the hypervisor, such as `qemu:///system` or `test:///default`; null for libvirt's default:
    ///     the environment variable `LIBVIRT_DEFAULT_URI`, `uri_default` in `libvirt.conf`, or a search for a
    ///     hypervisor on this host
    /// @param flags such as [ConnectFlags#RO] for a read-only connection
    /// @throws io.github.libvirt4j.error.LibvirtException if the hypervisor does not exist or cannot be
    ///     reached
    /// @throws io.github.libvirt4j.error.AuthenticationFailedException if the server requires a login, and
    ///     there was none or the server rejected it; a login comes from libvirt's `auth.conf`, or from
    ///     [Opening#authenticator]
    /// @throws io.github.libvirt4j.error.FunctionMissingException if libvirt is not installed
    /// @throws IllegalCallerException if the VM does not let libvirt4j use native code
    /// @throws UnsupportedOperationException if this is not Linux on x86-64 or aarch64
    /// @throws IllegalStateException if another class loader of this process uses libvirt4j as well, if this
    ///     process has opened an [AdmConnect], or if the property `libvirt4j.eventLoop` names no loop
    public static Connect open(@Nullable String uri, ConnectFlags... flags) {
        return to(uri).flags(flags).open();
    }

    /// Returns the settings for opening a connection, which methods change:
    /// `Connect.to(uri).readOnly().open()`.
    ///
    /// @param uri the hypervisor, or null for libvirt's default, as for [#open]
    public static Opening<RuntimeException> to(@Nullable String uri) {
        return Opening.of(uri);
    }

    /// Whether the driver is in another process, behind libvirt's protocol. Only such a driver has keepalive.
    boolean isRemote() {
        return remote;
    }

    /// The number of abandoned calls of this connection that have not returned; see [Opening#callTimeout].
    /// Each occupies one of at most sixteen threads, and the connection is not released before all have
    /// returned.
    public int callsAbandoned() {
        return timedCalls == null ? 0 : timedCalls.abandoned();
    }

    /// The URI of the connection, as libvirt completed it.
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

    /// The name of the host of the hypervisor.
    ///
    /// @c {@index virConnectGetHostname} libvirt 0.3.0
    public String hostname() {
        return takeString("virConnectGetHostname", p -> virConnectGetHostname(p));
    }

    /// The version of the hypervisor; 0.0.0 if the driver cannot determine it.
    ///
    /// @c {@index virConnectGetVersion} libvirt 0.0.3
    public Version version() {
        return Version.of(fillLong("virConnectGetVersion", (p, version) -> virConnectGetVersion(p, version)));
    }

    /// The libvirt version of the other side: of the daemon, or of this process for a driver without one.
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

    /// Returns the firmware's description of the hypervisor's host (SMBIOS), as XML.
    ///
    /// @c {@index virConnectGetSysinfo} libvirt 0.8.8
    public String sysinfo() {
        return takeString("virConnectGetSysinfo", p -> virConnectGetSysinfo(p, 0));
    }

    /// Sets whom the daemon takes for the author of later calls on this connection, for a program that calls
    /// on behalf of others. The daemon accepts it from a privileged program only.
    ///
    /// @c {@index virConnectSetIdentity} libvirt 5.8.0
    /// @param parameters of [ConnectIdentityKeys][io.github.libvirt4j.types.ConnectIdentityKeys]; what they
    ///     leave out is not known of the author
    public void setIdentity(TypedParameters parameters) {
        call(
                "virConnectSetIdentity",
                (p, in) -> virConnectSetIdentity(p, in.parameters(parameters), parameters.size(), 0));
    }

    /// The maximum number of virtual processors of a domain, without regard to limits of the emulator.
    ///
    /// @c {@index virConnectGetMaxVcpus} libvirt 0.2.1
    /// @param type the type of domain: `qemu`, `kvm`, …; null for the driver's default
    public int maxVcpus(@Nullable String type) {
        try (Arena arena = arena()) {
            MemorySegment cType = CMemory.stringOrNull(arena, type, "type");
            return call("virConnectGetMaxVcpus", p -> virConnectGetMaxVcpus(p, cType));
        }
    }

    /// Whether the connection is alive: false after it broke off, as far as libvirt has noticed.
    ///
    /// @c {@index virConnectIsAlive} libvirt 0.9.8
    public boolean isAlive() {
        return isTrue("virConnectIsAlive", p -> virConnectIsAlive(p));
    }

    /// Whether the connection is secure against eavesdropping: it is encrypted, or does not leave this host.
    ///
    /// @c {@index virConnectIsSecure} libvirt 0.7.3
    public boolean isSecure() {
        return isTrue("virConnectIsSecure", p -> virConnectIsSecure(p));
    }

    /// Whether the connection is encrypted.
    ///
    /// @c {@index virConnectIsEncrypted} libvirt 0.7.3
    public boolean isEncrypted() {
        return isTrue("virConnectIsEncrypted", p -> virConnectIsEncrypted(p));
    }

    /// Sets the handler for errors of calls on this connection. Default: the handler of
    /// [Libvirt#setErrorHandler], whose rules apply to this handler as well.
    ///
    /// @c {@index virConnSetErrorFunc} libvirt 0.1.0
    /// @param handler the handler; null restores the default
    /// @return the previous handler; null if there was none
    public @Nullable ErrorHandler setErrorHandler(@Nullable ErrorHandler handler) {
        MemorySegment pointer = enter();
        try {
            return errorCallback.set(pointer, handler);
        } finally {
            object.leave();
        }
    }

    /// The host of the hypervisor.
    public Node node() {
        return new Node(this);
    }

    /// The domains of the hypervisor.
    public Domains domains() {
        return new Domains(this);
    }

    /// The virtual networks of the hypervisor.
    public Networks networks() {
        return new Networks(this);
    }

    /// The network interfaces of the hypervisor's host.
    public Interfaces interfaces() {
        return new Interfaces(this);
    }

    /// The storage pools of the hypervisor.
    public StoragePools storagePools() {
        return new StoragePools(this);
    }

    /// The volumes of all storage pools, by key and path. For the volumes of one pool see
    /// [StoragePool#volumes].
    public AllStorageVols storageVols() {
        return new AllStorageVols(this);
    }

    /// The devices of the hypervisor's host.
    public NodeDevices nodeDevices() {
        return new NodeDevices(this);
    }

    /// The secrets of the hypervisor.
    public Secrets secrets() {
        return new Secrets(this);
    }

    /// The network filters of the hypervisor.
    public NwFilters nwFilters() {
        return new NwFilters(this);
    }

    /// The bindings of network filters to interfaces of domains.
    public NwFilterBindings nwFilterBindings() {
        return new NwFilterBindings(this);
    }

    /// Creates a stream, which a method such as [StorageVol#download] then attaches. The caller closes it.
    ///
    /// @c {@index virStreamNew} libvirt 0.7.2
    /// @param flags default: a blocking stream; [StreamFlags#NONBLOCK] for one that never blocks, see
    ///     [Stream#on]
    public Stream newStream(StreamFlags... flags) {
        int bits = Flag.combine(flags);
        boolean blocking = (bits & StreamFlags.NONBLOCK.bits()) == 0;
        return call("virStreamNew", p -> virStreamNew(p, bits), owning(() -> new Stream(this, blocking), Stream.FREE));
    }
}
