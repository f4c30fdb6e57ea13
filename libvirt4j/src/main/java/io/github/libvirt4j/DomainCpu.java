package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetVcpusFlags;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainSetVcpusFlags;

import io.github.libvirt4j.types.Flag;

/// The virtual processors of a domain: `domain.cpu()`. Immutable, safe for use by any thread. See
/// [collections][io.github.libvirt4j] in the package description.
///
/// @param domain the domain
public record DomainCpu(Domain domain) {
    /// The number of virtual processors of the domain. Default: the current number, of the running domain if
    /// it runs, otherwise of its definition; `DomainVcpuFlags.MAXIMUM` selects the maximum.
    ///
    /// @c {@index virDomainGetVcpusFlags} libvirt 0.8.5
    /// @param flags constants of `DomainVcpuFlags` and
    ///     [DomainModificationImpact][io.github.libvirt4j.types.DomainModificationImpact]
    public int vcpus(Flag... flags) {
        return domain.call("virDomainGetVcpusFlags", p -> virDomainGetVcpusFlags(p, Flag.combine(flags)));
    }

    /// Sets the number of virtual processors of the domain. Default: the current number, of the running
    /// domain if it runs, otherwise of its definition; `DomainVcpuFlags.MAXIMUM` selects the maximum. (C's
    /// `virDomainSetVcpus` accepts running domains only.)
    ///
    /// @c {@index virDomainSetVcpusFlags} libvirt 0.8.5
    /// @param flags constants of `DomainVcpuFlags` and
    ///     [DomainModificationImpact][io.github.libvirt4j.types.DomainModificationImpact]
    public void setVcpus(int vcpus, Flag... flags) {
        domain.call("virDomainSetVcpusFlags", p -> virDomainSetVcpusFlags(p, vcpus, Flag.combine(flags)));
    }
}
