package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetMaxMemory;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetMemoryParameters;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetNumaParameters;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainMemoryPeek;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainMemoryStats;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainSetMemoryFlags;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainSetMemoryParameters;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainSetMemoryStatsPeriod;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainSetNumaParameters;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainStartDirtyRateCalc;

import io.github.libvirt4j.internal.raw.VirDomainMemoryStatStruct;
import io.github.libvirt4j.types.DomainDirtyRateCalcFlags;
import io.github.libvirt4j.types.DomainMemoryFlags;
import io.github.libvirt4j.types.DomainMemoryStatTags;
import io.github.libvirt4j.types.DomainModificationImpact;
import io.github.libvirt4j.types.Flag;
import io.github.libvirt4j.types.TypedParameters;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.List;

/// The memory of a domain: `domain.memory()`. Immutable, safe for use by any thread. See
/// [collections][io.github.libvirt4j] in the package description.
///
/// Without a flag, a method that accepts [DomainModificationImpact] concerns the running domain if it runs,
/// otherwise its definition. With [DomainModificationImpact#LIVE] it throws an
/// [OperationInvalidException][io.github.libvirt4j.error.OperationInvalidException] if the domain does not
/// run. Parameters that a driver does not know cause an
/// [UnsupportedException][io.github.libvirt4j.error.UnsupportedException].
///
/// @param domain the domain
public record DomainMemory(Domain domain) {
    /// The most statistics that libvirt carries (`REMOTE_DOMAIN_MEMORY_STATS_MAX`).
    private static final int MOST_STATS = 1024;

    /// The most bytes that libvirt carries in a call (`REMOTE_DOMAIN_MEMORY_PEEK_BUFFER_MAX`).
    private static final int MOST_PEEK = 4 << 20;

    /// A figure about the memory of a running domain. C: `virDomainMemoryStatStruct`.
    ///
    /// @param rawTag a `virDomainMemoryStatTags`
    /// @param value in KiB; of `MAJOR_FAULT`, `MINOR_FAULT`, `HUGETLB_PGALLOC` and `HUGETLB_PGFAIL` a number,
    ///     and of `LAST_UPDATE` a time, in seconds since 1970. As C's, an unsigned number
    public record Stat(int rawTag, long value) {
        /// The subject of the figure.
        public DomainMemoryStatTags tag() {
            return DomainMemoryStatTags.of(rawTag);
        }
    }

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
    /// @param flags constants of `DomainMemoryModFlags` and [DomainModificationImpact]
    public void set(long kib, Flag... flags) {
        domain.call("virDomainSetMemoryFlags", p -> virDomainSetMemoryFlags(p, kib, Flag.combine(flags)));
    }

    /// Returns figures about the memory of a running domain. Most of them come from the guest's balloon
    /// driver, as of its last report (`LAST_UPDATE`).
    ///
    /// @c {@index virDomainMemoryStats} libvirt 0.7.5
    /// @return those that the hypervisor and the guest supply, each tag once
    /// @throws io.github.libvirt4j.error.OperationInvalidException if the domain does not run
    /// @see #setStatsPeriod
    public List<Stat> stats() {
        return domain.fillStructs(
                "virDomainMemoryStats",
                MOST_STATS,
                VirDomainMemoryStatStruct.SIZE,
                (p, _, stats) -> virDomainMemoryStats(p, stats, MOST_STATS, 0),
                stat -> new Stat(VirDomainMemoryStatStruct.tag(stat), VirDomainMemoryStatStruct.val(stat)),
                _ -> {});
    }

    /// Sets how often the guest's balloon driver reports for [#stats].
    ///
    /// @c {@index virDomainSetMemoryStatsPeriod} libvirt 1.1.1
    /// @param period whole seconds; zero ends the reports
    /// @param flags of `DomainMemoryModFlags` and [DomainModificationImpact]
    public void setStatsPeriod(Duration period, Flag... flags) {
        int seconds = seconds(period, "period");
        int bits = Flag.combine(flags);
        domain.call("virDomainSetMemoryStatsPeriod", p -> virDomainSetMemoryStatsPeriod(p, seconds, bits));
    }

