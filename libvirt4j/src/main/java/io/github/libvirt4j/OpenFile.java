package io.github.libvirt4j;

import io.github.libvirt4j.internal.c.CArguments;
import io.github.libvirt4j.internal.c.CMemory;
import io.github.libvirt4j.internal.c.Downcall;
import io.github.libvirt4j.internal.c.Posix;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// An open file, socket or namespace of this process, for methods that pass one to libvirt or receive one
/// from it. C: a file descriptor, which Java's own channels neither reveal nor adopt. Safe for use by any
/// thread.
///
/// libvirt duplicates the file descriptors that it is given: the caller may close its own when the call has
/// returned. A call that uses an open file, and a read or write in progress, completes after [#close] on
/// another thread; the file descriptor is released afterwards. Programs that this process starts do not
/// inherit a file that this class opened.
///
/// The caller closes each open file; one that is forgotten stays open until the process ends.
public final class OpenFile implements ByteChannel {
    private static final int O_RDWR = 2;
    private static final int AF_UNIX = 1;
    private static final int SOCK_STREAM = 1;
    private static final int EINTR = 4;
    private static final int EAGAIN = 11;
    private static final int MOST_AT_ONCE = 64 << 10;

    private int descriptor;
    private int uses;
    private boolean closed;

    /// One that is not open yet.
    OpenFile() {
        closed = true;
    }

    /// Makes this the owner of a file descriptor.
    synchronized void begin(int received) {
        descriptor = received;
        closed = false;
    }

    /// Opens a file, device or pipe for reading.
    ///
    /// @throws FileSystemException if it cannot be opened
    /// @throws IllegalArgumentException if the path is not of the default file system
    public static OpenFile forReading(Path path) throws IOException {
        return open(path, Posix.O_CLOEXEC);
    }

    /// Opens a file, device or pipe that exists for reading and writing.
    ///
    /// @throws FileSystemException if it cannot be opened
    /// @throws IllegalArgumentException if the path is not of the default file system
    public static OpenFile forReadingAndWriting(Path path) throws IOException {
        return open(path, Posix.O_CLOEXEC | O_RDWR);
    }

