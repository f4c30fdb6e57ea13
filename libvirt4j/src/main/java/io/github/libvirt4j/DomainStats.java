package io.github.libvirt4j;

import static io.github.libvirt4j.types.DomainStatsKeys.BALLOON_AVAILABLE;
import static io.github.libvirt4j.types.DomainStatsKeys.BALLOON_CURRENT;
import static io.github.libvirt4j.types.DomainStatsKeys.BALLOON_DISK_CACHES;
import static io.github.libvirt4j.types.DomainStatsKeys.BALLOON_LAST_UPDATE;
import static io.github.libvirt4j.types.DomainStatsKeys.BALLOON_MAJOR_FAULT;
import static io.github.libvirt4j.types.DomainStatsKeys.BALLOON_MAXIMUM;
import static io.github.libvirt4j.types.DomainStatsKeys.BALLOON_MINOR_FAULT;
import static io.github.libvirt4j.types.DomainStatsKeys.BALLOON_RSS;
import static io.github.libvirt4j.types.DomainStatsKeys.BALLOON_SWAP_IN;
import static io.github.libvirt4j.types.DomainStatsKeys.BALLOON_SWAP_OUT;
import static io.github.libvirt4j.types.DomainStatsKeys.BALLOON_UNUSED;
import static io.github.libvirt4j.types.DomainStatsKeys.BALLOON_USABLE;
import static io.github.libvirt4j.types.DomainStatsKeys.CPU_HALTPOLL_FAIL_TIME;
import static io.github.libvirt4j.types.DomainStatsKeys.CPU_HALTPOLL_SUCCESS_TIME;
import static io.github.libvirt4j.types.DomainStatsKeys.CPU_SYSTEM;
import static io.github.libvirt4j.types.DomainStatsKeys.CPU_TIME;
import static io.github.libvirt4j.types.DomainStatsKeys.CPU_USER;
import static io.github.libvirt4j.types.DomainStatsKeys.DIRTYRATE_CALC_MODE;
import static io.github.libvirt4j.types.DomainStatsKeys.DIRTYRATE_CALC_PERIOD;
import static io.github.libvirt4j.types.DomainStatsKeys.DIRTYRATE_CALC_START_TIME;
import static io.github.libvirt4j.types.DomainStatsKeys.DIRTYRATE_CALC_STATUS;
import static io.github.libvirt4j.types.DomainStatsKeys.DIRTYRATE_MEGABYTES_PER_SECOND;
import static io.github.libvirt4j.types.DomainStatsKeys.STATE_REASON;
import static io.github.libvirt4j.types.DomainStatsKeys.STATE_STATE;
import static io.github.libvirt4j.types.DomainStatsKeys.blockAllocation;
import static io.github.libvirt4j.types.DomainStatsKeys.blockBackingindex;
import static io.github.libvirt4j.types.DomainStatsKeys.blockCapacity;
import static io.github.libvirt4j.types.DomainStatsKeys.blockErrors;
import static io.github.libvirt4j.types.DomainStatsKeys.blockFlReqs;
import static io.github.libvirt4j.types.DomainStatsKeys.blockFlTimes;
import static io.github.libvirt4j.types.DomainStatsKeys.blockName;
import static io.github.libvirt4j.types.DomainStatsKeys.blockPath;
import static io.github.libvirt4j.types.DomainStatsKeys.blockPhysical;
import static io.github.libvirt4j.types.DomainStatsKeys.blockRdBytes;
import static io.github.libvirt4j.types.DomainStatsKeys.blockRdReqs;
import static io.github.libvirt4j.types.DomainStatsKeys.blockRdTimes;
import static io.github.libvirt4j.types.DomainStatsKeys.blockThreshold;
import static io.github.libvirt4j.types.DomainStatsKeys.blockWrBytes;
import static io.github.libvirt4j.types.DomainStatsKeys.blockWrReqs;
import static io.github.libvirt4j.types.DomainStatsKeys.blockWrTimes;
import static io.github.libvirt4j.types.DomainStatsKeys.dirtyrateVcpuMegabytesPerSecond;
import static io.github.libvirt4j.types.DomainStatsKeys.iothreadPollGrow;
import static io.github.libvirt4j.types.DomainStatsKeys.iothreadPollMaxNs;
import static io.github.libvirt4j.types.DomainStatsKeys.iothreadPollShrink;
import static io.github.libvirt4j.types.DomainStatsKeys.memoryBandwidthMonitorName;
import static io.github.libvirt4j.types.DomainStatsKeys.memoryBandwidthMonitorNodeBytesLocal;
import static io.github.libvirt4j.types.DomainStatsKeys.memoryBandwidthMonitorNodeBytesTotal;
import static io.github.libvirt4j.types.DomainStatsKeys.memoryBandwidthMonitorNodeId;
import static io.github.libvirt4j.types.DomainStatsKeys.memoryBandwidthMonitorVcpus;
import static io.github.libvirt4j.types.DomainStatsKeys.netName;
import static io.github.libvirt4j.types.DomainStatsKeys.netRxBytes;
import static io.github.libvirt4j.types.DomainStatsKeys.netRxDrop;
import static io.github.libvirt4j.types.DomainStatsKeys.netRxErrs;
import static io.github.libvirt4j.types.DomainStatsKeys.netRxPkts;
import static io.github.libvirt4j.types.DomainStatsKeys.netTxBytes;
import static io.github.libvirt4j.types.DomainStatsKeys.netTxDrop;
import static io.github.libvirt4j.types.DomainStatsKeys.netTxErrs;
import static io.github.libvirt4j.types.DomainStatsKeys.netTxPkts;
import static io.github.libvirt4j.types.DomainStatsKeys.vcpuDelay;
import static io.github.libvirt4j.types.DomainStatsKeys.vcpuHalted;
import static io.github.libvirt4j.types.DomainStatsKeys.vcpuState;
import static io.github.libvirt4j.types.DomainStatsKeys.vcpuTime;
import static io.github.libvirt4j.types.DomainStatsKeys.vcpuWait;

