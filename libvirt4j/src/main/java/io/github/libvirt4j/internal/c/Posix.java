package io.github.libvirt4j.internal.c;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The functions of C's library for files that Java has no call for, or not with these flags.
public final class Posix {
    /// Of Linux; the child of a fork that runs another program does not get the file.
    public static final int O_CLOEXEC = 0x80000;

    private static final CFunction OPEN = CFunction.variadicWithErrno(
            "open",
            2,
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final CFunction CLOSE =
            CFunction.withErrno("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

    private static final FunctionDescriptor TRANSFER = FunctionDescriptor.of(
            ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG);
    private static final CFunction READ = CFunction.withErrno("read", TRANSFER);
    private static final CFunction WRITE = CFunction.withErrno("write", TRANSFER);
    private static final CFunction SOCKETPAIR = CFunction.withErrno(
            "socketpair",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS));

    private Posix() {}

    /// `open`.
    ///
    /// @param errno memory for the error
    /// @param mode of a file that is created
    /// @return the file descriptor, or −1
    public static int open(MemorySegment errno, MemorySegment path, int flags, int mode) {
        try {
            return (int) OPEN.handle().invokeExact(errno, path, flags, mode);
        } catch (Throwable t) {
            throw CLibrary.unexpected(t);
        }
    }

    /// `close`.
    ///
    /// @param errno memory for the error
    /// @return 0, or −1
    public static int close(MemorySegment errno, int descriptor) {
        try {
            return (int) CLOSE.handle().invokeExact(errno, descriptor);
        } catch (Throwable t) {
            throw CLibrary.unexpected(t);
        }
    }

    /// `read`.
    ///
    /// @param errno memory for the error
    /// @return the number of bytes, 0 at the end, or −1
    public static long read(MemorySegment errno, int descriptor, MemorySegment to) {
        try {
            return (long) READ.handle().invokeExact(errno, descriptor, to, to.byteSize());
        } catch (Throwable t) {
            throw CLibrary.unexpected(t);
        }
    }

    /// `write`.
    ///
    /// @param errno memory for the error
    /// @return the number of bytes, or −1
    public static long write(MemorySegment errno, int descriptor, MemorySegment from) {
        try {
            return (long) WRITE.handle().invokeExact(errno, descriptor, from, from.byteSize());
        } catch (Throwable t) {
            throw CLibrary.unexpected(t);
        }
    }

    /// `socketpair`.
    ///
    /// @param errno memory for the error
    /// @param both receives two file descriptors
    /// @return 0, or −1
    public static int socketpair(MemorySegment errno, int domain, int type, MemorySegment both) {
        try {
            return (int) SOCKETPAIR.handle().invokeExact(errno, domain, type, 0, both);
        } catch (Throwable t) {
            throw CLibrary.unexpected(t);
        }
    }
}
