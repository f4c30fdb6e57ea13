package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtDomain.virConnectListAllDomains;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainCreateXML;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainDefineXMLFlags;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainLookupByName;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainLookupByUUID;
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
import static io.github.libvirt4j.internal.raw.LibvirtHost.virConnectOpenAuth;
import static io.github.libvirt4j.internal.raw.LibvirtHost.virConnectSetKeepAlive;
import static io.github.libvirt4j.internal.raw.LibvirtHost.virNodeGetInfo;
import static io.github.libvirt4j.internal.raw.LibvirtInterface.virConnectListAllInterfaces;
import static io.github.libvirt4j.internal.raw.LibvirtInterface.virInterfaceDefineXML;
import static io.github.libvirt4j.internal.raw.LibvirtInterface.virInterfaceLookupByMACString;
import static io.github.libvirt4j.internal.raw.LibvirtInterface.virInterfaceLookupByName;
import static io.github.libvirt4j.internal.raw.LibvirtNetwork.virConnectListAllNetworks;
import static io.github.libvirt4j.internal.raw.LibvirtNetwork.virNetworkCreateXML;
import static io.github.libvirt4j.internal.raw.LibvirtNetwork.virNetworkDefineXML;
import static io.github.libvirt4j.internal.raw.LibvirtNetwork.virNetworkLookupByName;
import static io.github.libvirt4j.internal.raw.LibvirtNetwork.virNetworkLookupByUUID;
import static io.github.libvirt4j.internal.raw.LibvirtNodedev.virConnectListAllNodeDevices;
import static io.github.libvirt4j.internal.raw.LibvirtNodedev.virNodeDeviceCreateXML;
import static io.github.libvirt4j.internal.raw.LibvirtNodedev.virNodeDeviceDefineXML;
import static io.github.libvirt4j.internal.raw.LibvirtNodedev.virNodeDeviceLookupByName;
import static io.github.libvirt4j.internal.raw.LibvirtSecret.virConnectListAllSecrets;
import static io.github.libvirt4j.internal.raw.LibvirtSecret.virSecretDefineXML;
import static io.github.libvirt4j.internal.raw.LibvirtSecret.virSecretLookupByUUID;
import static io.github.libvirt4j.internal.raw.LibvirtSecret.virSecretLookupByUsage;
import static io.github.libvirt4j.internal.raw.LibvirtStorage.virConnectListAllStoragePools;
import static io.github.libvirt4j.internal.raw.LibvirtStorage.virStoragePoolCreateXML;
import static io.github.libvirt4j.internal.raw.LibvirtStorage.virStoragePoolDefineXML;
import static io.github.libvirt4j.internal.raw.LibvirtStorage.virStoragePoolLookupByName;
import static io.github.libvirt4j.internal.raw.LibvirtStorage.virStoragePoolLookupByUUID;
import static io.github.libvirt4j.internal.raw.LibvirtStorage.virStorageVolLookupByKey;
import static io.github.libvirt4j.internal.raw.LibvirtStorage.virStorageVolLookupByPath;
import static io.github.libvirt4j.internal.raw.LibvirtStream.virStreamNew;

import io.github.libvirt4j.auth.Authenticator;
import io.github.libvirt4j.auth.ThrowingAuthenticator;
import io.github.libvirt4j.error.ErrorHandler;
import io.github.libvirt4j.event.DomainIdentity;
import io.github.libvirt4j.event.Event;
import io.github.libvirt4j.event.NetworkIdentity;
import io.github.libvirt4j.event.NodeDeviceIdentity;
import io.github.libvirt4j.event.SecretIdentity;
import io.github.libvirt4j.event.StoragePoolIdentity;
import io.github.libvirt4j.internal.auth.Authentication;
import io.github.libvirt4j.internal.auth.SaslLocks;
import io.github.libvirt4j.internal.c.CMemory;
import io.github.libvirt4j.internal.c.ErrorCallback;
import io.github.libvirt4j.internal.c.Errors;
import io.github.libvirt4j.internal.c.FileDescriptors;
import io.github.libvirt4j.internal.c.Uuids;
import io.github.libvirt4j.internal.call.Handling;
import io.github.libvirt4j.internal.call.TimedCalls;
import io.github.libvirt4j.internal.event.ConnectionCalls;
import io.github.libvirt4j.internal.loop.ProcessLoop;
import io.github.libvirt4j.internal.raw.VirNodeInfo;
import io.github.libvirt4j.types.ConnectFlags;
import io.github.libvirt4j.types.ConnectListAllDomainsFlags;
import io.github.libvirt4j.types.ConnectListAllInterfacesFlags;
import io.github.libvirt4j.types.ConnectListAllNetworksFlags;
import io.github.libvirt4j.types.ConnectListAllNodeDeviceFlags;
import io.github.libvirt4j.types.ConnectListAllSecretsFlags;
import io.github.libvirt4j.types.ConnectListAllStoragePoolsFlags;
import io.github.libvirt4j.types.DomainCreateFlags;
import io.github.libvirt4j.types.DomainDefineFlags;
import io.github.libvirt4j.types.ErrorNumber;
import io.github.libvirt4j.types.Flag;
import io.github.libvirt4j.types.InterfaceDefineFlags;
import io.github.libvirt4j.types.NodeDeviceCreateXmlFlags;
import io.github.libvirt4j.types.NodeDeviceDefineXmlFlags;
import io.github.libvirt4j.types.SecretDefineFlags;
import io.github.libvirt4j.types.SecretUsageType;
import io.github.libvirt4j.types.StoragePoolCreateFlags;
import io.github.libvirt4j.types.StoragePoolDefineFlags;
import io.github.libvirt4j.types.StreamFlags;
import io.github.libvirt4j.types.Version;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A connection to a hypervisor. C: `virConnectPtr`. Safe for use by any thread; but for libvirt's own fault
/// before 10.4.0, where several threads at once on one connection to a daemon, a handler among them, can
/// crash the process: see `docs/faults.md`.
///
/// [#close] really closes: it ends the registrations and the handles that came from it. A connection that
/// is forgotten is closed when it is collected, but not while something is registered on it.
public final class Connect extends Connection implements EventSource<Event> {
    private final ErrorCallback.OfConnection errorCallback;

