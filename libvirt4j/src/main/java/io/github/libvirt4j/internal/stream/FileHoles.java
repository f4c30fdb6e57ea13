package io.github.libvirt4j.internal.stream;

import io.github.libvirt4j.internal.c.CFunction;
import io.github.libvirt4j.internal.c.CMemory;
import io.github.libvirt4j.internal.c.Downcall;
import io.github.libvirt4j.internal.c.Posix;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/// Where a file has holes, which Java does not tell: C's `lseek`, on a file descriptor of its own. A file
/// system that does not know says that all is data. Belongs to one thread.
public final class FileHoles implements AutoCloseable {
    private static final int SEEK_DATA = 3;
    private static final int SEEK_HOLE = 4;
    private static final int ENXIO = 6;

    private static final CFunction LSEEK = CFunction.of("lseek");

    private final Path file;
    private final int descriptor;

    private FileHoles(Path file, int descriptor) {
        this.file = file;
        this.descriptor = descriptor;
    }

    /// Those of a file.
    public static FileHoles of(Path file) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Downcall.errnoMemory(arena);
            int descriptor = Posix.open(errno, CMemory.path(arena, file), Posix.O_CLOEXEC, 0);
            if (descriptor < 0) {
                throw failed(file, "open", errno);
            }
            return new FileHoles(file, descriptor);
        }
    }

    /// Where the next data begins, at `from` or behind it; `Long.MAX_VALUE` if there is none.
    public long nextData(long from) throws IOException {
        return seek(from, SEEK_DATA);
    }

    /// Where the next hole begins, at `from` or behind it: at the end of the file at the latest.
    public long nextHole(long from) throws IOException {
        return seek(from, SEEK_HOLE);
    }

    private long seek(long from, int what) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Downcall.errnoMemory(arena);
            long found = Downcall.withErrno(LSEEK.pointer(), errno, descriptor, from, what, 0);
            if (found < 0) {
                if (Downcall.errno(errno) == ENXIO) {
                    return Long.MAX_VALUE;
                }
                throw failed(file, "lseek", errno);
            }
            return found;
        }
    }

    private static IOException failed(Path file, String function, MemorySegment errno) {
        return new FileSystemException(file.toString(), null, function + ": errno " + Downcall.errno(errno));
    }

    @Override
    public void close() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Downcall.errnoMemory(arena);
            if (Posix.close(errno, descriptor) < 0) {
                throw failed(file, "close", errno);
            }
        }
    }
}
