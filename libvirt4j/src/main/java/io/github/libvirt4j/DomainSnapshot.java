package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetUUID;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainRef;
import static io.github.libvirt4j.internal.raw.LibvirtDomainSnapshot.virDomainRevertToSnapshot;
import static io.github.libvirt4j.internal.raw.LibvirtDomainSnapshot.virDomainSnapshotDelete;
import static io.github.libvirt4j.internal.raw.LibvirtDomainSnapshot.virDomainSnapshotFree;
import static io.github.libvirt4j.internal.raw.LibvirtDomainSnapshot.virDomainSnapshotGetDomain;
import static io.github.libvirt4j.internal.raw.LibvirtDomainSnapshot.virDomainSnapshotGetName;
import static io.github.libvirt4j.internal.raw.LibvirtDomainSnapshot.virDomainSnapshotGetParent;
import static io.github.libvirt4j.internal.raw.LibvirtDomainSnapshot.virDomainSnapshotGetXMLDesc;
import static io.github.libvirt4j.internal.raw.LibvirtDomainSnapshot.virDomainSnapshotHasMetadata;
import static io.github.libvirt4j.internal.raw.LibvirtDomainSnapshot.virDomainSnapshotIsCurrent;
import static io.github.libvirt4j.internal.raw.LibvirtDomainSnapshot.virDomainSnapshotListAllChildren;

import io.github.libvirt4j.internal.c.NativeObject;
import io.github.libvirt4j.types.DomainSnapshotDeleteFlags;
import io.github.libvirt4j.types.DomainSnapshotListFlags;
import io.github.libvirt4j.types.DomainSnapshotRevertFlags;
import io.github.libvirt4j.types.DomainSnapshotXmlFlags;
import io.github.libvirt4j.types.ErrorNumber;
import io.github.libvirt4j.types.Flag;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// A snapshot of a domain: its disks, its memory, or both, as they were at one moment. The snapshots of a
/// domain form trees; the parent of one is the snapshot that was current when it was taken. C:
/// `virDomainSnapshotPtr`. Safe for use by any thread.
///
/// The [package][io.github.libvirt4j] describes threads, closing, equality and exceptions of all handles.
///
/// @c {@index virDomainSnapshotFree} libvirt 0.8.0
public final class DomainSnapshot extends Noun {
    /// The domain and name of a snapshot as a plain value. Immutable, safe for use by any thread.
    ///
    /// @param domain the UUID of the domain
    /// @param name the name of the snapshot, unique in its domain
    public record Identity(UUID domain, String name) {}

    static final NativeObject.Release FREE = snapshot -> virDomainSnapshotFree(snapshot);

    DomainSnapshot(Connect connect) {
        super(connect, FREE);
    }

    /// The name of the snapshot, unique in its domain.
    ///
    /// @c {@index virDomainSnapshotGetName} libvirt 0.9.5
    public String name() {
        return identity().name();
    }

    /// The domain and name of the snapshot as a plain value.
    public Identity identity() {
        return (Identity) identityNow();
    }

    /// Returns a handle of the domain of the snapshot. The caller closes it.
    ///
    /// @c {@index virDomainSnapshotGetDomain} libvirt 0.9.5
    public Domain domain() {
        return keptObject(
                "virDomainSnapshotGetDomain",
                p -> virDomainSnapshotGetDomain(p),
                domain -> virDomainRef(domain),
                owning(() -> new Domain(connect()), Domain.FREE));
    }

    /// Returns a handle of the parent of the snapshot. The caller closes it.
    ///
    /// @c {@index virDomainSnapshotGetParent} libvirt 0.9.7
    /// @return empty if the snapshot is the root of a tree
    /// @throws io.github.libvirt4j.error.NotFoundException if the snapshot itself no longer exists
    public Optional<DomainSnapshot> parent() {
        Optional<DomainSnapshot> parent = find(
                ErrorNumber.NO_DOMAIN_SNAPSHOT,
                () -> call("virDomainSnapshotGetParent", p -> virDomainSnapshotGetParent(p, 0), made()));
        if (parent.isEmpty()) {
            // One code says that there is no parent, and that there is no such snapshot any longer.
            boolean _ = hasMetadata();
        }
        return parent;
    }

