package io.github.libvirt4j.event;

import io.github.libvirt4j.types.DomainEventGraphicsAddressType;
import org.jspecify.annotations.Nullable;

/// The address of a graphical console or of its client. C: `virDomainEventGraphicsAddress`. Immutable, safe
/// for use by any thread.
///
/// @param rawFamily the address family, a `virDomainEventGraphicsAddressType`
/// @param node the network address, or the path of a unix socket; null if not known
/// @param service the port; null if there is none
public record GraphicsAddress(
        int rawFamily, @Nullable String node, @Nullable String service) {
    /// The address family.
    public DomainEventGraphicsAddressType family() {
        return DomainEventGraphicsAddressType.of(rawFamily);
    }

    @Override
    public String toString() {
        return family() + " " + node + (service == null ? "" : ":" + service);
    }
}
