package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtDomain.virConnectGetAllDomainStats;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virConnectListAllDomains;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainCreateXML;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainDefineXMLFlags;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetID;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetName;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetUUID;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainListGetStats;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainLookupByName;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainLookupByUUID;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainStatsRecordListFree;

import io.github.libvirt4j.event.DomainIdentity;
import io.github.libvirt4j.internal.c.CArguments;
import io.github.libvirt4j.internal.c.CArrays;
import io.github.libvirt4j.internal.c.CMemory;
import io.github.libvirt4j.internal.c.CTypedParameters;
import io.github.libvirt4j.internal.c.Errors;
import io.github.libvirt4j.internal.c.Uuids;
import io.github.libvirt4j.internal.raw.VirDomainStatsRecord;
import io.github.libvirt4j.types.ConnectGetAllDomainStatsFlags;
import io.github.libvirt4j.types.ConnectListAllDomainsFlags;
import io.github.libvirt4j.types.DomainCreateFlags;
import io.github.libvirt4j.types.DomainDefineFlags;
import io.github.libvirt4j.types.DomainStatsTypes;
import io.github.libvirt4j.types.ErrorNumber;
import io.github.libvirt4j.types.Flag;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;

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

    /// Returns statistics of all domains, or of those that the flags choose.
    ///
    /// A guest whose domain another call holds, because QEMU does not answer that call, delays this method by
    /// the 30 seconds that QEMU's driver waits for a domain. The result then lacks the numbers that QEMU
    /// itself has to tell. [NOWAIT][ConnectGetAllDomainStatsFlags#NOWAIT] leaves them out at once. Neither
    /// helps if this call is the first one that QEMU does not answer: a [call timeout][Opening#callTimeout]
    /// does, or asking for `STATE` alone, for which QEMU is not needed.
    ///
    /// @c {@index virConnectGetAllDomainStats} libvirt 1.2.8
    /// @param types the groups of statistics; an empty set for all that the driver has
    /// @param flags default: all domains, and groups that the driver does not have are left out.
    ///     [ENFORCE_STATS][ConnectGetAllDomainStatsFlags#ENFORCE_STATS] makes these an
    ///     [UnsupportedException][io.github.libvirt4j.error.UnsupportedException];
    ///     [BACKING][ConnectGetAllDomainStatsFlags#BACKING] adds the images below those of the disks
    public List<DomainStats> allStats(Set<DomainStatsTypes> types, ConnectGetAllDomainStatsFlags... flags) {
        int typeBits = Flag.combine(types);
        int bits = Flag.combine(flags);
        return connect.using(
                "virConnectGetAllDomainStats",
                (p, in) -> takeStats(
                        "virConnectGetAllDomainStats",
                        in,
                        records -> virConnectGetAllDomainStats(p, typeBits, records, bits)));
    }

    /// Returns statistics of some domains.
    ///
    /// @c {@index virDomainListGetStats} libvirt 1.2.8
    /// @param domains of this connection
    /// @param types the groups of statistics; an empty set for all that the driver has
    /// @param flags as for [#allStats]
    /// @return those of domains that are still there, in any order
    /// @throws IllegalStateException also if one of `domains` was closed
    public List<DomainStats> listStats(
            Collection<Domain> domains, Set<DomainStatsTypes> types, ConnectGetAllDomainStatsFlags... flags) {
        List<Domain> all = List.copyOf(domains);
        for (Domain domain : all) {
            if (domain.connect() != connect) {
                throw new IllegalArgumentException(domain + " is of another connection than " + connect);
            }
        }
        int typeBits = Flag.combine(types);
        int bits = Flag.combine(flags);
        return all.isEmpty()
                ? List.of()
                : connect.using("virDomainListGetStats", (_, in) -> {
                    MemorySegment pointers = in.room((all.size() + 1L) * Long.BYTES);
                    int entered = 0;
                    try {
                        for (Domain domain : all) {
                            pointers.setAtIndex(ValueLayout.ADDRESS, entered, domain.enter());
                            entered++;
                        }
                        return takeStats(
                                "virDomainListGetStats",
                                in,
                                records -> virDomainListGetStats(pointers, typeBits, records, bits));
                    } finally {
                        for (Domain domain : all.subList(0, entered)) {
                            domain.object.leave();
                        }
                    }
                });
    }

    private List<DomainStats> takeStats(String function, CArguments in, ToIntFunction<MemorySegment> call) {
        Consumer<MemorySegment> back = given -> virDomainStatsRecordListFree(given);
        back.accept(MemorySegment.NULL);
        MemorySegment records = in.room(Long.BYTES);
        int count = connect.check(call.applyAsInt(records), function);
        MemorySegment array = CMemory.pointer(records.get(ValueLayout.JAVA_LONG, 0));
        try {
            MemorySegment uuid = in.room(Uuids.SIZE);
            return CArrays.copy(function, array, count, record -> stats(function, record, uuid));
        } finally {
            CMemory.giveBack(array, back);
        }
    }

    private static DomainStats stats(String function, MemorySegment pointer, MemorySegment uuid) {
        MemorySegment record = CMemory.view(pointer, VirDomainStatsRecord.SIZE);
        MemorySegment domain = VirDomainStatsRecord.dom(record);
        Errors.check(virDomainGetUUID(domain, uuid), "virDomainGetUUID");
        return new DomainStats(
                new DomainIdentity(Noun.kept(virDomainGetName(domain), "virDomainGetName"), Uuids.get(uuid)),
                Domain.id(virDomainGetID(domain)),
                CTypedParameters.copy(
                        function, VirDomainStatsRecord.params(record), VirDomainStatsRecord.nparams(record)));
    }

    private Handle.Made<Domain> made() {
        return Handle.owning(() -> new Domain(connect), Domain.FREE);
    }
}