    /// Reads memory of a running domain. Reads 4 MiB at a time, as libvirt carries no more in a call; the
    /// guest can change the memory between two of them unless it is paused.
    ///
    /// @c {@index virDomainMemoryPeek} libvirt 0.4.2
    /// @param start the address of the first byte; as C's, an unsigned number
    /// @param size the number of bytes, from 0
    /// @param kind the kind of the address: of a processor's virtual memory, or of the guest's physical
    ///     memory
    /// @throws io.github.libvirt4j.error.OperationInvalidException if the domain does not run
    public byte[] peek(long start, int size, DomainMemoryFlags kind) {
        if (size < 0) {
            throw new IllegalArgumentException("size is " + size + "; it can be 0 or more");
        }
        int bits = kind.bits();
        return domain.using("virDomainMemoryPeek", (p, in) -> {
            byte[] all = new byte[size];
            MemorySegment buffer = in.room(Math.max(1, Math.min(size, MOST_PEEK)));
            int at = 0;
            do {
                int length = Math.min(size - at, MOST_PEEK);
                domain.check(virDomainMemoryPeek(p, start + at, length, buffer, bits), "virDomainMemoryPeek");
                MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, all, at, length);
                at += length;
            } while (at < size);
            return all;
        });
    }

    /// Returns the limits of the memory.
    ///
    /// @c {@index virDomainGetMemoryParameters} libvirt 0.8.5
    /// @return the limits, in KiB, by the keys of
    ///     [DomainMemoryKeys][io.github.libvirt4j.types.DomainMemoryKeys];
    ///     [DOMAIN_MEMORY_PARAM_UNLIMITED][io.github.libvirt4j.types.Constants#DOMAIN_MEMORY_PARAM_UNLIMITED]
    ///     stands for no limit
    public TypedParameters parameters(DomainModificationImpact... flags) {
        int bits = Flag.combine(flags);
        return domain.fillParameters(
                "virDomainGetMemoryParameters",
                (p, _, params, nparams) -> virDomainGetMemoryParameters(p, params, nparams, bits));
    }

    /// Sets limits of the memory.
    ///
    /// @c {@index virDomainSetMemoryParameters} libvirt 0.8.5
    /// @param parameters the limits to change, in KiB, by the keys of
    ///     [DomainMemoryKeys][io.github.libvirt4j.types.DomainMemoryKeys]; one at least
    public void setParameters(TypedParameters parameters, DomainModificationImpact... flags) {
        int bits = Flag.combine(flags);
        domain.call(
                "virDomainSetMemoryParameters",
                (p, in) -> virDomainSetMemoryParameters(p, in.parameters(parameters), parameters.size(), bits));
    }

    /// Returns the NUMA nodes of the host that the memory comes from.
    ///
    /// @c {@index virDomainGetNumaParameters} libvirt 0.9.9
    /// @return by the keys of [DomainNumaKeys][io.github.libvirt4j.types.DomainNumaKeys], the nodes as a list
    ///     such as `0-3,5`, and the mode, a value of
    ///     [DomainNumatuneMemMode][io.github.libvirt4j.types.DomainNumatuneMemMode]
    public TypedParameters numaParameters(DomainModificationImpact... flags) {
        int bits = Flag.combine(flags);
        return domain.fillParameters(
                "virDomainGetNumaParameters",
                (p, _, params, nparams) -> virDomainGetNumaParameters(p, params, nparams, bits));
    }

    /// Sets the NUMA nodes of the host that the memory comes from.
    ///
    /// @c {@index virDomainSetNumaParameters} libvirt 0.9.9
    /// @param parameters the parameters to change, by the keys of
    ///     [DomainNumaKeys][io.github.libvirt4j.types.DomainNumaKeys]; one at least
    public void setNumaParameters(TypedParameters parameters, DomainModificationImpact... flags) {
        int bits = Flag.combine(flags);
        domain.call(
                "virDomainSetNumaParameters",
                (p, in) -> virDomainSetNumaParameters(p, in.parameters(parameters), parameters.size(), bits));
    }

    /// Begins to measure how fast a running domain changes its memory, and returns before the end. The result
    /// is among the domain's statistics (`dirtyrate.…`).
    ///
    /// @c {@index virDomainStartDirtyRateCalc} libvirt 7.2.0
    /// @param duration how long to measure: 1 to 60 seconds; whole ones
    /// @param flags default: by samples of pages; [DomainDirtyRateCalcFlags] has other ways
    /// @throws io.github.libvirt4j.error.OperationInvalidException if the domain does not run
    public void startDirtyRateCalc(Duration duration, DomainDirtyRateCalcFlags... flags) {
        int seconds = seconds(duration, "duration");
        int bits = Flag.combine(flags);
        domain.call("virDomainStartDirtyRateCalc", p -> virDomainStartDirtyRateCalc(p, seconds, bits));
    }

    /// A fraction is refused rather than cut off: to libvirt zero has a meaning of its own.
    private static int seconds(Duration duration, String what) {
        long seconds = duration.toSeconds();
        if (!duration.equals(Duration.ofSeconds(seconds)) || seconds != (int) seconds) {
            throw new IllegalArgumentException(
                    what + " is " + duration + "; libvirt accepts whole seconds, up to " + Integer.MAX_VALUE);
        }
        return (int) seconds;
    }
}
