package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtNodedev.virConnectListAllNodeDevices;
import static io.github.libvirt4j.internal.raw.LibvirtNodedev.virNodeDeviceCreateXML;
import static io.github.libvirt4j.internal.raw.LibvirtNodedev.virNodeDeviceDefineXML;
import static io.github.libvirt4j.internal.raw.LibvirtNodedev.virNodeDeviceLookupByName;

import io.github.libvirt4j.event.NodeDeviceIdentity;
import io.github.libvirt4j.types.ConnectListAllNodeDeviceFlags;
import io.github.libvirt4j.types.ErrorNumber;
import io.github.libvirt4j.types.Flag;
import io.github.libvirt4j.types.NodeDeviceCreateXmlFlags;
import io.github.libvirt4j.types.NodeDeviceDefineXmlFlags;
import java.util.List;
import java.util.Optional;

/// The devices of a connection's host, reached by `connect.nodeDevices()`. Owns nothing and need not be
/// closed; its calls fail with an [IllegalStateException] after the connection was closed. Immutable, for use
/// by any thread.
///
/// ```java
/// List<NodeDeviceIdentity> cards = connect.nodeDevices().identities(ConnectListAllNodeDeviceFlags.CAP_NET);
/// ```
///
/// @param connect whose devices they are
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

    /// Looks up the device that an event is about, or that an identity names.
    ///
    /// @throws io.github.libvirt4j.error.NotFoundException if it is no longer there
    public NodeDevice lookup(NodeDeviceIdentity identity) {
        return lookupByName(identity.name());
    }

    /// Defines a device, as a mediated device.
    ///
    /// @c {@index virNodeDeviceDefineXML} libvirt 7.3.0
    /// @param xml its description
    /// @throws io.github.libvirt4j.error.LibvirtException if the description is malformed or impossible
    public NodeDevice define(String xml, NodeDeviceDefineXmlFlags... flags) {
        return connect.call(
                "virNodeDeviceDefineXML",
                (p, in) -> virNodeDeviceDefineXML(p, in.string(xml, "xml"), Flag.combine(flags)),
                made());
    }

    /// Creates a virtual device, as a vHBA.
    ///
    /// @c {@index virNodeDeviceCreateXML} libvirt 0.6.3
    /// @param xml its description
    /// @throws io.github.libvirt4j.error.LibvirtException if the description is malformed or impossible
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
