package io.github.libvirt4j.link;

import io.github.libvirt4j.event.Event;
import io.github.libvirt4j.internal.event.FlowSubscription;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.function.Function;

/// The registration of one subscriber of a publisher of a link's events: a handler that takes as many events and
/// gaps as the subscriber has asked for.
///
/// @param <E> the events
final class LinkFlow<E extends Event> extends FlowSubscription<LinkElement<E>> implements LinkHandler<E> {
    private LinkFlow(LinkSubscription<E> subscription, Flow.Subscriber<? super LinkElement<E>> subscriber) {
        super(subscription, subscriber);
    }

    /// Subscribes: registers, and lets the subscriber ask.
    ///
    /// @param register registers a handler, which is made of its registration
    static <E extends Event> void subscribe(
            Flow.Subscriber<? super LinkElement<E>> subscriber,
            Function<Function<LinkSubscription<E>, LinkHandler<? super E>>, LinkSubscription<E>> register) {
        Objects.requireNonNull(subscriber, "subscriber");
        LinkSubscription<E> subscription;
        try {
            subscription = register.apply(self -> new LinkFlow<>(self, subscriber));
        } catch (RuntimeException e) {
            refuse(subscriber, e);
            return;
        }
        subscription.open();
    }

    @Override
    public void on(E event) {
        next(new LinkElement.Happened<>(event));
    }

    @Override
    public void gap(Gap gap) {
        next(new LinkElement.Missing<>(gap));
    }
}
