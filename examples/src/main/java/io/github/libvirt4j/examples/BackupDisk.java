package io.github.libvirt4j.examples;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.DomainCheckpoint;
import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.job.DomainJobResult;
import io.github.libvirt4j.job.Job;
import java.time.Duration;
import java.util.concurrent.ExecutionException;

/// Backs up a disk of a running domain: `BackupDisk URI DOMAIN DISK FILE CHECKPOINT [SINCE]`, where `DISK` is
/// such as `vda` and has an image of the format qcow2. The hypervisor writes `FILE` on its own host.
///
/// Each backup leaves a checkpoint of the name `CHECKPOINT`. Without `SINCE` the backup is a full one. With
/// `SINCE`, the checkpoint of an earlier backup, it is an increment: the blocks that were written since then.
/// To restore the disk, the blocks of each increment replace those of the backup before it.
public final class BackupDisk {
    private BackupDisk() {}

    public static void main(String[] arguments) throws ExecutionException, InterruptedException {
        String disk = arguments[2];
        String file = arguments[3];
        String name = arguments[4];
        String since = arguments.length > 5 ? "<incremental>" + arguments[5] + "</incremental>" : "";
        String backup = """
                <domainbackup>
                  %s
                  <disks>
                    <disk name='%s' type='file'><target file='%s'/><driver type='qcow2'/></disk>
                  </disks>
                </domainbackup>
                """.formatted(since, disk, file);
        String checkpoint = """
                <domaincheckpoint>
                  <name>%s</name>
                  <disks><disk name='%s' checkpoint='bitmap'/></disks>
                </domaincheckpoint>
                """.formatted(name, disk);
        try (Connect connect = Connect.open(arguments[0]);
                Domain domain = connect.domains().lookupByName(arguments[1]);
                // The checkpoint is of the instant at which the backup begins.
                Job<DomainJobResult> job = domain.job().backupBegin(backup, checkpoint)) {
            job.onProgress(
                    Duration.ofSeconds(1),
                    progress -> System.out.println(Math.round(progress.fraction() * 100) + " %"));
            try {
                job.completion().get();
                System.out.println(file + " is complete");
            } catch (ExecutionException e) {
                System.out.println("Not complete: " + job.outcome());
                discard(domain, name);
                throw e;
            }
        }
    }

    /// Deletes the checkpoint of a backup that is not complete: an increment since then would lack the blocks
    /// that this backup lacks.
    private static void discard(Domain domain, String name) {
        try (DomainCheckpoint checkpoint = domain.checkpoints().lookupByName(name)) {
            checkpoint.delete();
        } catch (LibvirtException e) {
            // The domain has stopped, for example.
            System.out.println("Delete the checkpoint " + name + ": " + e.getMessage());
        }
    }
}
