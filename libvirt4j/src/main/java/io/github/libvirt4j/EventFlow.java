package io.github.libvirt4j;

import io.github.libvirt4j.event.Event;
import io.github.libvirt4j.event.EventHandler;
import io.github.libvirt4j.event.EventOrGap;
import io.github.libvirt4j.event.Registration;
import io.github.libvirt4j.internal.Duty;
import io.github.libvirt4j.internal.Workers;
import io.github.libvirt4j.internal.callback.Uncaught;
import io.github.libvirt4j.internal.event.Mailbox;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The registration of one subscriber of a publisher of events: a handler that takes as many events as the
/// subscriber has asked for.
///
/// @param <E> the events
final class EventFlow<E extends Event> implements EventHandler<E>, Mailbox.Demanding, Flow.Subscription {
    private final Subscription<E> subscription;

    /// Deregistering asks the other side, and neither cancelling nor the end waits for that.
    private final Duty closing;

    /// Null when it is told nothing more: a subscription that the subscriber keeps must not hold it.
    private volatile Flow.@Nullable Subscriber<? super EventOrGap<E>> subscriber;

    private volatile @Nullable Throwable failure;

    private EventFlow(Subscription<E> subscription, Flow.Subscriber<? super EventOrGap<E>> subscriber) {
        this.subscription = subscription;
        this.subscriber = subscriber;
        this.closing = new Duty(() -> Workers.execute(subscription::closeNow));
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
            subscriber.onSubscribe(new Never());
            subscriber.onError(e);
            return;
        }
        subscription.open();
    }

    /// The subscription of a subscriber that is told that there is none.
    private static final class Never implements Flow.Subscription {
        @Override
        public void request(long n) {}

        @Override
        public void cancel() {}
    }

    @Override
    public void begin() {
        tell(to -> to.onSubscribe(this));
    }

    @Override
    public void on(E event) {
        tell(to -> to.onNext(new EventOrGap.Happened<>(event)));
    }

    @Override
    public void lost(long count) {
        tell(to -> to.onNext(new EventOrGap.Missing<>(count)));
    }

    @Override
    public void end(String reason) {
        Throwable thrown = failure;
        tell(to -> {
            subscriber = null;
            if (thrown != null) {
                to.onError(thrown);
            } else if (reason.isEmpty()) {
                to.onComplete();
            } else {
                to.onError(new IllegalStateException("No more events of " + subscription + reason));
            }
        });
        closing.now();
    }

    private interface Telling<E extends Event> {
        void to(Flow.Subscriber<? super EventOrGap<E>> subscriber);
    }

    /// A subscriber that throws is told nothing more: it is as if it had cancelled.
    private void tell(Telling<E> telling) {
        Flow.Subscriber<? super EventOrGap<E>> to = subscriber;
        if (to == null) {
            return;
        }
        try {
            telling.to(to);
        } catch (Throwable t) {
            cancel();
            Uncaught.report(subscription.toString(), t);
        }
    }

    @Override
    public void request(long n) {
        if (n > 0) {
            subscription.request(n);
        } else if (subscriber != null) {
            failure = new IllegalArgumentException(
                    "A subscriber of " + subscription + " asked for " + n + " events; it must be 1 or more");
            close();
        }
    }

    @Override
    public void cancel() {
        subscriber = null;
        close();
    }

    private void close() {
        subscription.dropQueued();
        closing.now();
    }
}
