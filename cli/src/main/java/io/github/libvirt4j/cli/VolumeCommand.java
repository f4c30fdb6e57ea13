package io.github.libvirt4j.cli;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.StoragePool;
import io.github.libvirt4j.StorageVol;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// A subcommand for one volume.
abstract class VolumeCommand extends Subcommand {
    @Parameters(index = "0", paramLabel = "POOL", description = "the storage pool, by name or UUID")
    private String poolName = "";

    @Parameters(index = "1", paramLabel = "VOLUME", description = "the volume's name")
    private String volumeName = "";

    /// Does the work.
    abstract void on(StoragePool pool, StorageVol volume) throws Exception;

    @Override
    final int run(Connect connect) throws Exception {
        try (StoragePool pool = Lookup.pool(connect, poolName);
                StorageVol volume = Lookup.volume(pool, volumeName)) {
            on(pool, volume);
        }
        return Status.OK;
    }

    /// Describes a volume.
    @Command(name = "vol-info", description = "Describes a volume.", footer = "vol-info default web.img")
    static final class Info extends VolumeCommand {
        @Override
        void on(StoragePool pool, StorageVol volume) {
            output().page(Listing.volume(pool.name(), volume));
        }
    }

    /// Deletes a volume.
    @Command(name = "vol-delete", description = "Deletes a volume and its data.", footer = "vol-delete default web.img")
    static final class Delete extends VolumeCommand {
        @Override
        void on(StoragePool pool, StorageVol volume) {
            String name = volume.name();
            volume.delete();
            output().item(
                            new Item()
                                    .with("pool", pool.name())
                                    .with("name", name)
                                    .with("done", "deleted"),
                            name + ": deleted");
        }
    }

    /// Changes the size of a volume.
    @Command(
            name = "vol-resize",
            description = "Changes the capacity of a volume that is not in use.",
            footer = "vol-resize default web.img 20G")
    static final class Resize extends VolumeCommand {
        @Parameters(index = "2", paramLabel = "SIZE", description = "the capacity: 512M, 20G, or a number of bytes")
        @SuppressWarnings("NullAway.Init") // picocli sets it.
        private Size size;

        @Override
        void on(StoragePool pool, StorageVol volume) {
            volume.resize(size.bytes());
            output().item(
                            Listing.volume(pool.name(), volume).with("done", "resized"),
                            volume.name() + ": resized to " + size);
        }
    }
}
