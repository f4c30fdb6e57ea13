package io.github.libvirt4j;

import io.github.libvirt4j.error.NotFoundException;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.internal.job.Claim;
import io.github.libvirt4j.internal.job.DomainXml;
import io.github.libvirt4j.internal.job.JobKind;
import io.github.libvirt4j.internal.job.Sight;
import io.github.libvirt4j.internal.job.StatsProof;
import io.github.libvirt4j.internal.job.Wish;
import io.github.libvirt4j.job.DomainJobResult;
import io.github.libvirt4j.job.Job;
import io.github.libvirt4j.job.Progress;
import io.github.libvirt4j.types.DomainBlockJobType;
import io.github.libvirt4j.types.DomainGetJobStatsFlags;
import io.github.libvirt4j.types.DomainJobOperation;
import io.github.libvirt4j.types.DomainJobType;
import io.github.libvirt4j.types.TypedParameters;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A backup of a domain's disks.
final class BackupWork extends JobWork<DomainJobResult> {
    private static final DomainJobOperation BACKUP = DomainJobOperation.BACKUP;

    private final String name;

    /// Null until the domain was looked at.
    private volatile @Nullable StatsProof proof;

    private BackupWork(JobKind kind, UUID domain, String name) {
        super(kind, domain);
        this.name = name;
    }

    static Job<DomainJobResult> begin(Domain domain, String xml, Handle.ArgumentsCall call) {
        BackupWork work = of(domain, xml);
        return WatchedJob.begin(domain.connect(), work, () -> {
            work.proof = new StatsProof(BACKUP, id(domain), completed(domain));
            domain.call("virDomainBackupBegin", call);
        });
    }

    private static BackupWork of(Domain domain, String xml) {
        JobKind kind = DomainXml.isPull(xml) ? JobKind.PULL_BACKUP : JobKind.PUSH_BACKUP;
        return new BackupWork(kind, domain.uuid(), domain.name());
    }

    /// Attaches to a backup.
    static Optional<Job<DomainJobResult>> find(Domain domain) {
        if (!domain.isActive()) {
            return Optional.empty();
        }
        // The backup is there after the statistics of the last job were read, which are therefore not its own.
        StatsProof.Stats before = completed(domain);
        if (!stats(domain).isWorking(BACKUP)) {
            return Optional.empty();
        }
        BackupWork work;
        try {
            work = of(domain, domain.job().backupXmlDesc());
        } catch (NotFoundException e) {
            // It has just ended.
            return Optional.empty();
        }
        work.proof = new StatsProof(BACKUP, id(domain), before);
        return Optional.of(WatchedJob.begin(domain.connect(), work, () -> {}));
    }

    static @Nullable String id(Domain domain) {
        var id = domain.id();
        return id.isPresent() ? String.valueOf(id.getAsInt()) : null;
    }

    static StatsProof.Stats stats(Domain domain) {
        return of(domain.job().stats());
    }

    private static StatsProof.Stats completed(Domain domain) {
        return of(domain.job().stats(DomainGetJobStatsFlags.COMPLETED, DomainGetJobStatsFlags.KEEP_COMPLETED));
    }

    private static StatsProof.Stats of(DomainJob.Stats stats) {
        return new StatsProof.Stats(stats.rawType(), stats.params());
    }

    /// The statistics of the last job, if they are of this operation.
    static DomainJobResult result(Domain domain, DomainJobOperation operation) {
        StatsProof.Stats completed = completed(domain);
        return new DomainJobResult(
                operation.value(), completed.isOf(operation) ? completed.params() : new TypedParameters(List.of()));
    }

    @Override
    Sight look(Domain on) {
        StatsProof.Stats now = stats(on);
        boolean isNone = now.rawType() == DomainJobType.NONE.value();
        return Objects.requireNonNull(proof, "proof")
                .see(kind == JobKind.PULL_BACKUP, id(on), now, completed(on), isNone && isDiskBusy(on));
    }

    /// libvirt ends the job of the domain before those of its disks.
    private static boolean isDiskBusy(Domain on) {
        for (DomainXml.Disk disk : DomainXml.read(on.xmlDesc()).disks()) {
            if (!disk.images().isEmpty()
                    && on.disk(disk.target())
                            .jobInfo()
                            .filter(job -> job.type() == DomainBlockJobType.BACKUP)
                            .isPresent()) {
                return true;
            }
        }
        return false;
    }

    @Override
    @Nullable
    Progress progress(Domain on) {
        return progress(stats(on), BACKUP);
    }

    static @Nullable Progress progress(StatsProof.Stats stats, DomainJobOperation operation) {
        return stats.isOf(operation) ? progress(stats.current(), stats.end()) : null;
    }

    @Override
    boolean ask(Domain on, Wish wish) {
        on.job().abort();
        return true;
    }

    @Override
    @Nullable
    Claim claim(DomainEvent event) {
        return proof == null ? null : Claim.onBackup(event, domain);
    }

    @Override
    DomainJobResult result(Connect connect) {
        try (Domain on = connect.domains().lookupByUuid(domain)) {
            return result(on, BACKUP);
        }
    }

    @Override
    public String toString() {
        return kind + " of the domain " + name;
    }
}
