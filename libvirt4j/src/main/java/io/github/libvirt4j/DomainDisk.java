package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainBlockPeek;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainBlockResize;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainBlockStats;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainBlockStatsFlags;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetBlockInfo;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetBlockIoTune;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainSetBlockIoTune;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainSetBlockThreshold;

import io.github.libvirt4j.error.UnsupportedException;
import io.github.libvirt4j.internal.raw.VirDomainBlockInfo;
import io.github.libvirt4j.internal.raw.VirDomainBlockStatsStruct;
import io.github.libvirt4j.types.DomainBlockResizeFlags;
import io.github.libvirt4j.types.DomainBlockStatsKeys;
import io.github.libvirt4j.types.DomainModificationImpact;
import io.github.libvirt4j.types.ErrorNumber;
import io.github.libvirt4j.types.Flag;
import io.github.libvirt4j.types.ParameterKey;
import io.github.libvirt4j.types.TypedParameters;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// A disk of a domain, reached by `domain.disk("vda")`. Owns nothing and need not be closed; its calls throw
/// an [IllegalStateException] after the domain or its connection was closed. Immutable, safe for use by any
/// thread.
///
/// All methods throw [LibvirtException][io.github.libvirt4j.error.LibvirtException] if libvirt refuses, also
/// because the domain has no such disk, and
/// [UnsupportedException][io.github.libvirt4j.error.UnsupportedException] if the driver does not have the
/// function.
///
/// @param domain the domain it belongs to
/// @param disk its name, as [Domain#disk] describes it
public record DomainDisk(Domain domain, String disk) {
    /// The sizes of a disk, in bytes; as C's, unsigned numbers. Immutable, for use by any thread. C:
    /// `virDomainBlockInfo`.
    ///
    /// @param capacity the size that the guest sees
    /// @param allocation the storage that the image uses on the host
    /// @param physical the size of the image's file or device on the host
    @SuppressWarnings("AvoidCommonTypeNames") // It is always Domain.Info, Node.Info, …
    public record Info(long capacity, long allocation, long physical) {}

    /// Returns the sizes of the disk. QEMU's driver also knows those of a stopped domain.
    ///
    /// @c {@index virDomainGetBlockInfo} libvirt 0.8.1
    public Info info() {
        return domain.fill(
                "virDomainGetBlockInfo",
                VirDomainBlockInfo.SIZE,
                (p, in, info) -> virDomainGetBlockInfo(p, in.string(disk, "disk"), info, 0),
                info -> new Info(
                        VirDomainBlockInfo.capacity(info),
                        VirDomainBlockInfo.allocation(info),
                        VirDomainBlockInfo.physical(info)));
    }

    /// Returns the requests, bytes and times of the disk since the domain was started.
    ///
    /// Calls `virDomainBlockStats` if the driver does not have `virDomainBlockStatsFlags`, as libvirt's test
    /// driver; the numbers have the same names.
    ///
    /// @c {@index virDomainBlockStatsFlags} libvirt 0.9.5
    /// @c {@index virDomainBlockStats} libvirt 0.3.2
    /// @return parameters of [DomainBlockStatsKeys]; a driver leaves out what it does not count
    /// @throws io.github.libvirt4j.error.OperationInvalidException if the domain does not run
    public TypedParameters stats() {
        try {
            return domain.fillParameters(
                    "virDomainBlockStatsFlags",
                    (p, in, params, nparams) ->
                            virDomainBlockStatsFlags(p, in.string(disk, "disk"), params, nparams, 0));
        } catch (UnsupportedException e) {
            if (e.code() != ErrorNumber.NO_SUPPORT) {
                throw e;
            }
            return fiveStats();
        }
    }

    private TypedParameters fiveStats() {
        return domain.fill(
                "virDomainBlockStats",
                VirDomainBlockStatsStruct.SIZE,
                (p, in, stats) ->
                        virDomainBlockStats(p, in.string(disk, "disk"), stats, VirDomainBlockStatsStruct.SIZE),
                DomainDisk::named);
    }

    /// The struct's numbers as parameters. It has −1 for what is not counted; parameters are left out.
    static TypedParameters named(MemorySegment stats) {
        TypedParameters.Builder named = TypedParameters.builder();
        add(named, DomainBlockStatsKeys.READ_REQ, VirDomainBlockStatsStruct.rd_req(stats));
        add(named, DomainBlockStatsKeys.READ_BYTES, VirDomainBlockStatsStruct.rd_bytes(stats));
        add(named, DomainBlockStatsKeys.WRITE_REQ, VirDomainBlockStatsStruct.wr_req(stats));
        add(named, DomainBlockStatsKeys.WRITE_BYTES, VirDomainBlockStatsStruct.wr_bytes(stats));
        add(named, DomainBlockStatsKeys.ERRS, VirDomainBlockStatsStruct.errs(stats));
        return named.build();
    }

    private static void add(TypedParameters.Builder named, ParameterKey<Long> key, long value) {
        if (value != -1) {
            named.set(key, value);
        }
    }

