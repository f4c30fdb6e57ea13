package io.github.libvirt4j.event;

import java.util.Objects;
import java.util.UUID;

/// The name and UUID of a storage pool, valid independently of its handle. The UUID identifies the pool.
///
/// @param name the pool's name when the event happened
/// @param uuid the pool's UUID
public record StoragePoolIdentity(String name, UUID uuid) {
    /// Rejects null.
    public StoragePoolIdentity {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(uuid, "uuid");
    }
}
