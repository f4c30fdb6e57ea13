package io.github.libvirt4j;

import io.github.libvirt4j.internal.stream.FileHoles;
import io.github.libvirt4j.stream.SparseSource;
import io.github.libvirt4j.stream.Transfer;
import io.github.libvirt4j.types.StorageVolUploadFlags;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A copy from a file to a volume.
final class VolumeUpload {
    private final StorageVol volume;
    private final Path file;
    private final Transfer how;

    /// The size that the file reports. A hint: `/proc`, `/sys` and some FUSE file systems report 0 or a page,
    /// whatever their content.
    private final long size;

    VolumeUpload(StorageVol volume, Path file, Transfer how) throws IOException {
        this.volume = volume;
        this.file = file;
        this.how = how;
        boolean isRegular = Files.isRegularFile(file);
        if (how.isSparse() && !isRegular) {
            throw new IllegalArgumentException(file + " is not a regular file and has no holes");
        }
        size = isRegular ? Files.size(file) : 0;
    }

    void run() throws IOException {
        try (FileChannel channel = FileChannel.open(file);
                // A file that reports no size reports no holes.
                FileHoles holes = how.isSparse() && size > 0 ? FileHoles.of(file) : null;
                Stream stream = volume.connect().newStream()) {
            refuseIfTooShort(channel);
            FileSource source = new FileSource(channel, holes);
            if (holes != null) {
                volume.upload(stream, how.offset(), how.length(), StorageVolUploadFlags.SPARSE_STREAM);
                stream.sparseSendAll(source);
            } else {
                volume.upload(stream, how.offset(), how.length());
                stream.sendAll(source);
            }
            stream.finish();
            if (source.done < how.length()) {
                throw new EOFException(file + " ended after " + source.done + " of " + how.length() + " bytes");
            }
            if (source.done < size && channel.size() < size) {
                throw new EOFException(file + " was cut off while it was read: " + source.done + " of " + size
                        + " bytes have arrived");
            }
        }
    }

    /// Throws if the file is shorter than the range, before any part of the volume is overwritten.
    private void refuseIfTooShort(FileChannel channel) throws IOException {
        if (how.length() > 0
                && Files.isRegularFile(file)
                && channel.read(ByteBuffer.allocate(1), how.length() - 1) < 0) {
            throw new EOFException(file + " has fewer than " + how.length() + " bytes");
        }
    }

    private final class FileSource implements SparseSource<IOException> {
        private final FileChannel channel;
        private final @Nullable FileHoles holes;
        private final long most = how.length() > 0 ? how.length() : Long.MAX_VALUE;

        /// The number of bytes to copy; −1 if not known.
        private final long total = how.length() > 0 ? how.length() : size > 0 ? size : -1;

        private long done;

        FileSource(FileChannel channel, @Nullable FileHoles holes) {
            this.channel = channel;
            this.holes = holes;
        }

        @Override
        public int read(ByteBuffer into) throws IOException {
            into.limit((int) Math.min(into.limit(), into.position() + (most - done)));
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
            long end = Math.min(channel.size(), most);
            if (done >= end) {
                return Section.END;
            }
            long data = Math.min(Objects.requireNonNull(holes).nextData(done), end);
            return data > done ? Section.hole(data - done) : Section.data(Math.min(holes.nextHole(done), end) - done);
        }

        @Override
        public void skip(long length) throws IOException {
            channel.position(channel.position() + length);
            advance(length);
        }

        private void advance(long count) {
            done += count;
            how.progress().on(done, total);
        }
    }
}
