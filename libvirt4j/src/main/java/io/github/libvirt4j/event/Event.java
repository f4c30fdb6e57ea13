package io.github.libvirt4j.event;

/// An event that libvirt delivers. Immutable, safe for use by any thread.
public sealed interface Event
        permits ConnectEvent, DomainEvent, NetworkEvent, NodeDeviceEvent, SecretEvent, StoragePoolEvent {
    /// The kind of the event.
    EventKind<?> kind();
}