import io.github.libvirt4j.event.DomainIdentity;
import io.github.libvirt4j.types.DomainDirtyRateStatus;
import io.github.libvirt4j.types.ParameterKey;
import io.github.libvirt4j.types.TypedParameter;
import io.github.libvirt4j.types.TypedParameters;
import io.github.libvirt4j.types.VcpuState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/// The statistics of a domain, from [Domains#allStats] or [Domains#listStats]: plain values, with nothing to
/// close. Immutable, safe for use by any thread. C: `virDomainStatsRecord`.
///
/// Each group is there if libvirt sent it: if it was asked for, and the driver has it for the domain as it
/// is. A domain that is shut off has few. Within a group a driver may leave numbers out. [#raw] has
/// everything libvirt sent, with numbers that the groups leave out and those newer than this jar;
/// [DomainStatsKeys][io.github.libvirt4j.types.DomainStatsKeys] has their keys.
///
/// @param domain the name and UUID of the domain
/// @param id the id of the running domain; empty if it does not run
/// @param raw all parameters that libvirt sent
public record DomainStats(DomainIdentity domain, OptionalInt id, TypedParameters raw) {
    /// The CPU time of a domain.
    ///
    /// @param time of the guest and QEMU's own threads together, in ns
    /// @param user the part spent in user mode, in ns
    /// @param system the part spent in the kernel, in ns
    /// @param haltpollSuccess the time of polling for events before a halt that came to a use, in ns
    /// @param haltpollFail the time of polling before a halt in vain, in ns
    public record Cpu(
            OptionalLong time,
            OptionalLong user,
            OptionalLong system,
            OptionalLong haltpollSuccess,
            OptionalLong haltpollFail) {}

    /// The memory of a domain. All but the first two come from the guest's balloon driver, and are as old as
    /// its last report: see [DomainMemory#setStatsPeriod].
    ///
    /// @param current the memory that the domain has, in KiB
    /// @param maximum the most memory that it can have, in KiB
    /// @param available the memory that the guest sees, in KiB
    /// @param unused the memory that the guest does not use at all, in KiB
    /// @param usable the memory that the guest could free without swapping, in KiB
    /// @param diskCaches the part of the guest's memory that caches disks, in KiB
    /// @param rss the host's memory that the domain occupies, in KiB
    /// @param swapIn read from the guest's swap space since boot, in KiB
    /// @param swapOut written to the guest's swap space since boot, in KiB
    /// @param majorFaults page faults that needed a disk, since boot
    /// @param minorFaults other page faults, since boot
    /// @param lastUpdate when the guest reported last, in seconds since 1970; 0 for never
    public record Balloon(
            OptionalLong current,
            OptionalLong maximum,
            OptionalLong available,
            OptionalLong unused,
            OptionalLong usable,
            OptionalLong diskCaches,
            OptionalLong rss,
            OptionalLong swapIn,
            OptionalLong swapOut,
            OptionalLong majorFaults,
            OptionalLong minorFaults,
            OptionalLong lastUpdate) {}

