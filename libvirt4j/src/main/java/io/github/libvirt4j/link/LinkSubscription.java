package io.github.libvirt4j.link;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.event.Delivery;
import io.github.libvirt4j.event.Event;
import io.github.libvirt4j.event.EventHandler;
import io.github.libvirt4j.event.EventKind;
import io.github.libvirt4j.event.Registration;
import io.github.libvirt4j.internal.Duty;
import io.github.libvirt4j.internal.Workers;
import io.github.libvirt4j.internal.callback.Uncaught;
import io.github.libvirt4j.internal.event.FlowSubscription;
import io.github.libvirt4j.internal.event.Mailbox;
import io.github.libvirt4j.internal.link.Moment;
import io.github.libvirt4j.internal.link.Notice;
import io.github.libvirt4j.internal.link.Notices;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A registration that outlives connections. On each connection the driver attaches it to there is one
/// registration of libvirt, and all of them fill one queue. Safe for use by any thread.
///
/// @param <E> the events
final class LinkSubscription<E extends Event> implements Registration, Mailbox.Owner, FlowSubscription.Source {
    private final Link link;
    private final Driver driver;
    private final Set<EventKind<? extends E>> kinds;
    private final String name;
    private final Mailbox<Arrival<E>> mailbox;

    /// Off the loop, as deregistering asks the other side.
    private final Duty overflow = new Duty(() -> Workers.execute(this::deregister));

    // All guarded by the driver.
    private @Nullable Notices notices;

    /// The gap before the generation whose events are delivered, and the last that is in the queue.
    private @Nullable Gap begun;

    private @Nullable Gap marked;

    /// The registration on the connection of a generation.
    private @Nullable Registration attached;

    private int attachedTo;
    private boolean closed;

    /// An event, or the beginning of a generation.
    ///
    /// @param gap the gap before the generation, by which a handler hears of it that hears of no mark
    private record Arrival<E extends Event>(
            Gap gap, Instant time, @Nullable E event) implements Mailbox.Envelope {}

    LinkSubscription(
            Link link,
            Driver driver,
            Set<EventKind<? extends E>> kinds,
            Delivery.Queued delivery,
            Function<? super LinkSubscription<E>, ? extends LinkHandler<? super E>> handler) {
        if (kinds.isEmpty()) {
            throw new IllegalArgumentException("No kind of event to register for; name at least one");
        }
        Objects.requireNonNull(delivery, "delivery");
        this.link = link;
        this.driver = driver;
        this.kinds = kinds;
        this.name = kinds.stream().map(EventKind::toString).sorted().collect(Collectors.joining(","))
                + " on the link to " + driver;
        LinkHandler<? super E> itsHandler = handler.apply(this);
        this.mailbox = new Mailbox<>(
                name,
                delivery,
                itsHandler instanceof LinkFlow<?> flow ? new OneByOne(itsHandler, flow) : new InOrder(itsHandler),
                this);
    }

    /// Tells a handler what arrives, with the gaps. The mailbox calls one method at a time.
    private class InOrder implements EventHandler<Arrival<E>> {
        private final LinkHandler<? super E> handler;

        /// The generation that the handler has heard of.
        private int generation;

        /// The time of the last event that it received, or of the beginning of its generation.
        private Instant last = Instant.now();

        InOrder(LinkHandler<? super E> handler) {
            this.handler = handler;
        }

        @Override
        public void on(Arrival<E> arrival) throws Exception {
            boolean _ = tellGap(arrival.gap);
            boolean _ = tellEvent(arrival);
        }

        /// @return false if the handler has heard of this gap
        final boolean tellGap(Gap gap) {
            if (gap.to() <= generation) {
                return false;
            }
            // Gaps that lost their place in the queue are a part of this one.
            boolean isWhole = gap.from() == generation;
            Gap.Cause cause = generation == 0 ? Gap.Cause.BEGINNING : gap.cause();
            tell(isWhole ? gap : new Gap(generation, gap.to(), last, gap.back(), cause));
            generation = gap.to();
            last = gap.back();
            return true;
        }

        /// @return false if there is none, or the loop took longer to the queue than the link to the next
        ///     generation: then it is a part of the gap
        final boolean tellEvent(Arrival<E> arrival) throws Exception {
            if (arrival.gap.to() != generation) {
                return false;
            }
            last = arrival.time;
            if (arrival.event == null) {
                return false;
            }
            handler.on(arrival.event);
            return true;
        }

        /// Before the first generation all is missing.
        @Override
        public void lost(long count) {
            boolean _ = tellLoss();
        }

        final boolean tellLoss() {
            if (generation == 0) {
                return false;
            }
            tell(new Gap(generation, generation, last, Instant.now(), Gap.Cause.OVERFLOW));
            return true;
        }

