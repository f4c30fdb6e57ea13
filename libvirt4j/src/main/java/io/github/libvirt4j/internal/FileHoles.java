package io.github.libvirt4j.internal;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/// Where a file has holes, which Java does not tell: C's `lseek`, on a file descriptor of its own. A file
/// system that does not know says that all is data. Belongs to one thread.
public final class FileHoles implements AutoCloseable {
    private static final int O_CLOEXEC = 0x80000;
    private static final int SEEK_DATA = 3;
    private static final int SEEK_HOLE = 4;
    private static final int ENXIO = 6;

    private static final Linker.Option KEEPS_ERRNO = Linker.Option.captureCallState("errno");
    private static final MethodHandle OPEN = CMemory.function(
            "open",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
            KEEPS_ERRNO,
            Linker.Option.firstVariadicArg(2));
    private static final MethodHandle LSEEK = CMemory.function(
            "lseek",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT),
            KEEPS_ERRNO);
    private static final MethodHandle CLOSE =
            CMemory.function("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT), KEEPS_ERRNO);
    private static final VarHandle ERRNO =
            Linker.Option.captureStateLayout().varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private final Path file;
    private final int descriptor;

    private FileHoles(Path file, int descriptor) {
        this.file = file;
        this.descriptor = descriptor;
    }

    /// Those of a file.
    public static FileHoles of(Path file) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Linker.Option.captureStateLayout());
            int descriptor = (int) OPEN.invokeExact(errno, CMemory.path(arena, file), O_CLOEXEC);
            if (descriptor < 0) {
                throw failed(file, "open", errno);
            }
            return new FileHoles(file, descriptor);
        } catch (IOException e) {
            throw e;
        } catch (Throwable t) {
            throw CLibrary.unexpected(t);
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
            MemorySegment errno = arena.allocate(Linker.Option.captureStateLayout());
            long found = (long) LSEEK.invokeExact(errno, descriptor, from, what);
            if (found < 0) {
                if ((int) ERRNO.get(errno, 0L) == ENXIO) {
                    return Long.MAX_VALUE;
                }
                throw failed(file, "lseek", errno);
            }
            return found;
        } catch (IOException e) {
            throw e;
        } catch (Throwable t) {
            throw CLibrary.unexpected(t);
        }
    }

    private static IOException failed(Path file, String function, MemorySegment errno) {
        return new FileSystemException(file.toString(), null, function + ": errno " + (int) ERRNO.get(errno, 0L));
    }

    @Override
    public void close() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Linker.Option.captureStateLayout());
            if ((int) CLOSE.invokeExact(errno, descriptor) < 0) {
                throw failed(file, "close", errno);
            }
        } catch (IOException e) {
            throw e;
        } catch (Throwable t) {
            throw CLibrary.unexpected(t);
        }
    }
}
