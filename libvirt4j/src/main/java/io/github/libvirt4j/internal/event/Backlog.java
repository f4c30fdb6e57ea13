package io.github.libvirt4j.internal.event;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The events that wait in a [Mailbox], in their order, with what is missing between them. The mailbox guards
/// it.
///
/// @param <E> what waits
final class Backlog<E> {
    private @Nullable Node<E> first;
    private @Nullable Node<E> last;
    private int size;

    /// How many are missing behind the last.
    private long missing;

    private long lost;

    /// An event that waits. The links are its own: an `ArrayDeque` that has no memory to grow is empty
    /// afterwards.
    private static final class Node<E> {
        private E event;

        /// Whether it is no event: it takes no room, and is not counted when it is dropped.
        private final boolean isMark;

        /// How many are missing before it.
        private long missing;

        private @Nullable Node<E> next;

        Node(E event, boolean isMark) {
            this.event = event;
            this.isMark = isMark;
        }
    }

    /// How many events wait.
    int size() {
        return size;
    }

    /// Whether nothing waits, and nothing is missing.
    boolean isEmpty() {
        return first == null && missing == 0;
    }

    /// How many events were dropped.
    long lost() {
        return lost;
    }

    /// Adds an event. Without memory for it, it is dropped.
    void add(E event) {
        add(event, false);
    }

    /// Adds an object that is no event; in place of the last object, if that is none either.
    void mark(E mark) {
        if (last != null && last.isMark) {
            last.event = mark;
            last.missing += missing;
            missing = 0;
        } else {
            add(mark, true);
        }
    }

    /// Puts an event back that was taken: it is the first again. Without memory for it, it is dropped.
    void putBack(E event) {
        Node<E> node = null;
        try {
            node = new Node<>(event, false);
        } finally {
            if (node == null) {
                dropFirst();
            }
        }
        node.next = first;
        first = node;
        if (last == null) {
            last = node;
        }
        size++;
    }

    /// Drops an event that was taken.
    private void dropFirst() {
        lost++;
        if (first == null) {
            missing++;
        } else {
            first.missing++;
        }
    }

    private void add(E event, boolean isMark) {
        Node<E> node = null;
        try {
            node = new Node<>(event, isMark);
        } finally {
            if (node == null) {
                dropNewest();
            }
        }
        node.missing = missing;
        missing = 0;
        if (last == null) {
            first = node;
        } else {
            last.next = node;
        }
        last = node;
        size += isMark ? 0 : 1;
    }

    /// Drops the event that waits longest, with the marks before it.
    void dropOldest() {
        long before = 1;
        boolean isMark;
        do {
            Node<E> oldest = Objects.requireNonNull(first);
            before += oldest.missing;
            isMark = oldest.isMark;
            removeFirst();
        } while (isMark);
        lost++;
        if (first == null) {
            missing += before;
        } else {
            first.missing += before;
        }
    }

    /// Drops an event that was not added.
    void dropNewest() {
        lost++;
        missing++;
    }

    /// Counts an event that is not missing, as nobody hears of it.
    void dropUnheard() {
        lost++;
    }

    /// Drops all, and forgets what is missing.
    void clear() {
        lost += size;
        size = 0;
        missing = 0;
        first = null;
        last = null;
    }

    /// Takes what is first; null if nothing waits.
    @Nullable
    E poll() {
        return first == null ? null : removeFirst();
    }

    private E removeFirst() {
        Node<E> node = Objects.requireNonNull(first);
        first = node.next;
        if (first == null) {
            last = null;
        }
        size -= node.isMark ? 0 : 1;
        return node.event;
    }

    /// How many are missing before the first. They are told once.
    long takeGap() {
        long gap = first == null ? missing : first.missing;
        if (first == null) {
            missing = 0;
        } else {
            first.missing = 0;
        }
        return gap;
    }
}
