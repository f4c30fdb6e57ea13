package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtInterface.virInterfaceCreate;
import static io.github.libvirt4j.internal.raw.LibvirtInterface.virInterfaceDestroy;
import static io.github.libvirt4j.internal.raw.LibvirtInterface.virInterfaceFree;
import static io.github.libvirt4j.internal.raw.LibvirtInterface.virInterfaceGetMACString;
import static io.github.libvirt4j.internal.raw.LibvirtInterface.virInterfaceGetName;
import static io.github.libvirt4j.internal.raw.LibvirtInterface.virInterfaceGetXMLDesc;
import static io.github.libvirt4j.internal.raw.LibvirtInterface.virInterfaceIsActive;
import static io.github.libvirt4j.internal.raw.LibvirtInterface.virInterfaceUndefine;

import io.github.libvirt4j.internal.c.NativeObject;
import io.github.libvirt4j.types.Flag;
import io.github.libvirt4j.types.InterfaceXmlFlags;
import java.lang.foreign.MemorySegment;

/// A network interface of the host. C: `virInterfacePtr`. Safe for use by any thread.
///
/// The [package][io.github.libvirt4j] describes threads, closing, equality and exceptions of all handles.
///
/// @c {@index virInterfaceFree} libvirt 0.6.4
public final class Interface extends Noun {
    /// The name and hardware address of a network interface as a plain value. Immutable, safe for use by any
    /// thread.
    ///
    /// @param name the name, unique on the host
    /// @param mac the hardware address, which several interfaces can share; empty if there is none
    public record Identity(String name, String mac) {}

    static final NativeObject.Release FREE = iface -> virInterfaceFree(iface);

    Interface(Connect connect) {
        super(connect, FREE);
    }

    /// The name of the interface: its identity.
    ///
    /// @c {@index virInterfaceGetName} libvirt 0.6.4
    public String name() {
        return (String) identityNow();
    }

    /// The hardware address of the interface; an empty string if it has none.
    ///
    /// @c {@index virInterfaceGetMACString} libvirt 0.6.4
    public String macString() {
        return keptString("virInterfaceGetMACString", p -> virInterfaceGetMACString(p));
    }

    /// The name and hardware address of the interface as a plain value.
    public Identity identity() {
        return new Identity(name(), macString());
    }

    /// The description of the interface as XML. Default: the current state; [InterfaceXmlFlags#INACTIVE]
    /// selects the definition.
    ///
    /// @c {@index virInterfaceGetXMLDesc} libvirt 0.6.4
    public String xmlDesc(InterfaceXmlFlags... flags) {
        return takeString("virInterfaceGetXMLDesc", p -> virInterfaceGetXMLDesc(p, Flag.combine(flags)));
    }

    /// Whether the interface is active (up).
    ///
    /// @c {@index virInterfaceIsActive} libvirt 0.7.3
    public boolean isActive() {
        return isTrue("virInterfaceIsActive", p -> virInterfaceIsActive(p));
    }

    /// Starts the interface (`ifup`).
    ///
    /// @c {@index virInterfaceCreate} libvirt 0.6.4
    public void create() {
        call("virInterfaceCreate", p -> virInterfaceCreate(p, 0));
    }

    /// Stops the interface (`ifdown`). The definition and the handle remain.
    ///
    /// @c {@index virInterfaceDestroy} libvirt 0.6.4
    public void destroy() {
        call("virInterfaceDestroy", p -> virInterfaceDestroy(p, 0));
    }

    /// Removes the definition of the interface.
    ///
    /// @c {@index virInterfaceUndefine} libvirt 0.6.4
    public void undefine() {
        call("virInterfaceUndefine", p -> virInterfaceUndefine(p));
    }

    @Override
    String noun() {
        return "interface";
    }

    @Override
    Object readIdentity(MemorySegment pointer) {
        return kept(virInterfaceGetName(pointer), "virInterfaceGetName");
    }
}