        private void tell(Gap gap) {
            try {
                handler.gap(gap);
            } catch (Throwable t) {
                Uncaught.report(name, t);
            }
        }
    }

    /// Tells a subscriber one element each time that the mailbox delivers something, as it has asked for one.
    private final class OneByOne extends InOrder implements Mailbox.Demanding {
        private final Mailbox.Demanding flow;

        OneByOne(LinkHandler<? super E> handler, Mailbox.Demanding flow) {
            super(handler);
            this.flow = flow;
        }

        @Override
        public void on(Arrival<E> arrival) throws Exception {
            if (tellGap(arrival.gap)) {
                if (arrival.event != null) {
                    mailbox.putBack(arrival);
                }
            } else if (!tellEvent(arrival)) {
                mailbox.request(1);
            }
        }

        @Override
        public void lost(long count) {
            if (!tellLoss()) {
                mailbox.request(1);
            }
        }

        @Override
        public void begin() {
            flow.begin();
        }

        @Override
        public void end(String reason) {
            flow.end(reason);
        }
    }

    @Override
    public void open() {
        mailbox.open();
    }

    @Override
    public void request(long elements) {
        mailbox.request(elements);
    }

    @Override
    public void dropQueued() {
        mailbox.close();
    }

    @Override
    public void closeNow() {
        close();
    }

    /// Registers on a connection, unless that is done. The caller is the only one for this generation.
    void attach(int generation, Connect connect) {
        if (isAttached(generation)) {
            return;
        }
        Registration made = connect.on(kinds, Delivery.direct(), event -> accept(generation, event));
        boolean isLate;
        synchronized (driver) {
            isLate = closed || attachedTo > generation;
            if (!isLate) {
                attached = made;
                attachedTo = generation;
            }
        }
        if (isLate) {
            made.close();
        }
    }

    /// Whether nothing is left to register on the connection of a generation.
    boolean isAttached(int generation) {
        synchronized (driver) {
            return closed || attachedTo == generation;
        }
    }

    /// Hears of the generations from now on. Until then, all events are part of the first gap.
    void follow(Notices ofTheLink) {
        synchronized (driver) {
            notices = ofTheLink;
        }
    }

    /// Whether it was made with a link.
    boolean isOf(Link one) {
        return link.equals(one);
    }

    /// Hears of a new generation. The driver calls this before it lets go of the lock under which it begins: an
    /// event is delivered if it comes after the `back` of the gap.
    void follow(Moment now) {
        if (notices != null) {
            for (Notice next = notices.poll(now); next != null; next = notices.poll(now)) {
                if (next instanceof Notice.Missing(Gap gap)) {
                    begun = gap;
                }
            }
        }
    }

    /// Tells the handler of a new generation, whether it has events or not. Outside of the driver's lock: an
    /// executor may run the handler at once.
    void mark() {
        Gap gap;
        synchronized (driver) {
            gap = begun;
            if (closed || gap == null || gap.equals(marked)) {
                return;
            }
            marked = gap;
        }
        mailbox.mark(new Arrival<>(gap, gap.back(), null));
    }

    /// On the event loop. The last events of a generation can come when its connection is known to be lost.
    private void accept(int generation, E event) {
        Gap gap;
        synchronized (driver) {
            gap = begun;
        }
        if (gap != null && gap.to() == generation) {
            mailbox.put(new Arrival<>(gap, Instant.now(), event));
        }
    }

    @Override
    public void close() {
        try {
            deregister();
        } finally {
            mailbox.close();
        }
    }

    /// Closes it together with the connection.
    void closeWithLink() {
        Registration _ = end();
        mailbox.close();
    }

    @Override
    public boolean closeAndAwait(Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.NANOSECONDS.convert(limit);
        Registration last = end();
        try {
            // Events that the loop was delivering are in the queue then.
            return (last == null || last.closeAndAwait(limit)) && mailbox.awaitIdle(deadline - System.nanoTime());
        } finally {
            mailbox.close();
        }
    }

    /// Ends it as far as the driver is concerned.
    ///
    /// @return the registration of libvirt that is left to close
    private @Nullable Registration end() {
        synchronized (driver) {
            closed = true;
            driver.remove(this, notices);
            notices = null;
            Registration last = attached;
            attached = null;
            return last;
        }
    }

    @Override
    public boolean isActive() {
        synchronized (driver) {
            return !closed;
        }
    }

    @Override
    public long lost() {
        return mailbox.lost();
    }

    /// Events in the queue are still delivered.
    @Override
    public void overflown() {
        overflow.now();
    }

    private void deregister() {
        Registration last = end();
        if (last != null) {
            last.close();
        }
    }

    @Override
    public void over() {}

    @Override
    public String toString() {
        return name;
    }
}
