package io.github.libvirt4j.link;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Opening;
import io.github.libvirt4j.event.Delivery;
import io.github.libvirt4j.event.Event;
import io.github.libvirt4j.event.EventKind;
import io.github.libvirt4j.event.Registration;
import io.github.libvirt4j.internal.event.FlowSubscription;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A connection that is opened again whenever it ends. Safe for use by any thread.
///
/// ```java
/// try (Link link = Link.to("qemu+tls://host/system").open()) {
///     link.watchDomains(handler);
///     …
/// }
/// ```
///
/// A link opens its connection in the background, from [Opening#open] on: a host that cannot be reached is a
/// [state][LinkState], not an exception. A wrong URI, a wrong password and a missing libvirt are such states,
/// too, and no log has them: the failure is in [LinkState.Down]. When the connection breaks off, the link opens
/// another one, after a pause that grows exponentially with each failure. Each connection is a *generation*,
/// and all registrations of a generation are made, or it does not begin. The garbage collector does not close a
/// link.
///
/// No handle survives a generation: a [Domain][io.github.libvirt4j.Domain] belongs to one connection, is closed
/// with it, and throws a [DisconnectedException][io.github.libvirt4j.error.DisconnectedException] from then on.
/// [Identities][io.github.libvirt4j.event.DomainIdentity] and [views][DomainView] stay valid.
///
/// The program `ManyHosts` in `examples` has a link to each of many hosts.
public final class Link implements AutoCloseable {
    private static final Duration OPEN_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(30);

    private final Driver driver;
    private final Consumer<Link> close;
    private final AtomicBoolean closed = new AtomicBoolean();

    /// @param close ends what was made with this link
    Link(Driver driver, Consumer<Link> close) {
        this.driver = driver;
        this.close = close;
    }

    /// Begins a link to a hypervisor.
    ///
    /// @param uri the URI of the hypervisor; null for libvirt's default, as for [Connect#open]
    public static Steps to(@Nullable String uri) {
        return new Steps(
                Objects.toString(uri, "the default connection"),
                Connect.to(uri).openTimeout(OPEN_TIMEOUT).callTimeout(CALL_TIMEOUT),
                Retry.exponential());
    }

    /// The settings of a link. Immutable: each method returns a new object.
    public static final class Steps {
        private final String name;
        private final Opening<?> opening;
        private final Retry retry;

        private Steps(String name, Opening<?> opening, Retry retry) {
            this.name = name;
            this.opening = opening;
            this.retry = retry;
        }

        /// Changes how connections are opened. Default: as [Connect#to], with an open timeout of 10 seconds and
        /// a call timeout of 30 seconds.
        ///
        /// ```java
        /// Link.to(uri).opening(opening -> opening.readOnly().authenticator(answers))
        /// ```
        public Steps opening(UnaryOperator<Opening<?>> change) {
            return new Steps(name, change.apply(opening), retry);
        }

        /// Changes the pauses between tries. Default: [Retry#exponential()].
        public Steps retry(Retry pauses) {
            return new Steps(name, opening, Objects.requireNonNull(pauses, "pauses"));
        }

        /// Opens the link, and returns at once: the first connection is opened in the background.
        public Link open() {
            Driver driver = driver();
            return new Link(driver, _ -> driver.close());
        }

        Driver driver() {
            Driver driver = new Driver(name, opening::open, retry);
            driver.go();
            return driver;
        }
    }

    /// A call on the connection of a link.
    ///
    /// @param <T> the result
    /// @param <X> the checked exceptions
    @FunctionalInterface
    public interface Call<T extends @Nullable Object, X extends Exception> {
        /// Makes the call.
        T on(Connect connect) throws X;
    }

    /// A call without a result on the connection of a link.
    ///
    /// @param <X> the checked exceptions
    @FunctionalInterface
    public interface Action<X extends Exception> {
        /// Makes the call.
        void on(Connect connect) throws X;
    }

    /// The state of the link.
    public LinkState state() {
        return isClosed() ? new LinkState.Closed() : driver.state();
    }

    /// Whether the program has closed the link.
    boolean isClosed() {
        return closed.get();
    }

    /// Waits until the link is up.
    ///
    /// @return false if it was not within `limit`, or was closed
    public boolean awaitUp(Duration limit) throws InterruptedException {
        return driver.await(_ -> !(state() instanceof LinkState.Down), limit) && state() instanceof LinkState.Up;
    }

