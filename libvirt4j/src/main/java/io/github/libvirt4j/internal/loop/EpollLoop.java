package io.github.libvirt4j.internal.loop;

import io.github.libvirt4j.internal.Duty;
import io.github.libvirt4j.internal.callback.Uncaught;
import io.github.libvirt4j.internal.loop.TimeoutHeap.Alarm;
import io.github.libvirt4j.loop.EventLoopImplementation;
import io.github.libvirt4j.loop.LoopHandle;
import io.github.libvirt4j.loop.LoopTimeout;
import io.github.libvirt4j.types.EventHandleType;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// An event loop on Linux's epoll: what a turn costs depends on how much is ready, and not on how much is
/// waited for. Nothing is allocated in a turn.
///
/// Its one thread waits in `epoll_wait`. A change of what is waited for goes to the kernel at once, from
/// whichever thread it comes, and needs no waking, except for a regular file. A timeout that is due before the loop
/// would wake up does. With nothing to wait for the thread parks in Java instead, because the end of the VM waits
/// 0.3 s for a thread that is in C; it is woken for the first thing to wait for, and after the last.
public final class EpollLoop implements EventLoopImplementation {
    private static final int READY_AT_ONCE = 256;

    /// So many turns in a row may tell of what nobody waits for: what is taken back while a turn begins is
    /// told in it all the same. More are of files that were closed.
    private static final int STRAYS = 100;

    private static final int ALWAYS = EventHandleType.ERROR.bits() | EventHandleType.HANGUP.bits();
    private static final int READY_FILE = EventHandleType.READABLE.bits() | EventHandleType.WRITABLE.bits();

    private static final int PARK = -2;

    private static final long AWAKE = Long.MIN_VALUE;
    private static final long FOR_EVER = Long.MAX_VALUE;

    private final ReentrantLock lock = new ReentrantLock();
    private final Epoll epoll = new Epoll(READY_AT_ONCE);
    private final Duty waking = new Duty(this::wake);

    /// The loop's thread while it is to park, and until it goes on: one that could not be woken is woken later.
    private volatile @Nullable Thread parked;

    private volatile boolean goesOn;

    // All guarded by lock.
    private @Nullable Watch[] watches = new Watch[64]; // By file descriptor: the first of those who wait for it.
    private int[] known = new int[64]; // By file descriptor: what the kernel was told to wait for.
    private int knownOf; // How many file descriptors it was told to wait for.
    private int[] tags = new int[64]; // By file descriptor: what the kernel tells with it; 0 for nothing.
    private int lastTag;
    private int[] files = new int[0]; // Regular files, always ready, which epoll refuses. Replaced, not changed.
    private final TimeoutHeap timeouts = new TimeoutHeap();
    private long asleepUntil = AWAKE;
    private boolean kernelIsBehind; // It was not told of a change.

    // Of the loop's thread: who is to be called in this turn.
    private @Nullable Watch[] called = new Watch[64];
    private int[] calledFor = new int[64];
    private int calls;
    private @Nullable Alarm[] due = new Alarm[64];
    private int dueNow;
    private int strays;

    /// One who waits for a file descriptor.
    private static final class Watch {
        private final LoopHandle handle;
        private int events;
        private @Nullable Watch next; // Of the same file descriptor.

        private Watch(LoopHandle handle, int events, @Nullable Watch next) {
            this.handle = handle;
            this.events = events;
            this.next = next;
        }
    }

    /// Starts the loop's thread.
    public Thread start() {
        epoll.open();
        return LoopThread.start(this::turn);
    }

