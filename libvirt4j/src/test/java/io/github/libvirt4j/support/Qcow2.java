package io.github.libvirt4j.support;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/// An image of the format qcow2: the clusters that it has itself, neither compressed nor encrypted, from
/// QEMU's specification (docs/interop/qcow2.rst).
public final class Qcow2 {
    private static final int MAGIC = 0x514649FB;
    private static final long OFFSET = 0x00FF_FFFF_FFFF_FE00L;
    private static final long COMPRESSED = 1L << 62;
    private static final long ZERO = 1;

    private Qcow2() {}

    /// Puts what an image has over the content of a disk.
    ///
    /// @return the number of bytes that it has
    public static int apply(Path image, byte[] disk) throws IOException {
        ByteBuffer all = ByteBuffer.wrap(Files.readAllBytes(image));
        if (all.getInt(0) != MAGIC || all.getInt(32) != 0) {
            throw new IOException(image + " is no plain qcow2");
        }
        int cluster = 1 << all.getInt(20);
        int perTable = cluster / Long.BYTES;
        int tables = all.getInt(36);
        int first = Math.toIntExact(all.getLong(40));
        int found = 0;
        for (int i = 0; i < tables; i++) {
            int table = Math.toIntExact(all.getLong(first + i * Long.BYTES) & OFFSET);
            for (int j = 0; table != 0 && j < perTable; j++) {
                long entry = all.getLong(table + j * Long.BYTES);
                long to = ((long) i * perTable + j) * cluster;
                if (to >= disk.length || entry == 0) {
                    continue;
                } else if ((entry & COMPRESSED) != 0) {
                    throw new IOException(image + " is compressed");
                }
                int length = Math.toIntExact(Math.min(cluster, disk.length - to));
                int from = Math.toIntExact(entry & OFFSET);
                byte[] content = new byte[length];
                if ((entry & ZERO) == 0) {
                    all.get(from, content, 0, Math.min(length, all.capacity() - from));
                }
                System.arraycopy(content, 0, disk, Math.toIntExact(to), length);
                found += length;
            }
        }
        return found;
    }
}
