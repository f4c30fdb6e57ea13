package io.github.libvirt4j.event;

import java.util.Objects;

/// The name of a device of the host, valid independently of its handle.
///
/// @param name the device's name
public record NodeDeviceIdentity(String name) {
    /// Rejects null.
    public NodeDeviceIdentity {
        Objects.requireNonNull(name, "name");
    }
}
