package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtNetwork.virNetworkListAllPorts;
import static io.github.libvirt4j.internal.raw.LibvirtNetwork.virNetworkPortCreateXML;
import static io.github.libvirt4j.internal.raw.LibvirtNetwork.virNetworkPortLookupByUUID;

import io.github.libvirt4j.types.ErrorNumber;
import io.github.libvirt4j.types.Flag;
import io.github.libvirt4j.types.NetworkPortCreateFlags;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// The ports of a network: `network.ports()`. Immutable, safe for use by any thread. See
/// [collections][io.github.libvirt4j] in the package description.
///
/// ```java
/// for (NetworkPort.Identity port : network.ports().identities()) {
///     log.info(port.uuid().toString());
/// }
/// ```
///
/// @param network the network
public record NetworkPorts(Network network) {
    /// Returns handles of all ports of the network. The caller closes each of them.
    ///
    /// @c {@index virNetworkListAllPorts} libvirt 5.5.0
    public List<NetworkPort> listAll() {
        return network.list("virNetworkListAllPorts", (p, array) -> virNetworkListAllPorts(p, array, 0), made());
    }

    /// Returns the identities of all ports of the network: plain values, with nothing to close.
    public List<NetworkPort.Identity> identities() {
        return Handle.identities(listAll(), NetworkPort::identity);
    }

    /// Looks a port up by UUID.
    ///
    /// @c {@index virNetworkPortLookupByUUID} libvirt 5.5.0
    /// @throws io.github.libvirt4j.error.NotFoundException if there is none
    public NetworkPort lookupByUuid(UUID uuid) {
        return network.call(
                "virNetworkPortLookupByUUID", (p, in) -> virNetworkPortLookupByUUID(p, in.uuid(uuid)), made());
    }

    /// Looks a port up by UUID; empty if there is none.
    ///
    /// @c {@index virNetworkPortLookupByUUID} libvirt 5.5.0
    public Optional<NetworkPort> findByUuid(UUID uuid) {
        return Handle.find(ErrorNumber.NO_NETWORK_PORT, () -> lookupByUuid(uuid));
    }

    /// Creates a port, as drivers of hypervisors do for the interfaces of their domains. The network must be
    /// active.
    ///
    /// @c {@index virNetworkPortCreateXML} libvirt 5.5.0
    /// @param xml the description of the port, in libvirt's
    ///     [format](https://libvirt.org/formatnetworkport.html)
    /// @param flags [NetworkPortCreateFlags#RECLAIM] for a port that connects an interface already, as a
    ///     daemon does after it was restarted; [NetworkPortCreateFlags#VALIDATE] requires libvirt 7.8.0
    /// @throws io.github.libvirt4j.error.LibvirtException if the description is malformed, or the driver
    ///     cannot implement it
    public NetworkPort create(String xml, NetworkPortCreateFlags... flags) {
        return network.call(
                "virNetworkPortCreateXML",
                (p, in) -> virNetworkPortCreateXML(p, in.string(xml, "xml"), Flag.combine(flags)),
                made());
    }

    private Handle.Made<NetworkPort> made() {
        return Handle.owning(() -> new NetworkPort(network.connect()), NetworkPort.FREE);
    }
}
