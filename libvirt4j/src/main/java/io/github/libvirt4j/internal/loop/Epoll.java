package io.github.libvirt4j.internal.loop;

import io.github.libvirt4j.internal.c.CFunction;
import io.github.libvirt4j.internal.c.CMemory;
import io.github.libvirt4j.internal.c.Downcall;
import io.github.libvirt4j.internal.c.FileDescriptors;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Linux's epoll, with an eventfd that wakes it: the system calls, and the bits of libvirt for the
/// kernel's.
///
/// [#await], and what it found, belong to one thread; all else can come from any, one at a time.
public final class Epoll {
    private static final int CLOEXEC = 0x80000;
    private static final int NONBLOCK = 0x800;

    private static final int CTL_ADD = 1;
    private static final int CTL_DEL = 2;
    private static final int CTL_MOD = 3;

    private static final int IN = 1;
    private static final int OUT = 4;
    private static final int ERR = 8;
    private static final int HUP = 16;

    private static final int EPERM = 1;
    private static final int ENOENT = 2;
    private static final int EEXIST = 17;

    // struct epoll_event, which is packed on x86-64 only.
    private static final long DATA = "amd64".equals(System.getProperty("os.arch")) ? 4 : 8;
    private static final long EVENT_SIZE = DATA + Long.BYTES;

    private static final CFunction CREATE = CFunction.of("epoll_create1");
    private static final CFunction CTL = CFunction.of("epoll_ctl");
    private static final CFunction WAIT = CFunction.of("epoll_wait");
    private static final CFunction EVENTFD = CFunction.of("eventfd");
    private static final CFunction READ = CFunction.of("read");
    private static final CFunction WRITE = CFunction.of("write");
    private static final CFunction CLOSE = CFunction.of("close");

    // The loop lives as long as the process.
    private final MemorySegment found;
    private final MemorySegment event = Arena.global().allocate(EVENT_SIZE, Long.BYTES);
    private final MemorySegment one = Arena.global().allocateFrom(ValueLayout.JAVA_LONG, 1);
    private final MemorySegment drained = Arena.global().allocate(ValueLayout.JAVA_LONG);
    private final MemorySegment errnoOfChange = Downcall.errnoMemory(Arena.global());
    private final MemorySegment errnoOfWait = Downcall.errnoMemory(Arena.global());
    private final int atOnce;
    private final int bell;
    private int set;

    /// @param atOnce how many it tells of in one turn at most
    public Epoll(int atOnce) {
        this.atOnce = atOnce;
        FileDescriptors.require("epoll_create1", "Making an event loop");
        found = Arena.global().allocate(atOnce * EVENT_SIZE, Long.BYTES);
        bell = check(call(EVENTFD, 0, CLOEXEC | NONBLOCK, 0, 0), "eventfd");
        set = create();
    }

    private int create() {
        return check(call(CREATE, CLOEXEC, 0, 0, 0), "epoll_create1");
    }

    /// Begins with an empty set. Of the thread that waits.
    public void renew() {
        MemorySegment close = CLOSE.pointer();
        int old = set;
        set = create();
        Downcall.call(close, old);
        open();
    }

    /// Puts the bell into the set.
    public void open() {
        if (!set(bell, 0, 1, false)) {
            throw new IllegalStateException("An eventfd cannot be waited for");
        }
    }

    /// Calls a function that changes nothing if it fails. Then it is called again, in the way that keeps its error:
    /// that takes the VM milliseconds to link, and most programs never need it. It may as well succeed this time.
    private int call(CFunction function, long a, long b, long c, long d) {
        int result = (int) Downcall.call(function.pointer(), a, b, c, d);
        return result >= 0 ? result : (int) Downcall.withErrno(function.pointer(), errnoOfChange, a, b, c, d);
    }

    private int check(int result, String function) {
        if (result < 0) {
            throw new IllegalStateException(function + ": errno " + Downcall.errno(errnoOfChange));
        }
        return result;
    }

