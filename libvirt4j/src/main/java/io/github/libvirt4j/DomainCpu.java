package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetCPUStats;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetEmulatorPinInfo;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetPerfEvents;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetSchedulerParametersFlags;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetSchedulerType;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetVcpuPinInfo;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetVcpus;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetVcpusFlags;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainPinEmulator;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainPinVcpuFlags;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainSetPerfEvents;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainSetSchedulerParametersFlags;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainSetVcpu;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainSetVcpusFlags;

import io.github.libvirt4j.internal.c.CArguments;
import io.github.libvirt4j.internal.c.CArrays;
import io.github.libvirt4j.internal.c.CMemory;
import io.github.libvirt4j.internal.c.CTypedParameters;
import io.github.libvirt4j.internal.c.CpuMaps;
import io.github.libvirt4j.internal.raw.VirVcpuInfo;
import io.github.libvirt4j.types.DomainModificationImpact;
import io.github.libvirt4j.types.DomainVcpuFlags;
import io.github.libvirt4j.types.Flag;
import io.github.libvirt4j.types.TypedParameters;
import io.github.libvirt4j.types.VcpuState;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;

/// The virtual processors (vcpus) of a domain: `domain.cpu()`. Immutable, safe for use by any thread. See
/// [collections][io.github.libvirt4j] in the package description.
///
/// Without a flag, a method that accepts [DomainModificationImpact] concerns the running domain if it runs,
/// otherwise its definition. With [DomainModificationImpact#LIVE] it throws an
/// [OperationInvalidException][io.github.libvirt4j.error.OperationInvalidException] if the domain does not
/// run. Parameters that a driver does not know cause an
/// [UnsupportedException][io.github.libvirt4j.error.UnsupportedException].
///
/// A [BitSet] is a set of processors; the lowest bit stands for number 0. The processors of the host have the
/// numbers of `connect.node().cpuMap()`.
///
/// @param domain the domain
public record DomainCpu(Domain domain) {
    /// The most processors whose statistics libvirt carries in a call
    /// (`REMOTE_DOMAIN_GET_CPU_STATS_NCPUS_MAX`).
    private static final int MOST_STATS = 128;

    /// The state of a vcpu of a running domain. C: `virVcpuInfo`.
    ///
    /// @param number its number, from 0
    /// @param rawState a `virVcpuState`
    /// @param cpuTime the processor time it has used, in ns; as C's, an unsigned number
    /// @param cpu the host's processor that it runs on; −1 if the vcpu is offline, −2 if the driver does not
    ///     know ([VcpuHostCpuState][io.github.libvirt4j.types.VcpuHostCpuState])
    /// @param cpuMap the host's processors that it may run on
    public record VcpuInfo(int number, int rawState, long cpuTime, int cpu, BitSet cpuMap) {
        /// Copies the map.
        public VcpuInfo {
            cpuMap = (BitSet) cpuMap.clone();
        }

        /// The state.
        public VcpuState state() {
            return VcpuState.of(rawState);
        }

        /// A copy.
        @Override
        public BitSet cpuMap() {
            return (BitSet) cpuMap.clone();
        }
    }

    /// The scheduler of a hypervisor.
    ///
    /// @param name its name: `posix`, `credit`, …
    /// @param parameters the number of its parameters
    public record SchedulerType(String name, int parameters) {}

    /// The number of virtual processors of the domain. Default: the current number, of the running domain if
    /// it runs, otherwise of its definition; `DomainVcpuFlags.MAXIMUM` selects the maximum.
    ///
    /// @c {@index virDomainGetVcpusFlags} libvirt 0.8.5
    /// @param flags constants of [DomainVcpuFlags] and [DomainModificationImpact]
    public int vcpus(Flag... flags) {
        return domain.call("virDomainGetVcpusFlags", p -> virDomainGetVcpusFlags(p, Flag.combine(flags)));
    }

