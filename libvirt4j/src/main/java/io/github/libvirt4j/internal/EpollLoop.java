package io.github.libvirt4j.internal;

import io.github.libvirt4j.EventHandle;
import io.github.libvirt4j.EventLoopImplementation;
import io.github.libvirt4j.EventTimeout;
import io.github.libvirt4j.internal.callback.Uncaught;
import io.github.libvirt4j.types.EventHandleType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// An event loop on Linux's epoll: what a turn costs depends on how much is ready, and not on how much is
/// waited for. Nothing is allocated in a turn.
///
/// Its one thread waits in `epoll_wait`. A change of what is waited for goes to the kernel at once, from
/// whichever thread it comes, and needs no waking; only a timeout that is due before the loop would wake up
/// does.
public final class EpollLoop implements EventLoopImplementation {
    private static final int READY_AT_ONCE = 256;

    /// So many turns in a row may tell of what nobody waits for: what is taken back while a turn goes on is
    /// told in it all the same.
    private static final int STRAYS = 100;

    private static final long NEVER = Long.MAX_VALUE;
    private static final int ALWAYS = EventHandleType.ERROR.bits() | EventHandleType.HANGUP.bits();

    private final ReentrantLock lock = new ReentrantLock();
    private final Epoll epoll = new Epoll(READY_AT_ONCE);

    // All guarded by lock.
    private @Nullable Descriptor[] byNumber = new Descriptor[64];
    private final Map<EventTimeout, Alarm> alarms = new HashMap<>();
    private Alarm[] heap = new Alarm[64]; // The first that is due is at 0.
    private int heapSize;
    private List<Descriptor> files = List.of(); // What epoll does not take, as it is always ready. Immutable.
    private long asleepUntil = Long.MIN_VALUE; // In nanoseconds of System.nanoTime; MIN_VALUE while awake.

    // Of the loop's thread.
    private EventHandle[] called = new EventHandle[8];
    private int[] calledFor = new int[8];
    private Alarm[] due = new Alarm[64];
    private int strays;

    /// A file descriptor, and who waits for it.
    private static final class Descriptor {
        private final int number;
        private EventHandle[] handles = new EventHandle[1];
        private int[] events = new int[1];
        private int count;

        /// What the kernel was told to wait for; 0 if it does not know of it.
        private int known;

        /// A regular file, which is always ready and which epoll refuses.
        private boolean isFile;

        Descriptor(int number) {
            this.number = number;
        }

        int wanted() {
            int all = 0;
            for (int i = 0; i < count; i++) {
                all |= events[i];
            }
            return all;
        }

        int indexOf(EventHandle handle) {
            for (int i = 0; i < count; i++) {
                if (handles[i].watch() == handle.watch()) {
                    return i;
                }
            }
            return -1;
        }

        void add(EventHandle handle, int wanted) {
            if (count == handles.length) {
                EventHandle[] more = new EventHandle[2 * count];
                System.arraycopy(handles, 0, more, 0, count);
                handles = more;
                events = Arrays.copyOf(events, 2 * count);
            }
            handles[count] = handle;
            events[count++] = wanted;
        }

        void remove(int index) {
            count--;
            handles[index] = handles[count];
            events[index] = events[count];
        }
    }

    /// A timeout.
    private static final class Alarm {
        private final EventTimeout timeout;
        private int millis;
        private long dueAt = NEVER;
        private int index = -1; // In the heap; -1 if it is not there.
        private boolean pending; // Collected to be called in this turn.

        Alarm(EventTimeout timeout) {
            this.timeout = timeout;
        }
    }

    /// Starts the loop's thread.
    public Thread start() {
        epoll.open();
        Thread thread = Workers.thread("libvirt4j-events", this::run);
        thread.start();
        return thread;
    }

