package io.github.libvirt4j;

import io.github.libvirt4j.event.Delivery;
import io.github.libvirt4j.event.Event;
import io.github.libvirt4j.event.EventHandler;
import io.github.libvirt4j.event.EventKind;
import io.github.libvirt4j.event.EventOrGap;
import io.github.libvirt4j.event.EventQueue;
import io.github.libvirt4j.event.Registration;
import io.github.libvirt4j.event.SelfHandler;
import io.github.libvirt4j.internal.event.FlowSubscription;
import java.util.Collection;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Flow;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A source of events. A connection is the source of the events of all its objects, another object of those
/// about itself.
///
/// | source | events |
/// | --- | --- |
/// | [Connect] | all |
/// | [AdmConnect] | [ConnectEvent][io.github.libvirt4j.event.ConnectEvent] |
/// | [Domain], [Network], [StoragePool], [NodeDevice], [Secret] | those about this one object |
///
/// Four methods register, and all take the same arguments: one kind of event or several, optionally a
/// [Delivery], and the handler.
///
/// - [#on(EventKind, EventHandler)] takes a handler of one argument, the event.
/// - [#onWithSelf(EventKind, SelfHandler)] takes a handler of two arguments: its own registration, and the
///   event.
/// - [#queue(EventKind, int)] takes no handler: its events wait until a thread takes them.
/// - [#publisher(EventKind)] registers each subscriber of a reactive stream.
///
/// The compiler infers the type of the events from the kinds: the record if there is one kind, otherwise the
/// type that the records have in common, such as [DomainEvent][io.github.libvirt4j.event.DomainEvent].
///
/// ```java
/// domain.on(DomainEvent.REBOOT, e -> log.info(e.domain().name()));
/// connect.on(Set.of(DomainEvent.LIFECYCLE, DomainEvent.REBOOT), Delivery.direct(), e -> seen.add(e.domain()));
/// ```
///
/// The program `WatchEvents` in `examples` shows more.
///
/// A registration lasts until it or its connection is closed. Closing the handle of the object does not end
/// it. Events of changes before the registering call returned may or may not be delivered; events of later
/// changes are delivered, in the order in which libvirt sends them.
///
/// @param <F> the common type of the events of this source
public sealed interface EventSource<F extends Event>
        permits AdmConnect, Connect, Domain, Network, NodeDevice, Secret, StoragePool {
    /// Registers a handler for one kind of event, with [Delivery#queued()].
    ///
    /// @c {@index virConnectDomainEventRegisterAny} libvirt 0.8.0
    /// @c {@index virAdmConnectRegisterCloseCallback} libvirt 2.0.0
    /// @c {@index virConnectDomainQemuMonitorEventRegister} libvirt 1.2.3
    /// @c {@index virConnectNetworkEventRegisterAny} libvirt 1.2.1
    /// @c {@index virConnectNodeDeviceEventRegisterAny} libvirt 2.2.0
    /// @c {@index virConnectRegisterCloseCallback} libvirt 0.10.0
    /// @c {@index virConnectSecretEventRegisterAny} libvirt 3.0.0
    /// @c {@index virConnectStoragePoolEventRegisterAny} libvirt 2.0.0
    /// @param <E> the events
    /// @throws io.github.libvirt4j.error.UnsupportedException if the libvirt here, or the daemon, is older
    ///     than the kind
    /// @throws io.github.libvirt4j.error.LibvirtException if the driver does not have the kind
    default <E extends F> Registration on(EventKind<? extends E> kind, EventHandler<? super E> handler) {
        return on(kind, Delivery.queued(), handler);
    }

    /// Registers a handler for one kind of event, with a delivery of choice.
    ///
    /// @param <E> the events
    /// @param delivery the way from libvirt's loop to the handler
    /// @throws io.github.libvirt4j.error.UnsupportedException if the libvirt here, or the daemon, is older
    ///     than the kind
    /// @throws io.github.libvirt4j.error.LibvirtException if the driver does not have the kind
    default <E extends F> Registration on(
            EventKind<? extends E> kind, Delivery delivery, EventHandler<? super E> handler) {
        return on(one(kind), delivery, handler);
    }

    /// Registers one handler for several kinds of events, with [Delivery#queued()].
    ///
    /// @param <E> the events
    /// @param kinds at least one; a kind that occurs twice counts once
    /// @throws io.github.libvirt4j.error.UnsupportedException if the libvirt here, or the daemon, is older
    ///     than a kind; nothing is registered
    /// @throws io.github.libvirt4j.error.LibvirtException if the driver does not have a kind; nothing is
    ///     registered
    default <E extends F> Registration on(
            Collection<? extends EventKind<? extends E>> kinds, EventHandler<? super E> handler) {
        return on(kinds, Delivery.queued(), handler);
    }

    /// Registers one handler for several kinds of events, with a delivery of choice.
    ///
    /// @param <E> the events
    /// @param kinds at least one; a kind that occurs twice counts once
    /// @param delivery the way from libvirt's loop to the handler
    /// @throws io.github.libvirt4j.error.UnsupportedException if the libvirt here, or the daemon, is older
    ///     than a kind; nothing is registered
    /// @throws io.github.libvirt4j.error.LibvirtException if the driver does not have a kind; nothing is
    ///     registered
    default <E extends F> Registration on(
            Collection<? extends EventKind<? extends E>> kinds, Delivery delivery, EventHandler<? super E> handler) {
        Objects.requireNonNull(handler, "handler");
        return this.<E>register(kinds, delivery, _ -> handler);
    }

    /// Registers a handler that receives its own registration beside the event, with [Delivery#queued()].
    ///
    /// ```java
    /// connect.onWithSelf(DomainEvent.LIFECYCLE, (self, e) -> {
    ///     if (e.type() == DomainEventType.STOPPED) {
    ///         self.close();
    ///     }
    /// });
    /// ```
    ///
    /// @param <E> the events
    /// @throws io.github.libvirt4j.error.UnsupportedException if the libvirt here, or the daemon, is older
    ///     than the kind
    /// @throws io.github.libvirt4j.error.LibvirtException if the driver does not have the kind
    default <E extends F> Registration onWithSelf(EventKind<? extends E> kind, SelfHandler<? super E> handler) {
        return onWithSelf(kind, Delivery.queued(), handler);
    }

    /// Registers a handler that receives its own registration beside the event, with a delivery of choice.
    ///
    /// @param <E> the events
    /// @param delivery the way from libvirt's loop to the handler
    /// @throws io.github.libvirt4j.error.UnsupportedException if the libvirt here, or the daemon, is older
    ///     than the kind
    /// @throws io.github.libvirt4j.error.LibvirtException if the driver does not have the kind
    default <E extends F> Registration onWithSelf(
            EventKind<? extends E> kind, Delivery delivery, SelfHandler<? super E> handler) {
        return onWithSelf(one(kind), delivery, handler);
    }

    /// Registers a handler that receives its own registration beside the events, which are of several kinds,
    /// with [Delivery#queued()].
    ///
    /// @param <E> the events
    /// @param kinds at least one; a kind that occurs twice counts once
    /// @throws io.github.libvirt4j.error.UnsupportedException if the libvirt here, or the daemon, is older
    ///     than a kind; nothing is registered
    /// @throws io.github.libvirt4j.error.LibvirtException if the driver does not have a kind; nothing is
    ///     registered
    default <E extends F> Registration onWithSelf(
            Collection<? extends EventKind<? extends E>> kinds, SelfHandler<? super E> handler) {
        return onWithSelf(kinds, Delivery.queued(), handler);
    }

    /// Registers a handler that receives its own registration beside the events, which are of several kinds,
    /// with a delivery of choice.
    ///
    /// @param <E> the events
    /// @param kinds at least one; a kind that occurs twice counts once
    /// @param delivery the way from libvirt's loop to the handler
    /// @throws io.github.libvirt4j.error.UnsupportedException if the libvirt here, or the daemon, is older
    ///     than a kind; nothing is registered
    /// @throws io.github.libvirt4j.error.LibvirtException if the driver does not have a kind; nothing is
    ///     registered
    default <E extends F> Registration onWithSelf(
            Collection<? extends EventKind<? extends E>> kinds, Delivery delivery, SelfHandler<? super E> handler) {
        Objects.requireNonNull(handler, "handler");
        return this.<E>register(kinds, delivery, self -> event -> handler.on(self, event));
    }

    /// Registers for one kind of event without a handler: threads take the events.
    ///
    /// @param <E> the events
    /// @param capacity the number of events that may wait; when more come, the oldest is dropped
    /// @throws io.github.libvirt4j.error.UnsupportedException if the libvirt here, or the daemon, is older
    ///     than the kind
    /// @throws io.github.libvirt4j.error.LibvirtException if the driver does not have the kind
    default <E extends F> EventQueue<E> queue(EventKind<? extends E> kind, int capacity) {
        return queue(kind, Delivery.queued(capacity));
    }

    /// Registers for one kind of event without a handler, with a choice of what happens when the queue is
    /// full.
    ///
    /// @param <E> the events
    /// @param how the capacity and the overflow; its executor is not used
    /// @throws io.github.libvirt4j.error.UnsupportedException if the libvirt here, or the daemon, is older
    ///     than the kind
    /// @throws io.github.libvirt4j.error.LibvirtException if the driver does not have the kind
    default <E extends F> EventQueue<E> queue(EventKind<? extends E> kind, Delivery.Queued how) {
        return queue(one(kind), how);
    }

    /// Registers for several kinds of events without a handler: threads take the events.
    ///
    /// @param <E> the events
    /// @param kinds at least one; a kind that occurs twice counts once
    /// @param capacity the number of events that may wait; when more come, the oldest is dropped
    /// @throws io.github.libvirt4j.error.UnsupportedException if the libvirt here, or the daemon, is older
    ///     than a kind; nothing is registered
    /// @throws io.github.libvirt4j.error.LibvirtException if the driver does not have a kind; nothing is
    ///     registered
    default <E extends F> EventQueue<E> queue(Collection<? extends EventKind<? extends E>> kinds, int capacity) {
        return queue(kinds, Delivery.queued(capacity));
    }

    /// Registers for several kinds of events without a handler, with a choice of what happens when the queue
    /// is full.
    ///
    /// @param <E> the events
    /// @param kinds at least one; a kind that occurs twice counts once
    /// @param how the capacity and the overflow; its executor is not used
    /// @throws io.github.libvirt4j.error.UnsupportedException if the libvirt here, or the daemon, is older
    ///     than a kind; nothing is registered
    /// @throws io.github.libvirt4j.error.LibvirtException if the driver does not have a kind; nothing is
    ///     registered
    default <E extends F> EventQueue<E> queue(Collection<? extends EventKind<? extends E>> kinds, Delivery.Queued how) {
        return new SubscriptionQueue<>(this.<E>register(kinds, how, _ -> null));
    }

    /// Returns a publisher of the events of one kind, with [Delivery#queued()].
    ///
    /// @param <E> the events
    /// @see #publisher(Collection, Delivery.Queued)
    default <E extends F> Flow.Publisher<EventOrGap<E>> publisher(EventKind<? extends E> kind) {
        return publisher(kind, Delivery.queued());
    }

    /// Returns a publisher of the events of one kind, with a delivery of choice.
    ///
    /// @param <E> the events
    /// @param delivery the capacity, the overflow, and the executor that calls the subscriber
    /// @see #publisher(Collection, Delivery.Queued)
    default <E extends F> Flow.Publisher<EventOrGap<E>> publisher(
            EventKind<? extends E> kind, Delivery.Queued delivery) {
        return publisher(one(kind), delivery);
    }

    /// Returns a publisher of the events of several kinds, with [Delivery#queued()].
    ///
    /// @param <E> the events
    /// @param kinds at least one; a kind that occurs twice counts once
    /// @see #publisher(Collection, Delivery.Queued)
    default <E extends F> Flow.Publisher<EventOrGap<E>> publisher(Collection<? extends EventKind<? extends E>> kinds) {
        return publisher(kinds, Delivery.queued());
    }

    /// Returns a publisher of the events of several kinds, with a delivery of choice.
    ///
    /// Each subscriber is a registration of its own, which `subscribe` makes and [Flow.Subscription#cancel]
    /// ends in the background. Events for which the subscriber has not asked wait in its queue. If they do
    /// not fit, the policy of the delivery drops some, and an [EventOrGap.Missing] takes their place; it
    /// counts as one element of the demand.
    ///
    /// `onError` receives the exception if registering fails. After the last queued element it receives an
    /// [IllegalStateException] if the connection broke off, or if the queue overflowed under
    /// [Overflow#CLOSE][io.github.libvirt4j.event.Overflow#CLOSE]. If the program closes the connection, the
    /// queued events are dropped, and `onComplete` is called.
    ///
    /// @param <E> the events
    /// @param kinds at least one; a kind that occurs twice counts once
    /// @param delivery the capacity, the overflow, and the executor that calls the subscriber
    default <E extends F> Flow.Publisher<EventOrGap<E>> publisher(
            Collection<? extends EventKind<? extends E>> kinds, Delivery.Queued delivery) {
        Objects.requireNonNull(delivery, "delivery");
        Set<EventKind<? extends E>> all = Set.copyOf(kinds);
        return subscriber -> FlowSubscription.subscribe(
                subscriber,
                () -> this.<E>register(all, delivery, self -> new EventFlow<>(Subscription.<E>of(self), subscriber)));
    }

    private static <E extends Event> Set<EventKind<? extends E>> one(EventKind<? extends E> kind) {
        return Set.of(Objects.requireNonNull(kind, "kind"));
    }

    private <E extends F> Subscription<E> register(
            Collection<? extends EventKind<? extends E>> kinds,
            Delivery delivery,
            Function<Registration, @Nullable EventHandler<? super E>> handler) {
        Objects.requireNonNull(delivery, "delivery");
        // A copy: the caller may change the collection on another thread.
        Set<EventKind<? extends E>> all = Set.copyOf(kinds);
        var handle = (Handle) this;
        return handle.connection().subscribe(all, handle instanceof Noun about ? about : null, delivery, handler);
    }
}
