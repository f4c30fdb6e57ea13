package io.github.libvirt4j.internal.c;

import io.github.libvirt4j.error.NoFileDescriptorsException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicInteger;

/// How many file descriptors the process has left. Safe for use by any thread.
///
/// GLib aborts the process where it can make no `eventfd` for a main context. libvirt makes one when a
/// connection opens and when its event loop starts, so both look here first. A look opens nothing: it asks
/// `poll`, which tells of each number whether it is open.
public final class FileDescriptors {
    /// The most an opening takes at one time, and some for what other threads open meanwhile.
    private static final int SPARE = 16;

    /// A connection keeps its socket and its eventfd.
    private static final int OF_AN_OPENING = 2;

    private static final int RLIMIT_NOFILE = 7;
    private static final int AT_ONCE = 1024;
    private static final long POLLFD = 8;
    private static final long REVENTS = 6;
    private static final short POLLNVAL = 0x20;

    private static final CFunction GETRLIMIT = CFunction.of("getrlimit");
    private static final CFunction POLL = CFunction.of("poll");

    private static final AtomicInteger OPENINGS = new AtomicInteger();

    private FileDescriptors() {}

    /// An opening that is under way.
    public static final class Use implements AutoCloseable {
        private Use() {}

        @Override
        public void close() {
            OPENINGS.decrementAndGet();
        }
    }

    /// Loads the class of the exception: that can take a file descriptor, and there is none when it is
    /// needed.
    static void makeReady() {
        Object _ = new NoFileDescriptorsException("", "", 0);
    }

    /// Refuses a call that opens a connection where too few are left, for it and for those that are being
    /// opened on other threads.
    ///
    /// @param what is to be done, such as "Opening test:///default"
    /// @return to be closed when the call has returned
    /// @throws NoFileDescriptorsException if it could be one too many
    public static Use enter(String function, String what) {
        require(function, what);
        OPENINGS.incrementAndGet();
        return new Use();
    }

    /// Refuses a call that takes some of them for good, or not for long.
    ///
    /// @throws NoFileDescriptorsException if it could be one too many
    public static void require(String function, String what) {
        int needed = SPARE + OF_AN_OPENING * OPENINGS.get();
        if (!areFree(needed)) {
            throw new NoFileDescriptorsException(
                    function, what + " was refused: the process has too few file descriptors left", needed);
        }
    }

    /// Whether so many are free; true where that cannot be told. From the top, where all are free as a rule:
    /// one call then tells.
    public static boolean areFree(int count) {
        try (Arena arena = Arena.ofConfined()) {
            int free = 0;
            int top = limit(arena);
            for (int some = count; free < count && top > 0; some = AT_ONCE) {
                int bottom = Math.max(0, top - some);
                int closed = closed(arena, bottom, top);
                if (closed < 0) {
                    return true;
                }
                free += closed;
                top = bottom;
            }
            return free >= count;
        }
    }

    private static int limit(Arena arena) {
        MemorySegment limit = arena.allocate(2 * Long.BYTES, Long.BYTES);
        int result = (int) Downcall.call(GETRLIMIT.pointer(), RLIMIT_NOFILE, CMemory.address(limit));
        long soft = limit.get(ValueLayout.JAVA_LONG, 0);
        // RLIM_INFINITY is −1.
        return result < 0 || soft < 0 || soft > Integer.MAX_VALUE ? Integer.MAX_VALUE : (int) soft;
    }

    /// How many of these numbers are not open; negative if that cannot be told.
    private static int closed(Arena arena, int from, int to) {
        MemorySegment polled = arena.allocate((to - from) * POLLFD, Integer.BYTES);
        for (int i = 0; i < to - from; i++) {
            polled.set(ValueLayout.JAVA_INT, i * POLLFD, from + i);
        }
        int told = (int) Downcall.call(POLL.pointer(), CMemory.address(polled), to - from, 0);
        int closed = 0;
        for (int i = 0; told > 0 && i < to - from; i++) {
            if ((polled.get(ValueLayout.JAVA_SHORT, i * POLLFD + REVENTS) & POLLNVAL) != 0) {
                closed++;
            }
        }
        return told < 0 ? told : closed;
    }
}
