package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtNetwork.virNetworkCreate;
import static io.github.libvirt4j.internal.raw.LibvirtNetwork.virNetworkDHCPLeaseFree;
import static io.github.libvirt4j.internal.raw.LibvirtNetwork.virNetworkDestroy;
import static io.github.libvirt4j.internal.raw.LibvirtNetwork.virNetworkFree;
import static io.github.libvirt4j.internal.raw.LibvirtNetwork.virNetworkGetAutostart;
import static io.github.libvirt4j.internal.raw.LibvirtNetwork.virNetworkGetBridgeName;
import static io.github.libvirt4j.internal.raw.LibvirtNetwork.virNetworkGetDHCPLeases;
import static io.github.libvirt4j.internal.raw.LibvirtNetwork.virNetworkGetMetadata;
import static io.github.libvirt4j.internal.raw.LibvirtNetwork.virNetworkGetName;
import static io.github.libvirt4j.internal.raw.LibvirtNetwork.virNetworkGetUUID;
import static io.github.libvirt4j.internal.raw.LibvirtNetwork.virNetworkGetXMLDesc;
import static io.github.libvirt4j.internal.raw.LibvirtNetwork.virNetworkIsActive;
import static io.github.libvirt4j.internal.raw.LibvirtNetwork.virNetworkIsPersistent;
import static io.github.libvirt4j.internal.raw.LibvirtNetwork.virNetworkSetAutostart;
import static io.github.libvirt4j.internal.raw.LibvirtNetwork.virNetworkSetMetadata;
import static io.github.libvirt4j.internal.raw.LibvirtNetwork.virNetworkUndefine;
import static io.github.libvirt4j.internal.raw.LibvirtNetwork.virNetworkUpdate;

import io.github.libvirt4j.event.NetworkEvent;
import io.github.libvirt4j.event.NetworkIdentity;
import io.github.libvirt4j.internal.c.CArrays;
import io.github.libvirt4j.internal.c.CMemory;
import io.github.libvirt4j.internal.c.NativeObject;
import io.github.libvirt4j.internal.raw.VirNetworkDHCPLease;
import io.github.libvirt4j.types.ErrorNumber;
import io.github.libvirt4j.types.Flag;
import io.github.libvirt4j.types.IpAddrType;
import io.github.libvirt4j.types.NetworkMetadataType;
import io.github.libvirt4j.types.NetworkUpdateCommand;
import io.github.libvirt4j.types.NetworkUpdateFlags;
import io.github.libvirt4j.types.NetworkUpdateSection;
import io.github.libvirt4j.types.NetworkXmlFlags;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A virtual network. C: `virNetworkPtr`. Safe for use by any thread.
///
/// The [package][io.github.libvirt4j] describes threads, closing, equality and exceptions of all handles.
///
/// @c {@index virNetworkFree} libvirt 0.2.0
public final class Network extends Noun implements EventSource<NetworkEvent> {
    /// An address that the DHCP server of a network has leased. C: `virNetworkDHCPLease`. Immutable, safe for
    /// use by any thread.
    ///
    /// @param iface the network's interface on the host, its bridge
    /// @param expiryTime the time when the lease ends, in seconds since the epoch; 0 if it does not end
    /// @param rawType the kind of address, a `virIPAddrType`
    /// @param mac the hardware address of the client; empty if the server does not know it
    /// @param iaid the IAID of the client, for IPv6; empty if there is none
    /// @param ipAddress the leased address
    /// @param prefix the number of bits of the address's network prefix; 0 if not known
    /// @param hostname the name that the client has given; empty if there is none
    /// @param clientId the client's identifier, its DUID for IPv6; empty if there is none
    public record DhcpLease(
            String iface,
            long expiryTime,
            int rawType,
            Optional<String> mac,
            Optional<String> iaid,
            String ipAddress,
            int prefix,
            Optional<String> hostname,
            Optional<String> clientId) {
        /// The kind of address.
        public IpAddrType type() {
            return IpAddrType.of(rawType);
        }
    }

    static final NativeObject.Release FREE = network -> virNetworkFree(network);

