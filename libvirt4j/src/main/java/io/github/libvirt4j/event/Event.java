package io.github.libvirt4j.event;

/// Something that happened in libvirt. Immutable, for use by any thread.
public sealed interface Event permits DomainEvent {
    /// Its kind.
    EventKind<?> kind();
}
