package io.github.libvirt4j;

import io.github.libvirt4j.error.LibvirtError;
import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.error.UnsupportedException;
import io.github.libvirt4j.event.ConnectEvent;
import io.github.libvirt4j.event.Delivery;
import io.github.libvirt4j.event.Event;
import io.github.libvirt4j.event.EventHandler;
import io.github.libvirt4j.event.EventKind;
import io.github.libvirt4j.event.Registration;
import io.github.libvirt4j.internal.Duty;
import io.github.libvirt4j.internal.Observers;
import io.github.libvirt4j.internal.Workers;
import io.github.libvirt4j.internal.c.ErrorCallback;
import io.github.libvirt4j.internal.call.HandlerScope;
import io.github.libvirt4j.internal.callback.Loans;
import io.github.libvirt4j.internal.event.EventSink;
import io.github.libvirt4j.internal.event.EventTable;
import io.github.libvirt4j.internal.event.FlowSubscription;
import io.github.libvirt4j.internal.event.Mailbox;
import io.github.libvirt4j.internal.loop.ProcessLoop;
import io.github.libvirt4j.types.ErrorNumber;
import io.github.libvirt4j.types.Version;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The implementation of [Registration]: one handler for some kinds of events of a connection.
///
/// A subscription uses the connection's pointer from before its first callback is registered until its last
/// is deregistered, and C's loan leads to it: neither is collected while events can come.
final class Subscription<E extends Event> implements Registration, EventSink, Mailbox.Owner, FlowSubscription.Source {
    private enum State {
        STARTING,
        ACTIVE,
        CLOSED
    }

    /// The place in which a callback pointer is unique: an event, of one object or of all. libvirt takes two
    /// registrations for the same if their places and pointers are.
    private record Place(EventTable.Row row, @Nullable Object identity) {}

    /// A source of events. Begun and ended once, or ended without having begun.
    private abstract static sealed class Source {
        /// Registers with C. Nothing that C has taken is forgotten for want of memory.
        abstract void begin(MemorySegment pointer);

        /// Deregisters. If it throws, it is called again.
        abstract void end(MemorySegment pointer);
    }

    /// The limit for a turn of the loop, which a handler with direct delivery can delay.
    private static final Duration TURN_LIMIT = Duration.ofSeconds(1);

    private final Connection connection;
    private final String name;

    /// Null for an event queue.
    private final @Nullable EventHandler<? super E> handler;

    /// Null for direct delivery.
    private final @Nullable Mailbox<E> mailbox;

    /// Work that must be done off the loop, and needs a thread.
    private final Duty endOfEvents = new Duty(() -> Workers.execute(this::endEvents));

    private final Duty overflow = new Duty(() -> Workers.execute(this::endNow));

    /// With direct delivery: the events for which there was no memory.
    private final AtomicLong missed = new AtomicLong();

    private final AtomicReference<State> state = new AtomicReference<>(State.STARTING);

    /// No event is delivered any more, though some can still come.
    private volatile boolean closed;

    /// All is deregistered.
    private volatile boolean over;

    /// Filled while STARTING, and then read by the thread that ends ACTIVE.
    private final List<Source> sources = new ArrayList<>();

    Subscription(
            Connection connection,
            Set<? extends EventKind<? extends E>> kinds,
            @Nullable Noun about,
            Delivery delivery,
            Function<Registration, @Nullable EventHandler<? super E>> handler) {
        if (kinds.isEmpty()) {
            throw new IllegalArgumentException("No kind of event to register for; name at least one");
        }
        this.connection = connection;
        this.name = kinds.stream().map(EventKind::toString).sorted().collect(Collectors.joining(","))
                + (about == null ? "" : " of " + about) + " on " + connection;
        this.handler = handler.apply(this);
        this.mailbox =
                delivery instanceof Delivery.Queued queued ? new Mailbox<>(name, queued, this.handler, this) : null;
    }

    /// Registers. Events can come before this returns.
    ///
    /// @param pointer the connection, which the caller uses for us until [#deregister]
    /// @param about the only object whose events are delivered; null for all
    void start(Set<? extends EventKind<? extends E>> kinds, MemorySegment pointer, @Nullable Noun about) {
        try {
            for (EventKind<?> kind : kinds) {
                begin(kind == ConnectEvent.CLOSED ? new Closed() : new Registered(kind, about), pointer);
            }
            if (isToldOfTheEnd() && !kinds.contains(ConnectEvent.CLOSED)) {
                begin(new ClosedQuietly(), pointer);
            }
        } catch (Throwable t) {
            closed = true;
            state.set(State.CLOSED);
            dropQueued();
            deregister();
            throw t;
        }
        if (!state.compareAndSet(State.STARTING, State.ACTIVE)) {
            // Closed by its own handler, or with the connection, while it was starting.
            deregister();
        }
    }

