package io.github.libvirt4j;

import io.github.libvirt4j.testing.SessionDaemon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/// A storage pool of a session daemon: a folder with real files, behind the remote protocol.
/// Nothing of it is left when it is closed.
final class VolumeStorage implements AutoCloseable {
    private final Connect connect;
    private final StoragePool pool;
    private final Path folder;

    /// Of the shared daemon.
    VolumeStorage() {
        this(SessionDaemon.shared(), Connect.open(uri(SessionDaemon.shared())));
    }

    /// @param connect closed with it
    VolumeStorage(SessionDaemon daemon, Connect connect) {
        this.connect = connect;
        folder = daemon.folder().resolve("data").resolve("pool-" + UUID.randomUUID());
        pool = connect.storagePools().define("""
                <pool type='dir'>
                  <name>%s</name>
                  <target><path>%s</path></target>
                </pool>
                """.formatted(folder.getFileName(), folder));
        pool.build();
        pool.create();
    }

    static String uri(SessionDaemon daemon) {
        return daemon.unixUri("storage:///session");
    }

    Connect connect() {
        return connect;
    }

    StoragePool pool() {
        return pool;
    }

    /// A volume that is one big hole, of that many bytes.
    StorageVol volume(long capacity) {
        return pool.volumes().create("""
                <volume>
                  <name>%s</name>
                  <capacity unit='bytes'>%d</capacity>
                  <allocation>0</allocation>
                  <target><format type='raw'/></target>
                </volume>
                """.formatted(UUID.randomUUID(), capacity));
    }

    /// The file that a volume is.
    static Path file(StorageVol volume) {
        return Path.of(volume.path());
    }

    @Override
    public void close() throws IOException {
        try {
            for (StorageVol volume : pool.volumes().listAll()) {
                volume.delete();
            }
            pool.destroy();
            pool.undefine();
        } finally {
            connect.close();
            Files.deleteIfExists(folder);
        }
    }
}