    /// Makes a call on the connection. A call is not repeated, as it may have taken effect; and it does not wait
    /// for a link that is down.
    ///
    /// ```java
    /// String host = link.call(Connect::hostname);
    /// ```
    ///
    /// [#run] makes a call without a result.
    ///
    /// A link that watches domains calls its connection as well, on threads of its own. With libvirt before
    /// 10.4.0, where a connection to a daemon is for one thread at a time (see [Connect]), a program calls on
    /// another link than the one that watches.
    ///
    /// @param <T> the result
    /// @param <X> the checked exceptions of the call
    /// @param call is not to keep the connection, nor to close it. If it closes it, the link opens another
    /// @throws X if the call throws it
    /// @throws io.github.libvirt4j.error.DisconnectedException if the link is down, or the connection breaks off
    ///     during the call
    /// @throws IllegalStateException if the link was closed
    public <T extends @Nullable Object, X extends Exception> T call(Call<T, X> call) throws X {
        Connect connect = driver.connect(this);
        try {
            return call.on(connect);
        } finally {
            driver.checkClosed();
        }
    }

    /// Makes a call without a result on the connection; see [#call].
    ///
    /// @param <X> the checked exceptions of the call
    /// @throws X if the call throws it
    /// @throws io.github.libvirt4j.error.DisconnectedException if the link is down, or the connection breaks off
    ///     during the call
    /// @throws IllegalStateException if the link was closed
    public <X extends Exception> void run(Action<X> action) throws X {
        var _ = this.<@Nullable Object, X>call(connect -> {
            action.on(connect);
            return null;
        });
    }

    /// Registers a handler for one kind of event, with [Delivery#queued()].
    ///
    /// The registration outlives connections: it is made on the connection of the moment, and on each that
    /// follows. [LinkHandler#gap] is called where events are missing, in the order of the events.
    ///
    /// ```java
    /// link.on(Set.of(NetworkEvent.LIFECYCLE, StoragePoolEvent.LIFECYCLE), new LinkHandler<Event>() {
    ///     public void on(Event event) {
    ///         log(event);
    ///     }
    ///
    ///     public void gap(Gap gap) {
    ///         link.run(this::lookAtAll);
    ///     }
    /// });
    /// ```
    ///
    /// While the link is up, this method registers before it returns, and throws the refusal of libvirt. While
    /// the link is down it cannot, and returns at once. A registration that the next connection refuses fails
    /// that whole generation: the link stays [down][LinkState.Down], with the refusal as its failure, until
    /// the registration is closed or a connection accepts it.
    ///
    /// The registration ends when it or the link is closed. [Registration#isActive] is true until then.
    ///
    /// @param <E> the events
    /// @throws io.github.libvirt4j.error.UnsupportedException if the libvirt here, or the daemon, is older
    ///     than the kind
    /// @throws io.github.libvirt4j.error.LibvirtException if the driver does not have the kind
    /// @throws IllegalStateException if the link was closed
    public <E extends Event> Registration on(EventKind<? extends E> kind, LinkHandler<? super E> handler) {
        return on(kind, Delivery.queued(), handler);
    }

    /// Registers a handler for one kind of event, with a delivery of choice; see
    /// [#on(EventKind, LinkHandler)].
    ///
    /// @param <E> the events
    /// @param delivery the queue in front of the handler
    /// @throws io.github.libvirt4j.error.UnsupportedException if the libvirt here, or the daemon, is older
    ///     than the kind
    /// @throws io.github.libvirt4j.error.LibvirtException if the driver does not have the kind
    /// @throws IllegalStateException if the link was closed
    public <E extends Event> Registration on(
            EventKind<? extends E> kind, Delivery.Queued delivery, LinkHandler<? super E> handler) {
        return on(one(kind), delivery, handler);
    }

    /// Registers one handler for several kinds of events, with [Delivery#queued()]; see
    /// [#on(EventKind, LinkHandler)].
    ///
    /// @param <E> the events
    /// @param kinds at least one; a kind that occurs twice counts once
    /// @throws io.github.libvirt4j.error.UnsupportedException if the libvirt here, or the daemon, is older
    ///     than a kind; nothing is registered
    /// @throws io.github.libvirt4j.error.LibvirtException if the driver does not have a kind; nothing is
    ///     registered
    /// @throws IllegalStateException if the link was closed
    public <E extends Event> Registration on(
            Collection<? extends EventKind<? extends E>> kinds, LinkHandler<? super E> handler) {
        return on(kinds, Delivery.queued(), handler);
    }

    /// Registers one handler for several kinds of events, with a delivery of choice; see
    /// [#on(EventKind, LinkHandler)].
    ///
    /// @param <E> the events
    /// @param kinds at least one; a kind that occurs twice counts once
    /// @param delivery the queue in front of the handler
    /// @throws io.github.libvirt4j.error.UnsupportedException if the libvirt here, or the daemon, is older
    ///     than a kind; nothing is registered
    /// @throws io.github.libvirt4j.error.LibvirtException if the driver does not have a kind; nothing is
    ///     registered
    /// @throws IllegalStateException if the link was closed
    public <E extends Event> Registration on(
            Collection<? extends EventKind<? extends E>> kinds,
            Delivery.Queued delivery,
            LinkHandler<? super E> handler) {
        // A copy: the caller may change the collection on another thread.
        Objects.requireNonNull(handler, "handler");
        return driver.<E>on(this, Set.copyOf(kinds), delivery, _ -> handler);
    }

