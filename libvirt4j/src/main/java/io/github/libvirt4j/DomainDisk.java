package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainBlockCommit;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainBlockCopy;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainBlockJobAbort;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainBlockJobSetSpeed;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainBlockPeek;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainBlockPull;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainBlockRebase;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainBlockResize;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainBlockStats;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainBlockStatsFlags;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetBlockInfo;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetBlockIoTune;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetBlockJobInfo;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainSetBlockIoTune;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainSetBlockThreshold;

import io.github.libvirt4j.error.UnsupportedException;
import io.github.libvirt4j.internal.job.DomainXml;
import io.github.libvirt4j.internal.job.JobKind;
import io.github.libvirt4j.internal.raw.VirDomainBlockInfo;
import io.github.libvirt4j.internal.raw.VirDomainBlockJobInfo;
import io.github.libvirt4j.internal.raw.VirDomainBlockStatsStruct;
import io.github.libvirt4j.job.DiskJobResult;
import io.github.libvirt4j.job.Job;
import io.github.libvirt4j.types.DomainBlockCommitFlags;
import io.github.libvirt4j.types.DomainBlockCopyFlags;
import io.github.libvirt4j.types.DomainBlockJobAbortFlags;
import io.github.libvirt4j.types.DomainBlockJobInfoFlags;
import io.github.libvirt4j.types.DomainBlockJobSetSpeedFlags;
import io.github.libvirt4j.types.DomainBlockJobType;
import io.github.libvirt4j.types.DomainBlockPullFlags;
import io.github.libvirt4j.types.DomainBlockRebaseFlags;
import io.github.libvirt4j.types.DomainBlockResizeFlags;
import io.github.libvirt4j.types.DomainBlockStatsKeys;
import io.github.libvirt4j.types.DomainModificationImpact;
import io.github.libvirt4j.types.ErrorNumber;
import io.github.libvirt4j.types.Flag;
import io.github.libvirt4j.types.ParameterKey;
import io.github.libvirt4j.types.TypedParameters;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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

    /// Copies all backing images, or those above one, into the image that the guest uses, and takes them out
    /// of the chain. The job ends by itself.
    ///
    /// @c {@index virDomainBlockPull} libvirt 0.9.4
    /// @param bandwidth the limit in MiB/s, or with [DomainBlockPullFlags#BANDWIDTH_BYTES] in bytes/s; 0 for
    ///     the hypervisor's default
    /// @throws io.github.libvirt4j.error.OperationInvalidException if the domain does not run
    /// @throws io.github.libvirt4j.error.ResourceBusyException if the disk has a job
    public Job<DiskJobResult> pull(long bandwidth, DomainBlockPullFlags... flags) {
        int bits = Flag.combine(flags);
        return DiskWork.begin(
                "virDomainBlockPull",
                this,
                JobKind.PULL,
                null,
                null,
                (p, in) -> virDomainBlockPull(p, in.string(disk, "disk"), bandwidth, bits));
    }

    /// Copies the backing images above one into the image that the guest uses, as [#pull] does, and keeps
    /// that one and those below it. With [DomainBlockRebaseFlags#COPY] this method is an older form of
    /// [#copy].
    ///
    /// @c {@index virDomainBlockRebase} libvirt 0.9.10
    /// @param base the path of the image to keep, or `vda[2]` with the index in the XML of the running
    ///     domain; null keeps none. With [DomainBlockRebaseFlags#COPY] the path of the copy
    /// @param bandwidth the limit in MiB/s, or with [DomainBlockRebaseFlags#BANDWIDTH_BYTES] in bytes/s; 0
    ///     for the hypervisor's default
    /// @throws io.github.libvirt4j.error.OperationInvalidException if the domain does not run
    /// @throws io.github.libvirt4j.error.ResourceBusyException if the disk has a job
    public Job<DiskJobResult> rebase(@Nullable String base, long bandwidth, DomainBlockRebaseFlags... flags) {
        int bits = Flag.combine(flags);
        boolean isCopy = (bits & DomainBlockRebaseFlags.COPY.bits()) != 0;
        Handle.checkText(base, "base");
        return DiskWork.begin(
                "virDomainBlockRebase",
                this,
                isCopy ? JobKind.COPY : JobKind.PULL,
                isCopy ? null : base,
                isCopy ? base : null,
                (p, in) -> virDomainBlockRebase(
                        p, in.string(disk, "disk"), in.stringOrNull(base, "base"), bandwidth, bits));
    }

    /// Copies images of the backing chain into one below them, and takes them out of the chain.
    ///
    /// The job ends by itself, except if `top` is the image that the guest uses. Such an active commit needs
    /// [DomainBlockCommitFlags#ACTIVE], becomes ready, and ends by [Job#pivot], with which the guest uses the
    /// base.
    ///
    /// @c {@index virDomainBlockCommit} libvirt 0.10.2
    /// @param base the path of the image to copy into, or `vda[2]` with the index in the XML of the running
    ///     domain; null for the lowest, or with [DomainBlockCommitFlags#SHALLOW] for the one below `top`
    /// @param top the path or index of the highest image to copy; null for the one that the guest uses
    /// @param bandwidth the limit in MiB/s, or with [DomainBlockCommitFlags#BANDWIDTH_BYTES] in bytes/s; 0
    ///     for the hypervisor's default
    /// @throws io.github.libvirt4j.error.OperationInvalidException if the domain does not run
    /// @throws io.github.libvirt4j.error.ResourceBusyException if the disk has a job
    public Job<DiskJobResult> commit(
            @Nullable String base, @Nullable String top, long bandwidth, DomainBlockCommitFlags... flags) {
        int bits = Flag.combine(flags);
        Handle.checkText(base, "base");
        Handle.checkText(top, "top");
        return DiskWork.begin(
                "virDomainBlockCommit",
                this,
                JobKind.COMMIT,
                null,
                null,
                (p, in) -> virDomainBlockCommit(
                        p,
                        in.string(disk, "disk"),
                        in.stringOrNull(base, "base"),
                        in.stringOrNull(top, "top"),
                        bandwidth,
                        bits));
    }

    /// Copies the disk to another image. The job becomes ready when the copy is complete, and then writes to
    /// both images until it ends by [Job#pivot], with which the guest uses the copy, or by [Job#finish].
    ///
    /// QEMU's driver copies the disk of a persistent domain only with [DomainBlockCopyFlags#TRANSIENT_JOB]:
    /// such a job does not survive the guest.
    ///
    /// @c {@index virDomainBlockCopy} libvirt 1.2.8
    /// @param destXml the copy, as a `<disk>` element of libvirt's
    ///     [format](https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms)
    /// @param params of [DomainBlockCopyKeys][io.github.libvirt4j.types.DomainBlockCopyKeys]; its bandwidth
    ///     is in bytes/s
    /// @throws io.github.libvirt4j.error.OperationInvalidException if the domain does not run
    /// @throws io.github.libvirt4j.error.ResourceBusyException if the disk has a job
    public Job<DiskJobResult> copy(String destXml, TypedParameters params, DomainBlockCopyFlags... flags) {
        int bits = Flag.combine(flags);
        Handle.checkText(Objects.requireNonNull(destXml, "destXml"), "destXml");
        return DiskWork.begin(
                "virDomainBlockCopy",
                this,
                JobKind.COPY,
                null,
                DomainXml.imageOf(destXml),
                (p, in) -> virDomainBlockCopy(
                        p,
                        in.string(disk, "disk"),
                        in.string(destXml, "destXml"),
                        in.parameters(params),
                        params.size(),
                        bits));
    }

    /// Attaches to the job that the disk has, begun by this program or another one; empty if it has none. The
    /// job of a backup on the disk is not such a job: it is one of the [domain][DomainJob].
    ///
    /// @throws io.github.libvirt4j.error.OperationInvalidException if the domain does not run
    public Optional<Job<DiskJobResult>> job() {
        return DiskWork.find(this);
    }

    /// The job of a disk. C: `virDomainBlockJobInfo`. Immutable, safe for use by any thread.
    ///
    /// @param rawType the kind of the job, a `virDomainBlockJobType`
    /// @param bandwidth the limit in MiB/s, or with [DomainBlockJobInfoFlags#BANDWIDTH_BYTES] in bytes/s; 0
    ///     for none
    /// @param current the work that is done, in a unit of the hypervisor's; unsigned
    /// @param end the work in total, which can grow; unsigned
    public record JobInfo(int rawType, long bandwidth, long current, long end) {
        /// The kind of the job.
        public DomainBlockJobType type() {
            return DomainBlockJobType.of(rawType);
        }
    }

    /// Returns the progress of the job that the disk has; empty if it has none. A job that is no longer there
    /// can have succeeded, failed or been cancelled: a [Job] tells.
    ///
    /// @c {@index virDomainGetBlockJobInfo} libvirt 0.9.4
    /// @throws io.github.libvirt4j.error.OperationInvalidException if the domain does not run
    public Optional<JobInfo> jobInfo(DomainBlockJobInfoFlags... flags) {
        int bits = Flag.combine(flags);
        return domain.using("virDomainGetBlockJobInfo", (p, in) -> {
            MemorySegment info = in.room(VirDomainBlockJobInfo.SIZE);
            int found = domain.check(
                    virDomainGetBlockJobInfo(p, in.string(disk, "disk"), info, bits), "virDomainGetBlockJobInfo");
            return found == 0
                    ? Optional.empty()
                    : Optional.of(new JobInfo(
                            VirDomainBlockJobInfo.type(info),
                            VirDomainBlockJobInfo.bandwidth(info),
                            VirDomainBlockJobInfo.cur(info),
                            VirDomainBlockJobInfo.end(info)));
        });
    }

    /// Ends the job that the disk has. Default: cancels it, and blocks until it has ended. A [Job] offers the
    /// same with a proof: [Job#cancel], [Job#pivot] and [Job#finish].
    ///
    /// @c {@index virDomainBlockJobAbort} libvirt 0.9.4
    /// @param flags [DomainBlockJobAbortFlags#PIVOT] switches the guest to the copy or base;
    ///     [DomainBlockJobAbortFlags#ASYNC] returns at once
    /// @throws io.github.libvirt4j.error.OperationInvalidException if there is no job
    /// @throws io.github.libvirt4j.error.ResourceBusyException if the job is not ready for a pivot
    public void jobAbort(DomainBlockJobAbortFlags... flags) {
        int bits = Flag.combine(flags);
        domain.call("virDomainBlockJobAbort", (p, in) -> virDomainBlockJobAbort(p, in.string(disk, "disk"), bits));
    }

    /// Limits the bandwidth of the job that the disk has.
    ///
    /// @c {@index virDomainBlockJobSetSpeed} libvirt 0.9.4
    /// @param bandwidth the limit in MiB/s, or with [DomainBlockJobSetSpeedFlags#BANDWIDTH_BYTES] in bytes/s;
    ///     0 for none
    public void jobSetSpeed(long bandwidth, DomainBlockJobSetSpeedFlags... flags) {
        int bits = Flag.combine(flags);
        domain.call(
                "virDomainBlockJobSetSpeed",
                (p, in) -> virDomainBlockJobSetSpeed(p, in.string(disk, "disk"), bandwidth, bits));
    }
}