    /// A virtual processor.
    ///
    /// @param number its number, from 0
    /// @param rawState a `virVcpuState`; empty if it is not known
    /// @param time the CPU time it has used, in ns
    /// @param waitTime the time it was ready to run and waited for I/O, in ns
    /// @param delayTime the time it was ready to run and waited for a processor of the host, in ns
    /// @param halted whether it is idle; empty if it is not known
    public record Vcpu(
            int number,
            OptionalInt rawState,
            OptionalLong time,
            OptionalLong waitTime,
            OptionalLong delayTime,
            Optional<Boolean> halted) {
        /// Its state.
        public Optional<VcpuState> state() {
            return rawState.isEmpty() ? Optional.empty() : Optional.of(VcpuState.of(rawState.getAsInt()));
        }
    }

    /// A network interface. All numbers count since the domain was started.
    ///
    /// @param name its device on the host: `vnet0`, …
    /// @param rxBytes received by the guest, and so on
    /// @param txBytes sent by the guest, and so on
    public record Interface(
            String name,
            OptionalLong rxBytes,
            OptionalLong rxPackets,
            OptionalLong rxErrors,
            OptionalLong rxDrops,
            OptionalLong txBytes,
            OptionalLong txPackets,
            OptionalLong txErrors,
            OptionalLong txDrops) {}

    /// A disk, or with `BACKING` an image below that of a disk.
    ///
    /// @param name its target in the guest: `vda`, …
    /// @param path the image; empty for one that is not a file or a device
    /// @param backingIndex the number of the image in the chain, to which operations refer as `vda[1]`; empty
    ///     for the image that is written to
    /// @param readRequests requests since the domain was started, and so on
    /// @param readBytes in bytes
    /// @param readTimes the time spent on the requests, in ns
    /// @param errors failed requests; only Xen counts them
    /// @param allocation the end of the written part of the image, in bytes
    /// @param capacity the size that the guest sees, in bytes
    /// @param physical the size of the image in its file or device, in bytes
    /// @param threshold the threshold of [DomainDisk#setThreshold], in bytes
    public record Disk(
            String name,
            Optional<String> path,
            OptionalLong backingIndex,
            OptionalLong readRequests,
            OptionalLong readBytes,
            OptionalLong readTimes,
            OptionalLong writeRequests,
            OptionalLong writeBytes,
            OptionalLong writeTimes,
            OptionalLong flushRequests,
            OptionalLong flushTimes,
            OptionalLong errors,
            OptionalLong allocation,
            OptionalLong capacity,
            OptionalLong physical,
            OptionalLong threshold) {}

    /// A thread for disk I/O, and how it polls.
    ///
    /// @param id its number, as in the domain's description
    /// @param pollMax the longest time of polling, in ns; 0 for none
    /// @param pollGrow the factor by which that time grows; 0 for QEMU's default
    /// @param pollShrink the divisor by which it shrinks; 0 for QEMU's default
    public record IoThread(int id, OptionalLong pollMax, OptionalLong pollGrow, OptionalLong pollShrink) {}

    /// A monitor of memory bandwidth, of the domain's description (`<memorytune>`).
    ///
    /// @param name its name
    /// @param vcpus the virtual processors that it monitors: `0-4`, …
    /// @param nodes what it has measured, for each NUMA node of the host
    public record MemoryMonitor(String name, Optional<String> vcpus, List<Node> nodes) {
        /// Copies the list.
        public MemoryMonitor {
            nodes = List.copyOf(nodes);
        }

        /// The bandwidth of a NUMA node of the host.
        ///
        /// @param id the number of the node
        /// @param localBytes bytes from processors of this node
        /// @param totalBytes bytes from all processors
        public record Node(OptionalLong id, OptionalLong localBytes, OptionalLong totalBytes) {}
    }

    /// The rate at which a guest writes to its memory, as [DomainMemory#startDirtyRateCalc] measured it last.
    ///
    /// @param rawStatus a `virDomainDirtyRateStatus`
    /// @param startTime when the measurement began, in seconds of the host's clock since its boot
    /// @param period its duration, in seconds
    /// @param rate in MiB/s; empty until it is measured
    /// @param mode `page-sampling`, `dirty-bitmap` or `dirty-ring`
    /// @param vcpuRates for each virtual processor, in MiB/s; empty unless the mode is `dirty-ring`
    public record DirtyRate(
            int rawStatus,
            OptionalLong startTime,
            OptionalInt period,
            OptionalLong rate,
            Optional<String> mode,
            SequencedMap<Integer, Long> vcpuRates) {
        /// Copies the map.
        public DirtyRate {
            vcpuRates = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(vcpuRates));
        }

