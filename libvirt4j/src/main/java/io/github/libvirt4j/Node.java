package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtHost.virNodeGetInfo;

import io.github.libvirt4j.internal.c.CMemory;
import io.github.libvirt4j.internal.raw.VirNodeInfo;

/// The host of a hypervisor: `connect.node()`. Immutable, safe for use by any thread. See
/// [collections][io.github.libvirt4j] in the package description.
///
/// @param connect the connection
public record Node(Connect connect) {
    /// The processors and the memory of a host. C: `virNodeInfo`. Immutable, safe for use by any thread.
    ///
    /// @param model the architecture of the processors: `x86_64`, …
    /// @param memory the memory, in KiB
    /// @param cpus the number of active processors
    /// @param mhz the frequency of the processors, in MHz; 0 if not known
    /// @param nodes the number of NUMA nodes; 1 for an unusual topology
    /// @param sockets the number of sockets per NUMA node
    /// @param cores the number of cores per socket; all processors of the host for an unusual topology
    /// @param threads the number of threads per core
    @SuppressWarnings("AvoidCommonTypeNames") // It is always Domain.Info, Node.Info, …
    public record Info(String model, long memory, int cpus, int mhz, int nodes, int sockets, int cores, int threads) {}

    /// Returns the processors and the memory of the host.
    ///
    /// @c {@index virNodeGetInfo} libvirt 0.1.0
    public Info info() {
        return connect.fill(
                "virNodeGetInfo",
                VirNodeInfo.SIZE,
                (p, info) -> virNodeGetInfo(p, info),
                info -> new Info(
                        CMemory.boundedString(VirNodeInfo.model(info)),
                        VirNodeInfo.memory(info),
                        VirNodeInfo.cpus(info),
                        VirNodeInfo.mhz(info),
                        VirNodeInfo.nodes(info),
                        VirNodeInfo.sockets(info),
                        VirNodeInfo.cores(info),
                        VirNodeInfo.threads(info)));
    }
}
