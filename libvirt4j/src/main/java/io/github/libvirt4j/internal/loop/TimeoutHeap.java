package io.github.libvirt4j.internal.loop;

import io.github.libvirt4j.loop.LoopTimeout;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Timeouts, the first that is due in front: adding and changing one, and calling the first, take as long as
/// their number has digits. Not safe for use by several threads at a time.
///
/// One that is changed or removed leaves its old place behind, to be passed over when it comes to the front,
/// or given up when room is needed. So a change need not look for the old place: of ten thousand timeouts it
/// touches the end of two arrays, and little else.
public final class TimeoutHeap {
    /// A timeout of libvirt's, and when it is due.
    public static final class Alarm {
        public final LoopTimeout timeout;
        private int millis = -1;
        private long dueAt; // If millis says that it waits.
        private boolean pending; // It was due, and is to be called.

        private Alarm(LoopTimeout timeout) {
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

    /// Four children a node: half as many levels as with two, and what is changed lies in half as many
    /// places.
    private static final int CHILDREN = 4;

    private Alarm[] heap = new Alarm[64];
    private long[] dueAt = new long[64]; // By index: to compare, nothing else need be looked at.
    private int size; // Places left behind included.
    private int waiting; // Timeouts that wait.
    private int timeouts; // All.

    /// Adding is the only thing that can fail for want of memory: libvirt hears of that.
    public void add(LoopTimeout timeout, int millis) {
        Alarm alarm = new Alarm(timeout);
        if (2 * (timeouts + 1) > heap.length) {
            grow();
        }
        timeouts++;
        timeout.attach(alarm);
        set(alarm, millis);
    }

    /// One that is not there is passed over.
    public void update(LoopTimeout timeout, int millis) {
        if (timeout.attachment() instanceof Alarm alarm) {
            set(alarm, millis);
        }
    }

    public void remove(LoopTimeout timeout) {
        if (timeout.attachment() instanceof Alarm alarm) {
            timeout.attach(null);
            set(alarm, -1);
            timeouts--;
        }
    }

    public boolean isEmpty() {
        return waiting == 0;
    }

    /// When the first is due, in nanoseconds of `System.nanoTime`; there must be one.
    public long firstDueAt() {
        while (!isCurrent(0)) {
            size--;
            siftDown(heap[size], dueAt[size], 0);
        }
        return dueAt[0];
    }

    /// The first, if it is due by then: it is to be called, and due again when its time has passed, whatever
    /// becomes of the call. Null if none is.
    @Nullable
    public Alarm nextDue(long time) {
        if (isEmpty() || firstDueAt() - time > 0) {
            return null;
        }
        Alarm first = heap[0];
        first.pending = true;
        // Later in any case: none is due twice at a time.
        first.dueAt = time + Math.max(1, first.millis * 1_000_000L);
        siftDown(first, first.dueAt, 0);
        return first;
    }

    private void set(Alarm alarm, int millis) {
        long dueAt = System.nanoTime() + millis * 1_000_000L;
        boolean isThere = alarm.millis >= 0 && alarm.dueAt == dueAt;
        waiting += (millis >= 0 ? 1 : 0) - (alarm.millis >= 0 ? 1 : 0);
        alarm.millis = millis;
        alarm.pending = false;
        if (millis >= 0 && !isThere) {
            alarm.dueAt = dueAt;
            if (size == heap.length) {
                giveUpPlacesLeftBehind();
            }
            siftUp(alarm, alarm.dueAt, size++);
        }
    }

    /// Whether a place is one that its timeout has not left.
    private boolean isCurrent(int index) {
        Alarm alarm = heap[index];
        return alarm.millis >= 0 && alarm.dueAt == dueAt[index];
    }

    /// At least half of them, as each timeout that waits has one other.
    private void giveUpPlacesLeftBehind() {
        int kept = 0;
        for (int i = 0; i < size; i++) {
            if (isCurrent(i)) {
                place(heap[i], dueAt[i], kept++);
            }
        }
        size = kept;
        for (int i = kept - 1; i >= 0; i--) {
            siftDown(heap[i], dueAt[i], i);
        }
    }

    private void grow() {
        Alarm[] more = new Alarm[2 * heap.length];
        System.arraycopy(heap, 0, more, 0, size);
        dueAt = Arrays.copyOf(dueAt, more.length);
        heap = more;
    }

    private void siftUp(Alarm alarm, long time, int from) {
        int index = from;
        while (index > 0 && time - dueAt[(index - 1) / CHILDREN] < 0) {
            move((index - 1) / CHILDREN, index);
            index = (index - 1) / CHILDREN;
        }
        place(alarm, time, index);
    }

    private void siftDown(Alarm alarm, long time, int from) {
        int index = from;
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
    }
}
