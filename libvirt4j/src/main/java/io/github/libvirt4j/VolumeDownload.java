package io.github.libvirt4j;

import io.github.libvirt4j.types.StorageVolDownloadFlags;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/// From a volume into a file. What is not complete never has the file's name: it is written beside it, and
/// renamed at the end.
final class VolumeDownload {
    private final StorageVol volume;
    private final Transfer how;
    private final long total;

    VolumeDownload(StorageVol volume, Transfer how) {
        this.volume = volume;
        this.how = how;
        this.total = how.length() > 0 ? how.length() : volume.physicalSizeFrom(how.offset());
    }

    void into(Path file) throws IOException {
        // What a link leads to is replaced, not the link; a device or pipe is written to as it is.
        Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
        if (Files.exists(target) && !Files.isRegularFile(target)) {
            receive(target);
            return;
        }
        Path parent = target.getParent();
        if (parent == null || !Files.isDirectory(parent)) {
            throw new NoSuchFileException(file.toString(), null, "there is no folder " + parent);
        }
        Path part = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".part");
        Files.createFile(part);
        try {
            receive(part);
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private void receive(Path file) throws IOException {
        try (Stream stream = volume.connect().newStream();
                FileSink sink = new FileSink(file)) {
            if (how.isSparse()) {
                volume.download(stream, how.offset(), how.length(), StorageVolDownloadFlags.SPARSE_STREAM);
                stream.sparseReceiveAll(sink);
            } else {
                volume.download(stream, how.offset(), how.length());
                stream.receiveAll(sink);
            }
            stream.finish();
            sink.finish();
            if (sink.done < total) {
                throw new EOFException(volume + " ended after " + sink.done + " of " + total + " bytes");
            }
        }
    }

    private final class FileSink implements SparseSink<IOException>, Closeable {
        private static final int ZEROES = 64 * 1024;

        private final RandomAccessFile file;
        private final FileChannel channel;

        /// Whether it can have holes.
        private final boolean isRegular;

        private long done;

        FileSink(Path path) throws IOException {
            file = new RandomAccessFile(path.toFile(), "rw");
            channel = file.getChannel();
            isRegular = Files.isRegularFile(path);
        }

        @Override
        public void write(ByteBuffer from) throws IOException {
            advance(channel.write(from));
        }

        @Override
        public void hole(long length) throws IOException {
            if (isRegular) {
                channel.position(channel.position() + length);
                advance(length);
                return;
            }
            ByteBuffer zeroes = ByteBuffer.allocateDirect(ZEROES);
            for (long left = length; left > 0; ) {
                zeroes.clear().limit((int) Math.min(left, ZEROES));
                int written = channel.write(zeroes);
                left -= written;
                advance(written);
            }
        }

        private void advance(long count) {
            done += count;
            how.tell(done, total);
        }

        /// There may be a hole at the end.
        void finish() throws IOException {
            if (isRegular) {
                file.setLength(done);
            }
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