    /// Set while it is opened.
    private volatile boolean remote;

    private Connect(String uri, ErrorCallback.OfConnection errorCallback, @Nullable Duration callTimeout) {
        super(uri, ConnectionCalls.CONNECT, errorCallback::end, callTimeout);
        this.errorCallback = errorCallback;
    }

    /// Opens the hypervisor a URI names. C: `virConnectOpenAuth`.
    ///
    /// Blocks until it is open: for ever, if the other side accepts the connection and then says nothing;
    /// [Opening#openTimeout] sets a limit. A connection to another process asks it for signs of life from
    /// then on; see [Opening#keepAlive].
    ///
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
        return new Opening<>(Plan.of(uri), Authentication.NOBODY);
    }

    /// What is wanted of a connection, but for who we are.
    private record Plan(
            @Nullable String uri,
            List<ConnectFlags> flags,
            Duration keepAliveInterval,
            int keepAliveCount,
            @Nullable Duration openTimeout,
            @Nullable Duration callTimeout) {
        static Plan of(@Nullable String uri) {
            return new Plan(uri, List.of(), Duration.ofSeconds(5), 5, null, null);
        }

        /// What messages call the connection.
        String name() {
            return uri == null ? "the default connection" : uri;
        }

        /// Whether the test driver in this process is meant, which does not log in by SASL.
        boolean isEmbeddedTest() {
            return uri != null && uri.startsWith("test:");
        }

        /// A connection before it is opened.
        Connect connect() {
            return new Connect(name(), new ErrorCallback.OfConnection(), callTimeout);
        }

        /// Makes it one to what C gave.
        Connect begin(Connect connect, MemorySegment pointer) {
            connect.object.begin(pointer);
            try (Handling _ = ErrorCallback.quietly()) {
                connect.remote =
                        virConnectSetKeepAlive(pointer, (int) keepAliveInterval.toSeconds(), keepAliveCount) >= 0;
            }
            if (!connect.remote) {
                connect.anchor().dropAtOpening(pointer);
            }
            return connect;
        }
    }

    /// How to open a connection. Immutable, for use by any thread: each step gives a new one.
    ///
    /// @param <X> the checked exceptions of the authenticator
    public static final class Opening<X extends Exception> {
        private final Plan plan;
        private final Authenticator<X> authenticator;

        private Opening(Plan plan, Authenticator<X> authenticator) {
            this.plan = plan;
            this.authenticator = authenticator;
        }

        /// With more flags.
        public Opening<X> flags(ConnectFlags... more) {
            List<ConnectFlags> all = java.util.stream.Stream.concat(plan.flags.stream(), Arrays.stream(more))
                    .toList();
            return new Opening<>(
                    new Plan(
                            plan.uri,
                            all,
                            plan.keepAliveInterval,
                            plan.keepAliveCount,
                            plan.openTimeout,
                            plan.callTimeout),
                    authenticator);
        }

        /// For looking only: what would change something is refused.
        public Opening<X> readOnly() {
            return flags(ConnectFlags.RO);
        }

        /// Sets who answers what the other side asks about who we are. Default: libvirt takes name and
        /// password from its file of credentials, and an opening that needs others fails with an
        /// [AuthenticationFailedException][io.github.libvirt4j.error.AuthenticationFailedException].
        ///
        /// The file is the one that the environment variable `LIBVIRT_AUTH_FILE` names, else the parameter
        /// `authfile` of the URI, else `~/.config/libvirt/auth.conf`, else `/etc/libvirt/auth.conf`. libvirt
        /// looks into it first also where an authenticator is set, and asks the authenticator for the rest.
        /// The transport `ssh` has neither: it runs the program `ssh`, which asks on the terminal of the
        /// process unless the URI has `no_tty=1`.
        ///
        /// @param <Y> the checked exceptions it throws, which then come out of [#open]
        public <Y extends Exception> Opening<Y> authenticator(Authenticator<Y> answers) {
            return new Opening<>(plan, Objects.requireNonNull(answers, "authenticator"));
        }

        /// With answers to what the other side asks about who we are, for languages without checked
        /// exceptions. As [#authenticator(Authenticator)] in all else.
        // Authenticator is a ThrowingAuthenticator, and so always the more specific; each of its exceptions is one.
        @SuppressWarnings({"overloads", "unchecked"})
        public Opening<Exception> authenticator(ThrowingAuthenticator answers) {
            return authenticator(
                    answers instanceof Authenticator<?> known
                            ? (Authenticator<Exception>) known
                            : answers::authenticate);
        }

        /// Changes the keepalive interval and count. Default: a probe after 5 s of silence; the connection is
        /// given up after 5 probes without an answer. C: `virConnectSetKeepAlive`, which takes a connection's
        /// first call only, so that an open connection cannot change them.
        ///
        /// When keepalive gives a connection up, pending calls throw a
        /// [DisconnectedException][io.github.libvirt4j.error.DisconnectedException], and
        /// [ConnectEvent.CLOSED][io.github.libvirt4j.event.ConnectEvent#CLOSED] is delivered. A driver in
        /// this process, or a server without keepalive, ignores it. A process that is stopped for longer, as
        /// in a debugger, loses its connections.
        ///
        /// @param interval of silence before a probe, in whole seconds; zero disables keepalive: a host that
        ///     is lost is then not noticed, and a call without a time limit waits for it indefinitely
        /// @param count of probes without an answer
        public Opening<X> keepAlive(Duration interval, int count) {
            checkKeepAlive(interval, count);
            return new Opening<>(
                    new Plan(plan.uri, plan.flags, interval, count, plan.openTimeout, plan.callTimeout), authenticator);
        }

        /// With an end to waiting until it is open. [#open] then throws a
        /// [CallTimeoutException][io.github.libvirt4j.error.CallTimeoutException], or a
        /// [CallInterruptedException][io.github.libvirt4j.error.CallInterruptedException] as soon as its
        /// thread is interrupted.
        ///
        /// Opening goes on in the background, on a thread that may never come back; what comes of it is
        /// closed. Of a URI there are sixteen such threads, and one more, now and then, when all of them
        /// hang for long: see `docs/faults.md`. An authenticator is called on that thread, and while it is at
        /// work the time does not run.
        ///
        /// @param limit longer than zero; `ChronoUnit.FOREVER.getDuration()` for interrupts only
        public Opening<X> openTimeout(Duration limit) {
            TimedCalls.check(limit);
            return new Opening<>(
                    new Plan(
                            plan.uri, plan.flags, plan.keepAliveInterval, plan.keepAliveCount, limit, plan.callTimeout),
                    authenticator);
        }

        /// With an end to waiting for each call: of the connection, and of all that comes from it. The call
        /// then throws a [CallTimeoutException][io.github.libvirt4j.error.CallTimeoutException], or a
        /// [CallInterruptedException][io.github.libvirt4j.error.CallInterruptedException] as soon as its
        /// thread is interrupted, and goes on in the background
        /// ([CallAbandonedException][io.github.libvirt4j.error.CallAbandonedException]).
        ///
        /// Calls are made on threads of the library's then, sixteen at most for the connection: when none
        /// is free, that is waited for within the limit as well. A call takes 15 to 20 microseconds longer,
        /// and a virtual thread that waits for it does not hold its carrier. Without a limit nothing of
        /// this costs anything.
        ///
        /// Of a stream, each piece that is sent or received is a call. For [Stream#sendAll] and its like
        /// the limit is one for the time in which nothing goes on; the closure is called on the call's
        /// thread, and while it is at work the time does not run, and the call is none of the sixteen.
        /// Closing a connection has a limit of its own, and calls on the event loop have none.
        ///
        /// An abandoned call goes on beside the next: with a libvirt older than 10.4.0 see `docs/faults.md`.
        ///
        /// @param limit longer than zero; `ChronoUnit.FOREVER.getDuration()` for interrupts only
        public Opening<X> callTimeout(Duration limit) {
            TimedCalls.check(limit);
            return new Opening<>(
                    new Plan(
                            plan.uri, plan.flags, plan.keepAliveInterval, plan.keepAliveCount, plan.openTimeout, limit),
                    authenticator);
        }

        /// Opens it; see [Connect#open].
        ///
        /// @throws X what the authenticator threw, the same object
        /// @throws io.github.libvirt4j.error.CallAbandonedException if a time limit was set, and it is over
        /// @throws io.github.libvirt4j.error.NoFileDescriptorsException if the process has too few file
        ///     descriptors left
        public Connect open() throws X {
            ProcessLoop.ensure();
            ConnectionCalls.CONNECT.claimProcess();
            makeReady();
            if (!plan.isEmbeddedTest()) {
                SaslLocks.ensure();
            }
            int bits = Flag.combine(plan.flags.toArray(Flag[]::new));
            return Authentication.open(
                    plan.uri,
                    authenticator,
                    (auth, waitingSince) -> open(waitingSince, name -> virConnectOpenAuth(name, auth, bits)),
                    Connect::close);
        }

        private Connect open(LongSupplier waitingSince, UnaryOperator<MemorySegment> open) {
            return plan.openTimeout == null
                    ? openNow(open)
                    : TimedCalls.open(
                            plan.name(), plan.openTimeout, "virConnectOpenAuth", waitingSince, () -> openNow(open));
        }

        private Connect openNow(UnaryOperator<MemorySegment> open) {
            Handle.makeReady();
            try (Arena arena = Arena.ofConfined();
                    var _ = FileDescriptors.enter("virConnectOpenAuth", "Opening " + plan.name())) {
                MemorySegment name = CMemory.stringOrNull(arena, plan.uri, "uri");
                Connect connect = plan.connect();
                return plan.begin(connect, Errors.check(open.apply(name), "virConnectOpenAuth"));
            }
        }
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

    /// The URI it is open to, as libvirt completed it. C: `virConnectGetURI`.
    public String uri() {
        return takeString("virConnectGetURI", p -> virConnectGetURI(p));
    }

    /// The name of the driver: `QEMU`, `TEST`, … C: `virConnectGetType`.
    public String type() {
        return keptString("virConnectGetType", p -> virConnectGetType(p));
    }

    /// The name of the host. C: `virConnectGetHostname`.
    public String hostname() {
        return takeString("virConnectGetHostname", p -> virConnectGetHostname(p));
    }

    /// The version of the hypervisor. C: `virConnectGetVersion`.
    public Version version() {
        return Version.of(fillLong("virConnectGetVersion", (p, version) -> virConnectGetVersion(p, version)));
    }

    /// The version of libvirt on the other side. C: `virConnectGetLibVersion`.
    public Version libVersion() {
        return Version.of(fillLong("virConnectGetLibVersion", (p, version) -> virConnectGetLibVersion(p, version)));
    }

    /// What the hypervisor can do, as XML. C: `virConnectGetCapabilities`.
    public String capabilities() {
        return takeString("virConnectGetCapabilities", p -> virConnectGetCapabilities(p));
    }

    /// What the host has. C: `virNodeGetInfo`.
    public NodeInfo nodeInfo() {
        return fill(
                "virNodeGetInfo",
                VirNodeInfo.SIZE,
                (p, info) -> virNodeGetInfo(p, info),
                info -> new NodeInfo(
                        CMemory.boundedString(VirNodeInfo.model(info)),
                        VirNodeInfo.memory(info),
                        VirNodeInfo.cpus(info),
                        VirNodeInfo.mhz(info),
                        VirNodeInfo.nodes(info),
                        VirNodeInfo.sockets(info),
                        VirNodeInfo.cores(info),
                        VirNodeInfo.threads(info)));
    }

    /// How many processors a domain can have at most. C: `virConnectGetMaxVcpus`.
    ///
    /// @param type of domain: `qemu`, `kvm`, …; null for the driver's first
    public int maxVcpus(@Nullable String type) {
        try (Arena arena = arena()) {
            MemorySegment cType = CMemory.stringOrNull(arena, type, "type");
            return call("virConnectGetMaxVcpus", p -> virConnectGetMaxVcpus(p, cType));
        }
    }

    /// Whether the other side is still there, as far as is known. C: `virConnectIsAlive`.
    public boolean isAlive() {
        return isTrue("virConnectIsAlive", p -> virConnectIsAlive(p));
    }

    /// Whether nobody can read along: it is encrypted, or does not leave this machine. C:
    /// `virConnectIsSecure`.
    public boolean isSecure() {
        return isTrue("virConnectIsSecure", p -> virConnectIsSecure(p));
    }

    /// Whether it is encrypted. C: `virConnectIsEncrypted`.
    public boolean isEncrypted() {
        return isTrue("virConnectIsEncrypted", p -> virConnectIsEncrypted(p));
    }

    private static void checkKeepAlive(Duration interval, int count) {
        boolean tooShort = !interval.isZero() && interval.toSeconds() < 1;
        if (tooShort || interval.toSeconds() > Integer.MAX_VALUE || count < 0) {
            throw new IllegalArgumentException("Keepalive after " + interval + ", " + count
                    + " times: it can be zero, for never, or a number of seconds, and not less than 0 times");
        }
    }

    /// Sets who hears of errors of calls on this connection, instead of the handler of
    /// [Libvirt#setErrorHandler] and in the same way. C: `virConnSetErrorFunc`.
    ///
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

    /// All domains, or those the flags choose. Each handle is to be closed. C: `virConnectListAllDomains`.
    public List<Domain> domains(ConnectListAllDomainsFlags... flags) {
        return list(
                "virConnectListAllDomains",
                (p, array) -> virConnectListAllDomains(p, array, Flag.combine(flags)),
                owning(() -> new Domain(this), Domain.FREE));
    }

    /// Looks a domain up by name. C: `virDomainLookupByName`.
    ///
    /// @throws io.github.libvirt4j.error.NotFoundException if there is none
    public Domain lookupDomainByName(String name) {
        return withString(name, "name", cName -> domain("virDomainLookupByName", p -> virDomainLookupByName(p, cName)));
    }

    /// The same; empty if there is none.
    public Optional<Domain> findDomainByName(String name) {
        return find(ErrorNumber.NO_DOMAIN, () -> lookupDomainByName(name));
    }

    /// Looks a domain up by UUID. C: `virDomainLookupByUUID`.
    ///
    /// @throws io.github.libvirt4j.error.NotFoundException if there is none
    public Domain lookupDomainByUuid(UUID uuid) {
        Objects.requireNonNull(uuid, "uuid");
        try (Arena arena = arena()) {
            MemorySegment bytes = arena.allocate(Uuids.SIZE);
            Uuids.set(bytes, uuid);
            return domain("virDomainLookupByUUID", p -> virDomainLookupByUUID(p, bytes));
        }
    }

    /// The same; empty if there is none.
    public Optional<Domain> findDomainByUuid(UUID uuid) {
        return find(ErrorNumber.NO_DOMAIN, () -> lookupDomainByUuid(uuid));
    }

    /// The handle of the domain an event is about.
    ///
    /// @throws io.github.libvirt4j.error.NotFoundException if it is no longer there
    public Domain lookup(DomainIdentity identity) {
        return lookupDomainByUuid(identity.uuid());
    }

    /// Defines a domain, or changes its definition. It does not start. C: `virDomainDefineXMLFlags`.
    ///
    /// @param xml its description
    /// @throws io.github.libvirt4j.error.LibvirtException if the description is not well-formed or not
    ///     possible
    public Domain defineDomain(String xml, DomainDefineFlags... flags) {
        return withString(
                xml,
                "xml",
                cXml -> domain("virDomainDefineXMLFlags", p -> virDomainDefineXMLFlags(p, cXml, Flag.combine(flags))));
    }

    /// Creates a domain that is gone when it stops, and starts it. C: `virDomainCreateXML`.
    ///
    /// @param xml its description
    /// @throws io.github.libvirt4j.error.LibvirtException if the description is not well-formed or not
    ///     possible
    public Domain createDomain(String xml, DomainCreateFlags... flags) {
        return withString(
                xml,
                "xml",
                cXml -> domain("virDomainCreateXML", p -> virDomainCreateXML(p, cXml, Flag.combine(flags))));
    }

    private Domain domain(String function, PointerCall call) {
        return call(function, call, owning(() -> new Domain(this), Domain.FREE));
    }

    /// All networks, or those the flags choose. Each handle is to be closed. C:
    /// `virConnectListAllNetworks`.
    public List<Network> networks(ConnectListAllNetworksFlags... flags) {
        return list(
                "virConnectListAllNetworks",
                (p, array) -> virConnectListAllNetworks(p, array, Flag.combine(flags)),
                owning(() -> new Network(this), Network.FREE));
    }

    /// Looks a network up by name. C: `virNetworkLookupByName`.
    ///
    /// @throws io.github.libvirt4j.error.NotFoundException if there is none
    public Network lookupNetworkByName(String name) {
        return withString(
                name, "name", cName -> network("virNetworkLookupByName", p -> virNetworkLookupByName(p, cName)));
    }

    /// The same; empty if there is none.
    public Optional<Network> findNetworkByName(String name) {
        return find(ErrorNumber.NO_NETWORK, () -> lookupNetworkByName(name));
    }

    /// Looks a network up by UUID. C: `virNetworkLookupByUUID`.
    ///
    /// @throws io.github.libvirt4j.error.NotFoundException if there is none
    public Network lookupNetworkByUuid(UUID uuid) {
        Objects.requireNonNull(uuid, "uuid");
        try (Arena arena = arena()) {
            MemorySegment bytes = arena.allocate(Uuids.SIZE);
            Uuids.set(bytes, uuid);
            return network("virNetworkLookupByUUID", p -> virNetworkLookupByUUID(p, bytes));
        }
    }

    /// The same; empty if there is none.
    public Optional<Network> findNetworkByUuid(UUID uuid) {
        return find(ErrorNumber.NO_NETWORK, () -> lookupNetworkByUuid(uuid));
    }

    /// The handle of the network an event is about.
    ///
    /// @throws io.github.libvirt4j.error.NotFoundException if it is no longer there
    public Network lookup(NetworkIdentity identity) {
        return lookupNetworkByUuid(identity.uuid());
    }

    /// Defines a network, or changes its definition. It does not start. C: `virNetworkDefineXML`.
    ///
    /// @param xml its description
    /// @throws io.github.libvirt4j.error.LibvirtException if the description is not well-formed or not
    ///     possible
    public Network defineNetwork(String xml) {
        return withString(xml, "xml", cXml -> network("virNetworkDefineXML", p -> virNetworkDefineXML(p, cXml)));
    }

    /// Creates a network that is gone when it stops, and starts it. C: `virNetworkCreateXML`.
    ///
    /// @param xml its description
    /// @throws io.github.libvirt4j.error.LibvirtException if the description is not well-formed or not
    ///     possible
    public Network createNetwork(String xml) {
        return withString(xml, "xml", cXml -> network("virNetworkCreateXML", p -> virNetworkCreateXML(p, cXml)));
    }

    private Network network(String function, PointerCall call) {
        return call(function, call, owning(() -> new Network(this), Network.FREE));
    }

    /// All storage pools, or those the flags choose. Each handle is to be closed. C:
    /// `virConnectListAllStoragePools`.
    public List<StoragePool> storagePools(ConnectListAllStoragePoolsFlags... flags) {
        return list(
                "virConnectListAllStoragePools",
                (p, array) -> virConnectListAllStoragePools(p, array, Flag.combine(flags)),
                owning(() -> new StoragePool(this), StoragePool.FREE));
    }

    /// Looks a storage pool up by name. C: `virStoragePoolLookupByName`.
    ///
    /// @throws io.github.libvirt4j.error.NotFoundException if there is none
    public StoragePool lookupStoragePoolByName(String name) {
        return withString(
                name,
                "name",
                cName -> storagePool("virStoragePoolLookupByName", p -> virStoragePoolLookupByName(p, cName)));
    }

    /// The same; empty if there is none.
    public Optional<StoragePool> findStoragePoolByName(String name) {
        return find(ErrorNumber.NO_STORAGE_POOL, () -> lookupStoragePoolByName(name));
    }

    /// Looks a storage pool up by UUID. C: `virStoragePoolLookupByUUID`.
    ///
    /// @throws io.github.libvirt4j.error.NotFoundException if there is none
    public StoragePool lookupStoragePoolByUuid(UUID uuid) {
        Objects.requireNonNull(uuid, "uuid");
        try (Arena arena = arena()) {
            MemorySegment bytes = arena.allocate(Uuids.SIZE);
            Uuids.set(bytes, uuid);
            return storagePool("virStoragePoolLookupByUUID", p -> virStoragePoolLookupByUUID(p, bytes));
        }
    }

    /// The same; empty if there is none.
    public Optional<StoragePool> findStoragePoolByUuid(UUID uuid) {
        return find(ErrorNumber.NO_STORAGE_POOL, () -> lookupStoragePoolByUuid(uuid));
    }

    /// The handle of the storage pool an event is about.
    ///
    /// @throws io.github.libvirt4j.error.NotFoundException if it is no longer there
    public StoragePool lookup(StoragePoolIdentity identity) {
        return lookupStoragePoolByUuid(identity.uuid());
    }

    /// Defines a storage pool, or changes its definition. It does not start. C: `virStoragePoolDefineXML`.
    ///
    /// @param xml its description
    /// @throws io.github.libvirt4j.error.LibvirtException if the description is not well-formed or not
    ///     possible
    public StoragePool defineStoragePool(String xml, StoragePoolDefineFlags... flags) {
        return withString(
                xml,
                "xml",
                cXml -> storagePool(
                        "virStoragePoolDefineXML", p -> virStoragePoolDefineXML(p, cXml, Flag.combine(flags))));
    }

    /// Creates a storage pool that is gone when it stops, and starts it. C: `virStoragePoolCreateXML`.
    ///
    /// @param xml its description
    /// @throws io.github.libvirt4j.error.LibvirtException if the description is not well-formed or not
    ///     possible
    public StoragePool createStoragePool(String xml, StoragePoolCreateFlags... flags) {
        return withString(
                xml,
                "xml",
                cXml -> storagePool(
                        "virStoragePoolCreateXML", p -> virStoragePoolCreateXML(p, cXml, Flag.combine(flags))));
    }

    private StoragePool storagePool(String function, PointerCall call) {
        return call(function, call, owning(() -> new StoragePool(this), StoragePool.FREE));
    }

    /// Looks a volume up by key. C: `virStorageVolLookupByKey`.
    ///
    /// @throws io.github.libvirt4j.error.NotFoundException if there is none
    public StorageVol lookupStorageVolByKey(String key) {
        return withString(
                key, "key", cKey -> storageVol("virStorageVolLookupByKey", p -> virStorageVolLookupByKey(p, cKey)));
    }

    /// The same; empty if there is none.
    public Optional<StorageVol> findStorageVolByKey(String key) {
        return find(ErrorNumber.NO_STORAGE_VOL, () -> lookupStorageVolByKey(key));
    }

    /// Looks a volume up by its path. C: `virStorageVolLookupByPath`.
    ///
    /// @throws io.github.libvirt4j.error.NotFoundException if there is none
    public StorageVol lookupStorageVolByPath(String path) {
        return withString(
                path,
                "path",
                cPath -> storageVol("virStorageVolLookupByPath", p -> virStorageVolLookupByPath(p, cPath)));
    }

    /// The same; empty if there is none.
    public Optional<StorageVol> findStorageVolByPath(String path) {
        return find(ErrorNumber.NO_STORAGE_VOL, () -> lookupStorageVolByPath(path));
    }

    private StorageVol storageVol(String function, PointerCall call) {
        return call(function, call, owning(() -> new StorageVol(this), StorageVol.FREE));
    }

    /// All devices of the host, or those the flags choose. Each handle is to be closed. C:
    /// `virConnectListAllNodeDevices`.
    public List<NodeDevice> nodeDevices(ConnectListAllNodeDeviceFlags... flags) {
        return list(
                "virConnectListAllNodeDevices",
                (p, array) -> virConnectListAllNodeDevices(p, array, Flag.combine(flags)),
                owning(() -> new NodeDevice(this), NodeDevice.FREE));
    }

    /// Looks a device up by name. C: `virNodeDeviceLookupByName`.
    ///
    /// @throws io.github.libvirt4j.error.NotFoundException if there is none
    public NodeDevice lookupNodeDeviceByName(String name) {
        return withString(
                name,
                "name",
                cName -> nodeDevice("virNodeDeviceLookupByName", p -> virNodeDeviceLookupByName(p, cName)));
    }

    /// The same; empty if there is none.
    public Optional<NodeDevice> findNodeDeviceByName(String name) {
        return find(ErrorNumber.NO_NODE_DEVICE, () -> lookupNodeDeviceByName(name));
    }

    /// The handle of the device an event is about.
    ///
    /// @throws io.github.libvirt4j.error.NotFoundException if it is no longer there
    public NodeDevice lookup(NodeDeviceIdentity identity) {
        return lookupNodeDeviceByName(identity.name());
    }

    /// Defines a device, libvirt 7.3.0. C: `virNodeDeviceDefineXML`.
    ///
    /// @param xml its description
    /// @throws io.github.libvirt4j.error.LibvirtException if the description is not well-formed or not
    ///     possible
    public NodeDevice defineNodeDevice(String xml, NodeDeviceDefineXmlFlags... flags) {
        return withString(
                xml,
                "xml",
                cXml -> nodeDevice(
                        "virNodeDeviceDefineXML", p -> virNodeDeviceDefineXML(p, cXml, Flag.combine(flags))));
    }

    /// Creates a device: a virtual one, as a vHBA. C: `virNodeDeviceCreateXML`.
    ///
    /// @param xml its description
    /// @throws io.github.libvirt4j.error.LibvirtException if the description is not well-formed or not
    ///     possible
    public NodeDevice createNodeDevice(String xml, NodeDeviceCreateXmlFlags... flags) {
        return withString(
                xml,
                "xml",
                cXml -> nodeDevice(
                        "virNodeDeviceCreateXML", p -> virNodeDeviceCreateXML(p, cXml, Flag.combine(flags))));
    }

    private NodeDevice nodeDevice(String function, PointerCall call) {
        return call(function, call, owning(() -> new NodeDevice(this), NodeDevice.FREE));
    }

    /// All network interfaces of the host, or those the flags choose. Each handle is to be closed. C:
    /// `virConnectListAllInterfaces`.
    public List<Interface> interfaces(ConnectListAllInterfacesFlags... flags) {
        return list(
                "virConnectListAllInterfaces",
                (p, array) -> virConnectListAllInterfaces(p, array, Flag.combine(flags)),
                owning(() -> new Interface(this), Interface.FREE));
    }

    /// Looks a network interface up by name. C: `virInterfaceLookupByName`.
    ///
    /// @throws io.github.libvirt4j.error.NotFoundException if there is none
    public Interface lookupInterfaceByName(String name) {
        return withString(
                name,
                "name",
                cName -> hostInterface("virInterfaceLookupByName", p -> virInterfaceLookupByName(p, cName)));
    }

    /// The same; empty if there is none.
    public Optional<Interface> findInterfaceByName(String name) {
        return find(ErrorNumber.NO_INTERFACE, () -> lookupInterfaceByName(name));
    }

    /// Looks a network interface up by hardware address. C: `virInterfaceLookupByMACString`.
    ///
    /// @throws io.github.libvirt4j.error.NotFoundException if there is none
    public Interface lookupInterfaceByMacString(String mac) {
        return withString(
                mac,
                "mac",
                cMac -> hostInterface("virInterfaceLookupByMACString", p -> virInterfaceLookupByMACString(p, cMac)));
    }

    /// The same; empty if there is none.
    public Optional<Interface> findInterfaceByMacString(String mac) {
        return find(ErrorNumber.NO_INTERFACE, () -> lookupInterfaceByMacString(mac));
    }

    /// Defines a network interface of the host, or changes its definition. C: `virInterfaceDefineXML`.
    ///
    /// @param xml its description
    /// @throws io.github.libvirt4j.error.LibvirtException if the description is not well-formed or not
    ///     possible
    public Interface defineInterface(String xml, InterfaceDefineFlags... flags) {
        return withString(
                xml,
                "xml",
                cXml -> hostInterface(
                        "virInterfaceDefineXML", p -> virInterfaceDefineXML(p, cXml, Flag.combine(flags))));
    }

    private Interface hostInterface(String function, PointerCall call) {
        return call(function, call, owning(() -> new Interface(this), Interface.FREE));
    }

    /// All secrets, or those the flags choose. Each handle is to be closed. C: `virConnectListAllSecrets`.
    public List<Secret> secrets(ConnectListAllSecretsFlags... flags) {
        return list(
                "virConnectListAllSecrets",
                (p, array) -> virConnectListAllSecrets(p, array, Flag.combine(flags)),
                owning(() -> new Secret(this), Secret.FREE));
    }

    /// Looks a secret up by UUID. C: `virSecretLookupByUUID`.
    ///
    /// @throws io.github.libvirt4j.error.NotFoundException if there is none
    public Secret lookupSecretByUuid(UUID uuid) {
        Objects.requireNonNull(uuid, "uuid");
        try (Arena arena = arena()) {
            MemorySegment bytes = arena.allocate(Uuids.SIZE);
            Uuids.set(bytes, uuid);
            return secret("virSecretLookupByUUID", p -> virSecretLookupByUUID(p, bytes));
        }
    }

    /// The same; empty if there is none.
    public Optional<Secret> findSecretByUuid(UUID uuid) {
        return find(ErrorNumber.NO_SECRET, () -> lookupSecretByUuid(uuid));
    }

    /// Looks a secret up by what uses it. C: `virSecretLookupByUsage`.
    ///
    /// @param type what it is for
    /// @param usageId what of that sort: a volume's path, …
    /// @throws io.github.libvirt4j.error.NotFoundException if there is none
    public Secret lookupSecretByUsage(SecretUsageType type, String usageId) {
        int value = type.value();
        return withString(
                usageId,
                "usageId",
                cId -> secret("virSecretLookupByUsage", p -> virSecretLookupByUsage(p, value, cId)));
    }

    /// The same; empty if there is none.
    public Optional<Secret> findSecretByUsage(SecretUsageType type, String usageId) {
        return find(ErrorNumber.NO_SECRET, () -> lookupSecretByUsage(type, usageId));
    }

    /// The handle of the secret an event is about.
    ///
    /// @throws io.github.libvirt4j.error.NotFoundException if it is no longer there
    public Secret lookup(SecretIdentity identity) {
        return lookupSecretByUuid(identity.uuid());
    }

    /// Defines a secret, without a value, or changes its definition. C: `virSecretDefineXML`.
    ///
    /// @param xml its description
    /// @throws io.github.libvirt4j.error.LibvirtException if the description is not well-formed or not
    ///     possible
    public Secret defineSecret(String xml, SecretDefineFlags... flags) {
        return withString(
                xml,
                "xml",
                cXml -> secret("virSecretDefineXML", p -> virSecretDefineXML(p, cXml, Flag.combine(flags))));
    }

    private Secret secret(String function, PointerCall call) {
        return call(function, call, owning(() -> new Secret(this), Secret.FREE));
    }

    /// Makes a stream, for something to go over. It is to be closed. C: `virStreamNew`.
    ///
    /// @param flags [StreamFlags#NONBLOCK] for one that never waits; see [Stream#on]
    public Stream newStream(StreamFlags... flags) {
        int bits = Flag.combine(flags);
        boolean blocking = (bits & StreamFlags.NONBLOCK.bits()) == 0;
        return call("virStreamNew", p -> virStreamNew(p, bits), owning(() -> new Stream(this, blocking), Stream.FREE));
    }
}