    Network(Connect connect) {
        super(connect, FREE);
    }

    /// The name of the network.
    ///
    /// @c {@index virNetworkGetName} libvirt 0.2.0
    public String name() {
        return keptString("virNetworkGetName", p -> virNetworkGetName(p));
    }

    /// The UUID of the network: its identity.
    ///
    /// @c {@index virNetworkGetUUID} libvirt 0.2.0
    public UUID uuid() {
        return (UUID) identityNow();
    }

    /// The name and UUID of the network as a plain value, as events carry it.
    public NetworkIdentity identity() {
        return new NetworkIdentity(name(), uuid());
    }

    /// The description of the network as XML.
    ///
    /// @c {@index virNetworkGetXMLDesc} libvirt 0.2.0
    public String xmlDesc(NetworkXmlFlags... flags) {
        return takeString("virNetworkGetXMLDesc", p -> virNetworkGetXMLDesc(p, Flag.combine(flags)));
    }

    /// The name of the host's bridge that the network uses.
    ///
    /// @c {@index virNetworkGetBridgeName} libvirt 0.2.0
    public String bridgeName() {
        return takeString("virNetworkGetBridgeName", p -> virNetworkGetBridgeName(p));
    }

    /// Whether the network is active.
    ///
    /// @c {@index virNetworkIsActive} libvirt 0.7.3
    public boolean isActive() {
        return isTrue("virNetworkIsActive", p -> virNetworkIsActive(p));
    }

    /// Whether the network is persistent: its definition remains when it stops.
    ///
    /// @c {@index virNetworkIsPersistent} libvirt 0.7.3
    public boolean isPersistent() {
        return isTrue("virNetworkIsPersistent", p -> virNetworkIsPersistent(p));
    }

    /// Starts the network from its definition.
    ///
    /// @c {@index virNetworkCreate} libvirt 0.2.0
    public void create() {
        call("virNetworkCreate", p -> virNetworkCreate(p));
    }

    /// Stops the network. A network that is not persistent ceases to exist. The handle remains usable.
    ///
    /// @c {@index virNetworkDestroy} libvirt 0.2.0
    public void destroy() {
        call("virNetworkDestroy", p -> virNetworkDestroy(p));
    }

    /// Removes the definition of the network. An active network continues until it is stopped.
    ///
    /// @c {@index virNetworkUndefine} libvirt 0.2.0
    public void undefine() {
        call("virNetworkUndefine", p -> virNetworkUndefine(p));
    }

    /// Whether the network starts when its host boots.
    ///
    /// @c {@index virNetworkGetAutostart} libvirt 0.2.1
    public boolean autostart() {
        return fillInt("virNetworkGetAutostart", (p, autostart) -> virNetworkGetAutostart(p, autostart)) != 0;
    }

    /// Sets whether the network starts when its host boots.
    ///
    /// @c {@index virNetworkSetAutostart} libvirt 0.2.1
    public void setAutostart(boolean autostart) {
        call("virNetworkSetAutostart", p -> virNetworkSetAutostart(p, autostart ? 1 : 0));
    }

    /// Changes a part of the network: of the active network, its definition, or both.
    ///
    /// @c {@index virNetworkUpdate} libvirt 0.10.2
    /// @param command whether the element is added, changed or removed
    /// @param section the part that the element is in
    /// @param parentIndex the index of the parent of the part, where a network can have several, such as its
    ///     `ip` elements; 0 for the first, −1 for the one that libvirt chooses
    /// @param xml the element, as it stands in the [description](https://libvirt.org/formatnetwork.html) of a
    ///     network: `<host mac='…' ip='…'/>` for [NetworkUpdateSection#IP_DHCP_HOST]
    /// @param flags default: the active network if it is active, otherwise its definition;
    ///     [NetworkUpdateFlags#LIVE] and [NetworkUpdateFlags#CONFIG] for one of them or both
    /// @throws io.github.libvirt4j.error.OperationInvalidException also if there is no such element to change
    ///     or remove, or it exists already
    public void update(
            NetworkUpdateCommand command,
            NetworkUpdateSection section,
            int parentIndex,
            String xml,
            NetworkUpdateFlags... flags) {
        int bits = Flag.combine(flags);
        call(
                "virNetworkUpdate",
                (p, in) -> virNetworkUpdate(
                        p, command.value(), section.value(), parentIndex, in.string(xml, "xml"), bits));
    }