    @Override
    public void addHandle(EventHandle handle, int events) {
        lock.lock();
        try {
            int number = handle.fd();
            if (number >= byNumber.length) {
                byNumber = Arrays.copyOf(byNumber, Math.max(number + 1, 2 * byNumber.length));
            }
            Descriptor descriptor = byNumber[number];
            if (descriptor == null) {
                descriptor = new Descriptor(number);
                byNumber[number] = descriptor;
            }
            descriptor.add(handle, events);
            boolean told = false;
            try {
                // Whatever was known of it: the number may be that of another file by now.
                tellKernel(descriptor, true);
                told = true;
            } finally {
                if (!told) {
                    forget(descriptor, handle);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void updateHandle(EventHandle handle, int events) {
        lock.lock();
        try {
            Descriptor descriptor = byNumber[handle.fd()];
            int index = descriptor == null ? -1 : descriptor.indexOf(handle);
            if (descriptor != null && index >= 0) {
                descriptor.events[index] = events;
                tellKernel(descriptor, false);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void removeHandle(EventHandle handle) {
        lock.lock();
        try {
            Descriptor descriptor = byNumber[handle.fd()];
            if (descriptor != null) {
                forget(descriptor, handle);
                tellKernel(descriptor, false);
            }
        } finally {
            lock.unlock();
        }
    }

    private void forget(Descriptor descriptor, EventHandle handle) {
        int index = descriptor.indexOf(handle);
        if (index >= 0) {
            descriptor.remove(index);
            if (descriptor.count == 0) {
                byNumber[descriptor.number] = null;
            }
        }
    }

    /// What nobody waits for must not be in the kernel's set: it reports errors and hangups of that, too.
    private void tellKernel(Descriptor descriptor, boolean anew) {
        int wanted = descriptor.wanted();
        if (descriptor.isFile && !anew) {
            keepFile(descriptor, wanted != 0);
        } else if (wanted == descriptor.known && !anew) {
            return;
        } else if (wanted == 0) {
            epoll.remove(descriptor.number);
            descriptor.known = 0;
        } else {
            descriptor.isFile = !epoll.set(descriptor.number, wanted, descriptor.known != 0);
            descriptor.known = descriptor.isFile ? 0 : wanted;
            if (descriptor.isFile || anew) {
                keepFile(descriptor, descriptor.isFile);
            }
        }
    }

    private void keepFile(Descriptor descriptor, boolean keep) {
        List<Descriptor> all = new ArrayList<>(files);
        all.removeIf(file -> file.number == descriptor.number);
        if (keep) {
            all.add(descriptor);
            wakeFor(System.nanoTime());
        }
        files = List.copyOf(all);
    }

    @Override
    public void addTimeout(EventTimeout timeout, int millis) {
        lock.lock();
        try {
            Alarm alarm = new Alarm(timeout);
            alarms.put(timeout, alarm);
            set(alarm, millis);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void updateTimeout(EventTimeout timeout, int millis) {
        lock.lock();
        try {
            Alarm alarm = alarms.get(timeout);
            if (alarm != null) {
                set(alarm, millis);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void removeTimeout(EventTimeout timeout) {
        lock.lock();
        try {
            Alarm alarm = alarms.remove(timeout);
            if (alarm != null) {
                set(alarm, -1);
            }
        } finally {
            lock.unlock();
        }
    }

    private void set(Alarm alarm, int millis) {
        alarm.millis = millis;
        alarm.pending = false;
        if (millis < 0) {
            if (alarm.index >= 0) {
                takeOut(alarm);
            }
            return;
        }
        putIn(alarm, System.nanoTime() + millis * 1_000_000L);
        wakeFor(alarm.dueAt);
    }

    private void wakeFor(long time) {
        if (asleepUntil != Long.MIN_VALUE && (asleepUntil == NEVER || time - asleepUntil < 0)) {
            asleepUntil = Long.MIN_VALUE;
            epoll.wake();
        }
    }

    private void putIn(Alarm alarm, long time) {
        alarm.dueAt = time;
        if (alarm.index < 0) {
            if (heapSize == heap.length) {
                heap = doubled(heap);
            }
            alarm.index = heapSize;
            heap[heapSize++] = alarm;
        }
        siftDown(alarm, siftUp(alarm, alarm.index));
    }

    private static Alarm[] doubled(Alarm[] full) {
        Alarm[] more = new Alarm[2 * full.length];
        System.arraycopy(full, 0, more, 0, full.length);
        return more;
    }

    private void takeOut(Alarm alarm) {
        int index = alarm.index;
        alarm.index = -1;
        Alarm last = heap[--heapSize];
        if (index < heapSize) {
            heap[index] = last;
            last.index = index;
            siftDown(last, siftUp(last, index));
        }
    }

    private int siftUp(Alarm alarm, int from) {
        int index = from;
        while (index > 0 && alarm.dueAt - heap[(index - 1) / 2].dueAt < 0) {
            move(heap[(index - 1) / 2], index);
            index = (index - 1) / 2;
        }
        move(alarm, index);
        return index;
    }

    private void siftDown(Alarm alarm, int from) {
        int index = from;
        while (2 * index + 1 < heapSize) {
            int child = 2 * index + 1;
            if (child + 1 < heapSize && heap[child + 1].dueAt - heap[child].dueAt < 0) {
                child++;
            }
            if (heap[child].dueAt - alarm.dueAt >= 0) {
                break;
            }
            move(heap[child], index);
            index = child;
        }
        move(alarm, index);
    }

    private void move(Alarm alarm, int index) {
        heap[index] = alarm;
        alarm.index = index;
    }

    private void run() {
        while (true) {
            try {
                turn();
            } catch (Throwable t) {
                Uncaught.report("the event loop", t);
                pause();
            }
        }
    }

    private static void pause() {
        try {
            // Between two failures, so that a loop which cannot run does not use up a processor.
            Thread.sleep(100);
        } catch (InterruptedException e) {
            // Nothing ends the loop.
        }
    }

    private void turn() {
        int ready = epoll.await(fallAsleep());
        wakeUp();
        int straysBefore = strays;
        for (int i = 0; i < ready; i++) {
            callHandles(epoll.number(i), epoll.events(i));
        }
        if (strays == straysBefore) {
            strays = 0;
        } else if (strays > STRAYS) {
            renew();
        }
        List<Descriptor> always = files();
        for (int i = 0; i < always.size(); i++) {
            callHandles(always.get(i).number, EventHandleType.READABLE.bits() | EventHandleType.WRITABLE.bits());
        }
        int count = collectDue();
        for (int i = 0; i < count; i++) {
            callAlarm(due[i]);
        }
    }

    /// Milliseconds to wait; −1 for ever.
    private int fallAsleep() {
        lock.lock();
        try {
            if (!files.isEmpty()) {
                return 0;
            }
            if (heapSize == 0) {
                asleepUntil = NEVER;
                return -1;
            }
            long left = heap[0].dueAt - System.nanoTime();
            if (left <= 0) {
                return 0;
            }
            asleepUntil = heap[0].dueAt;
            // Rounded up: a turn too early would find nothing to do.
            return (int) Math.min(Integer.MAX_VALUE, (left + 999_999) / 1_000_000);
        } finally {
            lock.unlock();
        }
    }

    private void wakeUp() {
        lock.lock();
        try {
            asleepUntil = Long.MIN_VALUE;
        } finally {
            lock.unlock();
        }
    }

    private List<Descriptor> files() {
        lock.lock();
        try {
            return files;
        } finally {
            lock.unlock();
        }
    }

    /// A file descriptor that was closed while a duplicate of it is open stays in the kernel's set, and
    /// nothing takes it out: there is no number for it any more.
    private void renew() {
        lock.lock();
        try {
            strays = 0;
            epoll.renew();
            for (Descriptor descriptor : byNumber) {
                if (descriptor != null && descriptor.known != 0) {
                    descriptor.known = 0;
                    tellKernel(descriptor, true);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void callHandles(int number, int events) {
        int count = handlesOf(number, events);
        for (int i = 0; i < count; i++) {
            // One that was called before may have changed what this one waits for.
            if (i == 0 || isWanted(called[i])) {
                called[i].ready(calledFor[i]);
            }
        }
    }

    /// Puts those who wait for it into [#called].
    private int handlesOf(int number, int events) {
        lock.lock();
        try {
            Descriptor descriptor = number < byNumber.length ? byNumber[number] : null;
            if (descriptor == null || descriptor.wanted() == 0) {
                strays++;
                return 0;
            }
            if (called.length < descriptor.count) {
                called = new EventHandle[2 * descriptor.count];
                calledFor = new int[2 * descriptor.count];
            }
            int count = 0;
            for (int i = 0; i < descriptor.count; i++) {
                int told = events & (descriptor.events[i] | ALWAYS);
                if (descriptor.events[i] != 0 && told != 0) {
                    called[count] = descriptor.handles[i];
                    calledFor[count++] = told;
                }
            }
            return count;
        } finally {
            lock.unlock();
        }
    }

    private boolean isWanted(EventHandle handle) {
        lock.lock();
        try {
            Descriptor descriptor = byNumber[handle.fd()];
            int index = descriptor == null ? -1 : descriptor.indexOf(handle);
            return descriptor != null && index >= 0 && descriptor.events[index] != 0;
        } finally {
            lock.unlock();
        }
    }

    /// Puts the timeouts that are due now into [#due].
    private int collectDue() {
        lock.lock();
        try {
            long now = System.nanoTime();
            int count = 0;
            while (heapSize > 0 && heap[0].dueAt - now <= 0) {
                Alarm alarm = heap[0];
                takeOut(alarm);
                alarm.pending = true;
                if (count == due.length) {
                    due = doubled(due);
                }
                due[count++] = alarm;
            }
            return count;
        } finally {
            lock.unlock();
        }
    }

    private void callAlarm(Alarm alarm) {
        // Not if one that was called before has changed it, or taken it away.
        if (isPending(alarm)) {
            try {
                alarm.timeout.expired();
            } finally {
                again(alarm);
            }
        }
    }

    private boolean isPending(Alarm alarm) {
        lock.lock();
        try {
            return alarm.pending;
        } finally {
            lock.unlock();
        }
    }

    private void again(Alarm alarm) {
        lock.lock();
        try {
            if (alarm.pending) {
                alarm.pending = false;
                putIn(alarm, System.nanoTime() + alarm.millis * 1_000_000L);
            }
        } finally {
            lock.unlock();
        }
    }
}