    private static <E extends Event> Set<EventKind<? extends E>> one(EventKind<? extends E> kind) {
        return Set.of(Objects.requireNonNull(kind, "kind"));
    }

    /// Returns a publisher of the events of one kind and their gaps, with [Delivery#queued()].
    ///
    /// @param <E> the events
    /// @see #publisher(Collection, Delivery.Queued)
    public <E extends Event> Flow.Publisher<LinkElement<E>> publisher(EventKind<? extends E> kind) {
        return publisher(kind, Delivery.queued());
    }

    /// Returns a publisher of the events of one kind and their gaps, with a delivery of choice.
    ///
    /// @param <E> the events
    /// @param delivery the capacity, the overflow, and the executor that calls the subscriber
    /// @see #publisher(Collection, Delivery.Queued)
    public <E extends Event> Flow.Publisher<LinkElement<E>> publisher(
            EventKind<? extends E> kind, Delivery.Queued delivery) {
        return publisher(one(kind), delivery);
    }

    /// Returns a publisher of the events of several kinds and their gaps, with [Delivery#queued()].
    ///
    /// @param <E> the events
    /// @param kinds at least one; a kind that occurs twice counts once
    /// @see #publisher(Collection, Delivery.Queued)
    public <E extends Event> Flow.Publisher<LinkElement<E>> publisher(
            Collection<? extends EventKind<? extends E>> kinds) {
        return publisher(kinds, Delivery.queued());
    }

    /// Returns a publisher of the events of several kinds and their gaps, with a delivery of choice.
    ///
    /// Each subscriber is a registration of its own, as by [#on(Collection, Delivery.Queued, LinkHandler)], which
    /// `subscribe` makes and [Flow.Subscription#cancel] ends in the background. It outlives connections: the
    /// end of one is an element, [LinkElement.Missing], and so is the gap in front of the first. Events for
    /// which the subscriber has not asked wait in its queue. If they do not fit, the policy of the delivery
    /// drops some, and a gap takes their place. A gap counts as one element of the demand.
    ///
    /// `onError` receives the exception if registering fails, an [IllegalArgumentException] if the subscriber
    /// asks for less than one element, and an [IllegalStateException] after the last queued element if the queue
    /// overflowed under [Overflow#CLOSE][io.github.libvirt4j.event.Overflow#CLOSE].
    /// If the program closes the link, the queued events are dropped, and `onComplete` is called.
    ///
    /// @param <E> the events
    /// @param kinds at least one; a kind that occurs twice counts once
    /// @param delivery the capacity, the overflow, and the executor that calls the subscriber
    public <E extends Event> Flow.Publisher<LinkElement<E>> publisher(
            Collection<? extends EventKind<? extends E>> kinds, Delivery.Queued delivery) {
        Objects.requireNonNull(delivery, "delivery");
        Set<EventKind<? extends E>> all = Set.copyOf(kinds);
        return subscriber -> FlowSubscription.subscribe(
                subscriber, () -> driver.<E>on(this, all, delivery, self -> new LinkFlow<>(self, subscriber)));
    }

    /// Watches the domains, with a resync every five minutes and without a settle time.
    ///
    /// @throws IllegalStateException if the link was closed
    public DomainWatch watchDomains(DomainHandler handler) {
        return watchDomains(handler, DomainWatch.Options.DEFAULT);
    }

    /// Watches the domains.
    ///
    /// @throws IllegalStateException if the link was closed
    public DomainWatch watchDomains(DomainHandler handler, DomainWatch.Options options) {
        return watchDomains(handler, options, List.of());
    }

    /// Watches the domains, with a handler that has heard of some before, such as in an earlier process: a table
    /// that outlived it. The handler hears of what has changed since, and of those that no longer exist: a
    /// removal as always, after a lookup.
    ///
    /// Until the first list, [DomainWatch#get] and [DomainWatch#all] return the domains as they were known, with
    /// generation 0. They are not checked before, and no domain is taken for true because it was known.
    ///
    /// @param known the domains as the handler heard of them last, at most one view of each
    /// @throws IllegalStateException if the link was closed
    public DomainWatch watchDomains(DomainHandler handler, DomainWatch.Options options, Collection<DomainView> known) {
        return new DomainWatch(this, driver, Objects.requireNonNull(handler, "handler"), options, List.copyOf(known));
    }

    /// Closes the link and its connection; see [Connect#close]. Its watches hear of that, and of nothing after
    /// it. Its registrations are closed, as by [Registration#close]. Closing again does nothing.
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            close.accept(this);
        }
    }

    @Override
    public String toString() {
        return "link to " + driver;
    }
}
