package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtNwfilter.virNWFilterFree;
import static io.github.libvirt4j.internal.raw.LibvirtNwfilter.virNWFilterGetName;
import static io.github.libvirt4j.internal.raw.LibvirtNwfilter.virNWFilterGetUUID;
import static io.github.libvirt4j.internal.raw.LibvirtNwfilter.virNWFilterGetXMLDesc;
import static io.github.libvirt4j.internal.raw.LibvirtNwfilter.virNWFilterUndefine;

import io.github.libvirt4j.internal.c.NativeObject;
import java.lang.foreign.MemorySegment;
import java.util.UUID;

/// A network filter: rules for the traffic of interfaces of domains. C: `virNWFilterPtr`. Safe for use by any
/// thread.
///
/// The [package][io.github.libvirt4j] describes threads, closing, equality and exceptions of all handles.
///
/// @c {@index virNWFilterFree} libvirt 0.8.0
public final class NwFilter extends Noun {
    /// The name and UUID of a network filter as a plain value. Immutable, safe for use by any thread.
    ///
    /// @param name the name, unique on the host
    /// @param uuid the UUID, which identifies the filter
    public record Identity(String name, UUID uuid) {}

    static final NativeObject.Release FREE = filter -> virNWFilterFree(filter);

    NwFilter(Connect connect) {
        super(connect, FREE);
    }

    /// The name of the filter.
    ///
    /// @c {@index virNWFilterGetName} libvirt 0.8.0
    public String name() {
        return keptString("virNWFilterGetName", p -> virNWFilterGetName(p));
    }

    /// The UUID of the filter: its identity.
    ///
    /// @c {@index virNWFilterGetUUID} libvirt 0.8.0
    public UUID uuid() {
        return (UUID) identityNow();
    }

    /// The name and UUID of the filter as a plain value.
    public Identity identity() {
        return new Identity(name(), uuid());
    }

    /// The description of the filter, its rules, as XML.
    ///
    /// @c {@index virNWFilterGetXMLDesc} libvirt 0.8.0
    public String xmlDesc() {
        return takeString("virNWFilterGetXMLDesc", p -> virNWFilterGetXMLDesc(p, 0));
    }

    /// Removes the filter.
    ///
    /// @c {@index virNWFilterUndefine} libvirt 0.8.0
    /// @throws io.github.libvirt4j.error.OperationInvalidException if it filters a device, itself or as a
    ///     part of another filter
    public void undefine() {
        call("virNWFilterUndefine", p -> virNWFilterUndefine(p));
    }

    @Override
    String noun() {
        return "network filter";
    }

    @Override
    Object readIdentity(MemorySegment pointer) {
        return uuid(pointer, "virNWFilterGetUUID", (p, bytes) -> virNWFilterGetUUID(p, bytes));
    }
}
