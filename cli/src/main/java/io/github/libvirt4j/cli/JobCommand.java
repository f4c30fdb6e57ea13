package io.github.libvirt4j.cli;

import io.github.libvirt4j.Domain;
import io.github.libvirt4j.DomainDisk;
import io.github.libvirt4j.job.DiskJobResult;
import io.github.libvirt4j.job.DomainJobResult;
import io.github.libvirt4j.job.Job;
import io.github.libvirt4j.types.DomainJobOperation;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Shows the jobs that a domain has.
@Command(
        name = "job",
        description = {
            "Follows the job of a domain, or those of its disks, until they end or are ready.",
            "The exit status is that of the outcome. On a terminal Ctrl-C asks whether to cancel the job."
        },
        footer = {"job web", "job web --cancel"})
final class JobCommand extends OnDomain {
    @Option(names = "--disk", paramLabel = "TARGET", description = "the job of this disk only: vda, …")
    private @Nullable String disk;

    @Option(names = "--cancel", description = "cancel the job, and wait until it has ended")
    private boolean cancel;

    private int status = Status.OK;

    @Override
    int on(Domain domain) throws IOException, InterruptedException {
        boolean isActive = domain.isActive();
        boolean any = disk == null && (followBackup(domain) || followFound(domain));
        if (!any && isActive) {
            for (String each : disk == null ? Disks.of(domain) : List.of(disk)) {
                any |= follow(domain.disk(each));
            }
        }
        if (!any && cancel) {
            throw new Failure(Status.STATE, domain.name() + " has no job");
        } else if (!any) {
            output().item(Item.of(domain).with("job", null), domain.name() + ": no job");
        }
        return status;
    }

    private boolean followBackup(Domain domain) throws IOException, InterruptedException {
        Job<DomainJobResult> job = domain.job().backup().orElse(null);
        if (job == null) {
            return false;
        }
        try (job) {
            follow(new Follow(this, domain, null, Word.of(DomainJobOperation.BACKUP), new Followed.OfJob(job)));
        }
        return true;
    }

    private boolean followFound(Domain domain) throws IOException, InterruptedException {
        FoundJob found = FoundJob.of(domain);
        if (found != null) {
            follow(new Follow(this, domain, null, found.kind(), found));
        }
        return found != null;
    }

    private boolean follow(DomainDisk of) throws IOException, InterruptedException {
        DomainDisk.JobInfo info = of.jobInfo().orElse(null);
        Job<DiskJobResult> job = of.job().orElse(null);
        if (info == null || job == null) {
            return false;
        }
        try (job) {
            follow(new Follow(
                    this, of.domain(), of.disk(), new Word(info.type(), info.rawType()), new Followed.OfJob(job)));
        }
        return true;
    }

    private void follow(Follow job) throws IOException, InterruptedException {
        if (cancel) {
            job.cancel();
        }
        try {
            job.toTheEnd();
        } catch (Failure e) {
            // The jobs of other disks are followed all the same.
            err().println(e.getMessage());
            status = status == Status.OK ? e.status() : status;
        }
    }
}