    /// Returns handles of the children of the snapshot, or of those that the flags choose. The caller closes
    /// each of them.
    ///
    /// @c {@index virDomainSnapshotListAllChildren} libvirt 0.9.13
    /// @param flags default: the snapshots whose parent this one is, in any order.
    ///     [DESCENDANTS][DomainSnapshotListFlags#DESCENDANTS] adds their children, and so on; in C it is the
    ///     same number as [ROOTS][DomainSnapshotListFlags#ROOTS]
    public List<DomainSnapshot> listAllChildren(DomainSnapshotListFlags... flags) {
        int bits = Flag.combine(flags);
        return list(
                "virDomainSnapshotListAllChildren",
                (p, array) -> virDomainSnapshotListAllChildren(p, array, bits),
                made());
    }

    /// The description of the snapshot as XML. It has the description of the domain as it was. Default:
    /// without passwords and other secrets.
    ///
    /// @c {@index virDomainSnapshotGetXMLDesc} libvirt 0.8.0
    public String xmlDesc(DomainSnapshotXmlFlags... flags) {
        int bits = Flag.combine(flags);
        return takeString("virDomainSnapshotGetXMLDesc", p -> virDomainSnapshotGetXMLDesc(p, bits));
    }

    /// Whether libvirt keeps metadata of the snapshot, without which it would not know it. A domain with such
    /// a snapshot is undefined only with a flag that says what becomes of the metadata.
    ///
    /// @c {@index virDomainSnapshotHasMetadata} libvirt 0.9.13
    public boolean hasMetadata() {
        return isTrue("virDomainSnapshotHasMetadata", p -> virDomainSnapshotHasMetadata(p, 0));
    }

    /// Whether the snapshot is the [current][DomainSnapshots#current] one of its domain.
    ///
    /// @c {@index virDomainSnapshotIsCurrent} libvirt 0.9.13
    public boolean isCurrent() {
        return isTrue("virDomainSnapshotIsCurrent", p -> virDomainSnapshotIsCurrent(p, 0));
    }

    /// Returns the domain to the state of the snapshot, which becomes the current one. What the domain has
    /// done since is lost, unless a snapshot of it was taken. Blocks until the domain has the state.
    ///
    /// @c {@index virDomainRevertToSnapshot} libvirt 0.8.0
    /// @param flags default: the domain runs, is suspended or is stopped afterwards, as it was when the
    ///     snapshot was taken; one without memory leaves the domain stopped.
    ///     [FORCE][DomainSnapshotRevertFlags#FORCE] permits a revert that libvirt considers risky
    /// @throws io.github.libvirt4j.error.LibvirtException with the code
    ///     [SNAPSHOT_REVERT_RISKY][ErrorNumber#SNAPSHOT_REVERT_RISKY] if `FORCE` is needed.
    ///     QEMU's driver reverts to external snapshots since libvirt 9.9.0
    public void revertTo(DomainSnapshotRevertFlags... flags) {
        int bits = Flag.combine(flags);
        call("virDomainRevertToSnapshot", p -> virDomainRevertToSnapshot(p, bits));
    }

    /// Deletes the snapshot. The domain is not changed. Children become children of the parent. Blocks until
    /// the state is removed from the images.
    ///
    /// @c {@index virDomainSnapshotDelete} libvirt 0.8.0
    /// @param flags default: the state and the metadata of this snapshot.
    ///     [CHILDREN][DomainSnapshotDeleteFlags#CHILDREN] deletes all descendants with it,
    ///     [CHILDREN_ONLY][DomainSnapshotDeleteFlags#CHILDREN_ONLY] all descendants and not it;
    ///     [METADATA_ONLY][DomainSnapshotDeleteFlags#METADATA_ONLY] has libvirt forget the snapshot, whose
    ///     state remains in the images
    /// @throws io.github.libvirt4j.error.LibvirtException if the driver cannot delete a snapshot of its kind.
    ///     QEMU's driver deletes external snapshots since libvirt 9.0.0, one at a time
    public void delete(DomainSnapshotDeleteFlags... flags) {
        int bits = Flag.combine(flags);
        call("virDomainSnapshotDelete", p -> virDomainSnapshotDelete(p, bits));
    }

    private Made<DomainSnapshot> made() {
        return owning(() -> new DomainSnapshot(connect()), FREE);
    }

    @Override
    String noun() {
        return "snapshot";
    }

    @Override
    Object readIdentity(MemorySegment pointer) {
        MemorySegment domain = check(virDomainSnapshotGetDomain(pointer), "virDomainSnapshotGetDomain");
        return new Identity(
                uuid(domain, "virDomainGetUUID", (p, bytes) -> virDomainGetUUID(p, bytes)),
                kept(virDomainSnapshotGetName(pointer), "virDomainSnapshotGetName"));
    }
}
