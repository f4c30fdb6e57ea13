package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtDomain.virConnectListAllDomains;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainCreateXML;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainDefineXMLFlags;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainLookupByName;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainLookupByUUID;
import static io.github.libvirt4j.internal.raw.LibvirtHost.virConnectClose;
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
import static io.github.libvirt4j.internal.raw.LibvirtStorage.virConnectListAllStoragePools;
import static io.github.libvirt4j.internal.raw.LibvirtStorage.virStoragePoolCreateXML;
import static io.github.libvirt4j.internal.raw.LibvirtStorage.virStoragePoolDefineXML;
import static io.github.libvirt4j.internal.raw.LibvirtStorage.virStoragePoolLookupByName;
import static io.github.libvirt4j.internal.raw.LibvirtStorage.virStoragePoolLookupByUUID;
import static io.github.libvirt4j.internal.raw.LibvirtStorage.virStorageVolLookupByKey;
import static io.github.libvirt4j.internal.raw.LibvirtStorage.virStorageVolLookupByPath;

import io.github.libvirt4j.event.DomainIdentity;
import io.github.libvirt4j.event.Event;
import io.github.libvirt4j.event.EventKind;
import io.github.libvirt4j.event.NetworkIdentity;
import io.github.libvirt4j.event.NodeDeviceIdentity;
import io.github.libvirt4j.event.StoragePoolIdentity;
import io.github.libvirt4j.internal.CMemory;
import io.github.libvirt4j.internal.ErrorCallback;
import io.github.libvirt4j.internal.Errors;
import io.github.libvirt4j.internal.Mailbox;
import io.github.libvirt4j.internal.NativeObject;
import io.github.libvirt4j.internal.Pointers;
import io.github.libvirt4j.internal.StackProbe;
import io.github.libvirt4j.internal.Uuids;
import io.github.libvirt4j.internal.Workers;
import io.github.libvirt4j.internal.raw.VirNodeInfo;
import io.github.libvirt4j.types.ConnectFlags;
import io.github.libvirt4j.types.ConnectListAllDomainsFlags;
import io.github.libvirt4j.types.ConnectListAllInterfacesFlags;
import io.github.libvirt4j.types.ConnectListAllNetworksFlags;
import io.github.libvirt4j.types.ConnectListAllNodeDeviceFlags;
import io.github.libvirt4j.types.ConnectListAllStoragePoolsFlags;
import io.github.libvirt4j.types.DomainCreateFlags;
import io.github.libvirt4j.types.DomainDefineFlags;
import io.github.libvirt4j.types.ErrorNumber;
import io.github.libvirt4j.types.Flag;
import io.github.libvirt4j.types.InterfaceDefineFlags;
import io.github.libvirt4j.types.NodeDeviceCreateXmlFlags;
import io.github.libvirt4j.types.NodeDeviceDefineXmlFlags;
import io.github.libvirt4j.types.StoragePoolCreateFlags;
import io.github.libvirt4j.types.StoragePoolDefineFlags;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A connection to a hypervisor. C: `virConnectPtr`. Safe for use by any thread.
///
/// [#close] really closes: it ends the registrations and the handles that came from it. A connection that
/// is forgotten is closed when it is collected, but not while something is registered on it.
public final class Connect extends Handle {
    private static final System.Logger LOG = System.getLogger("io.github.libvirt4j");
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

    /// How many closes of this process have not returned 0. For tests.
    static final LongAdder CLOSED_WITH_REFERENCES = new LongAdder();

    private final String uri;
    private final Closing closing;

    /// Those that are registered, and those that no longer are but whose handler is still at work.
    private final Set<Subscription<?>> subscriptions = ConcurrentHashMap.newKeySet();

    /// The callback pointers taken on this connection.
    final Pointers pointers = new Pointers();

    private Connect(String uri, NativeObject object, Closing closing) {
        super(object);
        this.uri = uri;
        this.closing = closing;
    }

