package io.github.libvirt4j.internal;

import io.github.libvirt4j.EventTimeout;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Timeouts, the first that is due in front: adding, changing and removing one takes as long as their
/// number has digits. Not safe for use by several threads at a time.
final class TimeoutHeap {
    /// A timeout of libvirt's, and when it is due.
    static final class Alarm {
        final EventTimeout timeout;
        private int millis;
        private int index = -1; // In the heap; -1 if it is not there.
        private boolean pending; // It was due, and is to be called.

        private Alarm(EventTimeout timeout) {
            this.timeout = timeout;
        }

        /// Whether it is still to be called, for the thread that calls: not if a call before it has changed
        /// it, or taken it away.
        boolean isPending() {
            return pending;
        }

        void expired() {
            timeout.expired();
        }
    }

    /// Four children a node: half as many levels as with two, and what is changed lies in half as many places.
    private static final int CHILDREN = 4;

    private Alarm[] heap = new Alarm[64];
    private long[] dueAt = new long[64]; // By index: to compare, nothing else need be looked at.
    private int size;

    void add(EventTimeout timeout, int millis) {
        Alarm alarm = new Alarm(timeout);
        timeout.attach(alarm);
        set(alarm, millis);
    }

    /// One that is not there is passed over.
    void update(EventTimeout timeout, int millis) {
        if (timeout.attachment() instanceof Alarm alarm) {
            set(alarm, millis);
        }
    }

    void remove(EventTimeout timeout) {
        if (timeout.attachment() instanceof Alarm alarm) {
            timeout.attach(null);
            set(alarm, -1);
        }
    }

    boolean isEmpty() {
        return size == 0;
    }

    /// When the first is due, in nanoseconds of `System.nanoTime`; there must be one.
    long firstDueAt() {
        return dueAt[0];
    }

    /// The first, if it is due by then: it is to be called, and due again when its time has passed, whatever
    /// becomes of the call. Null if none is.
    @Nullable
    Alarm nextDue(long time) {
        if (size == 0 || dueAt[0] - time > 0) {
            return null;
        }
        Alarm first = heap[0];
        first.pending = true;
        // Later in any case: none is due twice at a time.
        putIn(first, time + Math.max(1, first.millis * 1_000_000L));
        return first;
    }

    private void set(Alarm alarm, int millis) {
        alarm.millis = millis;
        alarm.pending = false;
        if (millis >= 0) {
            putIn(alarm, System.nanoTime() + millis * 1_000_000L);
        } else if (alarm.index >= 0) {
            takeOut(alarm);
        }
    }

    private void putIn(Alarm alarm, long time) {
        if (alarm.index < 0) {
            if (size == heap.length) {
                Alarm[] more = new Alarm[2 * size];
                System.arraycopy(heap, 0, more, 0, size);
                heap = more;
                dueAt = Arrays.copyOf(dueAt, 2 * size);
            }
            alarm.index = size++;
        }
        sift(alarm, time, alarm.index);
    }

    private void takeOut(Alarm alarm) {
        int index = alarm.index;
        alarm.index = -1;
        Alarm last = heap[--size];
        if (index < size) {
            sift(last, dueAt[size], index);
        }
    }

    /// Finds the place of one that is due then, up or down from a place that is free.
    private void sift(Alarm alarm, long time, int from) {
        int index = from;
        while (index > 0 && time - dueAt[(index - 1) / CHILDREN] < 0) {
            move((index - 1) / CHILDREN, index);
            index = (index - 1) / CHILDREN;
        }
        for (int child; (child = firstChild(index)) >= 0 && dueAt[child] - time < 0; index = child) {
            move(child, index);
        }
        place(alarm, time, index);
    }

    /// The child that is due first; −1 if there is none.
    private int firstChild(int index) {
        int first = CHILDREN * index + 1;
        if (first >= size) {
            return -1;
        }
        int end = Math.min(first + CHILDREN, size);
        for (int child = first + 1; child < end; child++) {
            if (dueAt[child] - dueAt[first] < 0) {
                first = child;
            }
        }
        return first;
    }

    private void move(int from, int to) {
        place(heap[from], dueAt[from], to);
    }

    private void place(Alarm alarm, long time, int index) {
        heap[index] = alarm;
        dueAt[index] = time;
        alarm.index = index;
    }
}
