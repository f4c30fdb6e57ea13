package io.github.libvirt4j;

import io.github.libvirt4j.types.StorageVolDownloadFlags;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;

/// From a volume into a file. What is not complete never has the file's name: it is written beside it, and
/// renamed at the end.
final class VolumeDownload {
    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final StorageVol volume;
    private final Transfer how;
    private final long total;

    VolumeDownload(StorageVol volume, Transfer how) throws EOFException {
        this.volume = volume;
        this.how = how;
        long size = volume.physicalSize();
        if (size >= 0 && how.offset() > size) {
            throw new EOFException(volume + " has " + size + " bytes, and none from " + how.offset() + " on");
        }
        long rest = size < 0 ? size : size - how.offset();
        this.total = how.length() > 0 ? how.length() : rest;
    }

    void into(Path file) throws IOException {
        boolean isThere = Files.exists(file);
        if (isThere && !Files.isRegularFile(file)) {
            // A device or pipe is written to as it is.
            receive(file);
            return;
        }
        // What a link leads to is replaced, not the link.
        Path target = isThere ? file.toRealPath() : file.toAbsolutePath();
        Path parent = target.getParent();
        if (parent == null || !Files.isDirectory(parent)) {
            throw new NoSuchFileException(file.toString(), null, "there is no folder " + parent);
        }
        Path part = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".part");
        if (isThere) {
            // Who could not read what was there is not to read what takes its place, however far that is.
            Files.createFile(part, OWNER_ONLY);
        } else {
            Files.createFile(part);
        }
        try {
            receive(part);
            if (isThere) {
                takeOver(Files.readAttributes(target, PosixFileAttributes.class), part);
            }
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static void takeOver(PosixFileAttributes before, Path file) throws IOException {
        try {
            Files.setAttribute(file, "posix:group", before.group());
            Files.setOwner(file, before.owner());
        } catch (FileSystemException e) {
            // Only root may give a file away.
        }
        // After that: a change of owner takes some of them.
        Files.setPosixFilePermissions(file, before.permissions());
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
