package io.github.libvirt4j;

import io.github.libvirt4j.types.StorageVolType;

/// The type and sizes of a volume. Immutable, for use by any thread. C: `virStorageVolInfo`.
///
/// @param rawType a `virStorageVolType`
/// @param capacity how much it holds, in bytes
/// @param allocation how much it takes, in bytes
public record StorageVolInfo(int rawType, long capacity, long allocation) {
    /// Its type.
    public StorageVolType type() {
        return StorageVolType.of(rawType);
    }
}
