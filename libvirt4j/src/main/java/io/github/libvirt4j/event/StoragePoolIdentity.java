package io.github.libvirt4j.event;

import java.util.Objects;
import java.util.UUID;

/// What names a storage pool beyond its handle. The UUID decides.
///
/// @param name its name when the event happened
/// @param uuid its UUID
public record StoragePoolIdentity(String name, UUID uuid) {
    /// Neither may be null.
    public StoragePoolIdentity {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(uuid, "uuid");
    }
}
