package io.github.libvirt4j.examples;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.job.DomainJobResult;
import io.github.libvirt4j.job.Job;
import io.github.libvirt4j.job.JobOutcome;
import io.github.libvirt4j.types.DomainMigrateFlags;
import io.github.libvirt4j.types.MigrateParamKeys;
import io.github.libvirt4j.types.TypedParameters;
import java.time.Duration;
import java.util.concurrent.ExecutionException;

/// Migrates a running domain with its definition to another host:
/// `MigrateDomain URI DOMAIN DESTINATION [ADDRESS]`.
///
/// `DESTINATION` is the URI of the other host's daemon, such as `qemu+tls://other.example/system`, and it is
/// the daemon of this host that connects to it. The hypervisor sends the memory to `ADDRESS`, such as
/// `tcp://10.0.0.2`, by default to the name that the other host calls itself. The images of the disks must be
/// on storage that both hosts share.
///
/// The two daemons migrate the domain between them: the migration continues if this program ends, and
/// `domain.job().abort()` of any program ends it.
public final class MigrateDomain {
    private MigrateDomain() {}

    public static void main(String[] arguments) throws ExecutionException, InterruptedException {
        String destination = arguments[2];
        TypedParameters.Builder parameters = TypedParameters.builder();
        if (arguments.length > 3) {
            parameters.set(MigrateParamKeys.URI, arguments[3]);
        }
        try (Connect connect = Connect.open(arguments[0]);
                Domain domain = connect.domains().lookupByName(arguments[1]);
                Job<DomainJobResult> job = domain.job()
                        .migrateToUri(
                                destination,
                                parameters.build(),
                                DomainMigrateFlags.LIVE,
                                // A guest that changes its memory faster than it can be copied is slowed down.
                                DomainMigrateFlags.AUTO_CONVERGE,
                                DomainMigrateFlags.PERSIST_DEST,
                                DomainMigrateFlags.UNDEFINE_SOURCE)) {
            job.onProgress(
                    Duration.ofSeconds(1),
                    progress -> System.out.println(Math.round(progress.fraction() * 100) + " %"));
            try {
                job.completion().get();
                System.out.println(arguments[1] + " is at " + destination);
            } catch (ExecutionException e) {
                System.out.println(e.getCause());
                // After a refusal or a failure the domain stays where it is; a lost connection tells nothing.
                if (job.outcome().state() == JobOutcome.State.UNKNOWN) {
                    System.out.println("Look at both hosts");
                } else {
                    System.out.println("Still here: " + domain.state());
                }
                throw e;
            }
        }
    }
}