    /// Sets the number of virtual processors of the domain. Default: the current number, of the running
    /// domain if it runs, otherwise of its definition; `DomainVcpuFlags.MAXIMUM` selects the maximum. (C's
    /// `virDomainSetVcpus` accepts running domains only.)
    ///
    /// @c {@index virDomainSetVcpusFlags} libvirt 0.8.5
    /// @param flags constants of [DomainVcpuFlags] and [DomainModificationImpact]
    public void setVcpus(int vcpus, Flag... flags) {
        domain.call("virDomainSetVcpusFlags", p -> virDomainSetVcpusFlags(p, vcpus, Flag.combine(flags)));
    }

    /// Plugs vcpus in or unplugs them.
    ///
    /// @c {@index virDomainSetVcpu} libvirt 3.1.0
    /// @param vcpus their numbers; one at least
    /// @param enable true to plug them in, false to unplug them
    /// @param flags of [DomainSetVcpuFlags][io.github.libvirt4j.types.DomainSetVcpuFlags] or
    ///     [DomainModificationImpact], which have the same bits
    public void setVcpu(BitSet vcpus, boolean enable, Flag... flags) {
        String text = CpuMaps.text(vcpus);
        int bits = Flag.combine(flags);
        domain.call("virDomainSetVcpu", (p, in) -> virDomainSetVcpu(p, in.string(text, "vcpus"), enable ? 1 : 0, bits));
    }

