package io.github.libvirt4j.event;

/// Something that happened in libvirt. Immutable, for use by any thread.
public sealed interface Event
        permits ConnectEvent, DomainEvent, NetworkEvent, NodeDeviceEvent, SecretEvent, StoragePoolEvent {
    /// Its kind.
    EventKind<?> kind();
}
