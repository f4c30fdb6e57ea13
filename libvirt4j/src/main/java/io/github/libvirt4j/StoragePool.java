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

/// A storage pool: a place volumes are in. C: `virStoragePoolPtr`. Safe for use by any thread.
///
/// Two handles are equal if they stand for the same one (by UUID) of the same [Connect]. Methods throw
/// [LibvirtException][io.github.libvirt4j.error.LibvirtException] if libvirt refuses, and
/// [IllegalStateException] after the handle or its connection was closed.
///
/// A handle is to be closed when done, wherever it came from; one that is forgotten is closed when it is
/// collected, or with its connection. Closing it does nothing to what it stands for, and takes effect after
/// the calls that are under way on it.
///
/// @c {@index virStoragePoolFree} libvirt 0.4.1
public final class StoragePool extends Noun implements EventSource<StoragePoolEvent> {
    /// The state and sizes of a storage pool. Immutable, for use by any thread. C: `virStoragePoolInfo`.
    ///
    /// @param rawState a `virStoragePoolState`
    /// @param capacity how much it holds, in bytes
    /// @param allocation how much is taken, in bytes
    /// @param available how much is left, in bytes
    @SuppressWarnings("AvoidCommonTypeNames") // It is always Domain.Info, Node.Info, …
    public record Info(int rawState, long capacity, long allocation, long available) {
        /// Its state.
        public StoragePoolState state() {
            return StoragePoolState.of(rawState);
        }
    }

    static final NativeObject.Release FREE = pool -> virStoragePoolFree(pool);

    StoragePool(Connect connect) {
        super(connect, FREE);
    }

    /// Its name.
    ///
    /// @c {@index virStoragePoolGetName} libvirt 0.4.1
    public String name() {
        return keptString("virStoragePoolGetName", p -> virStoragePoolGetName(p));
    }

    /// Its UUID, known also after the handle was closed if it was asked for before.
    ///
    /// @c {@index virStoragePoolGetUUID} libvirt 0.4.1
    public UUID uuid() {
        return (UUID) identityNow();
    }

    /// Its name and UUID, as events carry them.
    public StoragePoolIdentity identity() {
        return new StoragePoolIdentity(name(), uuid());
    }

    /// Its state and sizes.
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

    /// Its description.
    ///
    /// @c {@index virStoragePoolGetXMLDesc} libvirt 0.4.1
    public String xmlDesc(StorageXmlFlags... flags) {
        return takeString("virStoragePoolGetXMLDesc", p -> virStoragePoolGetXMLDesc(p, Flag.combine(flags)));
    }

    /// Whether it runs.
    ///
    /// @c {@index virStoragePoolIsActive} libvirt 0.7.3
    public boolean isActive() {
        return isTrue("virStoragePoolIsActive", p -> virStoragePoolIsActive(p));
    }

    /// Whether it has a definition that stays when it stops.
    ///
    /// @c {@index virStoragePoolIsPersistent} libvirt 0.7.3
    public boolean isPersistent() {
        return isTrue("virStoragePoolIsPersistent", p -> virStoragePoolIsPersistent(p));
    }

    /// Makes what it is on: the directory, the file system, …
    ///
    /// @c {@index virStoragePoolBuild} libvirt 0.4.1
    public void build(StoragePoolBuildFlags... flags) {
        call("virStoragePoolBuild", p -> virStoragePoolBuild(p, Flag.combine(flags)));
    }

    /// Starts it.
    ///
    /// @c {@index virStoragePoolCreate} libvirt 0.4.1
    public void create(StoragePoolCreateFlags... flags) {
        call("virStoragePoolCreate", p -> virStoragePoolCreate(p, Flag.combine(flags)));
    }

    /// Looks anew which volumes are in it.
    ///
    /// @c {@index virStoragePoolRefresh} libvirt 0.4.1
    public void refresh() {
        call("virStoragePoolRefresh", p -> virStoragePoolRefresh(p, 0));
    }

    /// Stops it; what is in it stays. One that is not persistent is gone then. The handle stays usable.
    ///
    /// @c {@index virStoragePoolDestroy} libvirt 0.4.1
    public void destroy() {
        call("virStoragePoolDestroy", p -> virStoragePoolDestroy(p));
    }

    /// Deletes what it is on, with everything in it.
    ///
    /// @c {@index virStoragePoolDelete} libvirt 0.4.1
    public void delete(StoragePoolDeleteFlags... flags) {
        call("virStoragePoolDelete", p -> virStoragePoolDelete(p, Flag.combine(flags)));
    }

    /// Forgets its definition; it must not run.
    ///
    /// @c {@index virStoragePoolUndefine} libvirt 0.4.1
    public void undefine() {
        call("virStoragePoolUndefine", p -> virStoragePoolUndefine(p));
    }

    /// Whether it is started with its host.
    ///
    /// @c {@index virStoragePoolGetAutostart} libvirt 0.4.1
    public boolean autostart() {
        return fillInt("virStoragePoolGetAutostart", (p, autostart) -> virStoragePoolGetAutostart(p, autostart)) != 0;
    }

    /// Sets whether it is started with its host.
    ///
    /// @c {@index virStoragePoolSetAutostart} libvirt 0.4.1
    public void setAutostart(boolean autostart) {
        call("virStoragePoolSetAutostart", p -> virStoragePoolSetAutostart(p, autostart ? 1 : 0));
    }

    /// Its volumes.
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
