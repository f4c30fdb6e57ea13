package io.github.libvirt4j.event;

import java.util.Objects;
import java.util.UUID;

/// The name and UUID of a domain, valid independently of its handle. The UUID identifies the domain, which
/// can be renamed.
///
/// @param name the domain's name when the event happened
/// @param uuid the domain's UUID
public record DomainIdentity(String name, UUID uuid) {
    /// Rejects null.
    public DomainIdentity {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(uuid, "uuid");
    }
}
