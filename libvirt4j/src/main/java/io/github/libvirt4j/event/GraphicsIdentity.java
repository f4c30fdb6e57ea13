package io.github.libvirt4j.event;

import org.jspecify.annotations.Nullable;

/// Who somebody at a graphical console is, in one way to say it. C:
/// `virDomainEventGraphicsSubjectIdentity`. Immutable, for use by any thread.
///
/// @param type in which: `x509dname`, `saslUsername`, …
/// @param name who
public record GraphicsIdentity(
        @Nullable String type, @Nullable String name) {
    @Override
    public String toString() {
        return type + "=" + name;
    }
}
