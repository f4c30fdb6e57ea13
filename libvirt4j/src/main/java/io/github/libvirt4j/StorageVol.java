package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtStorage.virStoragePoolLookupByVolume;
import static io.github.libvirt4j.internal.raw.LibvirtStorage.virStorageVolDelete;
import static io.github.libvirt4j.internal.raw.LibvirtStorage.virStorageVolFree;
import static io.github.libvirt4j.internal.raw.LibvirtStorage.virStorageVolGetInfo;
import static io.github.libvirt4j.internal.raw.LibvirtStorage.virStorageVolGetInfoFlags;
import static io.github.libvirt4j.internal.raw.LibvirtStorage.virStorageVolGetKey;
import static io.github.libvirt4j.internal.raw.LibvirtStorage.virStorageVolGetName;
import static io.github.libvirt4j.internal.raw.LibvirtStorage.virStorageVolGetPath;
import static io.github.libvirt4j.internal.raw.LibvirtStorage.virStorageVolGetXMLDesc;
import static io.github.libvirt4j.internal.raw.LibvirtStorage.virStorageVolResize;
import static io.github.libvirt4j.internal.raw.LibvirtStorage.virStorageVolWipe;

import io.github.libvirt4j.internal.raw.VirStorageVolInfo;
import io.github.libvirt4j.types.Flag;
import io.github.libvirt4j.types.StorageVolDeleteFlags;
import io.github.libvirt4j.types.StorageVolInfoFlags;
import io.github.libvirt4j.types.StorageVolResizeFlags;
import java.lang.foreign.MemorySegment;

/// A storage volume: a disk, a file, … in a storage pool. C: `virStorageVolPtr`. Safe for use by any
/// thread.
///
/// Two handles are equal if they stand for the same one (by key) of the same [Connect]. Methods throw
/// [LibvirtException] if libvirt refuses, and [IllegalStateException] after the handle or its connection
/// was closed.
public final class StorageVol extends Noun {
    StorageVol(Connect connect, MemorySegment pointer) {
        super(connect, pointer, volume -> virStorageVolFree(volume));
    }

    /// Its name, which only its pool knows it by. C: `virStorageVolGetName`.
    public String name() {
        return keptString("virStorageVolGetName", p -> virStorageVolGetName(p));
    }

    /// Its key, which no other volume of the host has; known also after the handle was closed if it was
    /// asked for before. C: `virStorageVolGetKey`.
    public String key() {
        return (String) identityNow();
    }

    /// Where it is. C: `virStorageVolGetPath`.
    public String path() {
        return takeString("virStorageVolGetPath", p -> virStorageVolGetPath(p));
    }

    /// Its type and sizes. C: `virStorageVolGetInfo`.
    public StorageVolInfo info() {
        return fill(
                "virStorageVolGetInfo",
                VirStorageVolInfo.SIZE,
                (p, info) -> virStorageVolGetInfo(p, info),
                StorageVol::info);
    }

    /// Its type and sizes, as the flags say. C: `virStorageVolGetInfoFlags`, libvirt 3.0.0; not every
    /// driver has it.
    public StorageVolInfo info(StorageVolInfoFlags flag, StorageVolInfoFlags... flags) {
        return fill(
                "virStorageVolGetInfoFlags",
                VirStorageVolInfo.SIZE,
                (p, info) -> virStorageVolGetInfoFlags(p, info, flag.bits() | Flag.combine(flags)),
                StorageVol::info);
    }

    private static StorageVolInfo info(MemorySegment info) {
        return new StorageVolInfo(
                VirStorageVolInfo.type(info), VirStorageVolInfo.capacity(info), VirStorageVolInfo.allocation(info));
    }

    /// Its description. C: `virStorageVolGetXMLDesc`.
    public String xmlDesc() {
        return takeString("virStorageVolGetXMLDesc", p -> virStorageVolGetXMLDesc(p, 0));
    }

    /// Deletes it. C: `virStorageVolDelete`.
    public void delete(StorageVolDeleteFlags... flags) {
        call("virStorageVolDelete", p -> virStorageVolDelete(p, Flag.combine(flags)));
    }

    /// Changes its capacity. C: `virStorageVolResize`.
    ///
    /// @param capacity in bytes
    public void resize(long capacity, StorageVolResizeFlags... flags) {
        call("virStorageVolResize", p -> virStorageVolResize(p, capacity, Flag.combine(flags)));
    }

    /// Makes its content unreadable. C: `virStorageVolWipe`.
    public void wipe() {
        call("virStorageVolWipe", p -> virStorageVolWipe(p, 0));
    }

    /// The pool it is in. C: `virStoragePoolLookupByVolume`.
    public StoragePool lookupStoragePool() {
        return call(
                "virStoragePoolLookupByVolume",
                p -> virStoragePoolLookupByVolume(p),
                pool -> new StoragePool(connect(), pool));
    }

    @Override
    String noun() {
        return "volume";
    }

    @Override
    Object readIdentity(MemorySegment pointer) {
        return kept(virStorageVolGetKey(pointer), "virStorageVolGetKey");
    }
}
