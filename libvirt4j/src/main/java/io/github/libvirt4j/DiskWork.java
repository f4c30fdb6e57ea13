package io.github.libvirt4j;

import io.github.libvirt4j.error.LibvirtError;
import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.error.ResourceBusyException;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.internal.job.Claim;
import io.github.libvirt4j.internal.job.DiskProof;
import io.github.libvirt4j.internal.job.DomainXml;
import io.github.libvirt4j.internal.job.JobKind;
import io.github.libvirt4j.internal.job.Sight;
import io.github.libvirt4j.internal.job.Wish;
import io.github.libvirt4j.job.DiskJobResult;
import io.github.libvirt4j.job.Job;
import io.github.libvirt4j.job.Progress;
import io.github.libvirt4j.types.DomainBlockJobAbortFlags;
import io.github.libvirt4j.types.ErrorNumber;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A job on a disk.
final class DiskWork extends JobWork<DiskJobResult> {
    private final DomainDisk begunWith;
    private final @Nullable String base;
    private final @Nullable String copy;

    /// Null until the disk was looked at.
    private volatile @Nullable DiskProof proof;

    /// @param base the image that a pull keeps; null for none
    /// @param copy the image of a copy; null if it is not known
    private DiskWork(DomainDisk disk, JobKind kind, UUID domain, @Nullable String base, @Nullable String copy) {
        super(kind, domain);
        this.begunWith = disk;
        this.base = base;
        this.copy = copy;
    }

    /// Begins a job.
    ///
    /// @param function the C function that begins it
    /// @param call makes the call
    static Job<DiskJobResult> begin(
            String function,
            DomainDisk disk,
            JobKind kind,
            @Nullable String base,
            @Nullable String copy,
            Handle.ArgumentsCall call) {
        Domain domain = disk.domain();
        DiskWork work = new DiskWork(disk, kind, domain.uuid(), base, copy);
        return WatchedJob.begin(domain.connect(), work, () -> {
            work.lookBefore(function);
            domain.call(function, call);
        });
    }

    /// Attaches to a job.
    static Optional<Job<DiskJobResult>> find(DomainDisk disk) {
        Domain domain = disk.domain();
        // The job is there after the XML was read, which therefore shows the disk before the end of the job.
        DomainXml xml = DomainXml.read(domain.xmlDesc());
        DomainDisk.JobInfo info = disk.jobInfo().orElse(null);
        JobKind kind = info == null ? null : JobKind.of(info.type());
        if (kind == null) {
            return Optional.empty();
        }
        DiskWork work = new DiskWork(disk, kind, domain.uuid(), null, null);
        work.before(xml);
        return Optional.of(WatchedJob.begin(domain.connect(), work, () -> {}));
    }

    /// The job is looked for first and the XML is read then: a job that ends in between has left its mark.
    private void lookBefore(String function) {
        if (begunWith.jobInfo().isPresent()) {
            throw new ResourceBusyException(
                    function,
                    LibvirtError.of(
                            ErrorNumber.RESOURCE_BUSY,
                            "the disk " + begunWith.disk() + " has a job; DomainDisk.job attaches to it"));
        }
        before(DomainXml.read(begunWith.domain().xmlDesc()));
    }

    private void before(DomainXml xml) {
        DomainXml.Disk disk = xml.disk(begunWith.disk());
        // libvirt refuses a disk that is not there.
        proof = new DiskProof(
                kind, xml, disk == null ? new DomainXml.Disk(begunWith.disk(), List.of(), null) : disk, base, copy);
    }

    private DiskProof proof() {
        return Objects.requireNonNull(proof, "proof");
    }

    private DomainDisk disk(Domain on) {
        return on.disk(proof().target());
    }

    @Override
    Sight look(Domain on) {
        DiskProof.InProgress info = disk(on).jobInfo()
                .map(job -> new DiskProof.InProgress(job.rawType(), job.current(), job.end()))
                .orElse(null);
        return proof().see(info, DomainXml.read(on.xmlDesc()));
    }

    @Override
    @Nullable
    Progress progress(Domain on) {
        return disk(on).jobInfo()
                .map(info -> progress(info.current(), info.end()))
                .orElse(null);
    }

    /// Asynchronously: a call that waits for the end holds the domain, and other calls wait for it.
    @Override
    boolean ask(Domain on, Wish wish) {
        try {
            if (wish == Wish.PIVOT) {
                disk(on).jobAbort(DomainBlockJobAbortFlags.PIVOT, DomainBlockJobAbortFlags.ASYNC);
            } else {
                disk(on).jobAbort(DomainBlockJobAbortFlags.ASYNC);
            }
            return true;
        } catch (LibvirtException e) {
            if (wish == Wish.PIVOT && e.code() == ErrorNumber.BLOCK_COPY_ACTIVE) {
                return false;
            }
            throw e;
        }
    }

    /// Events before the look at the disk are about an earlier job.
    @Override
    @Nullable
    Claim claim(DomainEvent event) {
        DiskProof of = proof;
        return of == null ? null : Claim.onDisk(event, kind, domain, of.target());
    }

    @Override
    DiskJobResult result(Connect connect) {
        DiskProof of = proof();
        return new DiskJobResult(of.target(), of.rawType(), of.isPivoted(), of.images());
    }

    @Override
    public String toString() {
        return kind + " of the disk " + begunWith.disk() + " of the domain " + domain;
    }
}
