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

/// The virtual networks of a connection, reached by `connect.networks()`. Owns nothing and need not be
/// closed; its calls fail with an [IllegalStateException] after the connection was closed. Immutable, for use
/// by any thread.
///
/// ```java
/// for (NetworkIdentity network : connect.networks().identities()) {
///     log.info(network.name());
/// }
/// ```
///
/// @param connect whose networks they are
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

    /// Looks up the network that an event is about, or that an identity names.
    ///
    /// @throws io.github.libvirt4j.error.NotFoundException if it is no longer there
    public Network lookup(NetworkIdentity identity) {
        return lookupByUuid(identity.uuid());
    }

    /// Defines a network, or changes its definition, without starting it. With a flag it calls
    /// `virNetworkDefineXMLFlags`, without one `virNetworkDefineXML`.
    ///
    /// @c {@index virNetworkDefineXML} libvirt 0.2.0
    /// @c {@index virNetworkDefineXMLFlags} libvirt 7.7.0
    /// @param xml its description
    /// @param flags since libvirt 7.7.0
    /// @throws io.github.libvirt4j.error.LibvirtException if the description is malformed or impossible
    public Network define(String xml, NetworkDefineFlags... flags) {
        int bits = Flag.combine(flags);
        // Drivers, and libvirt before 7.7.0, have the one without flags only.
        return bits == 0
                ? connect.call("virNetworkDefineXML", (p, in) -> virNetworkDefineXML(p, in.string(xml, "xml")), made())
                : connect.call(
                        "virNetworkDefineXMLFlags",
                        (p, in) -> virNetworkDefineXMLFlags(p, in.string(xml, "xml"), bits),
                        made());
    }

    /// Starts a network that has no definition and is gone when it stops. With a flag it calls
    /// `virNetworkCreateXMLFlags`, without one `virNetworkCreateXML`.
    ///
    /// @c {@index virNetworkCreateXML} libvirt 0.2.0
    /// @c {@index virNetworkCreateXMLFlags} libvirt 7.8.0
    /// @param xml its description
    /// @param flags since libvirt 7.8.0
    /// @throws io.github.libvirt4j.error.LibvirtException if the description is malformed or impossible
    public Network create(String xml, NetworkCreateFlags... flags) {
        int bits = Flag.combine(flags);
        // Drivers, and libvirt before 7.8.0, have the one without flags only.
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
