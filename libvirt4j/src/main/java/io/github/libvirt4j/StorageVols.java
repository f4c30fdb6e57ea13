package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtStorage.virStoragePoolListAllVolumes;
import static io.github.libvirt4j.internal.raw.LibvirtStorage.virStorageVolCreateXML;
import static io.github.libvirt4j.internal.raw.LibvirtStorage.virStorageVolCreateXMLFrom;
import static io.github.libvirt4j.internal.raw.LibvirtStorage.virStorageVolLookupByName;

import io.github.libvirt4j.types.ErrorNumber;
import io.github.libvirt4j.types.Flag;
import io.github.libvirt4j.types.StorageVolCreateFlags;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/// The volumes of a storage pool: `pool.volumes()`. Immutable, safe for use by any thread. See
/// [collections][io.github.libvirt4j] in the package description.
///
/// ```java
/// try (StorageVol disk = pool.volumes().create(xml)) {
///     disk.upload(file);
/// }
/// ```
///
/// @param pool the storage pool
public record StorageVols(StoragePool pool) {
    /// Returns handles of all volumes. The caller closes each of them.
    ///
    /// @c {@index virStoragePoolListAllVolumes} libvirt 0.10.2
    public List<StorageVol> listAll() {
        return pool.list(
                "virStoragePoolListAllVolumes", (p, array) -> virStoragePoolListAllVolumes(p, array, 0), made());
    }

    /// Returns the identities of all volumes: plain values, with nothing to close.
    public List<StorageVol.Identity> identities() {
        return Handle.identities(listAll(), StorageVol::identity);
    }

    /// Looks a volume of this pool up by name.
    ///
    /// @c {@index virStorageVolLookupByName} libvirt 0.4.1
    /// @throws io.github.libvirt4j.error.NotFoundException if there is none
    public StorageVol lookupByName(String name) {
        return pool.call(
                "virStorageVolLookupByName", (p, in) -> virStorageVolLookupByName(p, in.string(name, "name")), made());
    }

    /// Looks a volume of this pool up by name; empty if there is none.
    ///
    /// @c {@index virStorageVolLookupByName} libvirt 0.4.1
    public Optional<StorageVol> findByName(String name) {
        return Handle.find(ErrorNumber.NO_STORAGE_VOL, () -> lookupByName(name));
    }

    /// Creates a volume in this pool.
    ///
    /// @c {@index virStorageVolCreateXML} libvirt 0.4.1
    /// @param xml the description of the volume, in libvirt's
    ///     [format](https://libvirt.org/formatstorage.html)
    /// @throws io.github.libvirt4j.error.LibvirtException if the description is malformed, or the driver
    ///     cannot implement it
    public StorageVol create(String xml, StorageVolCreateFlags... flags) {
        return pool.call(
                "virStorageVolCreateXML",
                (p, in) -> virStorageVolCreateXML(p, in.string(xml, "xml"), Flag.combine(flags)),
                made());
    }

    /// Creates a volume in this pool as a copy of another volume.
    ///
    /// @c {@index virStorageVolCreateXMLFrom} libvirt 0.6.4
    /// @param xml the description of the new volume; its capacity becomes at least that of the other volume
    /// @param from the volume to copy, of this or another pool of the same connection
    /// @throws io.github.libvirt4j.error.LibvirtException if the description is malformed, or the driver
    ///     cannot implement it
    public StorageVol createFrom(String xml, StorageVol from, StorageVolCreateFlags... flags) {
        return pool.timed("virStorageVolCreateXMLFrom", () -> {
            MemorySegment other = from.enter();
            try {
                return pool.call(
                        "virStorageVolCreateXMLFrom",
                        (p, in) -> virStorageVolCreateXMLFrom(p, in.string(xml, "xml"), other, Flag.combine(flags)),
                        made());
            } finally {
                from.object.leave();
            }
        });
    }

    private Handle.Made<StorageVol> made() {
        return Handle.owning(() -> new StorageVol(pool.connect()), StorageVol.FREE);
    }
}
