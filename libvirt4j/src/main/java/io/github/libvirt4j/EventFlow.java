package io.github.libvirt4j;

import io.github.libvirt4j.event.Event;
import io.github.libvirt4j.event.EventHandler;
import io.github.libvirt4j.event.EventOrGap;
import io.github.libvirt4j.event.Registration;
import io.github.libvirt4j.internal.event.FlowSubscription;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The registration of one subscriber of a publisher of events: a handler that takes as many events as the
/// subscriber has asked for.
///
/// @param <E> the events
final class EventFlow<E extends Event> extends FlowSubscription<EventOrGap<E>> implements EventHandler<E> {
    private EventFlow(Subscription<E> subscription, Flow.Subscriber<? super EventOrGap<E>> subscriber) {
        super(subscription, subscriber);
    }

    /// Subscribes: registers, and lets the subscriber ask.
    ///
    /// @param register registers a handler, which is made of its registration
    static <E extends Event> void subscribe(
            Flow.Subscriber<? super EventOrGap<E>> subscriber,
            Function<Function<Registration, @Nullable EventHandler<? super E>>, Subscription<E>> register) {
        Objects.requireNonNull(subscriber, "subscriber");
        Subscription<E> subscription;
        try {
            subscription = register.apply(self -> new EventFlow<>(Subscription.<E>of(self), subscriber));
        } catch (RuntimeException e) {
            refuse(subscriber, e);
            return;
        }
        subscription.open();
    }

    @Override
    public void on(E event) {
        next(new EventOrGap.Happened<>(event));
    }

    @Override
    public void lost(long count) {
        next(new EventOrGap.Missing<>(count));
    }
}
