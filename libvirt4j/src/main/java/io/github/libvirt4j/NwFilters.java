package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtNwfilter.virConnectListAllNWFilters;
import static io.github.libvirt4j.internal.raw.LibvirtNwfilter.virNWFilterDefineXML;
import static io.github.libvirt4j.internal.raw.LibvirtNwfilter.virNWFilterDefineXMLFlags;
import static io.github.libvirt4j.internal.raw.LibvirtNwfilter.virNWFilterLookupByName;
import static io.github.libvirt4j.internal.raw.LibvirtNwfilter.virNWFilterLookupByUUID;

import io.github.libvirt4j.types.ErrorNumber;
import io.github.libvirt4j.types.Flag;
import io.github.libvirt4j.types.NwFilterDefineFlags;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// The network filters of a connection: `connect.nwFilters()`. Immutable, safe for use by any thread. See
/// [collections][io.github.libvirt4j] in the package description.
///
/// ```java
/// Optional<NwFilter> filter = connect.nwFilters().findByName("clean-traffic");
/// ```
///
/// @param connect the connection
public record NwFilters(Connect connect) {
    /// Returns handles of all network filters. The caller closes each of them.
    ///
    /// @c {@index virConnectListAllNWFilters} libvirt 0.10.2
    public List<NwFilter> listAll() {
        return connect.list(
                "virConnectListAllNWFilters", (p, array) -> virConnectListAllNWFilters(p, array, 0), made());
    }

    /// Returns the identities of all network filters: plain values, with nothing to close.
    public List<NwFilter.Identity> identities() {
        return Handle.identities(listAll(), NwFilter::identity);
    }

    /// Looks a network filter up by name.
    ///
    /// @c {@index virNWFilterLookupByName} libvirt 0.8.0
    /// @throws io.github.libvirt4j.error.NotFoundException if there is none
    public NwFilter lookupByName(String name) {
        return connect.call(
                "virNWFilterLookupByName", (p, in) -> virNWFilterLookupByName(p, in.string(name, "name")), made());
    }

    /// Looks a network filter up by name; empty if there is none.
    ///
    /// @c {@index virNWFilterLookupByName} libvirt 0.8.0
    public Optional<NwFilter> findByName(String name) {
        return Handle.find(ErrorNumber.NO_NWFILTER, () -> lookupByName(name));
    }

    /// Looks a network filter up by UUID.
    ///
    /// @c {@index virNWFilterLookupByUUID} libvirt 0.8.0
    /// @throws io.github.libvirt4j.error.NotFoundException if there is none
    public NwFilter lookupByUuid(UUID uuid) {
        return connect.call("virNWFilterLookupByUUID", (p, in) -> virNWFilterLookupByUUID(p, in.uuid(uuid)), made());
    }

    /// Looks a network filter up by UUID; empty if there is none.
    ///
    /// @c {@index virNWFilterLookupByUUID} libvirt 0.8.0
    public Optional<NwFilter> findByUuid(UUID uuid) {
        return Handle.find(ErrorNumber.NO_NWFILTER, () -> lookupByUuid(uuid));
    }

    /// Defines a network filter, or changes its definition, also for the domains that use it. Calls
    /// `virNWFilterDefineXML` without a flag, and `virNWFilterDefineXMLFlags` with one.
    ///
    /// @c {@index virNWFilterDefineXML} libvirt 0.8.0
    /// @c {@index virNWFilterDefineXMLFlags} libvirt 7.7.0
    /// @param xml the description of the filter, in libvirt's
    ///     [format](https://libvirt.org/formatnwfilter.html)
    /// @param flags require libvirt 7.7.0
    /// @throws io.github.libvirt4j.error.LibvirtException if the description is malformed, or the driver
    ///     cannot implement it
    public NwFilter define(String xml, NwFilterDefineFlags... flags) {
        int bits = Flag.combine(flags);
        // libvirt before 7.7.0 has only the function without flags.
        return bits == 0
                ? connect.call(
                        "virNWFilterDefineXML", (p, in) -> virNWFilterDefineXML(p, in.string(xml, "xml")), made())
                : connect.call(
                        "virNWFilterDefineXMLFlags",
                        (p, in) -> virNWFilterDefineXMLFlags(p, in.string(xml, "xml"), bits),
                        made());
    }

    private Handle.Made<NwFilter> made() {
        return Handle.owning(() -> new NwFilter(connect), NwFilter.FREE);
    }
}
