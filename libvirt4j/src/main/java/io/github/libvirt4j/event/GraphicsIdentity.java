package io.github.libvirt4j.event;

import org.jspecify.annotations.Nullable;

/// An identity of the client of a graphical console. C: `virDomainEventGraphicsSubjectIdentity`. Immutable,
/// safe for use by any thread.
///
/// @param type the type of the identity: `x509dname`, `saslUsername`, …
/// @param name the name of the client
public record GraphicsIdentity(
        @Nullable String type, @Nullable String name) {
    @Override
    public String toString() {
        return type + "=" + name;
    }
}
