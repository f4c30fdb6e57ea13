package io.github.libvirt4j.it.soak;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.StoragePool;
import io.github.libvirt4j.StorageVol;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.UUID;

/// A pool of a daemon's, which is a folder, with one volume. The daemon may be killed meanwhile, and forgets
/// the pool then.
final class Storage implements AutoCloseable {
    private final Connect connect;
    private final Path folder;
    private final StoragePool pool;
    private final StorageVol volume;

    Storage(Place place, long capacity) throws IOException {
        Path data = Objects.requireNonNull(place.daemon()).folder().resolve("data");
        folder = data.resolve("pool-" + UUID.randomUUID());
        Files.createDirectory(folder);
        // As root: the daemon's user is nobody.
        Files.setAttribute(folder, "unix:uid", Files.getAttribute(data, "unix:uid"));
        try {
            connect = place.open("storage:///session");
            try {
                pool = connect.storagePools().create("""
                        <pool type='dir'>
                          <name>%s</name>
                          <target><path>%s</path></target>
                        </pool>
                        """.formatted(folder.getFileName(), folder));
                volume = pool.volumes().create("""
                        <volume>
                          <name>volume</name>
                          <capacity unit='bytes'>%d</capacity>
                          <allocation>0</allocation>
                          <target><format type='raw'/></target>
                        </volume>
                        """.formatted(capacity));
            } catch (RuntimeException e) {
                connect.close();
                throw e;
            }
        } catch (RuntimeException e) {
            delete();
            throw e;
        }
    }

    Connect connect() {
        return connect;
    }

    StorageVol volume() {
        return volume;
    }

    @Override
    public void close() throws IOException {
        try {
            volume.delete();
            pool.destroy();
        } finally {
            connect.close();
            delete();
        }
    }

    private void delete() throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        }
        Files.delete(folder);
    }
}
