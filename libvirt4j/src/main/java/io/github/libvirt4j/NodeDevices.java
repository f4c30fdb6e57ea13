package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtNodedev.virConnectListAllNodeDevices;
import static io.github.libvirt4j.internal.raw.LibvirtNodedev.virNodeDeviceCreateXML;
import static io.github.libvirt4j.internal.raw.LibvirtNodedev.virNodeDeviceDefineXML;
import static io.github.libvirt4j.internal.raw.LibvirtNodedev.virNodeDeviceLookupByName;
import static io.github.libvirt4j.internal.raw.LibvirtNodedev.virNodeDeviceLookupSCSIHostByWWN;

import io.github.libvirt4j.event.NodeDeviceIdentity;
import io.github.libvirt4j.types.ConnectListAllNodeDeviceFlags;
import io.github.libvirt4j.types.ErrorNumber;
import io.github.libvirt4j.types.Flag;
import io.github.libvirt4j.types.NodeDeviceCreateXmlFlags;
import io.github.libvirt4j.types.NodeDeviceDefineXmlFlags;
import java.util.List;
import java.util.Optional;

/// The devices of a connection's host: `connect.nodeDevices()`. Immutable, safe for use by any thread. See
/// [collections][io.github.libvirt4j] in the package description.
///
/// ```java
/// List<NodeDeviceIdentity> cards = connect.nodeDevices().identities(ConnectListAllNodeDeviceFlags.CAP_NET);
/// ```
///
/// @param connect the connection
public record NodeDevices(Connect connect) {
    /// Returns handles of all devices of the host, or of those that the flags choose. The caller closes each
    /// of them.
    ///
    /// @c {@index virConnectListAllNodeDevices} libvirt 0.10.2
    public List<NodeDevice> listAll(ConnectListAllNodeDeviceFlags... flags) {
        return connect.list(
                "virConnectListAllNodeDevices",
                (p, array) -> virConnectListAllNodeDevices(p, array, Flag.combine(flags)),
                made());
    }

    /// Returns the identities of all devices of the host, or of those that the flags choose: plain values,
    /// with nothing to close.
    public List<NodeDeviceIdentity> identities(ConnectListAllNodeDeviceFlags... flags) {
        return Handle.identities(listAll(flags), NodeDevice::identity);
    }

    /// Looks a device up by name.
    ///
    /// @c {@index virNodeDeviceLookupByName} libvirt 0.5.0
    /// @throws io.github.libvirt4j.error.NotFoundException if there is none
    public NodeDevice lookupByName(String name) {
        return connect.call(
                "virNodeDeviceLookupByName", (p, in) -> virNodeDeviceLookupByName(p, in.string(name, "name")), made());
    }

    /// Looks a device up by name; empty if there is none.
    ///
    /// @c {@index virNodeDeviceLookupByName} libvirt 0.5.0
    public Optional<NodeDevice> findByName(String name) {
        return Handle.find(ErrorNumber.NO_NODE_DEVICE, () -> lookupByName(name));
    }

    /// Looks a SCSI host up that is a Fibre Channel adapter, by its world wide names.
    ///
    /// @c {@index virNodeDeviceLookupSCSIHostByWWN} libvirt 1.0.3
    /// @param wwnn the name of the node, in hexadecimal
    /// @param wwpn the name of the port, in hexadecimal
    /// @throws io.github.libvirt4j.error.LibvirtException also if there is none: libvirt gives no code for
    ///     that
    public NodeDevice lookupScsiHostByWwn(String wwnn, String wwpn) {
        return connect.call(
                "virNodeDeviceLookupSCSIHostByWWN",
                (p, in) -> virNodeDeviceLookupSCSIHostByWWN(p, in.string(wwnn, "wwnn"), in.string(wwpn, "wwpn"), 0),
                made());
    }

    /// Looks up the device of an identity, such as the identity in an event.
    ///
    /// @throws io.github.libvirt4j.error.NotFoundException if the device no longer exists
    public NodeDevice lookup(NodeDeviceIdentity identity) {
        return lookupByName(identity.name());
    }

    /// Defines a virtual device, such as a mediated device, without starting it.
    ///
    /// @c {@index virNodeDeviceDefineXML} libvirt 7.3.0
    /// @param xml the description of the device, in libvirt's [format](https://libvirt.org/formatnode.html)
    /// @throws io.github.libvirt4j.error.LibvirtException if the description is malformed, or the driver
    ///     cannot implement it
    public NodeDevice define(String xml, NodeDeviceDefineXmlFlags... flags) {
        return connect.call(
                "virNodeDeviceDefineXML",
                (p, in) -> virNodeDeviceDefineXML(p, in.string(xml, "xml"), Flag.combine(flags)),
                made());
    }

    /// Creates and starts a transient virtual device, such as a vHBA.
    ///
    /// @c {@index virNodeDeviceCreateXML} libvirt 0.6.3
    /// @param xml the description of the device, in libvirt's [format](https://libvirt.org/formatnode.html)
    /// @throws io.github.libvirt4j.error.LibvirtException if the description is malformed, or the driver
    ///     cannot implement it
    public NodeDevice create(String xml, NodeDeviceCreateXmlFlags... flags) {
        return connect.call(
                "virNodeDeviceCreateXML",
                (p, in) -> virNodeDeviceCreateXML(p, in.string(xml, "xml"), Flag.combine(flags)),
                made());
    }

    private Handle.Made<NodeDevice> made() {
        return Handle.owning(() -> new NodeDevice(connect), NodeDevice.FREE);
    }
}
