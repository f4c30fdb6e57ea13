package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtInterface.virConnectListAllInterfaces;
import static io.github.libvirt4j.internal.raw.LibvirtInterface.virInterfaceChangeBegin;
import static io.github.libvirt4j.internal.raw.LibvirtInterface.virInterfaceChangeCommit;
import static io.github.libvirt4j.internal.raw.LibvirtInterface.virInterfaceChangeRollback;
import static io.github.libvirt4j.internal.raw.LibvirtInterface.virInterfaceDefineXML;
import static io.github.libvirt4j.internal.raw.LibvirtInterface.virInterfaceLookupByMACString;
import static io.github.libvirt4j.internal.raw.LibvirtInterface.virInterfaceLookupByName;

import io.github.libvirt4j.types.ConnectListAllInterfacesFlags;
import io.github.libvirt4j.types.ErrorNumber;
import io.github.libvirt4j.types.Flag;
import io.github.libvirt4j.types.InterfaceDefineFlags;
import java.util.List;
import java.util.Optional;

/// The network interfaces of a connection's host: `connect.interfaces()`. Immutable, safe for use by any
/// thread. See [collections][io.github.libvirt4j] in the package description.
///
/// ```java
/// Optional<Interface> bridge = connect.interfaces().findByName("br0");
/// ```
///
/// @param connect the connection
public record Interfaces(Connect connect) {
    /// Returns handles of all network interfaces of the host, or of those that the flags choose. The caller
    /// closes each of them.
    ///
    /// @c {@index virConnectListAllInterfaces} libvirt 0.10.2
    public List<Interface> listAll(ConnectListAllInterfacesFlags... flags) {
        return connect.list(
                "virConnectListAllInterfaces",
                (p, array) -> virConnectListAllInterfaces(p, array, Flag.combine(flags)),
                made());
    }

    /// Returns the identities of all network interfaces of the host, or of those that the flags choose: plain
    /// values, with nothing to close.
    public List<Interface.Identity> identities(ConnectListAllInterfacesFlags... flags) {
        return Handle.identities(listAll(flags), Interface::identity);
    }

    /// Looks a network interface up by name.
    ///
    /// @c {@index virInterfaceLookupByName} libvirt 0.6.4
    /// @throws io.github.libvirt4j.error.NotFoundException if there is none
    public Interface lookupByName(String name) {
        return connect.call(
                "virInterfaceLookupByName", (p, in) -> virInterfaceLookupByName(p, in.string(name, "name")), made());
    }

    /// Looks a network interface up by name; empty if there is none.
    ///
    /// @c {@index virInterfaceLookupByName} libvirt 0.6.4
    public Optional<Interface> findByName(String name) {
        return Handle.find(ErrorNumber.NO_INTERFACE, () -> lookupByName(name));
    }

    /// Looks a network interface up by hardware address.
    ///
    /// @c {@index virInterfaceLookupByMACString} libvirt 0.6.4
    /// @throws io.github.libvirt4j.error.NotFoundException if there is none
    /// @throws io.github.libvirt4j.error.LibvirtException if several interfaces have this address
    public Interface lookupByMacString(String mac) {
        return connect.call(
                "virInterfaceLookupByMACString",
                (p, in) -> virInterfaceLookupByMACString(p, in.string(mac, "mac")),
                made());
    }

    /// Looks a network interface up by hardware address; empty if there is none.
    ///
    /// @c {@index virInterfaceLookupByMACString} libvirt 0.6.4
    public Optional<Interface> findByMacString(String mac) {
        return Handle.find(ErrorNumber.NO_INTERFACE, () -> lookupByMacString(mac));
    }

    /// Defines a network interface of the host, or changes its definition.
    ///
    /// @c {@index virInterfaceDefineXML} libvirt 0.6.4
    /// @param xml the description of the interface
    /// @throws io.github.libvirt4j.error.LibvirtException if the description is malformed, or the driver
    ///     cannot implement it
    public Interface define(String xml, InterfaceDefineFlags... flags) {
        return connect.call(
                "virInterfaceDefineXML",
                (p, in) -> virInterfaceDefineXML(p, in.string(xml, "xml"), Flag.combine(flags)),
                made());
    }

    /// Begins a change of interfaces that can be undone: libvirt keeps their configuration, which
    /// [#changeRollback] restores, also after the host was restarted. It is one for the whole host, not for
    /// the connection.
    ///
    /// @c {@index virInterfaceChangeBegin} libvirt 0.9.2
    /// @throws io.github.libvirt4j.error.OperationInvalidException if a change has begun already
    public void changeBegin() {
        connect.call("virInterfaceChangeBegin", p -> virInterfaceChangeBegin(p, 0));
    }

    /// Keeps what has changed since [#changeBegin], and ends the change.
    ///
    /// @c {@index virInterfaceChangeCommit} libvirt 0.9.2
    /// @throws io.github.libvirt4j.error.OperationInvalidException if no change has begun
    public void changeCommit() {
        connect.call("virInterfaceChangeCommit", p -> virInterfaceChangeCommit(p, 0));
    }

    /// Restores the interfaces as they were at [#changeBegin], and ends the change.
    ///
    /// @c {@index virInterfaceChangeRollback} libvirt 0.9.2
    /// @throws io.github.libvirt4j.error.OperationInvalidException if no change has begun
    public void changeRollback() {
        connect.call("virInterfaceChangeRollback", p -> virInterfaceChangeRollback(p, 0));
    }

    private Handle.Made<Interface> made() {
        return Handle.owning(() -> new Interface(connect), Interface.FREE);
    }
}
