package io.github.libvirt4j.internal;

import io.github.libvirt4j.EventTimeout;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Timeouts, the first that is due in front: adding, changing and removing one takes as long as their
/// number has digits. Not safe for use by several threads at a time.
final class TimeoutHeap {
    /// A timeout of libvirt's, and when it is due.
    static final class Alarm {
        private final EventTimeout timeout;
        private int millis;
        private long dueAt;
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

    private final Map<EventTimeout, Alarm> alarms = new HashMap<>();
    private Alarm[] heap = new Alarm[64];
    private int size;

    void add(EventTimeout timeout, int millis) {
        Alarm alarm = new Alarm(timeout);
        alarms.put(timeout, alarm);
        set(alarm, millis);
    }

    /// One that is not there is passed over.
    void update(EventTimeout timeout, int millis) {
        Alarm alarm = alarms.get(timeout);
        if (alarm != null) {
            set(alarm, millis);
        }
    }

    void remove(EventTimeout timeout) {
        Alarm alarm = alarms.remove(timeout);
        if (alarm != null) {
            set(alarm, -1);
        }
    }

    boolean isEmpty() {
        return size == 0;
    }

    /// When the first is due, in nanoseconds of `System.nanoTime`; there must be one.
    long firstDueAt() {
        return heap[0].dueAt;
    }

    /// The first, if it is due by then: it is to be called, and due again when its time has passed, whatever
    /// becomes of the call. Null if none is.
    @Nullable
    Alarm nextDue(long time) {
        if (size == 0 || heap[0].dueAt - time > 0) {
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
        alarm.dueAt = time;
        if (alarm.index < 0) {
            if (size == heap.length) {
                Alarm[] more = new Alarm[2 * size];
                System.arraycopy(heap, 0, more, 0, size);
                heap = more;
            }
            alarm.index = size;
            heap[size++] = alarm;
        }
        siftDown(alarm, siftUp(alarm, alarm.index));
    }

    private void takeOut(Alarm alarm) {
        int index = alarm.index;
        alarm.index = -1;
        Alarm last = heap[--size];
        if (index < size) {
            siftDown(last, siftUp(last, index));
        }
    }

    private int siftUp(Alarm alarm, int from) {
        int index = from;
        while (index > 0 && alarm.dueAt - heap[(index - 1) / 2].dueAt < 0) {
            place(heap[(index - 1) / 2], index);
            index = (index - 1) / 2;
        }
        place(alarm, index);
        return index;
    }

    private void siftDown(Alarm alarm, int from) {
        int index = from;
        while (2 * index + 1 < size) {
            int child = 2 * index + 1;
            if (child + 1 < size && heap[child + 1].dueAt - heap[child].dueAt < 0) {
                child++;
            }
            if (heap[child].dueAt - alarm.dueAt >= 0) {
                break;
            }
            place(heap[child], index);
            index = child;
        }
        place(alarm, index);
    }

    private void place(Alarm alarm, int index) {
        heap[index] = alarm;
        alarm.index = index;
    }
}