    /// The title, the description, or an XML element that a program has stored in the network.
    ///
    /// @c {@index virNetworkGetMetadata} libvirt 9.7.0
    /// @param type the part to read
    /// @param uri the namespace of an [ELEMENT][NetworkMetadataType#ELEMENT]; null for other types
    /// @param flags default: the active network if it is active, otherwise its definition
    /// @return the text or XML; empty if there is none
    public Optional<String> metadata(NetworkMetadataType type, @Nullable String uri, NetworkUpdateFlags... flags) {
        int bits = Flag.combine(flags);
        return find(
                ErrorNumber.NO_NETWORK_METADATA,
                () -> takeString(
                        "virNetworkGetMetadata",
                        (p, in) -> virNetworkGetMetadata(p, type.value(), in.stringOrNull(uri, "uri"), bits)));
    }

    /// Sets the title, the description, or an XML element of the network.
    ///
    /// @c {@index virNetworkSetMetadata} libvirt 9.7.0
    /// @param type the part to set
    /// @param metadata the text or XML; null removes it
    /// @param key the namespace prefix of an [ELEMENT][NetworkMetadataType#ELEMENT]; null for other types
    /// @param uri the namespace of an [ELEMENT][NetworkMetadataType#ELEMENT]; null for other types
    /// @param flags default: the active network if it is active, otherwise its definition
    public void setMetadata(
            NetworkMetadataType type,
            @Nullable String metadata,
            @Nullable String key,
            @Nullable String uri,
            NetworkUpdateFlags... flags) {
        int bits = Flag.combine(flags);
        call(
                "virNetworkSetMetadata",
                (p, in) -> virNetworkSetMetadata(
                        p,
                        type.value(),
                        in.stringOrNull(metadata, "metadata"),
                        in.stringOrNull(key, "key"),
                        in.stringOrNull(uri, "uri"),
                        bits));
    }

    /// Returns the addresses that the DHCP server of the network has leased and that have not expired.
    ///
    /// @c {@index virNetworkGetDHCPLeases} libvirt 1.2.6
    /// @param mac the hardware address of the client whose leases to return; null for those of all clients
    public List<DhcpLease> dhcpLeases(@Nullable String mac) {
        return takeStructs(
                "virNetworkGetDHCPLeases",
                CArrays.End.AT_COUNT,
                VirNetworkDHCPLease.SIZE,
                (p, in, leases) -> virNetworkGetDHCPLeases(p, in.stringOrNull(mac, "mac"), leases, 0),
                Network::lease,
                lease -> virNetworkDHCPLeaseFree(lease));
    }

    private static DhcpLease lease(MemorySegment lease) {
        return new DhcpLease(
                requiredString(VirNetworkDHCPLease.iface(lease)),
                VirNetworkDHCPLease.expirytime(lease),
                VirNetworkDHCPLease.type(lease),
                optionalString(VirNetworkDHCPLease.mac(lease)),
                optionalString(VirNetworkDHCPLease.iaid(lease)),
                requiredString(VirNetworkDHCPLease.ipaddr(lease)),
                VirNetworkDHCPLease.prefix(lease),
                optionalString(VirNetworkDHCPLease.hostname(lease)),
                optionalString(VirNetworkDHCPLease.clientid(lease)));
    }

    private static String requiredString(MemorySegment string) {
        return Objects.requireNonNull(CMemory.string(string));
    }

    private static Optional<String> optionalString(MemorySegment string) {
        return Optional.ofNullable(CMemory.string(string));
    }

    /// The ports of the network.
    public NetworkPorts ports() {
        return new NetworkPorts(this);
    }

    @Override
    String noun() {
        return "network";
    }

    @Override
    Object readIdentity(MemorySegment pointer) {
        return uuid(pointer, "virNetworkGetUUID", (p, bytes) -> virNetworkGetUUID(p, bytes));
    }
}
