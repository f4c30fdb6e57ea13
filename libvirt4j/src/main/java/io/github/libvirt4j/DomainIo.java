package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainAddIOThread;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainDelIOThread;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainDelThrottleGroup;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetBlkioParameters;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetIOThreadInfo;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainIOThreadInfoFree;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainPinIOThread;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainSetBlkioParameters;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainSetIOThreadParams;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainSetThrottleGroup;

import io.github.libvirt4j.internal.c.CArrays;
import io.github.libvirt4j.internal.c.CMemory;
import io.github.libvirt4j.internal.c.CpuMaps;
import io.github.libvirt4j.internal.raw.VirDomainIOThreadInfo;
import io.github.libvirt4j.types.DomainBlockIoTuneKeys;
import io.github.libvirt4j.types.DomainModificationImpact;
import io.github.libvirt4j.types.Flag;
import io.github.libvirt4j.types.TypedParameters;
import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import java.util.List;

/// The I/O threads and the limits of the I/O of a domain: `domain.io()`. Immutable, safe for use by any
/// thread. See [collections][io.github.libvirt4j] in the package description.
///
/// Without a flag, a method that accepts [DomainModificationImpact] concerns the running domain if it runs,
/// otherwise its definition. With [DomainModificationImpact#LIVE] it throws an
/// [OperationInvalidException][io.github.libvirt4j.error.OperationInvalidException] if the domain does not
/// run. Parameters that a driver does not know cause an
/// [UnsupportedException][io.github.libvirt4j.error.UnsupportedException].
///
/// @param domain the domain
public record DomainIo(Domain domain) {
    /// An I/O thread. C: `virDomainIOThreadInfo`.
    ///
    /// @param id its number, from 1; as C's, an unsigned number
    /// @param cpuMap the host's processors that it may run on, numbered as by `connect.node().cpuMap()`
    public record ThreadInfo(int id, BitSet cpuMap) {
        /// Copies the map.
        public ThreadInfo {
            cpuMap = (BitSet) cpuMap.clone();
        }

        /// A copy.
        @Override
        public BitSet cpuMap() {
            return (BitSet) cpuMap.clone();
        }
    }

    /// Returns the I/O threads, in no particular order.
    ///
    /// @c {@index virDomainGetIOThreadInfo} libvirt 1.2.14
    public List<ThreadInfo> threadInfo(DomainModificationImpact... flags) {
        int bits = Flag.combine(flags);
        return domain.takeStructs(
                "virDomainGetIOThreadInfo",
                CArrays.End.AT_COUNT,
                VirDomainIOThreadInfo.SIZE,
                (p, _, infos) -> virDomainGetIOThreadInfo(p, infos, bits),
                DomainIo::copy,
                info -> virDomainIOThreadInfoFree(info));
    }

    private static ThreadInfo copy(MemorySegment info) {
        MemorySegment map = CMemory.array(
                "virDomainGetIOThreadInfo",
                VirDomainIOThreadInfo.cpumap(info),
                VirDomainIOThreadInfo.cpumaplen(info),
                Byte.BYTES);
        return new ThreadInfo(VirDomainIOThreadInfo.iothread_id(info), CpuMaps.get(map));
    }

    /// Adds an I/O thread.
    ///
    /// @c {@index virDomainAddIOThread} libvirt 1.2.15
    /// @param id its number, from 1
    public void addThread(int id, DomainModificationImpact... flags) {
        int bits = Flag.combine(flags);
        domain.call("virDomainAddIOThread", p -> virDomainAddIOThread(p, id, bits));
    }

    /// Removes an I/O thread, which no device may be using.
    ///
    /// @c {@index virDomainDelIOThread} libvirt 1.2.15
    /// @param id its number
    public void delThread(int id, DomainModificationImpact... flags) {
        int bits = Flag.combine(flags);
        domain.call("virDomainDelIOThread", p -> virDomainDelIOThread(p, id, bits));
    }

