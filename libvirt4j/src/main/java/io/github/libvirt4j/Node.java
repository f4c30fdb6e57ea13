package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtHost.virNodeGetInfo;

import io.github.libvirt4j.internal.c.CMemory;
import io.github.libvirt4j.internal.raw.VirNodeInfo;

/// The host a hypervisor runs on, reached by `connect.node()`. Owns nothing and need not be closed; its calls
/// fail with an [IllegalStateException] after the connection was closed. Immutable, for use by any thread.
///
/// @param connect whose host it is
public record Node(Connect connect) {
    /// The processors and the memory of a host. Immutable, for use by any thread. C: `virNodeInfo`.
    ///
    /// @param model its kind of processor: `x86_64`, …
    /// @param memory its memory, in KiB
    /// @param cpus how many processors are on
    /// @param mhz their frequency, in MHz; 0 if it is not known
    /// @param nodes how many NUMA nodes it has
    /// @param sockets how many sockets a node has
    /// @param cores how many cores a socket has
    /// @param threads how many threads a core has
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
