package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtStorage.virConnectFindStoragePoolSources;
import static io.github.libvirt4j.internal.raw.LibvirtStorage.virConnectGetStoragePoolCapabilities;
import static io.github.libvirt4j.internal.raw.LibvirtStorage.virConnectListAllStoragePools;
import static io.github.libvirt4j.internal.raw.LibvirtStorage.virStoragePoolCreateXML;
import static io.github.libvirt4j.internal.raw.LibvirtStorage.virStoragePoolDefineXML;
import static io.github.libvirt4j.internal.raw.LibvirtStorage.virStoragePoolLookupByName;
import static io.github.libvirt4j.internal.raw.LibvirtStorage.virStoragePoolLookupByTargetPath;
import static io.github.libvirt4j.internal.raw.LibvirtStorage.virStoragePoolLookupByUUID;
import static io.github.libvirt4j.internal.raw.LibvirtStorage.virStoragePoolLookupByVolume;

import io.github.libvirt4j.event.StoragePoolIdentity;
import io.github.libvirt4j.types.ConnectListAllStoragePoolsFlags;
import io.github.libvirt4j.types.ErrorNumber;
import io.github.libvirt4j.types.Flag;
import io.github.libvirt4j.types.StoragePoolCreateFlags;
import io.github.libvirt4j.types.StoragePoolDefineFlags;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The storage pools of a connection: `connect.storagePools()`. Immutable, safe for use by any thread. See
/// [collections][io.github.libvirt4j] in the package description.
///
/// ```java
/// try (StoragePool pool = connect.storagePools().lookupByName("default")) {
///     pool.refresh();
/// }
/// ```
///
/// @param connect the connection
public record StoragePools(Connect connect) {
    /// Returns handles of all storage pools, or of those that the flags choose. The caller closes each of
    /// them.
    ///
    /// @c {@index virConnectListAllStoragePools} libvirt 0.10.2
    public List<StoragePool> listAll(ConnectListAllStoragePoolsFlags... flags) {
        return connect.list(
                "virConnectListAllStoragePools",
                (p, array) -> virConnectListAllStoragePools(p, array, Flag.combine(flags)),
                made());
    }

    /// Returns the identities of all storage pools, or of those that the flags choose: plain values, with
    /// nothing to close.
    public List<StoragePoolIdentity> identities(ConnectListAllStoragePoolsFlags... flags) {
        return Handle.identities(listAll(flags), StoragePool::identity);
    }

    /// Looks a storage pool up by name.
    ///
    /// @c {@index virStoragePoolLookupByName} libvirt 0.4.1
    /// @throws io.github.libvirt4j.error.NotFoundException if there is none
    public StoragePool lookupByName(String name) {
        return connect.call(
                "virStoragePoolLookupByName",
                (p, in) -> virStoragePoolLookupByName(p, in.string(name, "name")),
                made());
    }

    /// Looks a storage pool up by name; empty if there is none.
    ///
    /// @c {@index virStoragePoolLookupByName} libvirt 0.4.1
    public Optional<StoragePool> findByName(String name) {
        return Handle.find(ErrorNumber.NO_STORAGE_POOL, () -> lookupByName(name));
    }

    /// Looks a storage pool up by UUID.
    ///
    /// @c {@index virStoragePoolLookupByUUID} libvirt 0.4.1
    /// @throws io.github.libvirt4j.error.NotFoundException if there is none
    public StoragePool lookupByUuid(UUID uuid) {
        return connect.call(
                "virStoragePoolLookupByUUID", (p, in) -> virStoragePoolLookupByUUID(p, in.uuid(uuid)), made());
    }

    /// Looks a storage pool up by UUID; empty if there is none.
    ///
    /// @c {@index virStoragePoolLookupByUUID} libvirt 0.4.1
    public Optional<StoragePool> findByUuid(UUID uuid) {
        return Handle.find(ErrorNumber.NO_STORAGE_POOL, () -> lookupByUuid(uuid));
    }