    /// Returns the limits of the disk's I/O.
    ///
    /// @c {@index virDomainGetBlockIoTune} libvirt 0.9.8
    /// @param impact default: the running domain if it runs, otherwise its definition
    /// @return parameters of [DomainBlockIoTuneKeys][io.github.libvirt4j.types.DomainBlockIoTuneKeys]; 0
    ///     means no limit
    /// @throws io.github.libvirt4j.error.OperationInvalidException with [DomainModificationImpact#LIVE] if
    ///     the domain does not run
    public TypedParameters ioTune(DomainModificationImpact... impact) {
        int bits = Flag.combine(impact);
        return domain.fillParameters(
                "virDomainGetBlockIoTune",
                (p, in, params, nparams) -> virDomainGetBlockIoTune(p, in.string(disk, "disk"), params, nparams, bits));
    }

    /// Limits the disk's I/O.
    ///
    /// A limit of all I/O (`total_…`) and one of reading or writing exclude each other. QEMU's driver
    /// replaces all three limits of a kind (`…_bytes_sec`, `…_iops_sec`, and both with `_max`) if one of them
    /// is given, and a running QEMU takes a limit `…_max`, of bursts, only with the same one without `_max`.
    /// libvirt's test driver takes a limit only with its `_max`. The change of a running domain raises the
    /// event [DomainEvent.Tunable][io.github.libvirt4j.event.DomainEvent.Tunable].
    ///
    /// @c {@index virDomainSetBlockIoTune} libvirt 0.9.8
    /// @param parameters one or more of
    ///     [DomainBlockIoTuneKeys][io.github.libvirt4j.types.DomainBlockIoTuneKeys]; 0 removes a limit
    /// @param impact default: the running domain if it runs, otherwise its definition
    /// @throws io.github.libvirt4j.error.OperationInvalidException with [DomainModificationImpact#LIVE] if
    ///     the domain does not run
    public void setIoTune(TypedParameters parameters, DomainModificationImpact... impact) {
        int bits = Flag.combine(impact);
        domain.call(
                "virDomainSetBlockIoTune",
                (p, in) -> virDomainSetBlockIoTune(
                        p, in.string(disk, "disk"), in.parameters(parameters), parameters.size(), bits));
    }

    /// Asks for an event when the guest writes beyond an offset of the disk's image.
    ///
    /// The event is [DomainEvent.BlockThreshold][io.github.libvirt4j.event.DomainEvent.BlockThreshold]. It
    /// removes the threshold, and can come twice: for `vda` and for its image, `vda[1]`. A second threshold
    /// replaces the first. libvirt does not send the event later if its daemon did not run at that moment.
    /// QEMU's driver knows the disk by its target only, not by a path.
    ///
    /// @c {@index virDomainSetBlockThreshold} libvirt 3.1.0
    /// @param threshold the offset, in bytes; unsigned
    /// @throws io.github.libvirt4j.error.OperationInvalidException if the domain does not run
    public void setThreshold(long threshold) {
        domain.call(
                "virDomainSetBlockThreshold",
                (p, in) -> virDomainSetBlockThreshold(p, in.string(disk, "disk"), threshold, 0));
    }

    /// Reads from the disk's image on the host.
    ///
    /// libvirt carries 4 MiB (4194304 bytes) in a call to a daemon, and refuses more. QEMU's driver reads
    /// images of the format `raw` only, also those of a stopped domain; it does not see what the guest or
    /// QEMU have not written yet.
    ///
    /// @c {@index virDomainBlockPeek} libvirt 0.4.2
    /// @param offset in bytes; unsigned
    /// @param size in bytes; QEMU's driver refuses 0, by which C tests whether the disk can be read
    /// @return `size` bytes
    /// @throws IllegalArgumentException if the size is negative
    /// @throws io.github.libvirt4j.error.LibvirtException also if the image ends before
    public byte[] peek(long offset, int size) {
        if (size < 0) {
            throw new IllegalArgumentException("A peek of " + size + " bytes; it can be 0 or more");
        }
        return domain.fill(
                "virDomainBlockPeek",
                size,
                (p, in, bytes) -> virDomainBlockPeek(p, in.string(disk, "disk"), offset, size, bytes, 0),
                bytes -> bytes.toArray(ValueLayout.JAVA_BYTE));
    }

    /// Resizes the disk of a running domain.
    ///
    /// The hypervisor may round the size up, as QEMU does to sectors of 512 bytes. A smaller size cuts off
    /// the end of the disk with all data in it.
    ///
    /// @c {@index virDomainBlockResize} libvirt 0.9.8
    /// @param size in bytes, other than C's default; unsigned
    /// @param flags [DomainBlockResizeFlags#EXTEND] refuses a smaller size; [DomainBlockResizeFlags#CAPACITY]
    ///     with a size of 0 makes the disk as large as its host device. [DomainBlockResizeFlags#BYTES] is
    ///     always set
    /// @throws io.github.libvirt4j.error.OperationInvalidException if the domain does not run
    public void resize(long size, DomainBlockResizeFlags... flags) {
        int bits = Flag.combine(flags) | DomainBlockResizeFlags.BYTES.bits();
        domain.call("virDomainBlockResize", (p, in) -> virDomainBlockResize(p, in.string(disk, "disk"), size, bits));
    }
}
