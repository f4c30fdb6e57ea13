package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtStorage.virStoragePoolBuild;
import static io.github.libvirt4j.internal.raw.LibvirtStorage.virStoragePoolCreate;
import static io.github.libvirt4j.internal.raw.LibvirtStorage.virStoragePoolDelete;
import static io.github.libvirt4j.internal.raw.LibvirtStorage.virStoragePoolDestroy;
import static io.github.libvirt4j.internal.raw.LibvirtStorage.virStoragePoolFree;
import static io.github.libvirt4j.internal.raw.LibvirtStorage.virStoragePoolGetAutostart;
import static io.github.libvirt4j.internal.raw.LibvirtStorage.virStoragePoolGetInfo;
import static io.github.libvirt4j.internal.raw.LibvirtStorage.virStoragePoolGetName;
import static io.github.libvirt4j.internal.raw.LibvirtStorage.virStoragePoolGetUUID;
import static io.github.libvirt4j.internal.raw.LibvirtStorage.virStoragePoolGetXMLDesc;
import static io.github.libvirt4j.internal.raw.LibvirtStorage.virStoragePoolIsActive;
import static io.github.libvirt4j.internal.raw.LibvirtStorage.virStoragePoolIsPersistent;
import static io.github.libvirt4j.internal.raw.LibvirtStorage.virStoragePoolRefresh;
import static io.github.libvirt4j.internal.raw.LibvirtStorage.virStoragePoolSetAutostart;
import static io.github.libvirt4j.internal.raw.LibvirtStorage.virStoragePoolUndefine;

import io.github.libvirt4j.event.StoragePoolEvent;
import io.github.libvirt4j.event.StoragePoolIdentity;
import io.github.libvirt4j.internal.c.NativeObject;
import io.github.libvirt4j.internal.raw.VirStoragePoolInfo;
import io.github.libvirt4j.types.Flag;
import io.github.libvirt4j.types.StoragePoolBuildFlags;
import io.github.libvirt4j.types.StoragePoolCreateFlags;
import io.github.libvirt4j.types.StoragePoolDeleteFlags;
import io.github.libvirt4j.types.StoragePoolState;
import io.github.libvirt4j.types.StorageXmlFlags;
import java.lang.foreign.MemorySegment;
import java.util.UUID;

/// A storage pool: a directory, a volume group, … that holds volumes. C: `virStoragePoolPtr`. Safe for use by
/// any thread.
///
/// The [package][io.github.libvirt4j] describes threads, closing, equality and exceptions of all handles.
///
/// @c {@index virStoragePoolFree} libvirt 0.4.1
public final class StoragePool extends Noun implements EventSource<StoragePoolEvent> {
    /// The state and sizes of a storage pool. C: `virStoragePoolInfo`. Immutable, safe for use by any thread.
    ///
    /// @param rawState the state, a `virStoragePoolState`
    /// @param capacity the total size, in bytes
    /// @param allocation the allocated size, in bytes
    /// @param available the free size, in bytes
    @SuppressWarnings("AvoidCommonTypeNames") // It is always Domain.Info, Node.Info, …
    public record Info(int rawState, long capacity, long allocation, long available) {
        /// The state of the pool.
        public StoragePoolState state() {
            return StoragePoolState.of(rawState);
        }
    }

    static final NativeObject.Release FREE = pool -> virStoragePoolFree(pool);

    StoragePool(Connect connect) {
        super(connect, FREE);
    }

    /// The name of the pool.
    ///
    /// @c {@index virStoragePoolGetName} libvirt 0.4.1
    public String name() {
        return keptString("virStoragePoolGetName", p -> virStoragePoolGetName(p));
    }

    /// The UUID of the pool: its identity.
    ///
    /// @c {@index virStoragePoolGetUUID} libvirt 0.4.1
    public UUID uuid() {
        return (UUID) identityNow();
    }

    /// The name and UUID of the pool as a plain value, as events carry it.
    public StoragePoolIdentity identity() {
        return new StoragePoolIdentity(name(), uuid());
    }

