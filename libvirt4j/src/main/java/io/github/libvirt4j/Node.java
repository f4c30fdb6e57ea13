package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtHost.virConnectBaselineCPU;
import static io.github.libvirt4j.internal.raw.LibvirtHost.virConnectBaselineHypervisorCPU;
import static io.github.libvirt4j.internal.raw.LibvirtHost.virConnectCompareCPU;
import static io.github.libvirt4j.internal.raw.LibvirtHost.virConnectCompareHypervisorCPU;
import static io.github.libvirt4j.internal.raw.LibvirtHost.virConnectGetCPUModelNames;
import static io.github.libvirt4j.internal.raw.LibvirtHost.virNodeAllocPages;
import static io.github.libvirt4j.internal.raw.LibvirtHost.virNodeGetCPUMap;
import static io.github.libvirt4j.internal.raw.LibvirtHost.virNodeGetCPUStats;
import static io.github.libvirt4j.internal.raw.LibvirtHost.virNodeGetCellsFreeMemory;
import static io.github.libvirt4j.internal.raw.LibvirtHost.virNodeGetFreeMemory;
import static io.github.libvirt4j.internal.raw.LibvirtHost.virNodeGetFreePages;
import static io.github.libvirt4j.internal.raw.LibvirtHost.virNodeGetInfo;
import static io.github.libvirt4j.internal.raw.LibvirtHost.virNodeGetMemoryParameters;
import static io.github.libvirt4j.internal.raw.LibvirtHost.virNodeGetMemoryStats;
import static io.github.libvirt4j.internal.raw.LibvirtHost.virNodeGetSEVInfo;
import static io.github.libvirt4j.internal.raw.LibvirtHost.virNodeGetSecurityModel;
import static io.github.libvirt4j.internal.raw.LibvirtHost.virNodeSetMemoryParameters;
import static io.github.libvirt4j.internal.raw.LibvirtHost.virNodeSuspendForDuration;

import io.github.libvirt4j.internal.c.CArrays;
import io.github.libvirt4j.internal.c.CMemory;
import io.github.libvirt4j.internal.c.CpuMaps;
import io.github.libvirt4j.internal.raw.VirNodeCPUStats;
import io.github.libvirt4j.internal.raw.VirNodeInfo;
import io.github.libvirt4j.internal.raw.VirNodeMemoryStats;
import io.github.libvirt4j.internal.raw.VirSecurityModel;
import io.github.libvirt4j.types.ConnectBaselineCpuFlags;
import io.github.libvirt4j.types.ConnectCompareCpuFlags;
import io.github.libvirt4j.types.CpuCompareResult;
import io.github.libvirt4j.types.Flag;
import io.github.libvirt4j.types.NodeAllocPagesFlags;
import io.github.libvirt4j.types.NodeGetCpuStatsAllCpus;
import io.github.libvirt4j.types.NodeGetMemoryStatsAllCells;
import io.github.libvirt4j.types.NodeSuspendTarget;
import io.github.libvirt4j.types.TypedParameters;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// The host of a hypervisor: `connect.node()`. Immutable, safe for use by any thread. See
/// [collections][io.github.libvirt4j] in the package description.
///
/// @param connect the connection
public record Node(Connect connect) {
    /// The most NUMA cells that libvirt carries (`REMOTE_NODE_MAX_CELLS`).
    private static final int MOST_CELLS = 1024;

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

    /// The processors of a host.
    ///
    /// @param present the number of processors, online or not; the first is 0
    /// @param online the numbers of those that are online
    public record CpuMap(int present, BitSet online) {
        /// Copies the map.
        public CpuMap {
            online = (BitSet) online.clone();
        }

        /// A copy.
        @Override
        public BitSet online() {
            return (BitSet) online.clone();
        }
    }

    /// The free pages of one size in one NUMA cell.
    ///
    /// @param cell the number of the cell
    /// @param pageSize the size of a page, in KiB
    /// @param free the number of free pages
    public record FreePages(int cell, int pageSize, long free) {}

    /// The security driver of a hypervisor. C: `virSecurityModel`.
    ///
    /// @param model its name: `selinux`, `apparmor`, …; empty if there is none
    /// @param doi its domain of interpretation, a number for SELinux; empty if there is none
    public record SecurityModel(String model, String doi) {}

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

    /// Returns the processors that are present and those that are online.
    ///
    /// @c {@index virNodeGetCPUMap} libvirt 1.0.0
    public CpuMap cpuMap() {
        return connect.using("virNodeGetCPUMap", (p, in) -> {
            MemorySegment pointer = in.room(Long.BYTES);
            int present = connect.check(virNodeGetCPUMap(p, pointer, MemorySegment.NULL, 0), "virNodeGetCPUMap");
            MemorySegment map = CMemory.pointer(pointer, 0);
            try {
                return new CpuMap(present, CpuMaps.get(CMemory.view(map, CpuMaps.length(present))));
            } finally {
                CMemory.giveBack(map, CMemory::free);
            }
        });
    }

