package io.github.libvirt4j.cli;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.StoragePool;
import io.github.libvirt4j.StorageVol;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Makes a volume.
@Command(
        name = "vol-create",
        description = "Makes an empty volume in a storage pool.",
        footer = "vol-create default web.img 20G --format qcow2")
final class VolumeCreate extends Subcommand {
    @Parameters(index = "0", paramLabel = "POOL", description = "the storage pool, by name or UUID")
    private String poolName = "";

    @Parameters(index = "1", paramLabel = "NAME", description = "the new volume's name")
    private String name = "";

    @Parameters(index = "2", paramLabel = "SIZE", description = "the capacity: 512M, 20G, or a number of bytes")
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private Size size;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "raw",
            description = "raw, qcow2, or another one that the pool has; default: ${DEFAULT-VALUE}")
    private String format = "raw";

    @Option(names = "--preallocate", description = "reserve the whole capacity now")
    private boolean preallocate;

    @Override
    int run(Connect connect) {
        String xml = """
                <volume>
                  <name>%s</name>
                  <capacity>%d</capacity>
                  <allocation>%d</allocation>
                  <target><format type='%s'/></target>
                </volume>
                """.formatted(
                        XmlText.escaped(name), size.bytes(), preallocate ? size.bytes() : 0, XmlText.escaped(format));
        try (StoragePool pool = Lookup.pool(connect, poolName);
                StorageVol volume = pool.volumes().create(xml)) {
            output().item(
                            Listing.volume(pool.name(), volume).with("done", "created"),
                            volume.name() + ": created, " + size);
        }
        return Status.OK;
    }
}