    /// Waits for something else from now on.
    ///
    /// @param tag is told with what is ready: one number can be two files, if one that was closed is open
    ///     under another number
    /// @param wanted libvirt's bits, not 0
    /// @param known whether the kernel should know of it
    /// @return false if that cannot be waited for, as it is always ready: a regular file
    public boolean set(int number, int tag, int wanted, boolean known) {
        event.set(ValueLayout.JAVA_INT_UNALIGNED, 0, toKernel(wanted));
        event.set(ValueLayout.JAVA_INT_UNALIGNED, DATA, number);
        event.set(ValueLayout.JAVA_INT_UNALIGNED, DATA + Integer.BYTES, tag);
        int errno = control(known ? CTL_MOD : CTL_ADD, number);
        if (known && errno == ENOENT) {
            // It was closed behind our back, and the number is that of another one now.
            errno = control(CTL_ADD, number);
        } else if (!known && errno == EEXIST) {
            errno = control(CTL_MOD, number);
        }
        if (errno != 0 && errno != EPERM) {
            throw new IllegalStateException("epoll_ctl of file descriptor " + number + ": errno " + errno);
        }
        return errno == 0;
    }

    /// Waits for it no more. One that was closed is not in the set already.
    public void remove(int number) {
        Downcall.call(CTL.pointer(), set, CTL_DEL, number, CMemory.address(event));
    }

    private int control(int operation, int number) {
        int result = call(CTL, set, operation, number, CMemory.address(event));
        return result == 0 ? 0 : Downcall.errno(errnoOfChange);
    }

    /// Makes [#await] return.
    public void wake() {
        // It can only fail if nobody has slept for 2⁶⁴ times.
        Downcall.call(WRITE.pointer(), bell, CMemory.address(one), Long.BYTES);
    }

    /// Waits until something is ready.
    ///
    /// @param millis at most; −1 for ever
    /// @return how many are: see [#number] and [#events]
    public int await(int millis) {
        MemorySegment wait = WAIT.pointer();
        int count = (int) Downcall.call(wait, set, CMemory.address(found), atOnce, millis);
        if (count < 0) {
            // A signal, as a rule. Without waiting, that is no error.
            count = (int) Downcall.withErrno(wait, errnoOfWait, set, CMemory.address(found), atOnce, 0);
        }
        if (count < 0) {
            throw new IllegalStateException("epoll_wait: errno " + Downcall.errno(errnoOfWait));
        }
        return withoutBell(count);
    }

    private int withoutBell(int count) {
        for (int i = 0; i < count; i++) {
            if (number(i) == bell) {
                Downcall.call(READ.pointer(), bell, CMemory.address(drained), Long.BYTES);
                MemorySegment.copy(found, (count - 1) * EVENT_SIZE, found, i * EVENT_SIZE, EVENT_SIZE);
                return count - 1;
            }
        }
        return count;
    }

    /// The file descriptor of the i-th that is ready.
    public int number(int i) {
        return found.get(ValueLayout.JAVA_INT_UNALIGNED, i * EVENT_SIZE + DATA);
    }

    /// The tag it was given.
    public int tag(int i) {
        return found.get(ValueLayout.JAVA_INT_UNALIGNED, i * EVENT_SIZE + DATA + Integer.BYTES);
    }

    /// The readiness of the i-th file descriptor found, in libvirt's bits.
    public int events(int i) {
        return fromKernel(found.get(ValueLayout.JAVA_INT_UNALIGNED, i * EVENT_SIZE));
    }

    // libvirt's bits are 1 readable, 2 writable, 4 error, 8 hangup.
    private static int toKernel(int events) {
        return ((events & 1) != 0 ? IN : 0) | ((events & 2) != 0 ? OUT : 0);
    }

    private static int fromKernel(int events) {
        return ((events & IN) != 0 ? 1 : 0)
                | ((events & OUT) != 0 ? 2 : 0)
                | ((events & ERR) != 0 ? 4 : 0)
                | ((events & HUP) != 0 ? 8 : 0);
    }
}
