package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtNetwork.virNetworkCreate;
import static io.github.libvirt4j.internal.raw.LibvirtNetwork.virNetworkDestroy;
import static io.github.libvirt4j.internal.raw.LibvirtNetwork.virNetworkFree;
import static io.github.libvirt4j.internal.raw.LibvirtNetwork.virNetworkGetAutostart;
import static io.github.libvirt4j.internal.raw.LibvirtNetwork.virNetworkGetBridgeName;
import static io.github.libvirt4j.internal.raw.LibvirtNetwork.virNetworkGetName;
import static io.github.libvirt4j.internal.raw.LibvirtNetwork.virNetworkGetUUID;
import static io.github.libvirt4j.internal.raw.LibvirtNetwork.virNetworkGetXMLDesc;
import static io.github.libvirt4j.internal.raw.LibvirtNetwork.virNetworkIsActive;
import static io.github.libvirt4j.internal.raw.LibvirtNetwork.virNetworkIsPersistent;
import static io.github.libvirt4j.internal.raw.LibvirtNetwork.virNetworkSetAutostart;
import static io.github.libvirt4j.internal.raw.LibvirtNetwork.virNetworkUndefine;

import io.github.libvirt4j.event.NetworkEvent;
import io.github.libvirt4j.event.NetworkIdentity;
import io.github.libvirt4j.internal.c.NativeObject;
import io.github.libvirt4j.types.Flag;
import io.github.libvirt4j.types.NetworkXmlFlags;
import java.lang.foreign.MemorySegment;
import java.util.UUID;

/// A virtual network. C: `virNetworkPtr`. Safe for use by any thread.
///
/// The [package][io.github.libvirt4j] describes threads, closing, equality and exceptions of all handles.
///
/// @c {@index virNetworkFree} libvirt 0.2.0
public final class Network extends Noun implements EventSource<NetworkEvent> {
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

    @Override
    String noun() {
        return "network";
    }

    @Override
    Object readIdentity(MemorySegment pointer) {
        return uuid(pointer, "virNetworkGetUUID", (p, bytes) -> virNetworkGetUUID(p, bytes));
    }
}