    /// Returns the time that all processors together have spent in each state.
    ///
    /// @return by libvirt's names, in ns since boot: `kernel`, `user`, `idle`, `iowait`, `intr`; or
    ///     `utilization` in percent, if the hypervisor has only that. A driver may leave names out
    /// @see #cpuStats(int)
    public SequencedMap<String, Long> cpuStats() {
        return cpuStats(NodeGetCpuStatsAllCpus.ALL_CPUS.value());
    }

    /// Returns the time that a processor has spent in each state.
    ///
    /// @c {@index virNodeGetCPUStats} libvirt 0.9.3
    /// @param cpu the number of the processor, from 0
    /// @return by libvirt's names, in ns since boot: `kernel`, `user`, `idle`, `iowait`, `intr`; or
    ///     `utilization` in percent, if the hypervisor has only that. A driver may leave names out
    /// @throws io.github.libvirt4j.error.LibvirtException also if there is no such processor
    public SequencedMap<String, Long> cpuStats(int cpu) {
        return map(connect.fillStructs(
                "virNodeGetCPUStats",
                VirNodeCPUStats.SIZE,
                (p, _, params, nparams) -> virNodeGetCPUStats(p, cpu, params, nparams, 0),
                stat -> Map.entry(CMemory.boundedString(VirNodeCPUStats.field(stat)), VirNodeCPUStats.value(stat))));
    }

    /// Returns the memory of the whole host.
    ///
    /// @return by libvirt's names, in KiB: `total`, `free`, `buffers`, `cached`. A driver may leave names out
    /// @see #memoryStats(int)
    public SequencedMap<String, Long> memoryStats() {
        return memoryStats(NodeGetMemoryStatsAllCells.ALL_CELLS.value());
    }

    /// Returns the memory of a NUMA cell.
    ///
    /// @c {@index virNodeGetMemoryStats} libvirt 0.9.3
    /// @param cell the number of the cell, from 0
    /// @return by libvirt's names, in KiB: `total`, `free`, `buffers`, `cached`. A driver may leave names out
    /// @throws io.github.libvirt4j.error.LibvirtException also if there is no such cell
    public SequencedMap<String, Long> memoryStats(int cell) {
        return map(connect.fillStructs(
                "virNodeGetMemoryStats",
                VirNodeMemoryStats.SIZE,
                (p, _, params, nparams) -> virNodeGetMemoryStats(p, cell, params, nparams, 0),
                stat -> Map.entry(
                        CMemory.boundedString(VirNodeMemoryStats.field(stat)), VirNodeMemoryStats.value(stat))));
    }

    private static SequencedMap<String, Long> map(List<Map.Entry<String, Long>> entries) {
        SequencedMap<String, Long> map = new LinkedHashMap<>();
        entries.forEach(entry -> map.put(entry.getKey(), entry.getValue()));
        return Collections.unmodifiableSequencedMap(map);
    }

    /// Returns the parameters of memory sharing (KSM) of the host.
    ///
    /// @c {@index virNodeGetMemoryParameters} libvirt 0.10.2
    /// @return with keys of [NodeMemorySharedKeys][io.github.libvirt4j.types.NodeMemorySharedKeys]
    public TypedParameters memoryParameters() {
        return connect.fillParameters(
                "virNodeGetMemoryParameters",
                (p, _, params, nparams) -> virNodeGetMemoryParameters(p, params, nparams, 0));
    }

    /// Sets parameters of memory sharing (KSM) of the host.
    ///
    /// @c {@index virNodeSetMemoryParameters} libvirt 0.10.2
    /// @param parameters the ones to change, with keys of
    ///     [NodeMemorySharedKeys][io.github.libvirt4j.types.NodeMemorySharedKeys]
    public void setMemoryParameters(TypedParameters parameters) {
        connect.call(
                "virNodeSetMemoryParameters",
                (p, in) -> virNodeSetMemoryParameters(p, in.parameters(parameters), parameters.size(), 0));
    }

    /// Returns the free memory of the host, in bytes.
    ///
    /// @c {@index virNodeGetFreeMemory} libvirt 0.3.3
    public long freeMemory() {
        return connect.positive("virNodeGetFreeMemory", p -> virNodeGetFreeMemory(p));
    }

    /// Returns the free memory of all NUMA cells, in bytes; the first is that of cell 0.
    public List<Long> cellsFreeMemory() {
        return cellsFreeMemory(0, MOST_CELLS);
    }