    /// Whether something waits for events, or for the end of them.
    private boolean isToldOfTheEnd() {
        return handler == null || handler instanceof EventFlow;
    }

    private void begin(Source source, MemorySegment pointer) {
        sources.add(source);
        source.begin(pointer);
    }

    /// The end of the connection.
    private final class Closed extends Source {
        @Override
        void begin(MemorySegment pointer) {
            connection
                    .closeWatch()
                    .add(pointer, Subscription.this, (function, result) -> connection.check(result, function));
        }

        @Override
        void end(MemorySegment pointer) {
            connection.closeWatch().remove(Subscription.this);
        }
    }

    /// The end of the connection, for threads and subscribers that wait for an event that cannot come. If C
    /// refuses, they are not told.
    private final class ClosedQuietly extends Source {
        private final EventSink end = _ -> brokenOff();

        @Override
        void begin(MemorySegment pointer) {
            try (HandlerScope _ = ErrorCallback.quietly()) {
                connection.closeWatch().add(pointer, end, (_, _) -> {});
            }
        }

        @Override
        void end(MemorySegment pointer) {
            connection.closeWatch().remove(end);
        }
    }

    /// Events that the loop is about to deliver came before: they are queued in one turn, and told in the
    /// next.
    private void brokenOff() {
        endOfEvents.now();
    }

    private void endEvents() {
        try {
            ProcessLoop.turn();
            ProcessLoop.turn();
            Objects.requireNonNull(mailbox).brokenOff();
        } catch (Throwable t) {
            endOfEvents.due();
        }
    }

    /// A callback of libvirt's.
    private final class Registered extends Source {
        private final EventKind<?> kind;
        private final @Nullable Noun about;
        private final Place place;

        /// The number of the function pointer that is claimed; −1 for none.
        private int k = -1;

        /// The callback id that C gave; −1 for none.
        private int id = -1;

        Registered(EventKind<?> kind, @Nullable Noun about) {
            if (Libvirt.version().compareTo(kind.since()) < 0) {
                throw unsupported(kind, "loaded", Libvirt.version());
            }
            this.kind = kind;
            this.about = about;
            this.place = new Place(EventTable.row(kind), about == null ? null : about.identityNow());
        }

        @Override
        void begin(MemorySegment pointer) {
            if (about == null) {
                begin(pointer, MemorySegment.NULL);
                return;
            }
            MemorySegment object = about.enter();
            try {
                begin(pointer, object);
            } finally {
                about.object.leave();
            }
        }

        private void begin(MemorySegment pointer, MemorySegment object) {
            k = connection.pointers.claim(place);
            connection.registering.take();
            try {
                connection.anchor().drop(pointer, place.row);
                Loans.register(Subscription.this, sink -> register(pointer, object, sink));
            } finally {
                connection.registering.unlock();
            }
        }

        private int register(MemorySegment pointer, MemorySegment object, MemorySegment sink) {
            id = place.row.register(pointer, object, kind, k, sink);
            if (id < 0) {
                throw refused(kind, connection.failed(place.row.registerFunction()));
            }
            return id;
        }

        @Override
        void end(MemorySegment pointer) {
            if (id >= 0) {
                connection.registering.take();
                try (HandlerScope _ = ErrorCallback.quietly()) {
                    // It fails where the other side is gone. libvirt has forgotten the callback then all the same.
                    place.row.deregister(pointer, id);
                    id = -1;
                } finally {
                    connection.registering.unlock();
                }
            }
            if (k >= 0) {
                connection.pointers.release(place, k);
                k = -1;
            }
        }
    }

    /// A daemon older than the kind of event answers with an internal error.
    private LibvirtException refused(EventKind<?> kind, LibvirtException e) {
        if (e.code() != ErrorNumber.INTERNAL_ERROR || !(connection instanceof Connect connect)) {
            return e;
        }
        try {
            Version there = connect.libVersion();
            return there.compareTo(kind.since()) < 0 ? unsupported(kind, "the daemon", there) : e;
        } catch (LibvirtException | IllegalStateException gone) {
            return e;
        }
    }

