package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtDomain.virConnectListAllDomains;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainCreateXML;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainDefineXMLFlags;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainLookupByName;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainLookupByUUID;

import io.github.libvirt4j.event.DomainIdentity;
import io.github.libvirt4j.types.ConnectListAllDomainsFlags;
import io.github.libvirt4j.types.DomainCreateFlags;
import io.github.libvirt4j.types.DomainDefineFlags;
import io.github.libvirt4j.types.ErrorNumber;
import io.github.libvirt4j.types.Flag;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// The domains of a connection: `connect.domains()`. Immutable, safe for use by any thread. See
/// [collections][io.github.libvirt4j] in the package description.
///
/// ```java
/// try (Domain domain = connect.domains().lookupByName("web")) {
///     domain.create();
/// }
/// ```
///
/// @param connect the connection
public record Domains(Connect connect) {
    /// Returns handles of all domains, or of those that the flags choose. The caller closes each of them.
    ///
    /// @c {@index virConnectListAllDomains} libvirt 0.9.13
    public List<Domain> listAll(ConnectListAllDomainsFlags... flags) {
        return connect.list(
                "virConnectListAllDomains",
                (p, array) -> virConnectListAllDomains(p, array, Flag.combine(flags)),
                made());
    }

    /// Returns the identities of all domains, or of those that the flags choose: plain values, with nothing
    /// to close.
    public List<DomainIdentity> identities(ConnectListAllDomainsFlags... flags) {
        return Handle.identities(listAll(flags), Domain::identity);
    }

    /// Looks a domain up by name.
    ///
    /// @c {@index virDomainLookupByName} libvirt 0.0.3
    /// @throws io.github.libvirt4j.error.NotFoundException if there is none
    public Domain lookupByName(String name) {
        return connect.call(
                "virDomainLookupByName", (p, in) -> virDomainLookupByName(p, in.string(name, "name")), made());
    }

    /// Looks a domain up by name; empty if there is none.
    ///
    /// @c {@index virDomainLookupByName} libvirt 0.0.3
    public Optional<Domain> findByName(String name) {
        return Handle.find(ErrorNumber.NO_DOMAIN, () -> lookupByName(name));
    }

    /// Looks a domain up by UUID.
    ///
    /// @c {@index virDomainLookupByUUID} libvirt 0.0.5
    /// @throws io.github.libvirt4j.error.NotFoundException if there is none
    public Domain lookupByUuid(UUID uuid) {
        return connect.call("virDomainLookupByUUID", (p, in) -> virDomainLookupByUUID(p, in.uuid(uuid)), made());
    }

    /// Looks a domain up by UUID; empty if there is none.
    ///
    /// @c {@index virDomainLookupByUUID} libvirt 0.0.5
    public Optional<Domain> findByUuid(UUID uuid) {
        return Handle.find(ErrorNumber.NO_DOMAIN, () -> lookupByUuid(uuid));
    }

    /// Looks up the domain of an identity, such as the identity in an event.
    ///
    /// @throws io.github.libvirt4j.error.NotFoundException if the domain no longer exists
    public Domain lookup(DomainIdentity identity) {
        return lookupByUuid(identity.uuid());
    }

    /// Defines a domain, or changes its definition, without starting it.
    ///
    /// @c {@index virDomainDefineXMLFlags} libvirt 1.2.12
    /// @param xml the description of the domain, in libvirt's [format](https://libvirt.org/formatdomain.html)
    /// @throws io.github.libvirt4j.error.LibvirtException if the description is malformed, or the driver
    ///     cannot implement it
    public Domain define(String xml, DomainDefineFlags... flags) {
        return connect.call(
                "virDomainDefineXMLFlags",
                (p, in) -> virDomainDefineXMLFlags(p, in.string(xml, "xml"), Flag.combine(flags)),
                made());
    }

    /// Creates and starts a transient domain, which has no definition and ceases to exist when it stops.
    ///
    /// @c {@index virDomainCreateXML} libvirt 0.5.0
    /// @param xml the description of the domain, in libvirt's [format](https://libvirt.org/formatdomain.html)
    /// @throws io.github.libvirt4j.error.LibvirtException if the description is malformed, or the driver
    ///     cannot implement it
    public Domain create(String xml, DomainCreateFlags... flags) {
        return connect.call(
                "virDomainCreateXML",
                (p, in) -> virDomainCreateXML(p, in.string(xml, "xml"), Flag.combine(flags)),
                made());
    }

    private Handle.Made<Domain> made() {
        return Handle.owning(() -> new Domain(connect), Domain.FREE);
    }
}