    /// Returns the state of each vcpu that is plugged in.
    ///
    /// @c {@index virDomainGetVcpus} libvirt 0.1.4
    /// @throws io.github.libvirt4j.error.OperationInvalidException if the domain does not run
    public List<VcpuInfo> vcpuInfo() {
        int most = vcpus(DomainVcpuFlags.MAXIMUM);
        int length = Math.max(1, CpuMaps.length(hostCpus()));
        return domain.using("virDomainGetVcpus", (p, in) -> {
            MemorySegment array = CArrays.room(in.memory(), "virDomainGetVcpus", most, VirVcpuInfo.SIZE);
            MemorySegment maps = CpuMaps.room(in.memory(), "virDomainGetVcpus", most, length);
            int filled = domain.check(virDomainGetVcpus(p, array, most, maps, length), "virDomainGetVcpus");
            int count = CMemory.count("virDomainGetVcpus", filled, most);
            List<BitSet> cpuMaps = CpuMaps.list(maps, count, length);
            List<VcpuInfo> all = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                MemorySegment info = array.asSlice(i * VirVcpuInfo.SIZE, VirVcpuInfo.SIZE);
                all.add(new VcpuInfo(
                        VirVcpuInfo.number(info),
                        VirVcpuInfo.state(info),
                        VirVcpuInfo.cpuTime(info),
                        VirVcpuInfo.cpu(info),
                        cpuMaps.get(i)));
            }
            return List.copyOf(all);
        });
    }

    /// Returns the host's processors that each vcpu may run on.
    ///
    /// @c {@index virDomainGetVcpuPinInfo} libvirt 0.9.3
    /// @return one set for each vcpu that the domain can have, whether it is plugged in or not; all of the
    ///     host's processors if the vcpu is not pinned
    public List<BitSet> vcpuPinInfo(DomainModificationImpact... flags) {
        int bits = Flag.combine(flags);
        int most = vcpus(Flag.of(bits), DomainVcpuFlags.MAXIMUM);
        return domain.fillCpuMaps(
                "virDomainGetVcpuPinInfo",
                most,
                hostCpus(),
                (p, maps, length) -> virDomainGetVcpuPinInfo(p, most, maps, length, bits));
    }

    /// Pins a vcpu to some of the host's processors. (C's `virDomainPinVcpu` accepts running domains only.)
    ///
    /// @c {@index virDomainPinVcpuFlags} libvirt 0.9.3
    /// @param vcpu the number of the vcpu, from 0
    /// @param cpus the host's processors that it may run on
    public void pinVcpu(int vcpu, BitSet cpus, DomainModificationImpact... flags) {
        byte[] map = CpuMaps.bytes(cpus);
        int bits = Flag.combine(flags);
        domain.call(
                "virDomainPinVcpuFlags", (p, in) -> virDomainPinVcpuFlags(p, vcpu, in.bytes(map), map.length, bits));
    }

    /// Returns the host's processors that the emulator's threads may run on.
    ///
    /// @c {@index virDomainGetEmulatorPinInfo} libvirt 0.10.0
    /// @return all of the host's processors, or an empty set, if the threads are not pinned
    public BitSet emulatorPinInfo(DomainModificationImpact... flags) {
        int bits = Flag.combine(flags);
        List<BitSet> maps = domain.fillCpuMaps(
                "virDomainGetEmulatorPinInfo",
                1,
                hostCpus(),
                (p, map, length) -> virDomainGetEmulatorPinInfo(p, map, length, bits));
        return maps.isEmpty() ? new BitSet() : maps.getFirst();
    }

    /// Pins the emulator's threads to some of the host's processors.
    ///
    /// @c {@index virDomainPinEmulator} libvirt 0.10.0
    /// @param cpus the host's processors that they may run on
    public void pinEmulator(BitSet cpus, DomainModificationImpact... flags) {
        byte[] map = CpuMaps.bytes(cpus);
        int bits = Flag.combine(flags);
        domain.call("virDomainPinEmulator", (p, in) -> virDomainPinEmulator(p, in.bytes(map), map.length, bits));
    }

    /// The number of processors that a map of the host's has room for. C: `VIR_NODEINFO_MAXCPUS`.
    private int hostCpus() {
        Node.Info host = domain.connect().node().info();
        return host.nodes() * host.sockets() * host.cores() * host.threads();
    }

    /// Returns the processor time that a running domain has used in total.
    ///
    /// @return the times, in ns, by the keys `CPUTIME`, `USERTIME` and `SYSTEMTIME` of
    ///     [DomainCpuStatsKeys][io.github.libvirt4j.types.DomainCpuStatsKeys]; a driver may leave keys out
    /// @see #stats(int, int)
    public TypedParameters stats() {
        return domain.<TypedParameters>using(
                "virDomainGetCPUStats", (p, in) -> stats(p, in, -1, 1).getFirst());
    }

    /// Returns the processor time that a running domain has used on each of some of the host's processors.
    /// Asks libvirt for 128 processors at a time.
    ///
    /// @c {@index virDomainGetCPUStats} libvirt 0.9.10
    /// @param firstCpu the number of the host's first processor, from 0
    /// @param most the largest number of processors to return; the list ends with the host's last one
    /// @return for each processor the times, in ns, by the keys `CPUTIME` and `VCPUTIME` of
    ///     [DomainCpuStatsKeys][io.github.libvirt4j.types.DomainCpuStatsKeys]; a driver may leave keys out.
    ///     Empty for a processor that is offline
    /// @throws io.github.libvirt4j.error.LibvirtException also if the host has no such first processor
    public List<TypedParameters> stats(int firstCpu, int most) {
        if (firstCpu < 0 || most < 1) {
            throw new IllegalArgumentException("The statistics of " + most + " processors from number " + firstCpu
                    + "; the first is 0, and there has to be one at least");
        }
        return domain.using("virDomainGetCPUStats", (p, in) -> {
            int cpus = domain.check(virDomainGetCPUStats(p, MemorySegment.NULL, 0, 0, 0, 0), "virDomainGetCPUStats");
            // libvirt says that there is no such processor.
            int end = firstCpu < cpus ? firstCpu + Math.min(most, cpus - firstCpu) : firstCpu + 1;
            List<TypedParameters> all = new ArrayList<>(end - firstCpu);
            for (int cpu = firstCpu; cpu < end; cpu += MOST_STATS) {
                all.addAll(stats(p, in, cpu, Math.min(MOST_STATS, end - cpu)));
            }
            return List.copyOf(all);
        });
    }

    private List<TypedParameters> stats(MemorySegment p, CArguments in, int firstCpu, int cpus) {
        String function = "virDomainGetCPUStats";
        int number = domain.check(virDomainGetCPUStats(p, MemorySegment.NULL, 0, firstCpu, 1, 0), function);
        int most = CTypedParameters.checkCount(function, number) * cpus;
        CTypedParameters.makeReady();
        MemorySegment room = CTypedParameters.room(in.memory(), most);
        domain.check(virDomainGetCPUStats(p, room, number, firstCpu, cpus, 0), function);
        return CTypedParameters.takeFilledSets(function, room, cpus);
    }

    /// Returns the performance events, and whether each is counted.
    ///
    /// @c {@index virDomainGetPerfEvents} libvirt 1.3.3
    /// @return booleans, by the keys of [PerfParamKeys][io.github.libvirt4j.types.PerfParamKeys]
    public TypedParameters perfEvents(DomainModificationImpact... flags) {
        int bits = Flag.combine(flags);
        return domain.takeParameters(
                "virDomainGetPerfEvents", (p, _, params, nparams) -> virDomainGetPerfEvents(p, params, nparams, bits));
    }

    /// Sets whether performance events are counted.
    ///
    /// @c {@index virDomainSetPerfEvents} libvirt 1.3.3
    /// @param parameters the events to change, by the keys of
    ///     [PerfParamKeys][io.github.libvirt4j.types.PerfParamKeys]
    public void setPerfEvents(TypedParameters parameters, DomainModificationImpact... flags) {
        int bits = Flag.combine(flags);
        domain.call(
                "virDomainSetPerfEvents",
                (p, in) -> virDomainSetPerfEvents(p, in.parameters(parameters), parameters.size(), bits));
    }

    /// Returns the scheduler of the hypervisor.
    ///
    /// @c {@index virDomainGetSchedulerType} libvirt 0.2.3
    public SchedulerType schedulerType() {
        return domain.using("virDomainGetSchedulerType", (p, in) -> {
            MemorySegment count = in.room(Integer.BYTES);
            MemorySegment name = domain.check(virDomainGetSchedulerType(p, count), "virDomainGetSchedulerType");
            return new SchedulerType(
                    Objects.requireNonNull(CMemory.takeString(name)), count.get(ValueLayout.JAVA_INT, 0));
        });
    }

    /// Returns the parameters of the scheduler.
    ///
    /// @c {@index virDomainGetSchedulerParametersFlags} libvirt 0.9.2
    /// @return the parameters, by the keys of
    ///     [DomainSchedulerKeys][io.github.libvirt4j.types.DomainSchedulerKeys]
    public TypedParameters schedulerParameters(DomainModificationImpact... flags) {
        int bits = Flag.combine(flags);
        return domain.fillParameters(
                "virDomainGetSchedulerParametersFlags",
                schedulerType().parameters(),
                (p, _, params, nparams) -> virDomainGetSchedulerParametersFlags(p, params, nparams, bits));
    }

    /// Sets parameters of the scheduler.
    ///
    /// @c {@index virDomainSetSchedulerParametersFlags} libvirt 0.9.2
    /// @param parameters the parameters to change, by the keys of
    ///     [DomainSchedulerKeys][io.github.libvirt4j.types.DomainSchedulerKeys]; one at least
    public void setSchedulerParameters(TypedParameters parameters, DomainModificationImpact... flags) {
        int bits = Flag.combine(flags);
        domain.call(
                "virDomainSetSchedulerParametersFlags",
                (p, in) -> virDomainSetSchedulerParametersFlags(p, in.parameters(parameters), parameters.size(), bits));
    }
}
