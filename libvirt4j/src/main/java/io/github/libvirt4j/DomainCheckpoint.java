package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetUUID;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainRef;
import static io.github.libvirt4j.internal.raw.LibvirtDomainCheckpoint.virDomainCheckpointDelete;
import static io.github.libvirt4j.internal.raw.LibvirtDomainCheckpoint.virDomainCheckpointFree;
import static io.github.libvirt4j.internal.raw.LibvirtDomainCheckpoint.virDomainCheckpointGetDomain;
import static io.github.libvirt4j.internal.raw.LibvirtDomainCheckpoint.virDomainCheckpointGetName;
import static io.github.libvirt4j.internal.raw.LibvirtDomainCheckpoint.virDomainCheckpointGetParent;
import static io.github.libvirt4j.internal.raw.LibvirtDomainCheckpoint.virDomainCheckpointGetXMLDesc;
import static io.github.libvirt4j.internal.raw.LibvirtDomainCheckpoint.virDomainCheckpointListAllChildren;

import io.github.libvirt4j.internal.c.NativeObject;
import io.github.libvirt4j.types.DomainCheckpointDeleteFlags;
import io.github.libvirt4j.types.DomainCheckpointListFlags;
import io.github.libvirt4j.types.DomainCheckpointXmlFlags;
import io.github.libvirt4j.types.ErrorNumber;
import io.github.libvirt4j.types.Flag;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// A checkpoint of a domain: a moment since which its disks record which of their blocks have changed, so
/// that an incremental backup has to copy those only. It contains no data, and the domain cannot be returned
/// to it. C: `virDomainCheckpointPtr`. Safe for use by any thread.
///
/// The [package][io.github.libvirt4j] describes threads, closing, equality and exceptions of all handles.
///
/// @c {@index virDomainCheckpointFree} libvirt 5.6.0
public final class DomainCheckpoint extends Noun {
    /// The domain and name of a checkpoint as a plain value. Immutable, safe for use by any thread.
    ///
    /// @param domain the UUID of the domain
    /// @param name the name of the checkpoint, unique in its domain
    public record Identity(UUID domain, String name) {}

    static final NativeObject.Release FREE = checkpoint -> virDomainCheckpointFree(checkpoint);

    DomainCheckpoint(Connect connect) {
        super(connect, FREE);
    }

    /// The name of the checkpoint, unique in its domain.
    ///
    /// @c {@index virDomainCheckpointGetName} libvirt 5.6.0
    public String name() {
        return identity().name();
    }

    /// The domain and name of the checkpoint as a plain value.
    public Identity identity() {
        return (Identity) identityNow();
    }

    /// Returns a handle of the domain of the checkpoint. The caller closes it.
    ///
    /// @c {@index virDomainCheckpointGetDomain} libvirt 5.6.0
    public Domain domain() {
        return keptObject(
                "virDomainCheckpointGetDomain",
                p -> virDomainCheckpointGetDomain(p),
                domain -> virDomainRef(domain),
                owning(() -> new Domain(connect()), Domain.FREE));
    }

    /// Returns a handle of the parent of the checkpoint. The caller closes it.
    ///
    /// @c {@index virDomainCheckpointGetParent} libvirt 5.6.0
    /// @return empty if the checkpoint is the first of its domain
    /// @throws io.github.libvirt4j.error.NotFoundException if the checkpoint itself no longer exists
    public Optional<DomainCheckpoint> parent() {
        Optional<DomainCheckpoint> parent = find(
                ErrorNumber.NO_DOMAIN_CHECKPOINT,
                () -> call("virDomainCheckpointGetParent", p -> virDomainCheckpointGetParent(p, 0), made()));
        if (parent.isEmpty()) {
            // One code says that there is no parent, and that there is no such checkpoint any longer.
            String _ = xmlDesc(DomainCheckpointXmlFlags.NO_DOMAIN);
        }
        return parent;
    }

    /// Returns handles of the children of the checkpoint, or of those that the flags choose. The caller
    /// closes each of them.
    ///
    /// @c {@index virDomainCheckpointListAllChildren} libvirt 5.6.0
    /// @param flags default: the checkpoints whose parent this one is, in any order.
    ///     [DESCENDANTS][DomainCheckpointListFlags#DESCENDANTS] adds their children, and so on; in C it is
    ///     the same number as [ROOTS][DomainCheckpointListFlags#ROOTS]
    public List<DomainCheckpoint> listAllChildren(DomainCheckpointListFlags... flags) {
        int bits = Flag.combine(flags);
        return list(
                "virDomainCheckpointListAllChildren",
                (p, array) -> virDomainCheckpointListAllChildren(p, array, bits),
                made());
    }

    /// The description of the checkpoint as XML. Default: with the description of the domain as it was,
    /// without passwords and other secrets.
    ///
    /// @c {@index virDomainCheckpointGetXMLDesc} libvirt 5.6.0
    /// @param flags [SIZE][DomainCheckpointXmlFlags#SIZE] adds to each disk the size, in bytes, of what has
    ///     changed since the checkpoint; QEMU's driver requires that the domain runs
    public String xmlDesc(DomainCheckpointXmlFlags... flags) {
        int bits = Flag.combine(flags);
        return takeString("virDomainCheckpointGetXMLDesc", p -> virDomainCheckpointGetXMLDesc(p, bits));
    }

    /// Deletes the checkpoint. What its disks have recorded since is merged into the record of the parent.
    ///
    /// @c {@index virDomainCheckpointDelete} libvirt 5.6.0
    /// @param flags default: this checkpoint, with its record in the images.
    ///     [CHILDREN][DomainCheckpointDeleteFlags#CHILDREN] deletes all descendants with it,
    ///     [CHILDREN_ONLY][DomainCheckpointDeleteFlags#CHILDREN_ONLY] all descendants and not it;
    ///     [METADATA_ONLY][DomainCheckpointDeleteFlags#METADATA_ONLY] has libvirt forget the checkpoint,
    ///     whose record remains in the images
    public void delete(DomainCheckpointDeleteFlags... flags) {
        int bits = Flag.combine(flags);
        call("virDomainCheckpointDelete", p -> virDomainCheckpointDelete(p, bits));
    }

    private Made<DomainCheckpoint> made() {
        return owning(() -> new DomainCheckpoint(connect()), FREE);
    }

    @Override
    String noun() {
        return "checkpoint";
    }

    @Override
    Object readIdentity(MemorySegment pointer) {
        MemorySegment domain = check(virDomainCheckpointGetDomain(pointer), "virDomainCheckpointGetDomain");
        return new Identity(
                uuid(domain, "virDomainGetUUID", (p, bytes) -> virDomainGetUUID(p, bytes)),
                kept(virDomainCheckpointGetName(pointer), "virDomainCheckpointGetName"));
    }
}
