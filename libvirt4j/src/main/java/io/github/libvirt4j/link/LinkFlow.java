package io.github.libvirt4j.link;

import io.github.libvirt4j.event.Event;
import io.github.libvirt4j.internal.event.FlowSubscription;
import java.util.concurrent.Flow;

/// The registration of one subscriber of a publisher of a link's events: a handler that takes as many events and
/// gaps as the subscriber has asked for.
///
/// @param <E> the events
final class LinkFlow<E extends Event> extends FlowSubscription<LinkElement<E>> implements LinkHandler<E> {
    LinkFlow(LinkSubscription<E> subscription, Flow.Subscriber<? super LinkElement<E>> subscriber) {
        super(subscription, subscriber);
    }

    @Override
    public void on(E event) {
        try {
            next(new LinkElement.Happened<>(event));
        } catch (OutOfMemoryError e) {
            fail(e);
        }
    }

    @Override
    public void gap(Gap gap) {
        try {
            next(new LinkElement.Missing<>(gap));
        } catch (OutOfMemoryError e) {
            fail(e);
        }
    }
}
