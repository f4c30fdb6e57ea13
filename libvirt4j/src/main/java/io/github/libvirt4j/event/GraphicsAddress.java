package io.github.libvirt4j.event;

import io.github.libvirt4j.types.DomainEventGraphicsAddressType;
import org.jspecify.annotations.Nullable;

/// One end of somebody's connection to a graphical console. C: `virDomainEventGraphicsAddress`. Immutable,
/// for use by any thread.
///
/// @param rawFamily which sort of address, a `virDomainEventGraphicsAddressType`
/// @param node the address, or the path of a unix socket; null if it is not known
/// @param service the port; null if there is none
public record GraphicsAddress(
        int rawFamily, @Nullable String node, @Nullable String service) {
    /// Which sort of address.
    public DomainEventGraphicsAddressType family() {
        return DomainEventGraphicsAddressType.of(rawFamily);
    }

    @Override
    public String toString() {
        return family() + " " + node + (service == null ? "" : ":" + service);
    }
}