    private static OpenFile open(Path path, int flags) throws IOException {
        OpenFile file = new OpenFile();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Downcall.errnoMemory(arena);
            int opened = Posix.open(errno, CMemory.path(arena, path), flags, 0);
            if (opened < 0) {
                throw new FileSystemException(path.toString(), null, "open: errno " + Downcall.errno(errno));
            }
            file.begin(opened);
        }
        return file;
    }

    /// Makes two connected sockets: bytes written to one can be read from the other. C: `socketpair`.
    ///
    /// @throws IOException if the process has too few file descriptors left
    public static List<OpenFile> socketPair() throws IOException {
        List<OpenFile> pair = List.of(new OpenFile(), new OpenFile());
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Downcall.errnoMemory(arena);
            MemorySegment both = arena.allocate(ValueLayout.JAVA_INT, 2);
            if (Posix.socketpair(errno, AF_UNIX, SOCK_STREAM | Posix.O_CLOEXEC, both) < 0) {
                throw failed("socketpair", errno);
            }
            pair.get(0).begin(both.getAtIndex(ValueLayout.JAVA_INT, 0));
            pair.get(1).begin(both.getAtIndex(ValueLayout.JAVA_INT, 1));
        }
        return pair;
    }

    /// Owns file descriptors that C gave in an array of its own, and frees the array.
    ///
    /// @param array C's; NULL if it is empty
    static List<OpenFile> take(String function, MemorySegment array, int count) {
        try {
            MemorySegment descriptors = CMemory.array(function, array, count, Integer.BYTES);
            List<OpenFile> all = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                OpenFile file = new OpenFile();
                file.begin(descriptors.getAtIndex(ValueLayout.JAVA_INT, i));
                all.add(file);
            }
            return List.copyOf(all);
        } finally {
            CMemory.giveBack(array, CMemory::free);
        }
    }

    /// A call of C that is given file descriptors.
    @FunctionalInterface
    interface Use<T> {
        T of(int count, MemorySegment descriptors);
    }

    /// Does something with files, which stay open meanwhile.
    ///
    /// @throws IllegalStateException if one of them is closed
    static <T> T using(List<OpenFile> files, CArguments in, Use<T> use) {
        List<Integer> descriptors = new ArrayList<>(files.size());
        try {
            for (OpenFile file : files) {
                descriptors.add(file.enter());
            }
            return use.of(files.size(), in.ints(descriptors));
        } finally {
            for (int i = 0; i < descriptors.size(); i++) {
                files.get(i).leave();
            }
        }
    }

    private synchronized int enter() {
        if (closed) {
            throw new IllegalStateException(this + " is closed");
        }
        uses++;
        return descriptor;
    }

    private void leave() {
        synchronized (this) {
            uses--;
            if (!closed || uses > 0) {
                return;
            }
        }
        release();
    }

    /// The file descriptor, for [EventLoop#on][io.github.libvirt4j.loop.EventLoop#on] or other native code.
    /// It is valid until this file is closed.
    ///
    /// @throws IllegalStateException if this file is closed
    public synchronized int fd() {
        if (closed) {
            throw new IllegalStateException(this + " is closed");
        }
        return descriptor;
    }

    /// Reads up to 64 KiB; blocks until there is one byte at least. Interrupting the thread has no effect.
    ///
    /// @return the number of bytes; −1 at the end of the file, or if the other side has closed a socket
    /// @throws ClosedChannelException if this file is closed
    @Override
    public int read(ByteBuffer to) throws IOException {
        int descriptor = enterChannel();
        try (Arena arena = Arena.ofConfined()) {
            if (!to.hasRemaining()) {
                return 0;
            }
            MemorySegment piece = CMemory.room(arena, Math.min(to.remaining(), MOST_AT_ONCE));
            MemorySegment errno = Downcall.errnoMemory(arena);
            long count = Posix.read(errno, descriptor, piece);
            while (count < 0 && Downcall.errno(errno) == EINTR) {
                count = Posix.read(errno, descriptor, piece);
            }
            if (count < 0) {
                return nothing("read", errno);
            }
            to.put(piece.asSlice(0, count).asByteBuffer());
            return count == 0 ? -1 : (int) count;
        } finally {
            leave();
        }
    }

    /// Writes up to 64 KiB; blocks until there is room for one byte at least. Interrupting the thread has no
    /// effect.
    ///
    /// @return the number of bytes
    /// @throws ClosedChannelException if this file is closed
    @Override
    public int write(ByteBuffer from) throws IOException {
        int descriptor = enterChannel();
        try (Arena arena = Arena.ofConfined()) {
            int size = Math.min(from.remaining(), MOST_AT_ONCE);
            MemorySegment piece = CMemory.room(arena, Math.max(1, size)).asSlice(0, size);
            piece.asByteBuffer().put(from.slice(from.position(), size));
            MemorySegment errno = Downcall.errnoMemory(arena);
            long count = Posix.write(errno, descriptor, piece);
            while (count < 0 && Downcall.errno(errno) == EINTR) {
                count = Posix.write(errno, descriptor, piece);
            }
            if (count < 0) {
                return nothing("write", errno);
            }
            from.position(from.position() + (int) count);
            return (int) count;
        } finally {
            leave();
        }
    }

    private int enterChannel() throws ClosedChannelException {
        try {
            return enter();
        } catch (IllegalStateException e) {
            ClosedChannelException thrown = new ClosedChannelException();
            thrown.initCause(e);
            throw thrown;
        }
    }

    /// Of a file descriptor that does not block.
    private static int nothing(String function, MemorySegment errno) throws IOException {
        if (Downcall.errno(errno) == EAGAIN) {
            return 0;
        }
        throw failed(function, errno);
    }

    private static IOException failed(String function, MemorySegment errno) {
        return new IOException(function + ": errno " + Downcall.errno(errno));
    }

    @Override
    public synchronized boolean isOpen() {
        return !closed;
    }

    /// Closes the file. Closing again does nothing.
    @Override
    public void close() {
        synchronized (this) {
            boolean before = closed;
            closed = true;
            if (before || uses > 0) {
                return;
            }
        }
        release();
    }

    private void release() {
        try (Arena arena = Arena.ofConfined()) {
            // Linux releases the descriptor also if this fails.
            Posix.close(Downcall.errnoMemory(arena), descriptor);
        }
    }

    @Override
    public synchronized String toString() {
        return "open file " + descriptor;
    }
}
