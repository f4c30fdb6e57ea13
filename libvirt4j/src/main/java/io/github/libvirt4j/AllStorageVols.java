package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtStorage.virStorageVolLookupByKey;
import static io.github.libvirt4j.internal.raw.LibvirtStorage.virStorageVolLookupByPath;

import io.github.libvirt4j.types.ErrorNumber;
import java.util.Optional;

/// The volumes of all storage pools of a connection, by key and path: `connect.storageVols()`. For the
/// volumes of one pool see [StoragePool#volumes]. Immutable, safe for use by any thread. See
/// [collections][io.github.libvirt4j] in the package description.
///
/// ```java
/// Optional<StorageVol> disk = connect.storageVols().findByPath("/var/lib/libvirt/images/web.qcow2");
/// ```
///
/// @param connect the connection
public record AllStorageVols(Connect connect) {
    /// Looks a volume up by key.
    ///
    /// @c {@index virStorageVolLookupByKey} libvirt 0.4.1
    /// @throws io.github.libvirt4j.error.NotFoundException if there is none
    public StorageVol lookupByKey(String key) {
        return connect.call(
                "virStorageVolLookupByKey", (p, in) -> virStorageVolLookupByKey(p, in.string(key, "key")), made());
    }

    /// Looks a volume up by key; empty if there is none.
    ///
    /// @c {@index virStorageVolLookupByKey} libvirt 0.4.1
    public Optional<StorageVol> findByKey(String key) {
        return Handle.find(ErrorNumber.NO_STORAGE_VOL, () -> lookupByKey(key));
    }

    /// Looks a volume up by path.
    ///
    /// @c {@index virStorageVolLookupByPath} libvirt 0.4.1
    /// @throws io.github.libvirt4j.error.NotFoundException if there is none
    public StorageVol lookupByPath(String path) {
        return connect.call(
                "virStorageVolLookupByPath", (p, in) -> virStorageVolLookupByPath(p, in.string(path, "path")), made());
    }

    /// Looks a volume up by path; empty if there is none.
    ///
    /// @c {@index virStorageVolLookupByPath} libvirt 0.4.1
    public Optional<StorageVol> findByPath(String path) {
        return Handle.find(ErrorNumber.NO_STORAGE_VOL, () -> lookupByPath(path));
    }

    private Handle.Made<StorageVol> made() {
        return Handle.owning(() -> new StorageVol(connect), StorageVol.FREE);
    }
}
