package io.github.libvirt4j.internal.c;

import java.lang.foreign.MemorySegment;

/// The functions of C's library for files that Java has no call for, or not with these flags.
public final class Posix {
    /// Of Linux; the child of a fork that runs another program does not get the file.
    public static final int O_CLOEXEC = 0x80000;

    private static final CFunction OPEN = CFunction.of("open");
    private static final CFunction CLOSE = CFunction.of("close");
    private static final CFunction READ = CFunction.of("read");
    private static final CFunction WRITE = CFunction.of("write");
    private static final CFunction SOCKETPAIR = CFunction.of("socketpair");

    private Posix() {}

    /// `open`.
    ///
    /// @param errno memory for the error
    /// @param mode of a file that is created
    /// @return the file descriptor, or −1
    public static int open(MemorySegment errno, MemorySegment path, int flags, int mode) {
        return (int) Downcall.withErrno(OPEN.pointer(), errno, CMemory.address(path), flags, mode, 0);
    }

    /// `close`.
    ///
    /// @param errno memory for the error
    /// @return 0, or −1
    public static int close(MemorySegment errno, int descriptor) {
        return (int) Downcall.withErrno(CLOSE.pointer(), errno, descriptor, 0, 0, 0);
    }

    /// `read`.
    ///
    /// @param errno memory for the error
    /// @return the number of bytes, 0 at the end, or −1
    public static long read(MemorySegment errno, int descriptor, MemorySegment to) {
        return Downcall.withErrno(READ.pointer(), errno, descriptor, CMemory.address(to), to.byteSize(), 0);
    }

    /// `write`.
    ///
    /// @param errno memory for the error
    /// @return the number of bytes, or −1
    public static long write(MemorySegment errno, int descriptor, MemorySegment from) {
        return Downcall.withErrno(WRITE.pointer(), errno, descriptor, CMemory.address(from), from.byteSize(), 0);
    }

    /// `socketpair`.
    ///
    /// @param errno memory for the error
    /// @param both receives two file descriptors
    /// @return 0, or −1
    public static int socketpair(MemorySegment errno, int domain, int type, MemorySegment both) {
        return (int) Downcall.withErrno(SOCKETPAIR.pointer(), errno, domain, type, 0, CMemory.address(both));
    }
}
