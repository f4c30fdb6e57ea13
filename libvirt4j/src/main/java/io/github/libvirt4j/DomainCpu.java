package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetVcpusFlags;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainSetVcpusFlags;

import io.github.libvirt4j.types.Flag;

/// The processors of a domain, reached by `domain.cpu()`. Owns nothing and need not be closed; its calls fail
/// with an [IllegalStateException] after the domain or its connection was closed. Immutable, for use by any
/// thread.
///
/// @param domain whose it is
public record DomainCpu(Domain domain) {
    /// How many processors it has, or with `DomainVcpuFlags.MAXIMUM` can have.
    ///
    /// @c {@index virDomainGetVcpusFlags} libvirt 0.8.5
    /// @param flags of `DomainVcpuFlags` and
    ///     [DomainModificationImpact][io.github.libvirt4j.types.DomainModificationImpact]
    public int vcpus(Flag... flags) {
        return domain.call("virDomainGetVcpusFlags", p -> virDomainGetVcpusFlags(p, Flag.combine(flags)));
    }

    /// Sets how many processors it has, or can have. Without a flag this changes the running domain if it
    /// runs, and its definition if not, other than C's `virDomainSetVcpus`.
    ///
    /// @c {@index virDomainSetVcpusFlags} libvirt 0.8.5
    /// @param flags of `DomainVcpuFlags` and
    ///     [DomainModificationImpact][io.github.libvirt4j.types.DomainModificationImpact]
    public void setVcpus(int vcpus, Flag... flags) {
        domain.call("virDomainSetVcpusFlags", p -> virDomainSetVcpusFlags(p, vcpus, Flag.combine(flags)));
    }
}
