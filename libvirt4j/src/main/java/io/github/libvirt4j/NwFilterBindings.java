package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtNwfilter.virConnectListAllNWFilterBindings;
import static io.github.libvirt4j.internal.raw.LibvirtNwfilter.virNWFilterBindingCreateXML;
import static io.github.libvirt4j.internal.raw.LibvirtNwfilter.virNWFilterBindingLookupByPortDev;

import io.github.libvirt4j.types.ErrorNumber;
import io.github.libvirt4j.types.Flag;
import io.github.libvirt4j.types.NwFilterBindingCreateFlags;
import java.util.List;
import java.util.Optional;

/// The bindings of network filters to interfaces of domains: `connect.nwFilterBindings()`. Immutable, safe
/// for use by any thread. See [collections][io.github.libvirt4j] in the package description.
///
/// ```java
/// List<NwFilterBinding.Identity> bindings = connect.nwFilterBindings().identities();
/// ```
///
/// @param connect the connection
public record NwFilterBindings(Connect connect) {
    /// Returns handles of all bindings. The caller closes each of them.
    ///
    /// @c {@index virConnectListAllNWFilterBindings} libvirt 4.5.0
    public List<NwFilterBinding> listAll() {
        return connect.list(
                "virConnectListAllNWFilterBindings",
                (p, array) -> virConnectListAllNWFilterBindings(p, array, 0),
                made());
    }

    /// Returns the identities of all bindings: plain values, with nothing to close.
    public List<NwFilterBinding.Identity> identities() {
        return Handle.identities(listAll(), NwFilterBinding::identity);
    }

    /// Looks a binding up by network device.
    ///
    /// @c {@index virNWFilterBindingLookupByPortDev} libvirt 4.5.0
    /// @param portDev the name of the device on the host, such as `vnet0`
    /// @throws io.github.libvirt4j.error.NotFoundException if the device has none
    public NwFilterBinding lookupByPortDev(String portDev) {
        return connect.call(
                "virNWFilterBindingLookupByPortDev",
                (p, in) -> virNWFilterBindingLookupByPortDev(p, in.string(portDev, "portDev")),
                made());
    }

    /// Looks a binding up by network device; empty if the device has none.
    ///
    /// @c {@index virNWFilterBindingLookupByPortDev} libvirt 4.5.0
    /// @param portDev the name of the device on the host, such as `vnet0`
    public Optional<NwFilterBinding> findByPortDev(String portDev) {
        return Handle.find(ErrorNumber.NO_NWFILTER_BINDING, () -> lookupByPortDev(portDev));
    }

    /// Binds a filter to a network device, whose traffic it then filters. A device that does not exist yet is
    /// filtered once it does. Drivers of hypervisors create bindings for their domains.
    ///
    /// @c {@index virNWFilterBindingCreateXML} libvirt 4.5.0
    /// @param xml the description of the binding
    /// @throws io.github.libvirt4j.error.LibvirtException if the description is malformed, the device has a
    ///     binding, or it exists and the filter does not
    public NwFilterBinding create(String xml, NwFilterBindingCreateFlags... flags) {
        return connect.call(
                "virNWFilterBindingCreateXML",
                (p, in) -> virNWFilterBindingCreateXML(p, in.string(xml, "xml"), Flag.combine(flags)),
                made());
    }

    private Handle.Made<NwFilterBinding> made() {
        return Handle.owning(() -> new NwFilterBinding(connect), NwFilterBinding.FREE);
    }
}