    /// Pins an I/O thread to some of the host's processors.
    ///
    /// @c {@index virDomainPinIOThread} libvirt 1.2.14
    /// @param id its number
    /// @param cpus the host's processors that it may run on
    public void pinThread(int id, BitSet cpus, DomainModificationImpact... flags) {
        byte[] map = CpuMaps.bytes(cpus);
        int bits = Flag.combine(flags);
        domain.call("virDomainPinIOThread", (p, in) -> virDomainPinIOThread(p, id, in.bytes(map), map.length, bits));
    }

    /// Sets how an I/O thread polls.
    ///
    /// @c {@index virDomainSetIOThreadParams} libvirt 4.10.0
    /// @param id its number
    /// @param parameters the parameters to change, by the keys of
    ///     [DomainIoThreadKeys][io.github.libvirt4j.types.DomainIoThreadKeys]; one at least
    public void setThreadParams(int id, TypedParameters parameters, DomainModificationImpact... flags) {
        int bits = Flag.combine(flags);
        domain.call(
                "virDomainSetIOThreadParams",
                (p, in) -> virDomainSetIOThreadParams(p, id, in.parameters(parameters), parameters.size(), bits));
    }

    /// Returns the weight and the limits of the domain's block I/O on the host's devices.
    ///
    /// @c {@index virDomainGetBlkioParameters} libvirt 0.9.0
    /// @return the weight and the limits, by the keys of
    ///     [DomainBlkioKeys][io.github.libvirt4j.types.DomainBlkioKeys]
    public TypedParameters blkioParameters(DomainModificationImpact... flags) {
        int bits = Flag.combine(flags);
        return domain.fillParameters(
                "virDomainGetBlkioParameters",
                (p, _, params, nparams) -> virDomainGetBlkioParameters(p, params, nparams, bits));
    }

    /// Sets the weight and limits of the domain's block I/O on the host's devices.
    ///
    /// @c {@index virDomainSetBlkioParameters} libvirt 0.9.0
    /// @param parameters the parameters to change, by the keys of
    ///     [DomainBlkioKeys][io.github.libvirt4j.types.DomainBlkioKeys]; one at least
    public void setBlkioParameters(TypedParameters parameters, DomainModificationImpact... flags) {
        int bits = Flag.combine(flags);
        domain.call(
                "virDomainSetBlkioParameters",
                (p, in) -> virDomainSetBlkioParameters(p, in.parameters(parameters), parameters.size(), bits));
    }

    /// Adds a throttle group, or changes its limits. A limit holds for all disks of the group together.
    ///
    /// @c {@index virDomainSetThrottleGroup} libvirt 11.2.0
    /// @param group its name
    /// @param parameters the limits, by the keys of [DomainBlockIoTuneKeys]; the name, which libvirt expects
    ///     among them as well, is added
    public void setThrottleGroup(String group, TypedParameters parameters, DomainModificationImpact... flags) {
        TypedParameters named = named(group, parameters);
        int bits = Flag.combine(flags);
        domain.call(
                "virDomainSetThrottleGroup",
                (p, in) -> virDomainSetThrottleGroup(
                        p, in.string(group, "group"), in.parameters(named), named.size(), bits));
    }

    /// Without its name among the parameters, libvirt 11.3 adds a group that has none: it cannot be removed,
    /// and the domain cannot be started.
    private static TypedParameters named(String group, TypedParameters parameters) {
        TypedParameters.Builder named = TypedParameters.builder();
        parameters.forEach(named::set);
        return named.set(DomainBlockIoTuneKeys.GROUP_NAME, group).build();
    }

    /// Removes a throttle group, which no disk may be in. Does nothing if there is no such group.
    ///
    /// @c {@index virDomainDelThrottleGroup} libvirt 11.2.0
    /// @param group its name
    public void delThrottleGroup(String group, DomainModificationImpact... flags) {
        int bits = Flag.combine(flags);
        domain.call(
                "virDomainDelThrottleGroup", (p, in) -> virDomainDelThrottleGroup(p, in.string(group, "group"), bits));
    }
}
