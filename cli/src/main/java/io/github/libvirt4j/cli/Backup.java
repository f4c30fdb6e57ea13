package io.github.libvirt4j.cli;

import io.github.libvirt4j.Domain;
import io.github.libvirt4j.job.DomainJobResult;
import io.github.libvirt4j.job.Job;
import io.github.libvirt4j.types.DomainJobOperation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Backs the disks of a domain up.
@Command(
        name = "backup",
        description = {
            "Writes a backup of the disks of a running domain to files on its host, and waits until it is complete.",
            "The exit status is that of the outcome. On a terminal Ctrl-C asks whether to cancel the backup."
        },
        footer = {"backup web /backup/ --checkpoint monday", "backup web /backup/tuesday/ --incremental monday"})
final class Backup extends OnDomain {
    @Parameters(
            index = "1",
            paramLabel = "FILE",
            description = "a file for the only disk, or a folder (there, or with / at the end), where the files are"
                    + " called DOMAIN-DISK.FORMAT")
    private String to = "";

    @Option(names = "--disk", paramLabel = "TARGET", split = ",", description = "these disks only: vda,vdb")
    private List<String> chosen = List.of();

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "qcow2",
            description = "of the files: qcow2 or raw; default: ${DEFAULT-VALUE}")
    private String format = "qcow2";

    @Option(names = "--checkpoint", paramLabel = "NAME", description = "make a checkpoint, the base of a later backup")
    private @Nullable String checkpoint;

    @Option(names = "--incremental", paramLabel = "NAME", description = "only what was written since this checkpoint")
    private @Nullable String since;

    @Override
    int on(Domain domain) throws IOException, InterruptedException {
        List<String> disks = chosen.isEmpty() ? Disks.of(domain) : chosen;
        Path path = Arguments.path(to).toAbsolutePath();
        boolean folder = to.endsWith("/") || Files.isDirectory(path);
        if (disks.isEmpty()) {
            throw new Failure(Status.STATE, domain.name() + " has no disk that it can write to");
        } else if (!folder && disks.size() > 1) {
            throw wrong("FILE must be a folder: " + domain.name() + " has the disks " + String.join(", ", disks)
                    + "; --disk chooses one");
        }
        StringBuilder backup = new StringBuilder("<domainbackup>");
        if (since != null) {
            backup.append("<incremental>").append(XmlText.escaped(since)).append("</incremental>");
        }
        StringBuilder bitmaps = new StringBuilder();
        backup.append("<disks>");
        for (String disk : disks) {
            Path file = folder ? path.resolve(domain.name().replace('/', '_') + "-" + disk + "." + format) : path;
            backup.append("<disk name='%s' type='file'><target file='%s'/><driver type='%s'/></disk>"
                    .formatted(XmlText.escaped(disk), XmlText.escaped(file.toString()), XmlText.escaped(format)));
            bitmaps.append("<disk name='%s' checkpoint='bitmap'/>".formatted(XmlText.escaped(disk)));
        }
        backup.append("</disks></domainbackup>");
        String atOnce = checkpoint == null
                ? null
                : "<domaincheckpoint><name>" + XmlText.escaped(checkpoint) + "</name><disks>" + bitmaps
                        + "</disks></domaincheckpoint>";
        try (Job<DomainJobResult> job = domain.job().backupBegin(backup.toString(), atOnce)) {
            new Follow(this, domain, null, Word.of(DomainJobOperation.BACKUP), new Followed.OfJob(job)).toTheEnd();
        }
        return Status.OK;
    }
}