    /// Returns the free memory of some NUMA cells, in bytes.
    ///
    /// @c {@index virNodeGetCellsFreeMemory} libvirt 0.3.3
    /// @param firstCell the number of the first cell, from 0
    /// @param most the largest number of cells to return, up to 1024
    public List<Long> cellsFreeMemory(int firstCell, int most) {
        if (most < 1 || most > MOST_CELLS) {
            throw new IllegalArgumentException("The free memory of " + most + " cells; it can be 1 to " + MOST_CELLS);
        }
        return connect.fillStructs(
                "virNodeGetCellsFreeMemory",
                most,
                Long.BYTES,
                (p, _, cells) -> virNodeGetCellsFreeMemory(p, cells, firstCell, most),
                cell -> cell.get(ValueLayout.JAVA_LONG, 0),
                _ -> {});
    }

    /// Returns the free pages of some sizes in some NUMA cells.
    ///
    /// @c {@index virNodeGetFreePages} libvirt 1.2.6
    /// @param pageSizes in KiB: 4, 2048, …
    /// @param firstCell the number of the first cell, from 0; −1 for the whole host, as a cell of that number
    /// @param cells the number of cells
    /// @return for each cell one element for each size
    public List<FreePages> freePages(List<Integer> pageSizes, int firstCell, int cells) {
        List<Integer> sizes = List.copyOf(pageSizes);
        if (sizes.isEmpty() || cells < 1 || cells > MOST_CELLS) {
            throw new IllegalArgumentException("The free pages of " + sizes.size() + " sizes in " + cells
                    + " cells; there has to be one size at least, and 1 to " + MOST_CELLS + " cells");
        }
        return connect.using("virNodeGetFreePages", (p, in) -> {
            MemorySegment cSizes = in.ints(sizes);
            int most = sizes.size() * cells;
            MemorySegment counts = CArrays.room(in.memory(), "virNodeGetFreePages", most, Long.BYTES);
            int filled = connect.check(
                    virNodeGetFreePages(p, sizes.size(), cSizes, firstCell, cells, counts, 0), "virNodeGetFreePages");
            int count = CMemory.count("virNodeGetFreePages", filled, most);
            List<FreePages> all = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                all.add(new FreePages(
                        firstCell + i / sizes.size(),
                        sizes.get(i % sizes.size()),
                        counts.getAtIndex(ValueLayout.JAVA_LONG, i)));
            }
            return List.copyOf(all);
        });
    }

    /// Allocates or frees huge pages in the host's pool.
    ///
    /// @c {@index virNodeAllocPages} libvirt 1.2.9
    /// @param counts the number of pages by their size in KiB
    /// @param firstCell the number of the first NUMA cell, from 0; −1 with 0 cells for the whole host
    /// @param cells the number of cells, each of which gets these pages
    /// @param flags default: `counts` are added to the pool; [NodeAllocPagesFlags#SET] makes them the size of
    ///     the pool
    /// @return the number of pools that were adjusted
    public int allocPages(Map<Integer, Long> counts, int firstCell, int cells, NodeAllocPagesFlags... flags) {
        Map<Integer, Long> pages = Map.copyOf(counts);
        int bits = Flag.combine(flags);
        return connect.call("virNodeAllocPages", (p, in) -> {
            List<Integer> sizes = List.copyOf(pages.keySet());
            List<Long> numbers = List.copyOf(pages.values());
            return virNodeAllocPages(p, sizes.size(), in.ints(sizes), in.longs(numbers), firstCell, cells, bits);
        });
    }

    /// Returns the security driver of the hypervisor.
    ///
    /// @c {@index virNodeGetSecurityModel} libvirt 0.6.1
    public SecurityModel securityModel() {
        return connect.fill(
                "virNodeGetSecurityModel",
                VirSecurityModel.SIZE,
                (p, model) -> virNodeGetSecurityModel(p, model),
                model -> new SecurityModel(
                        CMemory.boundedString(VirSecurityModel.model(model)),
                        CMemory.boundedString(VirSecurityModel.doi(model))));
    }

    /// Returns the capabilities of the host for AMD's encrypted virtualization (SEV).
    ///
    /// @c {@index virNodeGetSEVInfo} libvirt 4.5.0
    /// @return with keys of [NodeSevKeys][io.github.libvirt4j.types.NodeSevKeys]
    public TypedParameters sevInfo() {
        return connect.takeParameters(
                "virNodeGetSEVInfo", (p, _, params, nparams) -> virNodeGetSEVInfo(p, params, nparams, 0));
    }

    /// Suspends the host, and wakes it after some time. Returns before the host is suspended: libvirt waits
    /// ten seconds.
    ///
    /// @c {@index virNodeSuspendForDuration} libvirt 0.9.8
    /// @param duration 60 seconds or more; libvirt's unit is the second
    public void suspendForDuration(NodeSuspendTarget target, Duration duration) {
        connect.call(
                "virNodeSuspendForDuration",
                p -> virNodeSuspendForDuration(p, target.value(), duration.toSeconds(), 0));
    }

    /// Returns the names of the CPU models that libvirt knows for an architecture, and that can be given to a
    /// domain. Empty if the driver accepts any name.
    ///
    /// @c {@index virConnectGetCPUModelNames} libvirt 1.1.3
    /// @param arch such as `x86_64`
    public List<String> cpuModelNames(String arch) {
        return connect.takeStrings(
                "virConnectGetCPUModelNames",
                CArrays.End.AT_NULL,
                (p, in, models) -> virConnectGetCPUModelNames(p, in.string(arch, "arch"), models, 0));
    }

    /// Compares a CPU with that of the host.
    ///
    /// @c {@index virConnectCompareCPU} libvirt 0.7.5
    /// @param cpu as XML: of a domain, or of the capabilities of another host
    /// @param flags default: a CPU that is not compatible is a result;
    ///     [ConnectCompareCpuFlags#FAIL_INCOMPATIBLE] makes it an exception that says why
    /// @return of the given CPU in comparison with the host's: `INCOMPATIBLE`, `IDENTICAL`, or `SUPERSET` if
    ///     the host's CPU has more
    public CpuCompareResult compareCpu(String cpu, ConnectCompareCpuFlags... flags) {
        int bits = Flag.combine(flags);
        return CpuCompareResult.of(
                connect.call("virConnectCompareCPU", (p, in) -> virConnectCompareCPU(p, in.string(cpu, "cpu"), bits)));
    }

    /// Computes the CPU that all of some hosts can offer.
    ///
    /// @c {@index virConnectBaselineCPU} libvirt 0.7.7
    /// @param cpus the CPU of each host, as XML of its capabilities
    /// @return the CPU as XML
    public String baselineCpu(List<String> cpus, ConnectBaselineCpuFlags... flags) {
        List<String> copy = List.copyOf(cpus);
        int bits = Flag.combine(flags);
        return connect.takeString(
                "virConnectBaselineCPU",
                (p, in) -> virConnectBaselineCPU(p, in.strings(copy, "cpus"), copy.size(), bits));
    }

    /// Compares a CPU with the one that the hypervisor can offer to a domain on this host.
    ///
    /// @c {@index virConnectCompareHypervisorCPU} libvirt 4.4.0
    /// @param emulator the path of the emulator; null for the default
    /// @param arch the architecture; null for the host's
    /// @param machine the type of machine; null for the default
    /// @param virtType the type of domain: `kvm`, `qemu`, …; null for the default
    /// @param cpu as XML
    /// @param flags as for [#compareCpu]
    /// @return as of [#compareCpu]
    public CpuCompareResult compareHypervisorCpu(
            @Nullable String emulator,
            @Nullable String arch,
            @Nullable String machine,
            @Nullable String virtType,
            String cpu,
            ConnectCompareCpuFlags... flags) {
        int bits = Flag.combine(flags);
        return CpuCompareResult.of(connect.call(
                "virConnectCompareHypervisorCPU",
                (p, in) -> virConnectCompareHypervisorCPU(
                        p,
                        in.stringOrNull(emulator, "emulator"),
                        in.stringOrNull(arch, "arch"),
                        in.stringOrNull(machine, "machine"),
                        in.stringOrNull(virtType, "virtType"),
                        in.string(cpu, "cpu"),
                        bits)));
    }

    /// Computes the CPU that the hypervisor can offer to a domain on each of some hosts.
    ///
    /// @c {@index virConnectBaselineHypervisorCPU} libvirt 4.4.0
    /// @param emulator the path of the emulator; null for the default
    /// @param arch the architecture; null for the host's
    /// @param machine the type of machine; null for the default
    /// @param virtType the type of domain: `kvm`, `qemu`, …; null for the default
    /// @param cpus the CPU of each host, as XML of its domain capabilities
    /// @return the CPU as XML
    public String baselineHypervisorCpu(
            @Nullable String emulator,
            @Nullable String arch,
            @Nullable String machine,
            @Nullable String virtType,
            List<String> cpus,
            ConnectBaselineCpuFlags... flags) {
        List<String> copy = List.copyOf(cpus);
        int bits = Flag.combine(flags);
        return connect.takeString(
                "virConnectBaselineHypervisorCPU",
                (p, in) -> virConnectBaselineHypervisorCPU(
                        p,
                        in.stringOrNull(emulator, "emulator"),
                        in.stringOrNull(arch, "arch"),
                        in.stringOrNull(machine, "machine"),
                        in.stringOrNull(virtType, "virtType"),
                        in.strings(copy, "cpus"),
                        copy.size(),
                        bits));
    }
}
