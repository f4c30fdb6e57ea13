package io.github.libvirt4j.examples;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.StoragePool;
import io.github.libvirt4j.StorageVol;
import io.github.libvirt4j.stream.Transfer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Makes a volume of a file, and says how far it is: `UploadVolume URI POOL VOLUME FILE`.
public final class UploadVolume {
    private UploadVolume() {}

    public static void main(String[] arguments) throws IOException {
        Path file = Path.of(arguments[3]);
        try (Connect connect = Connect.open(arguments[0]);
                StoragePool pool = connect.storagePools().lookupByName(arguments[1]);
                StorageVol volume = pool.volumes().create("""
                        <volume>
                          <name>%s</name>
                          <capacity unit='bytes'>%d</capacity>
                          <target><format type='raw'/></target>
                        </volume>
                        """.formatted(arguments[2], Files.size(file)))) {
            boolean isComplete = false;
            try {
                volume.upload(file, Transfer.whole().onProgress(UploadVolume::print));
                isComplete = true;
            } finally {
                if (!isComplete) {
                    volume.delete();
                }
            }
            System.out.println(volume.path());
        }
    }

    /// Runs after each piece.
    private static void print(long done, long total) {
        System.out.println(done * 100 / total + " %");
    }
}
