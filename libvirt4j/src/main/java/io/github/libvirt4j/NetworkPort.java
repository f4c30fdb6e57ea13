package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtNetwork.virNetworkGetUUID;
import static io.github.libvirt4j.internal.raw.LibvirtNetwork.virNetworkPortDelete;
import static io.github.libvirt4j.internal.raw.LibvirtNetwork.virNetworkPortFree;
import static io.github.libvirt4j.internal.raw.LibvirtNetwork.virNetworkPortGetNetwork;
import static io.github.libvirt4j.internal.raw.LibvirtNetwork.virNetworkPortGetParameters;
import static io.github.libvirt4j.internal.raw.LibvirtNetwork.virNetworkPortGetUUID;
import static io.github.libvirt4j.internal.raw.LibvirtNetwork.virNetworkPortGetXMLDesc;
import static io.github.libvirt4j.internal.raw.LibvirtNetwork.virNetworkPortSetParameters;
import static io.github.libvirt4j.internal.raw.LibvirtNetwork.virNetworkRef;

import io.github.libvirt4j.internal.c.NativeObject;
import io.github.libvirt4j.types.TypedParameters;
import java.lang.foreign.MemorySegment;
import java.util.UUID;

/// A port of a virtual network: the connection of one interface of a domain to it. libvirt creates one when a
/// domain with such an interface starts. C: `virNetworkPortPtr`. Safe for use by any thread.
///
/// The [package][io.github.libvirt4j] describes threads, closing, equality and exceptions of all handles.
///
/// @c {@index virNetworkPortFree} libvirt 5.5.0
public final class NetworkPort extends Noun {
    /// The network and UUID of a port as a plain value. Immutable, safe for use by any thread.
    ///
    /// @param network the UUID of the network
    /// @param uuid the UUID of the port, unique in its network
    public record Identity(UUID network, UUID uuid) {}

    static final NativeObject.Release FREE = port -> virNetworkPortFree(port);

    NetworkPort(Connect connect) {
        super(connect, FREE);
    }

    /// The UUID of the port, unique in its network.
    ///
    /// @c {@index virNetworkPortGetUUID} libvirt 5.5.0
    public UUID uuid() {
        return identity().uuid();
    }

    /// The network and UUID of the port as a plain value.
    public Identity identity() {
        return (Identity) identityNow();
    }

    /// Returns a handle of the network of the port. The caller closes it.
    ///
    /// @c {@index virNetworkPortGetNetwork} libvirt 5.5.0
    public Network network() {
        return keptObject(
                "virNetworkPortGetNetwork",
                p -> virNetworkPortGetNetwork(p),
                network -> virNetworkRef(network),
                owning(() -> new Network(connect()), Network.FREE));
    }

    /// The description of the port as XML.
    ///
    /// @c {@index virNetworkPortGetXMLDesc} libvirt 5.5.0
    public String xmlDesc() {
        return takeString("virNetworkPortGetXMLDesc", p -> virNetworkPortGetXMLDesc(p, 0));
    }

    /// Returns the bandwidth of the port.
    ///
    /// @c {@index virNetworkPortGetParameters} libvirt 5.5.0
    /// @return parameters of [NetworkPortBandwidthKeys][io.github.libvirt4j.types.NetworkPortBandwidthKeys];
    ///     none for a direction without a limit
    public TypedParameters parameters() {
        return takeParameters(
                "virNetworkPortGetParameters",
                (p, _, params, nparams) -> virNetworkPortGetParameters(p, params, nparams, 0));
    }

    /// Sets the bandwidth of the port.
    ///
    /// @c {@index virNetworkPortSetParameters} libvirt 5.5.0
    /// @param parameters one or more of
    ///     [NetworkPortBandwidthKeys][io.github.libvirt4j.types.NetworkPortBandwidthKeys]
    public void setParameters(TypedParameters parameters) {
        call(
                "virNetworkPortSetParameters",
                (p, in) -> virNetworkPortSetParameters(p, in.parameters(parameters), parameters.size(), 0));
    }

    /// Removes the port. The domain whose interface it connects is not told.
    ///
    /// @c {@index virNetworkPortDelete} libvirt 5.5.0
    public void delete() {
        call("virNetworkPortDelete", p -> virNetworkPortDelete(p, 0));
    }

    @Override
    String noun() {
        return "network port";
    }

    @Override
    Object readIdentity(MemorySegment pointer) {
        MemorySegment network = check(virNetworkPortGetNetwork(pointer), "virNetworkPortGetNetwork");
        return new Identity(
                uuid(network, "virNetworkGetUUID", (p, bytes) -> virNetworkGetUUID(p, bytes)),
                uuid(pointer, "virNetworkPortGetUUID", (p, bytes) -> virNetworkPortGetUUID(p, bytes)));
    }
}
