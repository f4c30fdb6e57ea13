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
/// Two handles are equal if they stand for the same one (by UUID) of the same [Connect]. Methods throw
/// [LibvirtException][io.github.libvirt4j.error.LibvirtException] if libvirt refuses, and
/// [IllegalStateException] after the handle or its connection was closed.
///
/// A handle is to be closed when done, wherever it came from; one that is forgotten is closed when it is
/// collected, or with its connection. Closing it does nothing to what it stands for, and takes effect after
/// the calls that are under way on it.
///
/// @c {@index virNetworkFree} libvirt 0.2.0
public final class Network extends Noun implements EventSource<NetworkEvent> {
    static final NativeObject.Release FREE = network -> virNetworkFree(network);

    Network(Connect connect) {
        super(connect, FREE);
    }

    /// Its name.
    ///
    /// @c {@index virNetworkGetName} libvirt 0.2.0
    public String name() {
        return keptString("virNetworkGetName", p -> virNetworkGetName(p));
    }

    /// Its UUID, known also after the handle was closed if it was asked for before.
    ///
    /// @c {@index virNetworkGetUUID} libvirt 0.2.0
    public UUID uuid() {
        return (UUID) identityNow();
    }

    /// Its name and UUID, as events carry them.
    public NetworkIdentity identity() {
        return new NetworkIdentity(name(), uuid());
    }

    /// Its description.
    ///
    /// @c {@index virNetworkGetXMLDesc} libvirt 0.2.0
    public String xmlDesc(NetworkXmlFlags... flags) {
        return takeString("virNetworkGetXMLDesc", p -> virNetworkGetXMLDesc(p, Flag.combine(flags)));
    }

    /// The host's bridge it uses.
    ///
    /// @c {@index virNetworkGetBridgeName} libvirt 0.2.0
    public String bridgeName() {
        return takeString("virNetworkGetBridgeName", p -> virNetworkGetBridgeName(p));
    }

    /// Whether it runs.
    ///
    /// @c {@index virNetworkIsActive} libvirt 0.7.3
    public boolean isActive() {
        return isTrue("virNetworkIsActive", p -> virNetworkIsActive(p));
    }

    /// Whether it has a definition that stays when it stops.
    ///
    /// @c {@index virNetworkIsPersistent} libvirt 0.7.3
    public boolean isPersistent() {
        return isTrue("virNetworkIsPersistent", p -> virNetworkIsPersistent(p));
    }

    /// Starts it.
    ///
    /// @c {@index virNetworkCreate} libvirt 0.2.0
    public void create() {
        call("virNetworkCreate", p -> virNetworkCreate(p));
    }

    /// Stops it; one that is not persistent is gone then. The handle stays usable.
    ///
    /// @c {@index virNetworkDestroy} libvirt 0.2.0
    public void destroy() {
        call("virNetworkDestroy", p -> virNetworkDestroy(p));
    }

    /// Forgets its definition; one that runs goes on until it stops.
    ///
    /// @c {@index virNetworkUndefine} libvirt 0.2.0
    public void undefine() {
        call("virNetworkUndefine", p -> virNetworkUndefine(p));
    }

    /// Whether it is started with its host.
    ///
    /// @c {@index virNetworkGetAutostart} libvirt 0.2.1
    public boolean autostart() {
        return fillInt("virNetworkGetAutostart", (p, autostart) -> virNetworkGetAutostart(p, autostart)) != 0;
    }

    /// Sets whether it is started with its host.
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
