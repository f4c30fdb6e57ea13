package io.github.libvirt4j.event;

import java.util.Objects;
import java.util.UUID;

/// The name and UUID of a network, valid independently of its handle. The UUID identifies the network.
///
/// @param name the network's name when the event happened
/// @param uuid the network's UUID
public record NetworkIdentity(String name, UUID uuid) {
    /// Rejects null.
    public NetworkIdentity {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(uuid, "uuid");
    }
}
