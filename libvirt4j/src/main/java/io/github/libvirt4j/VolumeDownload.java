package io.github.libvirt4j;

import io.github.libvirt4j.stream.FileSink;
import io.github.libvirt4j.stream.SparseSink;
import io.github.libvirt4j.stream.Transfer;
import io.github.libvirt4j.types.StorageVolDownloadFlags;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/// A copy from a volume to a file.
final class VolumeDownload {
    private final StorageVol volume;
    private final Transfer how;

    /// The size that the driver reports. A hint: drivers report 0 for some volumes that have content.
    private final long size;

    /// The number of bytes to copy; −1 if not known.
    private final long total;

    VolumeDownload(StorageVol volume, Transfer how) throws EOFException {
        this.volume = volume;
        this.how = how;
        size = volume.physicalSize();
        if (size > 0 && how.offset() > size) {
            throw beyond();
        }
        total = how.length() > 0 ? how.length() : size > 0 ? size - how.offset() : -1;
    }

    private EOFException beyond() {
        return new EOFException(volume + " has " + size + " bytes, and none from " + how.offset() + " on");
    }

    void into(Path file) throws IOException {
        try (FileSink to = FileSink.to(file);
                Stream stream = volume.connect().newStream()) {
            Counted sink = new Counted(to);
            if (how.isSparse()) {
                volume.download(stream, how.offset(), how.length(), StorageVolDownloadFlags.SPARSE_STREAM);
                stream.sparseReceiveAll(sink);
            } else {
                volume.download(stream, how.offset(), how.length());
                stream.receiveAll(sink);
            }
            stream.finish();
            if (to.size() < total) {
                throw new EOFException(volume + " ended after " + to.size() + " of " + total + " bytes");
            }
            if (size == 0 && to.size() == 0 && how.offset() > 0) {
                throw beyond();
            }
            to.complete();
        }
    }

    private final class Counted implements SparseSink<IOException> {
        private final FileSink to;

        Counted(FileSink to) {
            this.to = to;
        }

        @Override
        public void write(ByteBuffer from) throws IOException {
            to.write(from);
            how.progress().on(to.size(), total);
        }

        @Override
        public void hole(long length) throws IOException {
            to.hole(length);
            how.progress().on(to.size(), total);
        }
    }
}
