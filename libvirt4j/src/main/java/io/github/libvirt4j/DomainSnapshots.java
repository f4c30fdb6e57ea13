package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtDomainSnapshot.virDomainHasCurrentSnapshot;
import static io.github.libvirt4j.internal.raw.LibvirtDomainSnapshot.virDomainListAllSnapshots;
import static io.github.libvirt4j.internal.raw.LibvirtDomainSnapshot.virDomainSnapshotCreateXML;
import static io.github.libvirt4j.internal.raw.LibvirtDomainSnapshot.virDomainSnapshotCurrent;
import static io.github.libvirt4j.internal.raw.LibvirtDomainSnapshot.virDomainSnapshotLookupByName;

import io.github.libvirt4j.types.DomainSnapshotCreateFlags;
import io.github.libvirt4j.types.DomainSnapshotListFlags;
import io.github.libvirt4j.types.ErrorNumber;
import io.github.libvirt4j.types.Flag;
import java.util.List;
import java.util.Optional;

/// The snapshots of a domain: `domain.snapshots()`. Immutable, safe for use by any thread. See
/// [collections][io.github.libvirt4j] in the package description.
///
/// ```java
/// try (DomainSnapshot before = domain.snapshots().create("<domainsnapshot><name>before</name></domainsnapshot>")) {
///     upgrade();
///     before.revertTo();
/// }
/// ```
///
/// The program `SnapshotAndRevert` in `examples` shows more.
///
/// @param domain the domain
public record DomainSnapshots(Domain domain) {
    /// Returns handles of all snapshots, or of those that the flags choose. The caller closes each of them.
    ///
    /// @c {@index virDomainListAllSnapshots} libvirt 0.9.13
    /// @param flags default: the snapshots of the whole tree, in any order.
    ///     [ROOTS][DomainSnapshotListFlags#ROOTS] leaves out those that have a parent; in C it is the same
    ///     number as [DESCENDANTS][DomainSnapshotListFlags#DESCENDANTS], which is for
    ///     [DomainSnapshot#listAllChildren]
    public List<DomainSnapshot> listAll(DomainSnapshotListFlags... flags) {
        int bits = Flag.combine(flags);
        return domain.list(
                "virDomainListAllSnapshots", (p, array) -> virDomainListAllSnapshots(p, array, bits), made());
    }

    /// Returns the identities of all snapshots, or of those that the flags choose: plain values, with nothing
    /// to close.
    ///
    /// @param flags as for [#listAll]
    public List<DomainSnapshot.Identity> identities(DomainSnapshotListFlags... flags) {
        return Handle.identities(listAll(flags), DomainSnapshot::identity);
    }

    /// Looks a snapshot up by name.
    ///
    /// @c {@index virDomainSnapshotLookupByName} libvirt 0.8.0
    /// @throws io.github.libvirt4j.error.NotFoundException if there is none
    public DomainSnapshot lookupByName(String name) {
        return domain.call(
                "virDomainSnapshotLookupByName",
                (p, in) -> virDomainSnapshotLookupByName(p, in.string(name, "name"), 0),
                made());
    }

    /// Looks a snapshot up by name; empty if there is none.
    ///
    /// @c {@index virDomainSnapshotLookupByName} libvirt 0.8.0
    public Optional<DomainSnapshot> findByName(String name) {
        return Handle.find(ErrorNumber.NO_DOMAIN_SNAPSHOT, () -> lookupByName(name));
    }

    /// Returns a handle of the current snapshot, from which the state of the domain has developed: the one
    /// that was created last, or to which the domain was reverted last. The caller closes it.
    ///
    /// @c {@index virDomainSnapshotCurrent} libvirt 0.8.0
    /// @return empty if there is none
    public Optional<DomainSnapshot> current() {
        return Handle.find(
                ErrorNumber.NO_DOMAIN_SNAPSHOT,
                () -> domain.call("virDomainSnapshotCurrent", p -> virDomainSnapshotCurrent(p, 0), made()));
    }

    /// Whether there is a current snapshot.
    ///
    /// @c {@index virDomainHasCurrentSnapshot} libvirt 0.8.0
    public boolean hasCurrent() {
        return domain.isTrue("virDomainHasCurrentSnapshot", p -> virDomainHasCurrentSnapshot(p, 0));
    }

    /// Takes a snapshot of the domain, which becomes the current one. Blocks until it is complete.
    ///
    /// By default the snapshot of a running domain has its memory and its disks, and that of a stopped domain
    /// its disks. It is kept inside the images of the disks, which must be of a format that can do that
    /// (qcow2). With `snapshot='external'` in the XML, or with
    /// [DISK_ONLY][DomainSnapshotCreateFlags#DISK_ONLY], a disk continues in a new image, of which the old
    /// one is the backing file.
    ///
    /// @c {@index virDomainSnapshotCreateXML} libvirt 0.8.0
    /// @param xml the description of the snapshot, in libvirt's
    ///     [format](https://libvirt.org/formatsnapshot.html): `<domainsnapshot/>`, with a name that libvirt
    ///     chooses, at least
    /// @param flags default: QEMU's driver suspends a running domain while it saves the memory.
    ///     [LIVE][DomainSnapshotCreateFlags#LIVE] lets it run, if the memory goes into a file of its own;
    ///     [QUIESCE][DomainSnapshotCreateFlags#QUIESCE] has the guest's agent freeze its file systems, with
    ///     `DISK_ONLY`; [REDEFINE][DomainSnapshotCreateFlags#REDEFINE] takes no snapshot, and records one
    ///     that exists
    /// @throws io.github.libvirt4j.error.LibvirtException if the description is malformed, the driver cannot
    ///     implement it, or there is a snapshot of that name
    public DomainSnapshot create(String xml, DomainSnapshotCreateFlags... flags) {
        int bits = Flag.combine(flags);
        return domain.call(
                "virDomainSnapshotCreateXML",
                (p, in) -> virDomainSnapshotCreateXML(p, in.string(xml, "xml"), bits),
                made());
    }

    private Handle.Made<DomainSnapshot> made() {
        return Handle.owning(() -> new DomainSnapshot(domain.connect()), DomainSnapshot.FREE);
    }
}
