package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtDomain.virConnectDomainXMLFromNative;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virConnectDomainXMLToNative;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virConnectGetAllDomainStats;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virConnectGetDomainCapabilities;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virConnectListAllDomains;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainCreateXML;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainCreateXMLWithFiles;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainDefineXMLFlags;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetID;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetName;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetUUID;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainListGetStats;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainLookupByID;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainLookupByName;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainLookupByUUID;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainRestoreFlags;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainRestoreParams;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainSaveImageDefineXML;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainSaveImageGetXMLDesc;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainStatsRecordListFree;
import static io.github.libvirt4j.internal.raw.LibvirtQemu.virDomainQemuAttach;

import io.github.libvirt4j.event.DomainIdentity;
import io.github.libvirt4j.internal.c.CArguments;
import io.github.libvirt4j.internal.c.CArrays;
import io.github.libvirt4j.internal.c.CMemory;
import io.github.libvirt4j.internal.c.CTypedParameters;
import io.github.libvirt4j.internal.c.Errors;
import io.github.libvirt4j.internal.c.Uuids;
import io.github.libvirt4j.internal.raw.VirDomainStatsRecord;
import io.github.libvirt4j.job.DomainJobResult;
import io.github.libvirt4j.job.Job;
import io.github.libvirt4j.types.ConnectGetAllDomainStatsFlags;
import io.github.libvirt4j.types.ConnectGetDomainCapabilitiesFlags;
import io.github.libvirt4j.types.ConnectListAllDomainsFlags;
import io.github.libvirt4j.types.DomainCreateFlags;
import io.github.libvirt4j.types.DomainDefineFlags;
import io.github.libvirt4j.types.DomainJobOperation;
import io.github.libvirt4j.types.DomainSaveImageXmlFlags;
import io.github.libvirt4j.types.DomainSaveRestoreFlags;
import io.github.libvirt4j.types.DomainStatsTypes;
import io.github.libvirt4j.types.ErrorNumber;
import io.github.libvirt4j.types.Flag;
import io.github.libvirt4j.types.TypedParameters;
import java.lang.foreign.MemorySegment;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

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

    /// Looks a running domain up by the hypervisor's number for it.
    ///
    /// @c {@index virDomainLookupByID} libvirt 0.0.3
    /// @param id as of [Domain#id]; the number of a domain that has stopped can be that of another one later
    /// @throws io.github.libvirt4j.error.NotFoundException if there is none
    public Domain lookupById(int id) {
        return connect.call("virDomainLookupByID", p -> virDomainLookupByID(p, id), made());
    }

    /// Looks a running domain up by the hypervisor's number for it; empty if there is none.
    ///
    /// @c {@index virDomainLookupByID} libvirt 0.0.3
    /// @param id as for [#lookupById]
    public Optional<Domain> findById(int id) {
        return Handle.find(ErrorNumber.NO_DOMAIN, () -> lookupById(id));
    }

    /// Looks up the domain of an identity, such as the identity in an event.
    ///
    /// @throws io.github.libvirt4j.error.NotFoundException if the domain no longer exists
    public Domain lookup(DomainIdentity identity) {
        return lookupByUuid(identity.uuid());
    }

    /// Defines a domain, or changes its definition, without starting it. The program `CloudInitGuest` in
    /// `examples` defines one that boots from a cloud image.
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

    /// Creates and starts a transient domain, and gives open files to its first program. The driver of Linux
    /// containers (LXC) has this function, where the files are the file descriptors 3, 4, … of the
    /// container's init; QEMU's does not.
    ///
    /// @c {@index virDomainCreateXMLWithFiles} libvirt 1.1.1
    /// @param xml the description of the domain, as for [#create]
    /// @param files the files; libvirt duplicates them
    /// @throws IllegalStateException also if one of `files` is closed
    public Domain createWithFiles(String xml, List<OpenFile> files, DomainCreateFlags... flags) {
        List<OpenFile> copy = List.copyOf(files);
        int bits = Flag.combine(flags);
        return connect.call(
                "virDomainCreateXMLWithFiles",
                (p, in) -> OpenFile.using(
                        copy,
                        in,
                        (count, fds) -> virDomainCreateXMLWithFiles(p, in.string(xml, "xml"), count, fds, bits)),
                made());
    }

    /// Makes a domain of QEMU's driver of a QEMU process that was started without libvirt. QEMU's driver has
    /// not had this function since libvirt 5.5.0.
    ///
    /// @c {@index virDomainQemuAttach} libvirt 0.9.4
    /// @param pid the number of the process on the hypervisor's host
    public Domain qemuAttach(int pid) {
        return connect.call("virDomainQemuAttach", p -> virDomainQemuAttach(p, pid, 0), made());
    }

    /// Continues a domain whose memory [Domain#save] has written to a file. The file remains.
    ///
    /// @c {@index virDomainRestoreFlags} libvirt 0.9.4
    /// @param from the path of the file on the hypervisor's host; a relative one is completed in this process
    /// @param xml the description of the domain, which can differ from that in the file in details that the
    ///     guest does not see; null for that in the file
    /// @param flags default: the domain is suspended if it was when it was saved
    public void restore(String from, @Nullable String xml, DomainSaveRestoreFlags... flags) {
        int bits = Flag.combine(flags);
        connect.call(
                "virDomainRestoreFlags",
                (p, in) -> virDomainRestoreFlags(p, in.string(from, "from"), in.stringOrNull(xml, "xml"), bits));
    }

    /// Begins to continue a saved domain, as [#restore], and returns at once. The job has no progress and cannot
    /// be cancelled. It reports a refusal by [Job#completion].
    ///
    /// @param from the path of the file on the hypervisor's host; a relative one is completed in this process
    /// @param xml the description of the domain; null for that in the file
    /// @param flags default: the domain is suspended if it was when it was saved
    public Job<DomainJobResult> restoreJob(String from, @Nullable String xml, DomainSaveRestoreFlags... flags) {
        DomainSaveRestoreFlags[] copy = flags.clone();
        Handle.checkText(Objects.requireNonNull(from, "from"), "from");
        Handle.checkText(xml, "xml");
        return CallWork.begin(connect, DomainJobOperation.RESTORE, from, () -> {
            restore(from, xml, copy);
            return new DomainJobResult(DomainJobOperation.RESTORE.value(), new TypedParameters(List.of()));
        });
    }

    /// Continues a saved domain, as [#restore] does, with more parameters.
    ///
    /// @c {@index virDomainRestoreParams} libvirt 8.4.0
    /// @param parameters of [DomainSaveParamKeys][io.github.libvirt4j.types.DomainSaveParamKeys]; `FILE` is
    ///     required
    public void restoreParams(TypedParameters parameters, DomainSaveRestoreFlags... flags) {
        int bits = Flag.combine(flags);
        connect.call(
                "virDomainRestoreParams",
                (p, in) -> virDomainRestoreParams(p, in.parameters(parameters), parameters.size(), bits));
    }

    /// Returns the description in a file that [Domain#save] has written, as XML. Default: without passwords
    /// and other secrets.
    ///
    /// @c {@index virDomainSaveImageGetXMLDesc} libvirt 0.9.4
    /// @param file the path of the file on the hypervisor's host; a relative one is completed in this process
    public String saveImageXmlDesc(String file, DomainSaveImageXmlFlags... flags) {
        int bits = Flag.combine(flags);
        return connect.takeString(
                "virDomainSaveImageGetXMLDesc",
                (p, in) -> virDomainSaveImageGetXMLDesc(p, in.string(file, "file"), bits));
    }

    /// Replaces the description in a file that [Domain#save] has written.
    ///
    /// @c {@index virDomainSaveImageDefineXML} libvirt 0.9.4
    /// @param file the path of the file on the hypervisor's host; a relative one is completed in this process
    /// @param xml the description, which can differ in details that the guest does not see
    /// @param flags default: the restored domain is suspended if the saved one was
    public void saveImageDefine(String file, String xml, DomainSaveRestoreFlags... flags) {
        int bits = Flag.combine(flags);
        connect.call(
                "virDomainSaveImageDefineXML",
                (p, in) -> virDomainSaveImageDefineXML(p, in.string(file, "file"), in.string(xml, "xml"), bits));
    }

    /// Returns what an emulator and the host can offer to a domain, as XML.
    ///
    /// @c {@index virConnectGetDomainCapabilities} libvirt 1.2.7
    /// @param emulator the path of the emulator; null for the default
    /// @param arch the architecture; null for the host's
    /// @param machine the type of machine; null for the default
    /// @param virtType the type of domain: `kvm`, `qemu`, …; null for the default
    public String capabilities(
            @Nullable String emulator,
            @Nullable String arch,
            @Nullable String machine,
            @Nullable String virtType,
            ConnectGetDomainCapabilitiesFlags... flags) {
        int bits = Flag.combine(flags);
        return connect.takeString(
                "virConnectGetDomainCapabilities",
                (p, in) -> virConnectGetDomainCapabilities(
                        p,
                        in.stringOrNull(emulator, "emulator"),
                        in.stringOrNull(arch, "arch"),
                        in.stringOrNull(machine, "machine"),
                        in.stringOrNull(virtType, "virtType"),
                        bits));
    }

    /// Translates a configuration of the hypervisor's own into the description of a domain, as XML.
    ///
    /// @c {@index virConnectDomainXMLFromNative} libvirt 0.6.4
    /// @param format of the driver's: `lxc-tools`, `xen-xl`, `vmware-vmx`, …
    /// @param config the configuration
    public String xmlFromNative(String format, String config) {
        return connect.takeString(
                "virConnectDomainXMLFromNative",
                (p, in) ->
                        virConnectDomainXMLFromNative(p, in.string(format, "format"), in.string(config, "config"), 0));
    }

    /// Translates the description of a domain into a configuration of the hypervisor's own.
    ///
    /// @c {@index virConnectDomainXMLToNative} libvirt 0.6.4
    /// @param format of the driver's: `qemu-argv` for the command line of QEMU, `xen-xl`, `vmware-vmx`, …
    /// @param xml the description of the domain
    public String xmlToNative(String format, String xml) {
        return connect.takeString(
                "virConnectDomainXMLToNative",
                (p, in) -> virConnectDomainXMLToNative(p, in.string(format, "format"), in.string(xml, "xml"), 0));
    }

    /// Returns statistics of all domains, or of those that the flags choose.
    ///
    /// A guest whose domain another call holds, because QEMU does not answer that call, delays this method by
    /// the 30 seconds that QEMU's driver waits for a domain. The result then lacks the numbers that QEMU
    /// itself has to tell. [NOWAIT][ConnectGetAllDomainStatsFlags#NOWAIT] leaves them out at once. Neither
    /// helps if this call is the first one that QEMU does not answer: a [call timeout][Opening#callTimeout]
    /// does, or asking for `STATE` alone, for which QEMU is not needed.
    ///
    /// The program `ListWithStatistics` in `examples` shows it.
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
                            CMemory.pointer(pointers, (long) entered * Long.BYTES, domain.enter());
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
        MemorySegment array = CMemory.pointer(records, 0);
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
