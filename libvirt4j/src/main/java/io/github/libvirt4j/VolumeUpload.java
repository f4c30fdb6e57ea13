package io.github.libvirt4j;

import io.github.libvirt4j.internal.FileHoles;
import io.github.libvirt4j.types.StorageVolUploadFlags;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// From a file into a volume.
final class VolumeUpload {
    private final StorageVol volume;
    private final Path file;
    private final Transfer how;

    /// −1 if it is not known: what comes out of a pipe, until it ends.
    private final long total;

    VolumeUpload(StorageVol volume, Path file, Transfer how) throws IOException {
        this.volume = volume;
        this.file = file;
        this.how = how;
        boolean isRegular = Files.isRegularFile(file);
        if (how.isSparse() && !isRegular) {
            throw new IllegalArgumentException(file + " is not a regular file and has no holes");
        }
        long size = isRegular ? Files.size(file) : -1;
        total = how.length() > 0 ? how.length() : size;
        if (isRegular && total > size) {
            throw new EOFException(file + " has " + size + " bytes, not " + total);
        }
    }

    void run() throws IOException {
        try (Stream stream = volume.connect().newStream();
                FileChannel channel = FileChannel.open(file);
                FileHoles holes = how.isSparse() ? FileHoles.of(file) : null) {
            FileSource source = new FileSource(channel, holes);
            // libvirt takes 0 for "as much as comes".
            long length = Math.max(0, total);
            if (total == 0) {
                // Nothing to send, and nothing to ask for.
                how.tell(0, 0);
                return;
            }
            if (how.isSparse()) {
                volume.upload(stream, how.offset(), length, StorageVolUploadFlags.SPARSE_STREAM);
                stream.sparseSendAll(source);
            } else {
                volume.upload(stream, how.offset(), length);
                stream.sendAll(source);
            }
            stream.finish();
            if (source.done < total) {
                throw new EOFException(file + " ended after " + source.done + " of " + total + " bytes");
            }
        }
    }

    private final class FileSource implements SparseSource<IOException> {
        private final FileChannel channel;
        private final @Nullable FileHoles holes;
        private long done;

        FileSource(FileChannel channel, @Nullable FileHoles holes) {
            this.channel = channel;
            this.holes = holes;
        }

        @Override
        public int read(ByteBuffer into) throws IOException {
            if (total >= 0) {
                into.limit((int) Math.min(into.limit(), into.position() + (total - done)));
            }
            if (!into.hasRemaining()) {
                return -1;
            }
            int count = channel.read(into);
            if (count > 0) {
                advance(count);
            }
            return count;
        }

        @Override
        public Section section() throws IOException {
            if (done >= total || holes == null) {
                return Section.END;
            }
            long data = Math.min(holes.nextData(done), total);
            return data > done ? Section.hole(data - done) : Section.data(Math.min(holes.nextHole(done), total) - done);
        }

        @Override
        public void skip(long length) throws IOException {
            channel.position(channel.position() + length);
            advance(length);
        }

        private void advance(long count) {
            done += count;
            how.tell(done, total);
        }
    }
}