        /// The state of the measurement.
        public DomainDirtyRateStatus status() {
            return DomainDirtyRateStatus.of(rawStatus);
        }
    }

    /// The state of the domain, and the reason for it.
    public Optional<Domain.Status> state() {
        return raw.get(STATE_STATE)
                .map(state -> new Domain.Status(state, raw.get(STATE_REASON).orElse(0)));
    }

    /// The CPU time.
    public Optional<Cpu> cpu() {
        return group(
                "cpu.",
                () -> new Cpu(
                        number(raw, CPU_TIME),
                        number(raw, CPU_USER),
                        number(raw, CPU_SYSTEM),
                        number(raw, CPU_HALTPOLL_SUCCESS_TIME),
                        number(raw, CPU_HALTPOLL_FAIL_TIME)));
    }

    /// The memory.
    public Optional<Balloon> balloon() {
        return group(
                "balloon.",
                () -> new Balloon(
                        number(raw, BALLOON_CURRENT),
                        number(raw, BALLOON_MAXIMUM),
                        number(raw, BALLOON_AVAILABLE),
                        number(raw, BALLOON_UNUSED),
                        number(raw, BALLOON_USABLE),
                        number(raw, BALLOON_DISK_CACHES),
                        number(raw, BALLOON_RSS),
                        number(raw, BALLOON_SWAP_IN),
                        number(raw, BALLOON_SWAP_OUT),
                        number(raw, BALLOON_MAJOR_FAULT),
                        number(raw, BALLOON_MINOR_FAULT),
                        number(raw, BALLOON_LAST_UPDATE)));
    }

    /// The virtual processors, those that are offline as well if the driver sends them. Their number and the
    /// largest one are [DomainStatsKeys.VCPU_CURRENT][io.github.libvirt4j.types.DomainStatsKeys#VCPU_CURRENT]
    /// and [DomainStatsKeys.VCPU_MAXIMUM][io.github.libvirt4j.types.DomainStatsKeys#VCPU_MAXIMUM] of [#raw].
    public List<Vcpu> vcpus() {
        return each(
                "vcpu.",
                (vcpu, of) -> new Vcpu(
                        vcpu,
                        of.get(vcpuState(vcpu)).map(OptionalInt::of).orElse(OptionalInt.empty()),
                        number(of, vcpuTime(vcpu)),
                        number(of, vcpuWait(vcpu)),
                        number(of, vcpuDelay(vcpu)),
                        of.get(vcpuHalted(vcpu))));
    }

    /// The network interfaces.
    public List<Interface> interfaces() {
        return each(
                "net.",
                (net, of) -> new Interface(
                        of.get(netName(net)).orElse(""),
                        number(of, netRxBytes(net)),
                        number(of, netRxPkts(net)),
                        number(of, netRxErrs(net)),
                        number(of, netRxDrop(net)),
                        number(of, netTxBytes(net)),
                        number(of, netTxPkts(net)),
                        number(of, netTxErrs(net)),
                        number(of, netTxDrop(net))));
    }

    /// The disks, and with `BACKING` the images below theirs.
    public List<Disk> disks() {
        return each(
                "block.",
                (block, of) -> new Disk(
                        of.get(blockName(block)).orElse(""),
                        of.get(blockPath(block)),
                        number(of, blockBackingindex(block)),
                        number(of, blockRdReqs(block)),
                        number(of, blockRdBytes(block)),
                        number(of, blockRdTimes(block)),
                        number(of, blockWrReqs(block)),
                        number(of, blockWrBytes(block)),
                        number(of, blockWrTimes(block)),
                        number(of, blockFlReqs(block)),
                        number(of, blockFlTimes(block)),
                        number(of, blockErrors(block)),
                        number(of, blockAllocation(block)),
                        number(of, blockCapacity(block)),
                        number(of, blockPhysical(block)),
                        number(of, blockThreshold(block))));
    }

    /// The counters of [DomainCpu#perfEvents] that are enabled, by the names of the events: `cache_misses`, …
    public SequencedMap<String, Long> perf() {
        SequencedMap<String, Long> events = new LinkedHashMap<>();
        TypedParameters perf = raw.under("perf.");
        for (TypedParameter parameter : perf) {
            perf.getLong(parameter.name()).ifPresent(count -> events.put(parameter.name(), count));
        }
        return Collections.unmodifiableSequencedMap(events);
    }

    /// The threads for disk I/O.
    public List<IoThread> ioThreads() {
        return each(
                "iothread.",
                (id, of) -> new IoThread(
                        id,
                        number(of, iothreadPollMaxNs(id)),
                        number(of, iothreadPollGrow(id)),
                        number(of, iothreadPollShrink(id))));
    }

    /// The monitors of memory bandwidth.
    public List<MemoryMonitor> memory() {
        return each(
                "memory.bandwidth.monitor.",
                (monitor, of) -> new MemoryMonitor(
                        of.get(memoryBandwidthMonitorName(monitor)).orElse(""),
                        of.get(memoryBandwidthMonitorVcpus(monitor)),
                        each(
                                of,
                                "memory.bandwidth.monitor." + monitor + ".node.",
                                (node, at) -> new MemoryMonitor.Node(
                                        number(at, memoryBandwidthMonitorNodeId(monitor, node)),
                                        number(at, memoryBandwidthMonitorNodeBytesLocal(monitor, node)),
                                        number(at, memoryBandwidthMonitorNodeBytesTotal(monitor, node))))));
    }

    /// The rate at which the guest writes to its memory.
    public Optional<DirtyRate> dirtyRate() {
        return raw.get(DIRTYRATE_CALC_STATUS).map(status -> {
            SequencedMap<Integer, Long> rates = new LinkedHashMap<>();
            parts(raw, "dirtyrate.vcpu.")
                    .forEach((vcpu, of) ->
                            of.get(dirtyrateVcpuMegabytesPerSecond(vcpu)).ifPresent(rate -> rates.put(vcpu, rate)));
            return new DirtyRate(
                    status,
                    number(raw, DIRTYRATE_CALC_START_TIME),
                    raw.get(DIRTYRATE_CALC_PERIOD).map(OptionalInt::of).orElse(OptionalInt.empty()),
                    number(raw, DIRTYRATE_MEGABYTES_PER_SECOND),
                    raw.get(DIRTYRATE_CALC_MODE),
                    rates);
        });
    }

    /// The hypervisor's own counters, whose names and meaning depend on its version, without the prefix
    /// `vm.`: KVM's `remote_tlb_flush.sum`, …
    public TypedParameters vm() {
        return raw.under("vm.");
    }

    private <T> Optional<T> group(String prefix, Supplier<T> made) {
        for (TypedParameter parameter : raw) {
            if (parameter.name().startsWith(prefix)) {
                return Optional.of(made.get());
            }
        }
        return Optional.empty();
    }

    private static OptionalLong number(TypedParameters of, ParameterKey<Long> key) {
        Optional<Long> value = of.get(key);
        return value.isPresent() ? OptionalLong.of(value.get()) : OptionalLong.empty();
    }

    private <T> List<T> each(String prefix, BiFunction<Integer, TypedParameters, T> made) {
        return each(raw, prefix, made);
    }

    private static <T> List<T> each(TypedParameters of, String prefix, BiFunction<Integer, TypedParameters, T> made) {
        List<T> all = new ArrayList<>();
        parts(of, prefix).forEach((number, part) -> all.add(made.apply(number, part)));
        return List.copyOf(all);
    }

    /// The parameters whose names have a number behind the prefix, by that, in one pass: a domain can have
    /// hundreds.
    private static SortedMap<Integer, TypedParameters> parts(TypedParameters of, String prefix) {
        SortedMap<Integer, List<TypedParameter>> lists = new TreeMap<>();
        for (TypedParameter parameter : of) {
            int number = numberBehind(parameter.name(), prefix);
            if (number >= 0) {
                lists.computeIfAbsent(number, _ -> new ArrayList<>()).add(parameter);
            }
        }
        SortedMap<Integer, TypedParameters> parts = new TreeMap<>();
        lists.forEach((number, list) -> parts.put(number, new TypedParameters(list)));
        return parts;
    }

    /// −1 if there is none with a dot behind it.
    private static int numberBehind(String name, String prefix) {
        int dot = name.startsWith(prefix) ? name.indexOf('.', prefix.length()) : -1;
        if (dot < 0) {
            return -1;
        }
        long number = 0;
        for (int i = prefix.length(); i < dot; i++) {
            int digit = name.charAt(i) - '0';
            number = number * 10 + digit;
            if (digit < 0 || digit > 9 || number > Integer.MAX_VALUE) {
                return -1;
            }
        }
        return dot == prefix.length() ? -1 : (int) number;
    }
}