    @Override
    public void addHandle(LoopHandle handle, int events) {
        int number = handle.fd();
        lock.lock();
        try {
            if (number >= watches.length) {
                int length = Math.max(number + 1, 2 * watches.length);
                known = Arrays.copyOf(known, length);
                tags = Arrays.copyOf(tags, length);
                watches = Arrays.copyOf(watches, length);
            }
            watches[number] = new Watch(handle, events, watches[number]);
            boolean added = false;
            try {
                // Whatever is known of it: the number may be that of another file by now.
                tellKernel(number, true);
                added = true;
            } finally {
                if (!added) {
                    unlink(handle);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void updateHandle(LoopHandle handle, int events) {
        lock.lock();
        try {
            for (Watch watch = watches[handle.fd()]; watch != null; watch = watch.next) {
                if (watch.handle.watch() == handle.watch()) {
                    watch.events = events;
                    tellKernel(handle.fd(), false);
                    return;
                }
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void removeHandle(LoopHandle handle) {
        lock.lock();
        try {
            unlink(handle);
            tellKernel(handle.fd(), false);
        } finally {
            lock.unlock();
        }
    }

    private void unlink(LoopHandle handle) {
        Watch before = null;
        for (Watch watch = watches[handle.fd()]; watch != null; watch = watch.next) {
            if (watch.handle.watch() == handle.watch()) {
                // It may be about to be called.
                watch.events = 0;
                if (before == null) {
                    watches[handle.fd()] = watch.next;
                } else {
                    before.next = watch.next;
                }
                return;
            }
            before = watch;
        }
    }

    private int wanted(int number) {
        int all = 0;
        for (Watch watch = watches[number]; watch != null; watch = watch.next) {
            all |= watch.events;
        }
        return all;
    }

    /// Tells the kernel which events of a file descriptor to wait for. A descriptor without a watch is
    /// removed from the kernel's set, because epoll reports its errors and hangups otherwise.
    ///
    /// @param anew tells the kernel even if nothing has changed
    private void tellKernel(int number, boolean anew) {
        boolean isTold = false;
        try {
            tellKernelNow(number, anew);
            isTold = true;
        } catch (IllegalStateException e) {
            // The kernel said no.
            isTold = true;
            throw e;
        } finally {
            if (!isTold) {
                // There was no memory, or no stack. libvirt does not ask again: the loop does.
                kernelIsBehind = true;
                waking.now();
            }
        }
    }

    private void tellKernelNow(int number, boolean anew) {
        int wanted = wanted(number);
        if (wanted == known[number] && !anew) {
            return;
        }
        boolean isFile = false;
        if (wanted != 0) {
            if (anew || known[number] == 0) {
                tags[number] = ++lastTag;
            }
            isFile = !epoll.set(number, tags[number], wanted, known[number] != 0) && (wanted & READY_FILE) != 0;
        } else if (known[number] != 0) {
            epoll.remove(number);
            tags[number] = 0;
        }
        know(number, wanted);
        keepFile(number, isFile);
        wakeIfNeeded();
    }

    private void know(int number, int events) {
        knownOf += Integer.signum(events) - Integer.signum(known[number]);
        known[number] = events;
    }

    private void keepFile(int number, boolean isFile) {
        if (files.length == 0 && !isFile) {
            return;
        }
        boolean isKept = IntStream.of(files).anyMatch(file -> file == number);
        if (isFile && !isKept) {
            files = IntStream.concat(IntStream.of(files), IntStream.of(number)).toArray();
        } else if (!isFile && isKept) {
            files = IntStream.of(files).filter(file -> file != number).toArray();
        }
    }

    @Override
    public void addTimeout(LoopTimeout timeout, int millis) {
        lock.lock();
        try {
            timeouts.add(timeout, millis);
            wakeIfNeeded();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void updateTimeout(LoopTimeout timeout, int millis) {
        lock.lock();
        try {
            timeouts.update(timeout, millis);
            wakeIfNeeded();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void removeTimeout(LoopTimeout timeout) {
        lock.lock();
        try {
            timeouts.remove(timeout);
            wakeIfNeeded();
        } finally {
            lock.unlock();
        }
    }

    /// After each change.
    private void wakeIfNeeded() {
        if (asleepUntil != AWAKE && (isIdle() != (parked != null) || files.length > 0 || isDueEarlier())) {
            // First: where there is no stack for it, the next change wakes.
            waking.now();
            asleepUntil = AWAKE;
        }
    }

    /// Whether there is nothing to wait for.
    private boolean isIdle() {
        return knownOf == 0 && timeouts.isEmpty();
    }

    private boolean isDueEarlier() {
        return !timeouts.isEmpty() && (asleepUntil == FOR_EVER || timeouts.firstDueAt() - asleepUntil < 0);
    }

    void wake() {
        Thread sleeper = parked;
        if (sleeper == null) {
            epoll.wake();
        } else {
            goesOn = true;
            LockSupport.unpark(sleeper);
        }
    }

    /// As `epoll_wait` would, it tells that nothing is ready.
    private int park() {
        while (!goesOn) {
            LockSupport.park(this);
            // A handler can have interrupted the thread it was called on.
            Thread.interrupted();
        }
        return 0;
    }

    private void turn() {
        int limit = fallAsleep();
        wakeUp(limit == PARK ? park() : epoll.await(limit));
        for (int i = 0; i < calls; i++) {
            Watch watch = called[i];
            // One that was called before can have taken it back.
            if (watch != null && watch.events != 0) {
                watch.handle.ready(calledFor[i]);
            }
        }
        for (int i = 0; i < dueNow; i++) {
            Alarm alarm = due[i];
            if (alarm != null && alarm.isPending()) {
                alarm.expired();
            }
        }
    }

    /// Milliseconds to wait; −1 for ever, [#PARK] for ever and not in the kernel.
    private int fallAsleep() {
        lock.lock();
        try {
            if (files.length > 0 || kernelIsBehind) {
                return 0;
            }
            if (timeouts.isEmpty()) {
                asleepUntil = FOR_EVER;
                if (isIdle()) {
                    goesOn = false;
                    parked = Thread.currentThread();
                    return PARK;
                }
                return -1;
            }
            long left = timeouts.firstDueAt() - System.nanoTime();
            if (left <= 0) {
                return 0;
            }
            asleepUntil = timeouts.firstDueAt();
            // Rounded up: a turn too early would find nothing to do.
            return (int) Math.min(Integer.MAX_VALUE, (left + 999_999) / 1_000_000);
        } finally {
            lock.unlock();
        }
    }

    /// Collects who is to be called.
    private void wakeUp(int ready) {
        lock.lock();
        try {
            asleepUntil = AWAKE;
            parked = null;
            int straysBefore = strays;
            calls = 0;
            for (int i = 0; i < ready; i++) {
                int number = epoll.number(i);
                if (epoll.tag(i) == tags[number]) {
                    collect(number, epoll.events(i));
                } else {
                    strays++;
                }
            }
            for (int file : files) {
                collect(file, READY_FILE);
            }
            collectDue();
            if (strays == straysBefore) {
                strays = 0;
            }
            if (strays > STRAYS || kernelIsBehind) {
                renew();
            }
        } finally {
            lock.unlock();
        }
    }

    private void collect(int number, int events) {
        for (Watch watch = watches[number]; watch != null; watch = watch.next) {
            if (watch.events != 0) {
                int told = events & (watch.events | ALWAYS);
                if (told != 0) {
                    if (calls == called.length) {
                        calledFor = Arrays.copyOf(calledFor, 2 * calls);
                        called = Arrays.copyOf(called, 2 * calls);
                    }
                    called[calls] = watch;
                    calledFor[calls++] = told;
                }
            }
        }
    }

    private void collectDue() {
        dueNow = 0;
        long now = System.nanoTime();
        while (true) {
            // First: one that is taken is not due again before its time has passed.
            if (dueNow == due.length) {
                due = Arrays.copyOf(due, 2 * dueNow);
            }
            Alarm alarm = timeouts.nextDue(now);
            if (alarm == null) {
                return;
            }
            due[dueNow++] = alarm;
        }
    }

    /// A file descriptor that was closed while a duplicate of it is open stays in the kernel's set, and
    /// nothing takes it out: there is no number for it any more.
    private void renew() {
        strays = 0;
        kernelIsBehind = true;
        epoll.renew();
        for (int number = 0; number < watches.length; number++) {
            // One that nobody waits for any more may be known as well, if the kernel could not be told of that.
            know(number, 0);
            if (wanted(number) != 0) {
                try {
                    tellKernel(number, true);
                } catch (IllegalStateException e) {
                    // It was closed; all others are waited for as before.
                    Uncaught.report("the event loop", e);
                }
            }
        }
        kernelIsBehind = false;
    }
}