    /// Looks up the storage pool of a volume.
    ///
    /// @c {@index virStoragePoolLookupByVolume} libvirt 0.4.1
    public StoragePool lookupByVolume(StorageVol volume) {
        return volume.call(
                "virStoragePoolLookupByVolume",
                p -> virStoragePoolLookupByVolume(p),
                Handle.owning(() -> new StoragePool(volume.connect()), StoragePool.FREE));
    }

    /// Looks up the storage pool that has its volumes in a folder.
    ///
    /// @c {@index virStoragePoolLookupByTargetPath} libvirt 4.1.0
    /// @param path the path of the pool's target, as in its description
    /// @throws io.github.libvirt4j.error.NotFoundException if there is none
    public StoragePool lookupByTargetPath(String path) {
        return connect.call(
                "virStoragePoolLookupByTargetPath",
                (p, in) -> virStoragePoolLookupByTargetPath(p, in.string(path, "path")),
                made());
    }

    /// Looks up the storage pool that has its volumes in a folder; empty if there is none.
    ///
    /// @c {@index virStoragePoolLookupByTargetPath} libvirt 4.1.0
    /// @param path the path of the pool's target, as in its description
    public Optional<StoragePool> findByTargetPath(String path) {
        return Handle.find(ErrorNumber.NO_STORAGE_POOL, () -> lookupByTargetPath(path));
    }

    /// Looks up the storage pool of an identity, such as the identity in an event.
    ///
    /// @throws io.github.libvirt4j.error.NotFoundException if the storage pool no longer exists
    public StoragePool lookup(StoragePoolIdentity identity) {
        return lookupByUuid(identity.uuid());
    }

    /// Defines a storage pool, or changes its definition, without starting it.
    ///
    /// @c {@index virStoragePoolDefineXML} libvirt 0.4.1
    /// @param xml the description of the pool, in libvirt's [format](https://libvirt.org/formatstorage.html)
    /// @throws io.github.libvirt4j.error.LibvirtException if the description is malformed, or the driver
    ///     cannot implement it
    public StoragePool define(String xml, StoragePoolDefineFlags... flags) {
        return connect.call(
                "virStoragePoolDefineXML",
                (p, in) -> virStoragePoolDefineXML(p, in.string(xml, "xml"), Flag.combine(flags)),
                made());
    }

    /// Creates and starts a transient storage pool, which has no definition and ceases to exist when it
    /// stops.
    ///
    /// @c {@index virStoragePoolCreateXML} libvirt 0.4.1
    /// @param xml the description of the pool, in libvirt's [format](https://libvirt.org/formatstorage.html)
    /// @throws io.github.libvirt4j.error.LibvirtException if the description is malformed, or the driver
    ///     cannot implement it
    public StoragePool create(String xml, StoragePoolCreateFlags... flags) {
        return connect.call(
                "virStoragePoolCreateXML",
                (p, in) -> virStoragePoolCreateXML(p, in.string(xml, "xml"), Flag.combine(flags)),
                made());
    }

    /// Searches for storage from which pools could be made: volume groups, exports of an NFS server, targets
    /// of an iSCSI server, …
    ///
    /// @c {@index virConnectFindStoragePoolSources} libvirt 0.4.5
    /// @param type the type of pool: `logical`, `netfs`, `iscsi`, …
    /// @param sourceSpec where to search, an XML element `source` as in the
    ///     [description](https://libvirt.org/formatstorage.html) of a pool; null for types that need none
    /// @return an XML element `sources`, with an element `source` for each
    public String findSources(String type, @Nullable String sourceSpec) {
        return connect.takeString(
                "virConnectFindStoragePoolSources",
                (p, in) -> virConnectFindStoragePoolSources(
                        p, in.string(type, "type"), in.stringOrNull(sourceSpec, "sourceSpec"), 0));
    }

    /// Returns the types of storage pool that the driver can have, as XML.
    ///
    /// @c {@index virConnectGetStoragePoolCapabilities} libvirt 5.2.0
    public String capabilities() {
        return connect.takeString(
                "virConnectGetStoragePoolCapabilities", p -> virConnectGetStoragePoolCapabilities(p, 0));
    }

    private Handle.Made<StoragePool> made() {
        return Handle.owning(() -> new StoragePool(connect), StoragePool.FREE);
    }
}
