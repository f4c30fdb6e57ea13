package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetMaxMemory;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainSetMemoryFlags;

import io.github.libvirt4j.types.Flag;

/// The memory of a domain, reached by `domain.memory()`. Owns nothing and need not be closed; its calls fail
/// with an [IllegalStateException] after the domain or its connection was closed. Immutable, for use by any
/// thread.
///
/// @param domain whose it is
public record DomainMemory(Domain domain) {
    /// The memory it can have at most, in KiB.
    ///
    /// @c {@index virDomainGetMaxMemory} libvirt 0.0.3
    public long max() {
        return domain.positive("virDomainGetMaxMemory", p -> virDomainGetMaxMemory(p));
    }

    /// Sets the memory it has, or with `DomainMemoryModFlags.MAXIMUM` can have. Without a flag this changes
    /// the running domain if it runs, and its definition if not, other than C's `virDomainSetMemory`.
    ///
    /// @c {@index virDomainSetMemoryFlags} libvirt 0.9.0
    /// @param kib in KiB
    /// @param flags of `DomainMemoryModFlags` and
    ///     [DomainModificationImpact][io.github.libvirt4j.types.DomainModificationImpact]
    public void set(long kib, Flag... flags) {
        domain.call("virDomainSetMemoryFlags", p -> virDomainSetMemoryFlags(p, kib, Flag.combine(flags)));
    }
}
