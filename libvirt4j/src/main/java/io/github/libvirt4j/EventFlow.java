package io.github.libvirt4j;

import io.github.libvirt4j.event.Event;
import io.github.libvirt4j.event.EventHandler;
import io.github.libvirt4j.event.EventOrGap;
import io.github.libvirt4j.internal.event.FlowSubscription;
import java.util.concurrent.Flow;

/// The registration of one subscriber of a publisher of events: a handler that takes as many events as the
/// subscriber has asked for.
///
/// @param <E> the events
final class EventFlow<E extends Event> extends FlowSubscription<EventOrGap<E>> implements EventHandler<E> {
    EventFlow(Subscription<E> subscription, Flow.Subscriber<? super EventOrGap<E>> subscriber) {
        super(subscription, subscriber);
    }

    @Override
    public void on(E event) {
        try {
            next(new EventOrGap.Happened<>(event));
        } catch (OutOfMemoryError e) {
            fail(e);
        }
    }

    @Override
    public void lost(long count) {
        try {
            next(new EventOrGap.Missing<>(count));
        } catch (OutOfMemoryError e) {
            fail(e);
        }
    }
}
