package io.github.libvirt4j.event;

import java.util.Objects;
import java.util.UUID;

/// What names a network beyond its handle. The UUID decides.
///
/// @param name its name when the event happened
/// @param uuid its UUID
public record NetworkIdentity(String name, UUID uuid) {
    /// Neither may be null.
    public NetworkIdentity {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(uuid, "uuid");
    }
}
