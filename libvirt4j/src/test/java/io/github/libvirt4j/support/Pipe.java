package io.github.libvirt4j.support;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// C's pipe, by its two file descriptors.
public final class Pipe implements AutoCloseable {
    private static final MethodHandle PIPE =
            function("pipe", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
    private static final MethodHandle READ = function(
            "read",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));
    private static final MethodHandle WRITE = function(
            "write",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));
    private static final MethodHandle CLOSE =
            function("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

    private static final MethodHandle DUP =
            function("dup", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

    private static final MethodHandle DUP2 =
            function("dup2", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

    private int readEnd;
    private int writeEnd;

    public Pipe() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment both = arena.allocate(ValueLayout.JAVA_INT, 2);
            if ((int) PIPE.invokeExact(both) != 0) {
                throw new IllegalStateException("no pipe");
            }
            readEnd = both.getAtIndex(ValueLayout.JAVA_INT, 0);
            writeEnd = both.getAtIndex(ValueLayout.JAVA_INT, 1);
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }

    public int readEnd() {
        return readEnd;
    }

    public int writeEnd() {
        return writeEnd;
    }

    /// Reads a byte; waits for it.
    public void read() {
        transfer(READ, readEnd);
    }

    /// Writes a byte.
    public void write() {
        transfer(WRITE, writeEnd);
    }

    private static void transfer(MethodHandle function, int fd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment one = arena.allocate(1);
            if ((long) function.invokeExact(fd, one, 1L) != 1) {
                throw new IllegalStateException("file descriptor " + fd);
            }
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }

    /// Gives the read end another number, and closes it by the one it had.
    public void renumberReadEnd() {
        try {
            int other = (int) DUP.invokeExact(readEnd);
            closeReadEnd();
            readEnd = other;
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }

    /// Gives the number of the read end to that of another pipe, in one step, and this one's another.
    public void giveNumberOfReadEndTo(Pipe next) {
        try {
            int other = (int) DUP.invokeExact(readEnd);
            int _ = (int) DUP2.invokeExact(next.readEnd, readEnd);
            next.closeReadEnd();
            next.readEnd = readEnd;
            readEnd = other;
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }

    public void closeReadEnd() {
        readEnd = close(readEnd);
    }

    public void closeWriteEnd() {
        writeEnd = close(writeEnd);
    }

    private static int close(int fd) {
        if (fd >= 0) {
            try {
                int _ = (int) CLOSE.invokeExact(fd);
            } catch (Throwable t) {
                throw new AssertionError(t);
            }
        }
        return -1;
    }

    @Override
    public void close() {
        closeReadEnd();
        closeWriteEnd();
    }

    @SuppressWarnings("restricted")
    private static MethodHandle function(String name, FunctionDescriptor signature) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), signature);
    }
}
