package io.github.libvirt4j.stream;

import io.github.libvirt4j.internal.stream.FileHoles;
import io.github.libvirt4j.internal.stream.NewFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A sink that writes the data of a stream to a file, atomically: the file receives all of it or none. Not
/// safe for concurrent use by several threads.
///
/// ```java
/// try (FileSink sink = FileSink.to(path)) {
///     domain.console().screenshot(0, sink);
///     sink.complete();
/// }
/// ```
///
/// The data is written to a new file in the same folder, which only its owner can read. [#complete] renames
/// the new file to the target. [#close] without [#complete] removes the new file and leaves the target
/// unchanged.
///
/// The kind of the target determines the details:
///
/// - *An existing file* must be writable. The new file receives its permissions, and its owner and group
///   where this process may set them; it does not receive its access control list and its other names (hard
///   links).
/// - *A file that does not exist* is created with access for its owner only (`rw-------`).
/// - *A symbolic link* is followed and preserved. A link to a file that does not exist is refused.
/// - *A pipe, a device, or a file that is open already* (`/dev/stdout`) is written in place, incrementally,
///   and so is a file in a folder in which this process cannot create files. If the transfer fails, the data
///   written so far stays.
/// - *A file that cannot be replaced*, because it is a mount point, or belongs to another user in a folder
///   such as `/tmp`, is overwritten with a copy of the data by [#complete].
public final class FileSink implements SparseSink<IOException>, Closeable {
    private static final int ZEROES = 64 * 1024;

    /// The target; with links resolved if an existing file will be replaced.
    private final Path file;

    /// The existing file; null if there is none.
    private final @Nullable FileChannel existing;

    /// Owner, group, permissions and identity of the existing file, if it will be replaced.
    private final Map<String, Object> attributes;

    /// The new file, which receives the name of the target; null if the existing file is written in place.
    private final @Nullable NewFile part;

    private final FileChannel channel;

    /// Whether the file can have holes, and a length.
    private final boolean isRegular;

    private long size;

    private FileSink(
            Path file,
            @Nullable FileChannel existing,
            Map<String, Object> attributes,
            @Nullable NewFile part,
            boolean isRegular) {
        this.file = file;
        this.existing = existing;
        this.attributes = attributes;
        this.part = part;
        this.isRegular = isRegular;
        this.channel = part == null ? Objects.requireNonNull(existing) : part.channel();
    }

    /// Opens a sink for a file.
    ///
    /// @param file the target; the class description lists what happens to links, pipes and existing files
    /// @throws FileSystemException if the file cannot be written, or not created
    /// @throws IllegalArgumentException if the path is not of the default file system
    public static FileSink to(Path file) throws IOException {
        if (!file.getFileSystem().equals(FileSystems.getDefault())) {
            throw new IllegalArgumentException(file + " is not a file of the default file system");
        }
        if (!Files.exists(file)) {
            return toNew(file);
        }
        boolean isRegular = Files.isRegularFile(file);
        return isRegular && !isOpenFile(file) ? toExisting(file.toRealPath()) : inPlace(file, isRegular);
    }

