package io.github.libvirt4j.cli;

import io.github.libvirt4j.Domain;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.Registration;
import io.github.libvirt4j.job.DomainJobResult;
import io.github.libvirt4j.job.Job;
import io.github.libvirt4j.types.DomainJobOperation;
import io.github.libvirt4j.types.DomainMigrateFlags;
import io.github.libvirt4j.types.MigrateParamKeys;
import io.github.libvirt4j.types.TypedParameters;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Migrates a domain to another host.
@Command(
        name = "migrate",
        description = {
            "Migrates a running domain peer-to-peer to another host, and waits until it runs there.",
            "The exit status is that of the outcome. On a terminal Ctrl-C asks whether to cancel the migration."
        },
        footer = "migrate web qemu+tls://other.example/system --live --bandwidth 100")
final class Migrate extends OnDomain {
    @Parameters(index = "1", paramLabel = "URI", description = "the other host, as the host of the domain names it")
    private String uri = "";

    @Option(
            names = "--migrate-uri",
            paramLabel = "URI",
            description = "where the memory is sent to: tcp://10.0.0.2; default: the name that the other host has")
    private @Nullable String memoryUri;

    @Option(names = "--live", description = "the domain runs meanwhile; without it, it is suspended")
    private boolean live;

    @Option(
            names = "--postcopy",
            description = "after one pass over the memory, run the domain there and fetch the rest when it is needed")
    private boolean postCopy;

    @Option(names = "--bandwidth", paramLabel = "N", description = "the limit in MiB/s")
    private @Nullable Long bandwidth;

    @Option(names = "--persistent", description = "the definition moves as well; without it, it stays here")
    private boolean persistent;

    @Override
    int on(Domain domain) throws IOException, InterruptedException {
        if (bandwidth != null && bandwidth < 1) {
            throw wrong("--bandwidth must be at least 1, not " + bandwidth);
        }
        Flags<DomainMigrateFlags> flags = new Flags<DomainMigrateFlags>()
                .with(DomainMigrateFlags.LIVE, live)
                .with(DomainMigrateFlags.POSTCOPY, postCopy)
                .with(DomainMigrateFlags.PERSIST_DEST, persistent)
                .with(DomainMigrateFlags.UNDEFINE_SOURCE, persistent);
        TypedParameters.Builder parameters = TypedParameters.builder();
        if (bandwidth != null) {
            parameters.set(MigrateParamKeys.BANDWIDTH, bandwidth);
        }
        if (memoryUri != null) {
            parameters.set(MigrateParamKeys.URI, memoryUri);
        }
        AtomicBoolean switched = new AtomicBoolean();
        try (Registration _ = postCopy ? switching(domain, switched) : null;
                Job<DomainJobResult> job =
                        domain.job().migrateToUri(uri, parameters.build(), flags.array(DomainMigrateFlags[]::new))) {
            new Follow(this, domain, null, Word.of(DomainJobOperation.MIGRATION_OUT), new Followed.OfJob(job))
                    .ifLeft(() -> postCopy && !switched.get() ? ", and nothing switches it to post-copy" : "")
                    .toTheEnd();
        }
        return Status.OK;
    }

    /// Switches to post-copy when the second pass begins, or a later one if that failed.
    private static Registration switching(Domain domain, AtomicBoolean switched) {
        return domain.on(DomainEvent.MIGRATION_ITERATION, event -> {
            if (event.iteration() >= 2 && !switched.get()) {
                domain.migration().startPostCopy();
                switched.set(true);
            }
        });
    }
}
