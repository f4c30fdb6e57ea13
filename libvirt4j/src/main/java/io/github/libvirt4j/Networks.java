package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtNetwork.virConnectListAllNetworks;
import static io.github.libvirt4j.internal.raw.LibvirtNetwork.virNetworkCreateXML;
import static io.github.libvirt4j.internal.raw.LibvirtNetwork.virNetworkCreateXMLFlags;
import static io.github.libvirt4j.internal.raw.LibvirtNetwork.virNetworkDefineXML;
import static io.github.libvirt4j.internal.raw.LibvirtNetwork.virNetworkDefineXMLFlags;
import static io.github.libvirt4j.internal.raw.LibvirtNetwork.virNetworkLookupByName;
import static io.github.libvirt4j.internal.raw.LibvirtNetwork.virNetworkLookupByUUID;

import io.github.libvirt4j.event.NetworkIdentity;
import io.github.libvirt4j.types.ConnectListAllNetworksFlags;
import io.github.libvirt4j.types.ErrorNumber;
import io.github.libvirt4j.types.Flag;
import io.github.libvirt4j.types.NetworkCreateFlags;
import io.github.libvirt4j.types.NetworkDefineFlags;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// The virtual networks of a connection: `connect.networks()`. Immutable, safe for use by any thread. See
/// [collections][io.github.libvirt4j] in the package description.
///
/// ```java
/// for (NetworkIdentity network : connect.networks().identities()) {
///     log.info(network.name());
/// }
/// ```
///
/// @param connect the connection
public record Networks(Connect connect) {
    /// Returns handles of all networks, or of those that the flags choose. The caller closes each of them.
    ///
    /// @c {@index virConnectListAllNetworks} libvirt 0.10.2
    public List<Network> listAll(ConnectListAllNetworksFlags... flags) {
        return connect.list(
                "virConnectListAllNetworks",
                (p, array) -> virConnectListAllNetworks(p, array, Flag.combine(flags)),
                made());
    }

    /// Returns the identities of all networks, or of those that the flags choose: plain values, with nothing
    /// to close.
    public List<NetworkIdentity> identities(ConnectListAllNetworksFlags... flags) {
        return Handle.identities(listAll(flags), Network::identity);
    }

    /// Looks a network up by name.
    ///
    /// @c {@index virNetworkLookupByName} libvirt 0.2.0
    /// @throws io.github.libvirt4j.error.NotFoundException if there is none
    public Network lookupByName(String name) {
        return connect.call(
                "virNetworkLookupByName", (p, in) -> virNetworkLookupByName(p, in.string(name, "name")), made());
    }

    /// Looks a network up by name; empty if there is none.
    ///
    /// @c {@index virNetworkLookupByName} libvirt 0.2.0
    public Optional<Network> findByName(String name) {
        return Handle.find(ErrorNumber.NO_NETWORK, () -> lookupByName(name));
    }

    /// Looks a network up by UUID.
    ///
    /// @c {@index virNetworkLookupByUUID} libvirt 0.2.0
    /// @throws io.github.libvirt4j.error.NotFoundException if there is none
    public Network lookupByUuid(UUID uuid) {
        return connect.call("virNetworkLookupByUUID", (p, in) -> virNetworkLookupByUUID(p, in.uuid(uuid)), made());
    }

    /// Looks a network up by UUID; empty if there is none.
    ///
    /// @c {@index virNetworkLookupByUUID} libvirt 0.2.0
    public Optional<Network> findByUuid(UUID uuid) {
        return Handle.find(ErrorNumber.NO_NETWORK, () -> lookupByUuid(uuid));
    }

    /// Looks up the network of an identity, such as the identity in an event.
    ///
    /// @throws io.github.libvirt4j.error.NotFoundException if the network no longer exists
    public Network lookup(NetworkIdentity identity) {
        return lookupByUuid(identity.uuid());
    }

    /// Defines a network, or changes its definition, without starting it. Calls `virNetworkDefineXML` without
    /// a flag, and `virNetworkDefineXMLFlags` with one.
    ///
    /// @c {@index virNetworkDefineXML} libvirt 0.2.0
    /// @c {@index virNetworkDefineXMLFlags} libvirt 7.7.0
    /// @param xml the description of the network, in libvirt's
    ///     [format](https://libvirt.org/formatnetwork.html)
    /// @param flags require libvirt 7.7.0
    /// @throws io.github.libvirt4j.error.LibvirtException if the description is malformed, or the driver
    ///     cannot implement it
    public Network define(String xml, NetworkDefineFlags... flags) {
        int bits = Flag.combine(flags);
        // Some drivers, and libvirt before 7.7.0, have only the function without flags.
        return bits == 0
                ? connect.call("virNetworkDefineXML", (p, in) -> virNetworkDefineXML(p, in.string(xml, "xml")), made())
                : connect.call(
                        "virNetworkDefineXMLFlags",
                        (p, in) -> virNetworkDefineXMLFlags(p, in.string(xml, "xml"), bits),
                        made());
    }

    /// Creates and starts a transient network, which has no definition and ceases to exist when it stops.
    /// Calls `virNetworkCreateXML` without a flag, and `virNetworkCreateXMLFlags` with one.
    ///
    /// @c {@index virNetworkCreateXML} libvirt 0.2.0
    /// @c {@index virNetworkCreateXMLFlags} libvirt 7.8.0
    /// @param xml the description of the network, in libvirt's
    ///     [format](https://libvirt.org/formatnetwork.html)
    /// @param flags require libvirt 7.8.0
    /// @throws io.github.libvirt4j.error.LibvirtException if the description is malformed, or the driver
    ///     cannot implement it
    public Network create(String xml, NetworkCreateFlags... flags) {
        int bits = Flag.combine(flags);
        // Some drivers, and libvirt before 7.8.0, have only the function without flags.
        return bits == 0
                ? connect.call("virNetworkCreateXML", (p, in) -> virNetworkCreateXML(p, in.string(xml, "xml")), made())
                : connect.call(
                        "virNetworkCreateXMLFlags",
                        (p, in) -> virNetworkCreateXMLFlags(p, in.string(xml, "xml"), bits),
                        made());
    }

    private Handle.Made<Network> made() {
        return Handle.owning(() -> new Network(connect), Network.FREE);
    }
}
