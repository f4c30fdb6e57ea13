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
/// Two handles are equal if they stand for the same one (by name) of the same [Connect]. Methods throw
/// [LibvirtException][io.github.libvirt4j.error.LibvirtException] if libvirt refuses, and
/// [IllegalStateException] after the handle or its connection was closed.
///
/// A handle is to be closed when done, wherever it came from; one that is forgotten is closed when it is
/// collected, or with its connection. Closing it does nothing to what it stands for, and takes effect after
/// the calls that are under way on it.
///
/// @c {@index virInterfaceFree} libvirt 0.6.4
public final class Interface extends Noun {
    /// The identity of a network interface, as a plain value. Immutable, for use by any thread.
    ///
    /// @param name unique on the host
    /// @param mac its hardware address; not always unique
    public record Identity(String name, String mac) {}

    static final NativeObject.Release FREE = iface -> virInterfaceFree(iface);

    Interface(Connect connect) {
        super(connect, FREE);
    }

    /// Its name, known also after the handle was closed if it was asked for before.
    ///
    /// @c {@index virInterfaceGetName} libvirt 0.6.4
    public String name() {
        return (String) identityNow();
    }

    /// Its hardware address; empty for one that has none.
    ///
    /// @c {@index virInterfaceGetMACString} libvirt 0.6.4
    public String macString() {
        return keptString("virInterfaceGetMACString", p -> virInterfaceGetMACString(p));
    }

    /// Its name and hardware address.
    public Identity identity() {
        return new Identity(name(), macString());
    }

    /// Its description.
    ///
    /// @c {@index virInterfaceGetXMLDesc} libvirt 0.6.4
    public String xmlDesc(InterfaceXmlFlags... flags) {
        return takeString("virInterfaceGetXMLDesc", p -> virInterfaceGetXMLDesc(p, Flag.combine(flags)));
    }

    /// Whether it is up.
    ///
    /// @c {@index virInterfaceIsActive} libvirt 0.7.3
    public boolean isActive() {
        return isTrue("virInterfaceIsActive", p -> virInterfaceIsActive(p));
    }

    /// Brings it up.
    ///
    /// @c {@index virInterfaceCreate} libvirt 0.6.4
    public void create() {
        call("virInterfaceCreate", p -> virInterfaceCreate(p, 0));
    }

    /// Takes it down. The handle stays usable.
    ///
    /// @c {@index virInterfaceDestroy} libvirt 0.6.4
    public void destroy() {
        call("virInterfaceDestroy", p -> virInterfaceDestroy(p, 0));
    }

    /// Forgets its definition.
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
