package io.github.libvirt4j;

import io.github.libvirt4j.event.Event;
import io.github.libvirt4j.event.EventQueue;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// An [EventQueue][io.github.libvirt4j.event.EventQueue]: a subscription without a handler.
///
/// @param <E> the events
final class SubscriptionQueue<E extends Event> implements EventQueue<E> {
    private final Subscription<E> subscription;

    SubscriptionQueue(Subscription<E> subscription) {
        this.subscription = subscription;
    }

    @Override
    public E take() throws InterruptedException {
        E event;
        do {
            event = subscription.take(Long.MAX_VALUE);
        } while (event == null);
        return event;
    }

    @Override
    public @Nullable E poll(Duration limit) throws InterruptedException {
        return subscription.take(TimeUnit.NANOSECONDS.convert(limit));
    }

    @Override
    public void close() {
        subscription.close();
    }

    @Override
    public boolean isActive() {
        return subscription.isActive();
    }

    @Override
    public long lost() {
        return subscription.lost();
    }

    @Override
    public String toString() {
        return subscription.toString();
    }
}