    private static FileSink toNew(Path file) throws IOException {
        if (Files.isSymbolicLink(file)) {
            // Otherwise the creator of the link would decide where a file is created.
            throw new NoSuchFileException(
                    file.toString(),
                    Files.readSymbolicLink(file).toString(),
                    "it is a link to a file that does not exist; create that first, or name it");
        }
        Path target = file.toAbsolutePath();
        Path folder = target.getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new NoSuchFileException(file.toString(), null, "there is no folder " + folder);
        }
        return new FileSink(target, null, Map.of(), NewFile.in(folder), true);
    }

    private static FileSink toExisting(Path target) throws IOException {
        FileChannel existing = FileChannel.open(target, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        try {
            Map<String, Object> attributes =
                    Files.readAttributes(target, "unix:uid,gid,mode,fileKey", LinkOption.NOFOLLOW_LINKS);
            return new FileSink(target, existing, attributes, besides(target), true);
        } catch (Throwable t) {
            existing.close();
            throw t;
        }
    }

    /// Null if no file can be created there: the target is then written in place.
    private static @Nullable NewFile besides(Path target) {
        try {
            return NewFile.in(Objects.requireNonNull(target.getParent()));
        } catch (IOException e) {
            return null;
        }
    }

    private static FileSink inPlace(Path file, boolean isRegular) throws IOException {
        return new FileSink(file, FileChannel.open(file, StandardOpenOption.WRITE), Map.of(), null, isRegular);
    }

    /// Whether the path leads through a link of the kernel's to an open file. The link denotes this file,
    /// even if another file has its name now.
    private static boolean isOpenFile(Path file) throws IOException {
        for (Path at = file.toAbsolutePath();
                Files.isSymbolicLink(at);
                at = at.resolveSibling(Files.readSymbolicLink(at))) {
            if (Objects.requireNonNull(at.getParent()).toRealPath().startsWith("/proc")) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void write(ByteBuffer from) throws IOException {
        begin();
        size += channel.write(from);
    }

    @Override
    public void hole(long length) throws IOException {
        begin();
        if (isRegular) {
            channel.position(channel.position() + length);
            size += length;
            return;
        }
        ByteBuffer zeroes = ByteBuffer.allocateDirect(ZEROES);
        for (long left = length; left > 0; ) {
            zeroes.clear().limit((int) Math.min(left, ZEROES));
            int written = channel.write(zeroes);
            left -= written;
            size += written;
        }
    }

    /// Truncates a file that is written in place, with the first data and not before.
    private void begin() throws IOException {
        if (size == 0 && isRegular && part == null) {
            channel.truncate(0);
        }
    }

    /// The number of bytes written so far, data and holes together.
    public long size() {
        return size;
    }

    /// Completes the file: gives the new file the name of the target.
    ///
    /// @throws FileSystemException if the target could not be replaced; the message names the file that holds
    ///     the data
    public void complete() throws IOException {
        if (part == null) {
            begin();
            if (isRegular) {
                extend(channel);
            }
            return;
        }
        part.setLength(size);
        if (!attributes.isEmpty()) {
            part.take(attributes);
        }
        try {
            part.rename(file);
        } catch (FileSystemException e) {
            putInPlace(part, e);
        }
    }

    private void putInPlace(NewFile from, FileSystemException why) throws IOException {
        if (existing == null || !isStill()) {
            throw keep(from, why);
        }
        try {
            copy(from, existing);
        } catch (IOException e) {
            e.addSuppressed(why);
            throw keep(from, e);
        }
    }

    /// Keeps the new file, so that no data is lost.
    private FileSystemException keep(NewFile from, IOException why) {
        from.keep();
        var failure = new FileSystemException(
                file.toString(),
                null,
                "it cannot be written (" + why.getMessage() + "); the data is in " + from.name());
        failure.initCause(why);
        return failure;
    }

    /// Whether the existing file still has its name.
    private boolean isStill() {
        try {
            Object key = Files.getAttribute(file, "unix:fileKey", LinkOption.NOFOLLOW_LINKS);
            return Objects.equals(attributes.get("fileKey"), key);
        } catch (IOException e) {
            return false;
        }
    }

    /// Extends the file to its size: a hole at its end cannot be made by a channel's position.
    private void extend(FileChannel to) throws IOException {
        if (to.size() < size) {
            to.write(ByteBuffer.allocate(1), size - 1);
        }
    }

    private void copy(NewFile from, FileChannel to) throws IOException {
        try (FileHoles holes = from.holes()) {
            to.truncate(0);
            for (long at = holes.nextData(0); at < size; at = holes.nextData(at)) {
                to.position(at);
                for (long end = Math.min(holes.nextHole(at), size); at < end; ) {
                    at += from.channel().transferTo(at, end - at, to);
                }
            }
            extend(to);
        }
    }

    /// Closes the sink. Without an earlier [#complete] the new file is removed.
    @Override
    public void close() throws IOException {
        try (NewFile _ = part) {
            if (existing != null) {
                existing.close();
            }
        }
    }
}
