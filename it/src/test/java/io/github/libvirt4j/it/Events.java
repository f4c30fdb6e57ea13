package io.github.libvirt4j.it;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.event.Event;
import io.github.libvirt4j.event.EventKind;
import io.github.libvirt4j.event.EventQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/// What happens on a connection, for a test to wait for. Of one kind the events come in their order; those
/// that a test does not ask for wait.
final class Events implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final EventQueue<Event> queue;
    private final List<Event> waiting = new ArrayList<>();

    private Events(EventQueue<Event> queue) {
        this.queue = queue;
    }

    @SafeVarargs
    @SuppressWarnings("varargs") // They are only read.
    static Events of(Connect connect, EventKind<? extends Event>... kinds) {
        return new Events(connect.queue(Set.of(kinds), 10_000));
    }

    /// Waits for an event that is equal to this one, in all it says.
    void expect(Event wanted) throws InterruptedException {
        next(wanted.getClass(), wanted::equals, wanted.toString());
    }

    /// Waits for several.
    void expectAll(Event... wanted) throws InterruptedException {
        for (Event each : wanted) {
            expect(each);
        }
    }

    /// Waits for several of one kind, with others of their kind between them or not, but in this order.
    void expectInOrder(Event... wanted) throws InterruptedException {
        for (Event each : wanted) {
            while (!next(each.getClass()).equals(each)) {}
        }
    }

    /// Waits for an event of some kind.
    <E extends Event> E next(Class<E> kind) throws InterruptedException {
        return next(kind, _ -> true, kind.getSimpleName());
    }

    /// Waits for a certain event of some kind.
    <E extends Event> E next(Class<E> kind, Predicate<? super E> wanted) throws InterruptedException {
        return next(kind, wanted, "some " + kind.getSimpleName());
    }

    private <E extends Event> E next(Class<E> kind, Predicate<? super E> wanted, String what)
            throws InterruptedException {
        for (Iterator<Event> each = waiting.iterator(); each.hasNext(); ) {
            Event event = each.next();
            if (kind.isInstance(event) && wanted.test(kind.cast(event))) {
                each.remove();
                Receives.Check.note(event);
                return kind.cast(event);
            }
        }
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            Event event = queue.poll(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
            if (event == null) {
                throw new AssertionError("Within " + LIMIT.toSeconds() + " s came no " + what + ", but " + waiting);
            }
            if (kind.isInstance(event) && wanted.test(kind.cast(event))) {
                Receives.Check.note(event);
                return kind.cast(event);
            }
            waiting.add(event);
        }
    }

    @Override
    public String toString() {
        return waiting.toString();
    }

    @Override
    public void close() {
        queue.close();
    }
}
