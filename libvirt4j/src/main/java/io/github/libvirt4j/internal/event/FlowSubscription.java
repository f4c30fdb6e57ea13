package io.github.libvirt4j.internal.event;

import io.github.libvirt4j.internal.Duty;
import io.github.libvirt4j.internal.Workers;
import io.github.libvirt4j.internal.callback.Uncaught;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The subscription of one subscriber of a publisher of events: the end of a mailbox that delivers as many
/// elements as the subscriber has asked for.
///
/// @param <T> the elements
public abstract class FlowSubscription<T> implements Mailbox.Demanding, Flow.Subscription {
    private final Source source;

    /// Deregistering asks the other side, and neither cancelling nor the end waits for that.
    private final Duty closing;

    /// Null when it is told nothing more: a subscription that the subscriber keeps must not hold it.
    private volatile Flow.@Nullable Subscriber<? super T> subscriber;

    private volatile @Nullable Throwable failure;

    /// The registration of a subscriber. Its `toString` is for reports.
    public interface Source {
        /// Lets the subscriber ask.
        void open();

        /// Delivers more elements; at least one.
        void request(long elements);

        /// Takes no more events, and drops those that wait. Does not block.
        void dropQueued();

        /// Deregisters, which can block.
        void closeNow();
    }

    /// @param source is not called before [#begin]
    protected FlowSubscription(Source source, Flow.Subscriber<? super T> subscriber) {
        this.source = source;
        this.subscriber = subscriber;
        this.closing = new Duty(() -> Workers.execute(source::closeNow));
    }

    /// Subscribes: registers, and lets the subscriber ask.
    ///
    /// @param register registers the subscriber
    public static void subscribe(Flow.Subscriber<?> subscriber, Supplier<? extends Source> register) {
        Objects.requireNonNull(subscriber, "subscriber");
        Source source;
        try {
            source = register.get();
        } catch (RuntimeException e) {
            subscriber.onSubscribe(new Never());
            subscriber.onError(e);
            return;
        }
        source.open();
    }

    /// The subscription of a subscriber that is told that there is none.
    private static final class Never implements Flow.Subscription {
        @Override
        public void request(long n) {}

        @Override
        public void cancel() {}
    }

    @Override
    public final void begin() {
        tell(to -> to.onSubscribe(this));
    }

    /// Delivers an element. Allocates nothing.
    protected final void next(T element) {
        Flow.Subscriber<? super T> to = subscriber;
        if (to != null) {
            try {
                to.onNext(element);
            } catch (Throwable t) {
                threw(t);
            }
        }
    }

    /// Ends with an error where there was no memory for an element, which must not be missing without a word.
    protected final void fail(OutOfMemoryError reason) {
        failure = reason;
        close();
    }

    @Override
    public final void end(String reason) {
        Throwable thrown = failure;
        tell(to -> {
            subscriber = null;
            if (thrown != null) {
                to.onError(thrown);
            } else if (reason.isEmpty()) {
                to.onComplete();
            } else {
                to.onError(new IllegalStateException("No more events of " + source + reason));
            }
        });
        closing.now();
    }

    private void tell(Consumer<Flow.Subscriber<? super T>> telling) {
        Flow.Subscriber<? super T> to = subscriber;
        if (to == null) {
            return;
        }
        try {
            telling.accept(to);
        } catch (Throwable t) {
            threw(t);
        }
    }

    /// A subscriber that throws is told nothing more: it is as if it had cancelled.
    private void threw(Throwable thrown) {
        cancel();
        Uncaught.report(source.toString(), thrown);
    }

    @Override
    public final void request(long n) {
        if (n > 0) {
            source.request(n);
        } else if (subscriber != null) {
            failure = new IllegalArgumentException(
                    "A subscriber of " + source + " asked for " + n + " events; it must be 1 or more");
            close();
        }
    }

    @Override
    public final void cancel() {
        subscriber = null;
        close();
    }

    private void close() {
        source.dropQueued();
        closing.now();
    }
}
