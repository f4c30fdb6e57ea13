package io.github.libvirt4j.event;

import java.util.Objects;

/// What names a device of the host beyond its handle.
///
/// @param name its name
public record NodeDeviceIdentity(String name) {
    /// It may not be null.
    public NodeDeviceIdentity {
        Objects.requireNonNull(name, "name");
    }
}
