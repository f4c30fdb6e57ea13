package io.github.libvirt4j.cli;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.StoragePool;
import java.util.Comparator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// Lists the volumes of a storage pool.
@Command(name = "vol-list", description = "Lists the volumes of a storage pool.", footer = "vol-list default")
final class VolumeList extends Subcommand {
    @Parameters(index = "0", paramLabel = "POOL", description = "the storage pool, by name or UUID")
    private String poolName = "";

    @Override
    int run(Connect connect) {
        try (StoragePool pool = Lookup.pool(connect, poolName)) {
            Listing listing = Listing.volumes(pool);
            output().table(
                            listing.keys(),
                            listing.items().stream()
                                    .sorted(Comparator.comparing(
                                            item -> Values.text(item.values().get("name"))))
                                    .toList());
        }
        return Status.OK;
    }
}
