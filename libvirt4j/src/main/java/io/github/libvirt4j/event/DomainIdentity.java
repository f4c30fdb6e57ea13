package io.github.libvirt4j.event;

import java.util.Objects;
import java.util.UUID;

/// What names a domain beyond its handle. The UUID decides: a domain can be renamed.
///
/// @param name its name when the event happened
/// @param uuid its UUID
public record DomainIdentity(String name, UUID uuid) {
    /// Neither may be null.
    public DomainIdentity {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(uuid, "uuid");
    }
}
