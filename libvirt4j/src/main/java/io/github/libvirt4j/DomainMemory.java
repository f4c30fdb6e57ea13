package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetMaxMemory;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainSetMemoryFlags;

import io.github.libvirt4j.types.Flag;

/// The memory of a domain: `domain.memory()`. Immutable, safe for use by any thread. See
/// [collections][io.github.libvirt4j] in the package description.
///
/// @param domain the domain
public record DomainMemory(Domain domain) {
    /// The maximum memory of the domain, in KiB.
    ///
    /// @c {@index virDomainGetMaxMemory} libvirt 0.0.3
    public long max() {
        return domain.positive("virDomainGetMaxMemory", p -> virDomainGetMaxMemory(p));
    }

    /// Sets the memory of the domain. Default: the current memory, of the running domain if it runs,
    /// otherwise of its definition; `DomainMemoryModFlags.MAXIMUM` selects the maximum. (Which of both C's
    /// `virDomainSetMemory` changes depends on the driver.)
    ///
    /// @c {@index virDomainSetMemoryFlags} libvirt 0.9.0
    /// @param kib the memory, in KiB
    /// @param flags constants of `DomainMemoryModFlags` and
    ///     [DomainModificationImpact][io.github.libvirt4j.types.DomainModificationImpact]
    public void set(long kib, Flag... flags) {
        domain.call("virDomainSetMemoryFlags", p -> virDomainSetMemoryFlags(p, kib, Flag.combine(flags)));
    }
}