    /// Opens the hypervisor a URI names. C: `virConnectOpenAuth`.
    ///
    /// Blocks until it is open: for ever, if the other side accepts the connection and then says nothing.
    ///
    /// @param uri such as `qemu:///system` or `test:///default`; null for the one libvirt takes by default, from
    ///     the environment variable `LIBVIRT_DEFAULT_URI` or by looking for a hypervisor on this machine
    /// @throws LibvirtException if there is no such hypervisor, or it cannot be reached
    /// @throws AuthenticationFailedException if it does not let us in
    /// @throws FunctionMissingException if libvirt is not installed
    /// @throws IllegalCallerException if the VM does not let libvirt4j use native code
    public static Connect open(@Nullable String uri, ConnectFlags... flags) {
        EventLoop.ensure();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = CMemory.stringOrNull(arena, uri, "uri");
            MemorySegment pointer = Errors.check(
                    virConnectOpenAuth(name, MemorySegment.NULL, Flag.combine(flags)), "virConnectOpenAuth");
            var closing = new Closing();
            return new Connect(
                    uri == null ? "the default connection" : uri,
                    new NativeObject(pointer, null, closing::release),
                    closing);
        }
    }

    /// Says how to open a hypervisor, step by step: `Connect.to(uri).readOnly().open()`.
    ///
    /// @param uri as for [#open]
    public static Opening to(@Nullable String uri) {
        return new Opening(uri, List.of());
    }

    /// How to open a connection. Immutable, for use by any thread: each step gives a new one.
    public static final class Opening {
        private final @Nullable String uri;
        private final List<ConnectFlags> flags;

        private Opening(@Nullable String uri, List<ConnectFlags> flags) {
            this.uri = uri;
            this.flags = flags;
        }

        /// With more flags.
        public Opening flags(ConnectFlags... more) {
            return new Opening(
                    uri, Stream.concat(flags.stream(), Arrays.stream(more)).toList());
        }

        /// For looking only: what would change something is refused.
        public Opening readOnly() {
            return flags(ConnectFlags.RO);
        }

        /// Opens it; see [Connect#open].
        public Connect open() {
            return Connect.open(uri, flags.toArray(ConnectFlags[]::new));
        }
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
                        VirNodeInfo.model(info).getString(0),
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
        try (Arena arena = Arena.ofConfined()) {
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

    /// Asks the other side for a sign of life when it was silent, and gives the connection up when none
    /// comes. C: `virConnectSetKeepAlive`.
    ///
    /// @param interval of silence after which to ask, in whole seconds; zero turns it off
    /// @param count how many times in vain
    /// @return false if the driver, or the other side, has no keepalive
    public boolean setKeepAlive(Duration interval, int count) {
        if (interval.isNegative() || interval.toSeconds() > Integer.MAX_VALUE || count < 0) {
            throw new IllegalArgumentException("Keepalive of " + interval + ", " + count + " times");
        }
        return call("virConnectSetKeepAlive", p -> virConnectSetKeepAlive(p, (int) interval.toSeconds(), count)) == 0;
    }

    /// All domains, or those the flags choose. Each handle is to be closed. C: `virConnectListAllDomains`.
    public List<Domain> domains(ConnectListAllDomainsFlags... flags) {
        return list(
                "virConnectListAllDomains",
                (p, array) -> virConnectListAllDomains(p, array, Flag.combine(flags)),
                element -> new Domain(this, element));
    }

    /// Looks a domain up by name. C: `virDomainLookupByName`.
    ///
    /// @throws NotFoundException if there is none
    public Domain lookupDomainByName(String name) {
        return withString(name, "name", cName -> domain("virDomainLookupByName", p -> virDomainLookupByName(p, cName)));
    }

    /// The same; empty if there is none.
    public Optional<Domain> findDomainByName(String name) {
        return find(ErrorNumber.NO_DOMAIN, () -> lookupDomainByName(name));
    }

    /// Looks a domain up by UUID. C: `virDomainLookupByUUID`.
    ///
    /// @throws NotFoundException if there is none
    public Domain lookupDomainByUuid(UUID uuid) {
        Objects.requireNonNull(uuid, "uuid");
        try (Arena arena = Arena.ofConfined()) {
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
    /// @throws NotFoundException if it is no longer there
    public Domain lookup(DomainIdentity identity) {
        return lookupDomainByUuid(identity.uuid());
    }

    /// Defines a domain, or changes its definition. It does not start. C: `virDomainDefineXMLFlags`.
    ///
    /// @param xml its description
    /// @throws LibvirtException if the description is not well-formed or not possible
    public Domain defineDomain(String xml, DomainDefineFlags... flags) {
        return withString(
                xml,
                "xml",
                cXml -> domain("virDomainDefineXMLFlags", p -> virDomainDefineXMLFlags(p, cXml, Flag.combine(flags))));
    }

    /// Creates a domain that is gone when it stops, and starts it. C: `virDomainCreateXML`.
    ///
    /// @param xml its description
    /// @throws LibvirtException if the description is not well-formed or not possible
    public Domain createDomain(String xml, DomainCreateFlags... flags) {
        return withString(
                xml,
                "xml",
                cXml -> domain("virDomainCreateXML", p -> virDomainCreateXML(p, cXml, Flag.combine(flags))));
    }

    private Domain domain(String function, PointerCall call) {
        return call(function, call, pointer -> new Domain(this, pointer));
    }

    /// All networks, or those the flags choose. Each handle is to be closed. C:
    /// `virConnectListAllNetworks`.
    public List<Network> networks(ConnectListAllNetworksFlags... flags) {
        return list(
                "virConnectListAllNetworks",
                (p, array) -> virConnectListAllNetworks(p, array, Flag.combine(flags)),
                element -> new Network(this, element));
    }

    /// Looks a network up by name. C: `virNetworkLookupByName`.
    ///
    /// @throws NotFoundException if there is none
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
    /// @throws NotFoundException if there is none
    public Network lookupNetworkByUuid(UUID uuid) {
        Objects.requireNonNull(uuid, "uuid");
        try (Arena arena = Arena.ofConfined()) {
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
    /// @throws NotFoundException if it is no longer there
    public Network lookup(NetworkIdentity identity) {
        return lookupNetworkByUuid(identity.uuid());
    }

    /// Defines a network, or changes its definition. It does not start. C: `virNetworkDefineXML`.
    ///
    /// @param xml its description
    /// @throws LibvirtException if the description is not well-formed or not possible
    public Network defineNetwork(String xml) {
        return withString(xml, "xml", cXml -> network("virNetworkDefineXML", p -> virNetworkDefineXML(p, cXml)));
    }

    /// Creates a network that is gone when it stops, and starts it. C: `virNetworkCreateXML`.
    ///
    /// @param xml its description
    /// @throws LibvirtException if the description is not well-formed or not possible
    public Network createNetwork(String xml) {
        return withString(xml, "xml", cXml -> network("virNetworkCreateXML", p -> virNetworkCreateXML(p, cXml)));
    }

    private Network network(String function, PointerCall call) {
        return call(function, call, pointer -> new Network(this, pointer));
    }

    /// All storage pools, or those the flags choose. Each handle is to be closed. C:
    /// `virConnectListAllStoragePools`.
    public List<StoragePool> storagePools(ConnectListAllStoragePoolsFlags... flags) {
        return list(
                "virConnectListAllStoragePools",
                (p, array) -> virConnectListAllStoragePools(p, array, Flag.combine(flags)),
                element -> new StoragePool(this, element));
    }

    /// Looks a storage pool up by name. C: `virStoragePoolLookupByName`.
    ///
    /// @throws NotFoundException if there is none
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
    /// @throws NotFoundException if there is none
    public StoragePool lookupStoragePoolByUuid(UUID uuid) {
        Objects.requireNonNull(uuid, "uuid");
        try (Arena arena = Arena.ofConfined()) {
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
    /// @throws NotFoundException if it is no longer there
    public StoragePool lookup(StoragePoolIdentity identity) {
        return lookupStoragePoolByUuid(identity.uuid());
    }

    /// Defines a storage pool, or changes its definition. It does not start. C: `virStoragePoolDefineXML`.
    ///
    /// @param xml its description
    /// @throws LibvirtException if the description is not well-formed or not possible
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
    /// @throws LibvirtException if the description is not well-formed or not possible
    public StoragePool createStoragePool(String xml, StoragePoolCreateFlags... flags) {
        return withString(
                xml,
                "xml",
                cXml -> storagePool(
                        "virStoragePoolCreateXML", p -> virStoragePoolCreateXML(p, cXml, Flag.combine(flags))));
    }

    private StoragePool storagePool(String function, PointerCall call) {
        return call(function, call, pointer -> new StoragePool(this, pointer));
    }

    /// Looks a volume up by key. C: `virStorageVolLookupByKey`.
    ///
    /// @throws NotFoundException if there is none
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
    /// @throws NotFoundException if there is none
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
        return call(function, call, pointer -> new StorageVol(this, pointer));
    }

    /// All devices of the host, or those the flags choose. Each handle is to be closed. C:
    /// `virConnectListAllNodeDevices`.
    public List<NodeDevice> nodeDevices(ConnectListAllNodeDeviceFlags... flags) {
        return list(
                "virConnectListAllNodeDevices",
                (p, array) -> virConnectListAllNodeDevices(p, array, Flag.combine(flags)),
                element -> new NodeDevice(this, element));
    }

    /// Looks a device up by name. C: `virNodeDeviceLookupByName`.
    ///
    /// @throws NotFoundException if there is none
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
    /// @throws NotFoundException if it is no longer there
    public NodeDevice lookup(NodeDeviceIdentity identity) {
        return lookupNodeDeviceByName(identity.name());
    }

    /// Defines a device, libvirt 7.3.0. C: `virNodeDeviceDefineXML`.
    ///
    /// @param xml its description
    /// @throws LibvirtException if the description is not well-formed or not possible
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
    /// @throws LibvirtException if the description is not well-formed or not possible
    public NodeDevice createNodeDevice(String xml, NodeDeviceCreateXmlFlags... flags) {
        return withString(
                xml,
                "xml",
                cXml -> nodeDevice(
                        "virNodeDeviceCreateXML", p -> virNodeDeviceCreateXML(p, cXml, Flag.combine(flags))));
    }

    private NodeDevice nodeDevice(String function, PointerCall call) {
        return call(function, call, pointer -> new NodeDevice(this, pointer));
    }

    /// All network interfaces of the host, or those the flags choose. Each handle is to be closed. C:
    /// `virConnectListAllInterfaces`.
    public List<Interface> interfaces(ConnectListAllInterfacesFlags... flags) {
        return list(
                "virConnectListAllInterfaces",
                (p, array) -> virConnectListAllInterfaces(p, array, Flag.combine(flags)),
                element -> new Interface(this, element));
    }

    /// Looks a network interface up by name. C: `virInterfaceLookupByName`.
    ///
    /// @throws NotFoundException if there is none
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
    /// @throws NotFoundException if there is none
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
    /// @throws LibvirtException if the description is not well-formed or not possible
    public Interface defineInterface(String xml, InterfaceDefineFlags... flags) {
        return withString(
                xml,
                "xml",
                cXml -> hostInterface(
                        "virInterfaceDefineXML", p -> virInterfaceDefineXML(p, cXml, Flag.combine(flags))));
    }

    private Interface hostInterface(String function, PointerCall call) {
        return call(function, call, pointer -> new Interface(this, pointer));
    }

    /// Registers a lambda for events of one kind, of all objects of this connection. They are delivered as
    /// [Delivery#queued()] says.
    ///
    /// Events of what was done before this returned may come or not; those of what is done afterwards do.
    ///
    /// @throws LibvirtException if the driver does not have them
    public <E extends Event> Registration on(EventKind<E> kind, EventHandler<? super E> handler) {
        return on(Set.of(kind), Delivery.queued(), handler);
    }

    /// The same for a lambda that is given its own registration, to close it from within.
    ///
    /// @throws LibvirtException if the driver does not have them
    public <E extends Event> Registration on(EventKind<E> kind, SelfHandler<? super E> handler) {
        Objects.requireNonNull(handler, "handler");
        return subscribe(Set.of(kind), null, Delivery.queued(), self -> event -> handler.on(event, self));
    }

    /// Registers one lambda for several kinds of events, which come in the order libvirt sends them.
    ///
    /// @param delivery how they get to the lambda
    /// @throws LibvirtException if the driver does not have them; nothing is registered then
    public <E extends Event> Registration on(
            Set<? extends EventKind<? extends E>> kinds, Delivery delivery, EventHandler<? super E> handler) {
        return on(kinds, null, delivery, handler);
    }

    /// The same for one object only.
    <E extends Event> Registration on(
            Set<? extends EventKind<? extends E>> kinds,
            @Nullable Noun about,
            Delivery delivery,
            EventHandler<? super E> handler) {
        Objects.requireNonNull(handler, "handler");
        return subscribe(kinds, about, delivery, _ -> handler);
    }

    /// Registers for events that are taken by hand.
    ///
    /// @param capacity how many may wait
    /// @throws LibvirtException if the driver does not have them; nothing is registered then
    public <E extends Event> EventQueue<E> queue(Set<? extends EventKind<? extends E>> kinds, int capacity) {
        return new EventQueue<>(this.<E>subscribe(kinds, null, Delivery.queued(capacity), _ -> null));
    }

    private <E extends Event> Subscription<E> subscribe(
            Set<? extends EventKind<? extends E>> kinds,
            @Nullable Noun about,
            Delivery delivery,
            Function<Registration, @Nullable EventHandler<? super E>> handler) {
        var subscription = new Subscription<E>(this, kinds, delivery, handler);
        MemorySegment pointer = enter();
        subscriptions.add(subscription);
        subscription.start(kinds, pointer, about);
        if (isClosed()) {
            // close() may have gone through the subscriptions before this one was among them.
            subscription.close();
            throw closed();
        }
        return subscription;
    }

    /// A subscription has deregistered all it had, and no longer uses our pointer.
    void leave(Subscription<?> subscription) {
        object.leave();
        forgetIfOver(subscription);
    }

    /// A subscription whose handler may still be at work is one that [#close] waits for.
    void forgetIfOver(Subscription<?> subscription) {
        if (subscription.isOver()) {
            subscriptions.remove(subscription);
        }
    }

    /// Closes the connection, what is registered on it and all handles that came from it. C:
    /// `virConnectClose`.
    ///
    /// Waits for calls in flight and handlers at work, but not longer than five seconds, and not if the
    /// thread is interrupted: the rest happens in the background then, and the log says so. In a handler,
    /// or on the event loop, it does not wait at all. Closing again waits in the same way for the first
    /// one.
    @Override
    public void close() {
        // What is begun is to be done: a stack that has no room for it overflows here.
        StackProbe.always();
        if (closing.begin()) {
            beginTearDown();
        }
        if (EventLoop.isCurrentThread() || Mailbox.isInHandler() || ErrorCallback.isInHandler()) {
            return;
        }
        try {
            if (!awaitClosed(System.nanoTime() + CLOSE_LIMIT.toNanos())) {
                LOG.log(
                        Level.WARNING,
                        "{0}: a call or a handler has not returned for {1} seconds; closing goes on in the background",
                        this,
                        CLOSE_LIMIT.toSeconds());
            }
        } catch (InterruptedException e) {
            LOG.log(Level.WARNING, "{0}: interrupted; closing goes on in the background", this);
            Thread.currentThread().interrupt();
        }
    }

    private void beginTearDown() {
        // Until the teardown has done its part.
        enter();
        try {
            Workers.execute(this::tearDown);
        } catch (Throwable t) {
            // No thread could be made for it. Nothing is closed yet, and it can be tried again.
            object.leave();
            closing.again();
            throw t;
        }
        super.close();
        subscriptions.forEach(Subscription::dropQueued);
    }

    private boolean awaitClosed(long deadline) throws InterruptedException {
        boolean all = closing.await(deadline - System.nanoTime());
        for (Subscription<?> subscription : subscriptions) {
            all &= subscription.awaitIdle(deadline - System.nanoTime());
        }
        return all;
    }

    private void tearDown() {
        try {
            super.close();
            subscriptions.forEach(Subscription::close);
        } catch (Throwable t) {
            LOG.log(Level.WARNING, "Closing " + this, t);
        } finally {
            object.closeChildren();
            object.leave();
        }
    }

    @Override
    public String toString() {
        return uri;
    }

    /// What `virConnectClose` returned: 0, or the references something still held. For tests.
    int closeResult() {
        return closing.result;
    }

    /// The end of the pointer. Knows nothing of the handle, which may be forgotten.
    private static final class Closing {
        private final AtomicBoolean begun = new AtomicBoolean();
        private final CountDownLatch done = new CountDownLatch(1);
        private volatile int result = -1;

        /// True the first time.
        boolean begin() {
            return begun.compareAndSet(false, true);
        }

        /// It did not come to anything.
        void again() {
            begun.set(false);
        }

        /// Not on this thread, which may be the loop's: closing talks to the other side.
        void release(MemorySegment pointer) {
            Workers.execute(() -> {
                awaitTurn();
                result = virConnectClose(pointer);
                if (result != 0) {
                    CLOSED_WITH_REFERENCES.increment();
                    LOG.log(
                            Level.WARNING,
                            "virConnectClose returned {0}: something still holds the connection",
                            result);
                }
                done.countDown();
            });
        }

        /// libvirt drops a callback's reference to the connection after it has freed it, and while it
        /// dispatches to any connection of the same driver: without this turn virConnectClose finds it
        /// still referenced. It stands here because whoever deregistered last may have been anybody.
        private static void awaitTurn() {
            boolean turned = false;
            while (!turned) {
                try {
                    turned = EventLoop.barrier(Long.MAX_VALUE);
                } catch (InterruptedException e) {
                    // A handler that ran on this worker left it interrupted; the turn is waited for all the same.
                    turned = false;
                }
            }
        }

        boolean await(long nanos) throws InterruptedException {
            return done.await(nanos, TimeUnit.NANOSECONDS);
        }
    }
}
