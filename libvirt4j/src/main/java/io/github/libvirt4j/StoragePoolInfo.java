package io.github.libvirt4j;

import io.github.libvirt4j.types.StoragePoolState;

/// The state and sizes of a storage pool. Immutable, for use by any thread. C: `virStoragePoolInfo`.
///
/// @param rawState a `virStoragePoolState`
/// @param capacity how much it holds, in bytes
/// @param allocation how much is taken, in bytes
/// @param available how much is left, in bytes
public record StoragePoolInfo(int rawState, long capacity, long allocation, long available) {
    /// Its state.
    public StoragePoolState state() {
        return StoragePoolState.of(rawState);
    }
}