    /// The state and sizes of the pool.
    ///
    /// @c {@index virStoragePoolGetInfo} libvirt 0.4.1
    public Info info() {
        return fill(
                "virStoragePoolGetInfo",
                VirStoragePoolInfo.SIZE,
                (p, info) -> virStoragePoolGetInfo(p, info),
                info -> new Info(
                        VirStoragePoolInfo.state(info),
                        VirStoragePoolInfo.capacity(info),
                        VirStoragePoolInfo.allocation(info),
                        VirStoragePoolInfo.available(info)));
    }

    /// The description of the pool as XML.
    ///
    /// @c {@index virStoragePoolGetXMLDesc} libvirt 0.4.1
    public String xmlDesc(StorageXmlFlags... flags) {
        return takeString("virStoragePoolGetXMLDesc", p -> virStoragePoolGetXMLDesc(p, Flag.combine(flags)));
    }

    /// Whether the pool is active.
    ///
    /// @c {@index virStoragePoolIsActive} libvirt 0.7.3
    public boolean isActive() {
        return isTrue("virStoragePoolIsActive", p -> virStoragePoolIsActive(p));
    }

    /// Whether the pool is persistent: its definition remains when it stops.
    ///
    /// @c {@index virStoragePoolIsPersistent} libvirt 0.7.3
    public boolean isPersistent() {
        return isTrue("virStoragePoolIsPersistent", p -> virStoragePoolIsPersistent(p));
    }

    /// Builds the storage of the pool: the directory, the file system, …
    ///
    /// @c {@index virStoragePoolBuild} libvirt 0.4.1
    public void build(StoragePoolBuildFlags... flags) {
        call("virStoragePoolBuild", p -> virStoragePoolBuild(p, Flag.combine(flags)));
    }

    /// Starts the pool from its definition.
    ///
    /// @c {@index virStoragePoolCreate} libvirt 0.4.1
    public void create(StoragePoolCreateFlags... flags) {
        call("virStoragePoolCreate", p -> virStoragePoolCreate(p, Flag.combine(flags)));
    }

    /// Refreshes libvirt's list of the volumes in the pool.
    ///
    /// @c {@index virStoragePoolRefresh} libvirt 0.4.1
    public void refresh() {
        call("virStoragePoolRefresh", p -> virStoragePoolRefresh(p, 0));
    }

    /// Stops the pool, and leaves its volumes as they are. A pool that is not persistent ceases to exist. The
    /// handle remains usable.
    ///
    /// @c {@index virStoragePoolDestroy} libvirt 0.4.1
    public void destroy() {
        call("virStoragePoolDestroy", p -> virStoragePoolDestroy(p));
    }

    /// Deletes the storage of the pool irrecoverably: the directory, the volume group, …
    ///
    /// @c {@index virStoragePoolDelete} libvirt 0.4.1
    public void delete(StoragePoolDeleteFlags... flags) {
        call("virStoragePoolDelete", p -> virStoragePoolDelete(p, Flag.combine(flags)));
    }

    /// Removes the definition of the pool, which must not be active.
    ///
    /// @c {@index virStoragePoolUndefine} libvirt 0.4.1
    public void undefine() {
        call("virStoragePoolUndefine", p -> virStoragePoolUndefine(p));
    }

    /// Whether the pool starts when its host boots.
    ///
    /// @c {@index virStoragePoolGetAutostart} libvirt 0.4.1
    public boolean autostart() {
        return fillInt("virStoragePoolGetAutostart", (p, autostart) -> virStoragePoolGetAutostart(p, autostart)) != 0;
    }

    /// Sets whether the pool starts when its host boots.
    ///
    /// @c {@index virStoragePoolSetAutostart} libvirt 0.4.1
    public void setAutostart(boolean autostart) {
        call("virStoragePoolSetAutostart", p -> virStoragePoolSetAutostart(p, autostart ? 1 : 0));
    }

    /// The volumes of the pool.
    public StorageVols volumes() {
        return new StorageVols(this);
    }

    @Override
    String noun() {
        return "storage pool";
    }

    @Override
    Object readIdentity(MemorySegment pointer) {
        return uuid(pointer, "virStoragePoolGetUUID", (p, bytes) -> virStoragePoolGetUUID(p, bytes));
    }
}