    /// For a kind of event that libvirt does not know, the loaded one or that of the daemon.
    private static UnsupportedException unsupported(EventKind<?> kind, String whose, Version version) {
        String message = kind + " events come with libvirt " + kind.since() + "; " + whose + " is " + version;
        return new UnsupportedException(
                "registering for events", LibvirtError.of(ErrorNumber.NO_SUPPORT, message), message, null);
    }

    private void deregister() {
        MemorySegment pointer = connection.object.pointer();
        try {
            while (!sources.isEmpty()) {
                sources.getLast().end(pointer);
                sources.removeLast();
            }
        } catch (Throwable t) {
            // The stack was nearly full: another call can close the rest, or the connection does.
            state.set(State.ACTIVE);
            throw t;
        }
        over = true;
        connection.leave(this);
    }

    /// From the trampoline, on the loop.
    @Override
    @SuppressWarnings("unchecked") // Only kinds of E are registered.
    public void accept(Event event) {
        Observers.received(connection.toString(), event);
        if (mailbox != null) {
            try {
                mailbox.put((E) event);
            } finally {
                if (isToldOfTheEnd() && event instanceof ConnectEvent.Closed) {
                    brokenOff();
                }
            }
        } else if (!closed) {
            deliverHere((E) event);
        }
    }

    /// From the trampoline: there was no memory to make the event.
    @Override
    public void missed() {
        if (mailbox == null) {
            missed.incrementAndGet();
        } else {
            mailbox.missed();
        }
    }

    private void deliverHere(E event) {
        boolean entered = false;
        try (HandlerScope _ = HandlerScope.of(this)) {
            entered = true;
            Mailbox.tell(name, Objects.requireNonNull(handler), 0, event);
        } finally {
            if (!entered) {
                missed.incrementAndGet();
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        end();
        dropQueued();
    }

    /// Closes without a time limit.
    @Override
    public void closeNow() {
        closed = true;
        endNow();
        dropQueued();
    }

    @Override
    public boolean closeAndAwait(Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.NANOSECONDS.convert(limit);
        try {
            end();
            // After a turn, an event that the loop was delivering is in the queue; with direct delivery its handler
            // has returned.
            if (HandlerScope.isInside(this)) {
                return false;
            }
            if (ProcessLoop.isCurrentThread()) {
                return awaitIdle(0);
            }
            // The turn is a part of closing, not of the wait.
            return ProcessLoop.barrier(Math.max(TURN_LIMIT.toNanos(), deadline - System.nanoTime()))
                    && awaitIdle(deadline - System.nanoTime());
        } finally {
            closed = true;
            dropQueued();
        }
    }

    /// Waits until no event waits and the handler is not at work. False if `nanos` nanoseconds were not
    /// enough.
    boolean awaitIdle(long nanos) throws InterruptedException {
        return mailbox == null || mailbox.awaitIdle(nanos);
    }

    /// Whether libvirt has none of our callbacks and our handler is not at work.
    boolean isOver() {
        return over && (mailbox == null || mailbox.isOver());
    }

    /// In the background, as deregistering asks the other side, and this is the loop.
    @Override
    public void overflown() {
        overflow.now();
    }

    @Override
    public void over() {
        connection.forgetIfOver(this);
    }

    @Override
    public void dropQueued() {
        if (mailbox != null) {
            mailbox.close();
        }
    }

    /// Takes an event of a queue.
    @Nullable
    E take(long nanos) throws InterruptedException {
        return Objects.requireNonNull(mailbox).take(nanos);
    }

    /// Returns a registration as its implementation.
    @SuppressWarnings("unchecked") // It is given its own handler's.
    static <E extends Event> Subscription<E> of(Registration self) {
        return (Subscription<E>) self;
    }

    @Override
    public void open() {
        Objects.requireNonNull(mailbox).open();
    }

    @Override
    public void request(long elements) {
        Objects.requireNonNull(mailbox).request(elements);
    }

    private void end() {
        connection.endTimed("Ending a registration", this::endNow);
    }

    private void endNow() {
        if (state.getAndSet(State.CLOSED) == State.ACTIVE) {
            deregister();
        }
    }

    @Override
    public boolean isActive() {
        return !closed && state.get() != State.CLOSED && connection.isUsable();
    }

    @Override
    public long lost() {
        return mailbox == null ? missed.get() : mailbox.lost();
    }

    @Override
    public String toString() {
        return name;
    }
}
