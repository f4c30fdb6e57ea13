package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtDomainCheckpoint.virDomainCheckpointCreateXML;
import static io.github.libvirt4j.internal.raw.LibvirtDomainCheckpoint.virDomainCheckpointLookupByName;
import static io.github.libvirt4j.internal.raw.LibvirtDomainCheckpoint.virDomainListAllCheckpoints;

import io.github.libvirt4j.types.DomainCheckpointCreateFlags;
import io.github.libvirt4j.types.DomainCheckpointListFlags;
import io.github.libvirt4j.types.ErrorNumber;
import io.github.libvirt4j.types.Flag;
import java.util.List;
import java.util.Optional;

/// The checkpoints of a domain: `domain.checkpoints()`. Immutable, safe for use by any thread. See
/// [collections][io.github.libvirt4j] in the package description.
///
/// ```java
/// domain.checkpoints().create("<domaincheckpoint><name>monday</name></domaincheckpoint>").close();
/// ```
///
/// @param domain the domain
public record DomainCheckpoints(Domain domain) {
    /// Returns handles of all checkpoints, or of those that the flags choose. The caller closes each of them.
    ///
    /// @c {@index virDomainListAllCheckpoints} libvirt 5.6.0
    /// @param flags default: the checkpoints of the whole tree, in any order.
    ///     [ROOTS][DomainCheckpointListFlags#ROOTS] leaves out those that have a parent; in C it is the same
    ///     number as [DESCENDANTS][DomainCheckpointListFlags#DESCENDANTS], which is for
    ///     [DomainCheckpoint#listAllChildren]
    public List<DomainCheckpoint> listAll(DomainCheckpointListFlags... flags) {
        int bits = Flag.combine(flags);
        return domain.list(
                "virDomainListAllCheckpoints", (p, array) -> virDomainListAllCheckpoints(p, array, bits), made());
    }

    /// Returns the identities of all checkpoints, or of those that the flags choose: plain values, with
    /// nothing to close.
    ///
    /// @param flags as for [#listAll]
    public List<DomainCheckpoint.Identity> identities(DomainCheckpointListFlags... flags) {
        return Handle.identities(listAll(flags), DomainCheckpoint::identity);
    }

    /// Looks a checkpoint up by name.
    ///
    /// @c {@index virDomainCheckpointLookupByName} libvirt 5.6.0
    /// @throws io.github.libvirt4j.error.NotFoundException if there is none
    public DomainCheckpoint lookupByName(String name) {
        return domain.call(
                "virDomainCheckpointLookupByName",
                (p, in) -> virDomainCheckpointLookupByName(p, in.string(name, "name"), 0),
                made());
    }

    /// Looks a checkpoint up by name; empty if there is none.
    ///
    /// @c {@index virDomainCheckpointLookupByName} libvirt 5.6.0
    public Optional<DomainCheckpoint> findByName(String name) {
        return Handle.find(ErrorNumber.NO_DOMAIN_CHECKPOINT, () -> lookupByName(name));
    }

    /// Takes a checkpoint of the domain: from now on its disks record which of their blocks change. The
    /// parent is the checkpoint that was created last.
    ///
    /// A checkpoint and the backup that belongs to it are consistent only if both are of the same moment; the
    /// function that begins a backup therefore creates a checkpoint, too.
    ///
    /// @c {@index virDomainCheckpointCreateXML} libvirt 5.6.0
    /// @param xml the description of the checkpoint, in libvirt's
    ///     [format](https://libvirt.org/formatcheckpoint.html): `<domaincheckpoint/>`, with a name that
    ///     libvirt chooses and all disks that can have one, at least
    /// @param flags [QUIESCE][DomainCheckpointCreateFlags#QUIESCE] has the guest's agent freeze its file
    ///     systems meanwhile, which QEMU's driver cannot do here;
    ///     [REDEFINE][DomainCheckpointCreateFlags#REDEFINE] takes no checkpoint, and records one that exists
    /// @throws io.github.libvirt4j.error.LibvirtException if the description is malformed, the driver cannot
    ///     implement it, or there is a checkpoint of that name. QEMU's driver requires that the domain runs,
    ///     and that its disks are of the format qcow2
    public DomainCheckpoint create(String xml, DomainCheckpointCreateFlags... flags) {
        int bits = Flag.combine(flags);
        return domain.call(
                "virDomainCheckpointCreateXML",
                (p, in) -> virDomainCheckpointCreateXML(p, in.string(xml, "xml"), bits),
                made());
    }

    private Handle.Made<DomainCheckpoint> made() {
        return Handle.owning(() -> new DomainCheckpoint(domain.connect()), DomainCheckpoint.FREE);
    }
}
