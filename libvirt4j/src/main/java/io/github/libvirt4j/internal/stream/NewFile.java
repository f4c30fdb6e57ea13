package io.github.libvirt4j.internal.stream;

import io.github.libvirt4j.internal.c.CMemory;
import io.github.libvirt4j.internal.c.Downcall;
import io.github.libvirt4j.internal.c.Posix;
import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A file created under a name that nobody can guess, never through a link, readable and writable for its
/// owner only. C: `open`. Belongs to one thread.
///
/// Whoever may write to the folder can give the name to another file at any time. So everything here happens
/// to the file that was created, by its descriptor, which Java does not give away for a channel.
public final class NewFile implements Closeable {
    private static final int O_RDWR = 0x2;
    private static final int O_CREAT = 0x40;
    private static final int O_EXCL = 0x80;
    private static final int OWNER_ONLY = 0600;
    private static final int PERMISSIONS = 0777;
    private static final int PERMISSIONS_OF_GROUP = 0070;
    private static final int EACCES = 13;

    private final Path name;
    private final int descriptor;
    private final RandomAccessFile file;
    private boolean hasName = true;

    private NewFile(Path name, int descriptor, RandomAccessFile file) {
        this.name = name;
        this.descriptor = descriptor;
        this.file = file;
    }

    /// Creates one.
    ///
    /// @throws FileSystemException if none can be created in that folder
    public static NewFile in(Path folder) throws IOException {
        // Without the name it gets at last: that one and more can be too long.
        Path name = folder.resolve("." + UUID.randomUUID() + ".part");
        int descriptor = create(folder, name);
        try {
            return new NewFile(
                    name, descriptor, new RandomAccessFile(path(descriptor).toFile(), "rw"));
        } catch (Throwable t) {
            close(descriptor);
            Files.deleteIfExists(name);
            throw t;
        }
    }

    private static int create(Path folder, Path name) throws IOException {
        int error;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Downcall.errnoMemory(arena);
            int descriptor = Posix.open(
                    errno, CMemory.path(arena, name), O_RDWR | O_CREAT | O_EXCL | Posix.O_CLOEXEC, OWNER_ONLY);
            if (descriptor >= 0) {
                return descriptor;
            }
            error = Downcall.errno(errno);
        }
        String reason = "no file can be created in this folder";
        throw error == EACCES
                ? new AccessDeniedException(folder.toString(), null, reason)
                : new FileSystemException(folder.toString(), null, reason + ": errno " + error);
    }

    /// The way to an open file, whatever its name is now.
    private static Path path(int descriptor) {
        return Path.of("/proc/self/fd/" + descriptor);
    }

    /// The name it was created with.
    public Path name() {
        return name;
    }

    /// Reads and writes it.
    public FileChannel channel() {
        return file.getChannel();
    }

    /// Where it has holes.
    public FileHoles holes() throws IOException {
        return FileHoles.of(path(descriptor));
    }

    /// Cuts it off, or gives it a hole at its end.
    public void setLength(long length) throws IOException {
        file.setLength(length);
    }

    /// Gives it to another owner and group, where this process may, with other permissions: those of the
    /// group only if it is that group.
    ///
    /// @param attributes `uid`, `gid` and `mode`, as Java's view `unix` has them
    public void take(Map<String, Object> attributes) throws IOException {
        Path self = path(descriptor);
        Object group = Objects.requireNonNull(attributes.get("gid"));
        try {
            Files.setAttribute(self, "unix:gid", group);
            Files.setAttribute(self, "unix:uid", Objects.requireNonNull(attributes.get("uid")));
        } catch (FileSystemException e) {
            // Only root may give a file away.
        }
        // After that: a change of owner takes some of them.
        int permissions = (int) Objects.requireNonNull(attributes.get("mode")) & PERMISSIONS;
        if (!group.equals(Files.getAttribute(self, "unix:gid"))) {
            permissions &= ~PERMISSIONS_OF_GROUP;
        }
        Files.setAttribute(self, "unix:mode", permissions);
    }

    /// Gives it another name, which whatever had it loses.
    ///
    /// @throws FileSystemException if that is not possible, or its name is another file's by now
    public void rename(Path target) throws IOException {
        if (!Objects.equals(key(name, LinkOption.NOFOLLOW_LINKS), key(path(descriptor)))) {
            throw new FileSystemException(name.toString(), target.toString(), "another file was put in its place");
        }
        Files.move(name, target, StandardCopyOption.ATOMIC_MOVE);
        hasName = false;
    }

    private static @Nullable Object key(Path path, LinkOption... options) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, options).fileKey();
    }

    /// Closing it leaves it where it is.
    public void keep() {
        hasName = false;
    }

    /// Closes it, and removes it if it still has the name it was created with.
    @Override
    public void close() throws IOException {
        try (file) {
            close(descriptor);
        } finally {
            if (hasName) {
                Files.deleteIfExists(name);
            }
        }
    }

    private static void close(int descriptor) {
        try (Arena arena = Arena.ofConfined()) {
            Posix.close(Downcall.errnoMemory(arena), descriptor);
        }
    }
}
