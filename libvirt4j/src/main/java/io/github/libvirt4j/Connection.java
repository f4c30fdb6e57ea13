package io.github.libvirt4j;

import io.github.libvirt4j.event.Delivery;
import io.github.libvirt4j.event.Event;
import io.github.libvirt4j.event.EventHandler;
import io.github.libvirt4j.event.EventKind;
import io.github.libvirt4j.event.Registration;
import io.github.libvirt4j.internal.Duty;
import io.github.libvirt4j.internal.Log;
import io.github.libvirt4j.internal.VmExit;
import io.github.libvirt4j.internal.Workers;
import io.github.libvirt4j.internal.c.ErrorCallback;
import io.github.libvirt4j.internal.c.NativeObject;
import io.github.libvirt4j.internal.c.StackProbe;
import io.github.libvirt4j.internal.call.HandlerScope;
import io.github.libvirt4j.internal.call.TimedCalls;
import io.github.libvirt4j.internal.event.CloseWatch;
import io.github.libvirt4j.internal.event.ConnectionCalls;
import io.github.libvirt4j.internal.event.EventAnchor;
import io.github.libvirt4j.internal.event.Pointers;
import io.github.libvirt4j.internal.loop.ProcessLoop;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The lifecycle of a connection: its registrations, and its end. Safe for use by any thread.
abstract sealed class Connection extends Handle permits AdmConnect, Connect {
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

    /// The number of closes of this process that have not returned 0. For tests.
    static final LongAdder CLOSED_WITH_REFERENCES = new LongAdder();

    private final String uri;
    private final Closing closing;
    private final Duty tearingDown = new Duty(() -> Workers.execute(this::tearDown));

    /// The registered ones, and the deregistered ones whose handler is still at work.
    private final Set<Subscription<?>> subscriptions = ConcurrentHashMap.newKeySet();

    /// Held while registering and deregistering. libvirt's remote driver shares one registration of an event
    /// with the other side among all of a connection, and releases its lock during that call: a first
    /// registration that overtakes the end of the last one is refused ("event callback already tracked").
    final VmExit.HeldLock registering = new VmExit.HeldLock();

    /// The callback pointers taken on this connection.
    final Pointers pointers = new Pointers();

    /// @param atEnd releases what else there is, before the pointer is closed
    /// @param callTimeout null for none
    Connection(String uri, ConnectionCalls calls, NativeObject.Release atEnd, @Nullable Duration callTimeout) {
        this(uri, new Closing(uri, calls, atEnd), callTimeout);
    }

    private Connection(String uri, Closing closing, @Nullable Duration callTimeout) {
        super(null, closing::release, callTimeout == null ? null : new TimedCalls(uri, callTimeout));
        this.uri = uri;
        this.closing = closing;
    }

    @Override
    final Connection connection() {
        return this;
    }

    /// The registrations that keep its events going; guarded by [#registering].
    final EventAnchor anchor() {
        return closing.anchor;
    }

    /// The object that C tells that the connection broke off.
    final CloseWatch closeWatch() {
        return closing.watch;
    }

    /// Whether the other side is known to be gone. The caller is using the pointer.
    final boolean isBroken() {
        try (HandlerScope _ = ErrorCallback.quietly()) {
            return closing.calls.isAlive(object.pointer()) == 0;
        }
    }

    /// Whether the connection is open, and the other side not known to be gone.
    final boolean isUsable() {
        StackProbe.brief();
        if (object.enter() == null) {
            return false;
        }
        try {
            return !isBroken();
        } finally {
            object.leave();
        }
    }

    final <E extends Event> Subscription<E> subscribe(
            Set<? extends EventKind<? extends E>> kinds,
            @Nullable Noun about,
            Delivery delivery,
            Function<Registration, @Nullable EventHandler<? super E>> handler) {
        return timed("Registering for events", () -> {
            var subscription = new Subscription<E>(this, kinds, about, delivery, handler);
            subscriptions.add(subscription);
            MemorySegment pointer;
            try {
                pointer = enter();
            } catch (Throwable t) {
                subscriptions.remove(subscription);
                throw t;
            }
            subscription.start(kinds, pointer, about);
            if (isClosed()) {
                // The teardown closes it too, but its handler must hear nothing after the exception.
                subscription.close();
                throw closed();
            }
            return subscription;
        });
    }

    /// The subscription has deregistered all it had, and no longer uses our pointer.
    final void leave(Subscription<?> subscription) {
        object.leave();
        forgetIfOver(subscription);
    }

    /// Until then [#close] waits for the subscription: its handler may be at work.
    final void forgetIfOver(Subscription<?> subscription) {
        if (subscription.isOver()) {
            subscriptions.remove(subscription);
        }
    }

    /// Closes the connection, its registrations and all handles that came from it.
    ///
    /// Blocks until calls in flight and running handlers have returned, up to five seconds, or until the
    /// thread is interrupted. Closing then continues in the background, and the log says so. In a handler or
    /// on the event loop this method does not block. Closing again waits for the first close in the same way.
    @Override
    public void close() {
        // A stack without room for all of it overflows here, before anything is begun.
        StackProbe.always();
        if (closing.begin()) {
            beginTearDown();
            closing();
        }
        if (ProcessLoop.isCurrentThread() || HandlerScope.isInside()) {
            return;
        }
        try {
            if (!awaitClosed(System.nanoTime() + CLOSE_LIMIT.toNanos())) {
                Log.warning(
                        "{0}: a call or a handler has not returned for {1} seconds, or is in System.exit; closing goes on in "
                                + "the background",
                        this, CLOSE_LIMIT.toSeconds());
            }
        } catch (InterruptedException e) {
            Log.warning("{0}: interrupted; closing goes on in the background", this);
            Thread.currentThread().interrupt();
        }
    }

    /// The connection is being closed: what waits for it is told.
    void closing() {}

    private void beginTearDown() {
        // Until the teardown has done its part.
        enter();
        tearingDown.now();
        super.close();
        subscriptions.forEach(Subscription::dropQueued);
    }

    private boolean awaitClosed(long deadline) throws InterruptedException {
        boolean all = closing.await(deadline - System.nanoTime());
        for (Subscription<?> subscription : subscriptions) {
            all &= subscription.awaitIdle(deadline - System.nanoTime());
        }
        return all;
    }

    /// Each step is idempotent, and done again if one of them had no memory.
    private void tearDown() {
        try {
            // Not by the cleaner: close() may be at that, and not yet have come to the end. What is made from here on
            // has to find us closed.
            object.close();
            subscriptions.forEach(Subscription::closeNow);
            object.closeChildren();
        } catch (Throwable t) {
            tearingDown.due();
            Log.warning(t, "To be tried again: closing", this);
            return;
        }
        object.leave();
    }

    @Override
    public final String toString() {
        return uri;
    }

    /// The result of `virConnectClose`: 0, or the number of references that something still held. For tests.
    final int closeResult() {
        return closing.result;
    }

    /// The end of the pointer. It has no reference to the handle, which may be forgotten.
    private static final class Closing {
        private final String uri;
        private final ConnectionCalls calls;
        private final NativeObject.Release atEnd;
        private final CloseWatch watch;
        private final EventAnchor anchor = new EventAnchor();
        private final AtomicBoolean begun = new AtomicBoolean();
        private final CountDownLatch done = new CountDownLatch(1);
        private final Duty ending = new Duty(() -> Workers.execute(this::end));
        private volatile MemorySegment pointer = MemorySegment.NULL;
        private volatile int result = -1;

        Closing(String uri, ConnectionCalls calls, NativeObject.Release atEnd) {
            this.uri = uri;
            this.calls = calls;
            this.atEnd = atEnd;
            this.watch = new CloseWatch(calls);
        }

        /// True the first time.
        boolean begin() {
            return begun.compareAndSet(false, true);
        }

        /// In the background, as this thread may be the loop's, and closing asks the other side.
        void release(MemorySegment closed) {
            pointer = closed;
            ending.now();
        }

        /// Each step is idempotent, and done again if one of them had no memory.
        private void end() {
            try {
                anchor.weigh(pointer);
                watch.end(pointer);
                atEnd.release(pointer);
                // libvirt drops a callback's reference to the connection after it has freed it, and while it dispatches
                // to any connection of the same driver: without this turn virConnectClose finds it still referenced. It
                // stands here because the last deregistration can be anybody's.
                ProcessLoop.turn();
                result = calls.close(pointer);
            } catch (Throwable t) {
                ending.due();
                Log.warning(t, "To be tried again: closing", uri);
                return;
            }
            if (result != 0) {
                CLOSED_WITH_REFERENCES.increment();
            }
            done.countDown();
            if (result != 0) {
                Log.warning("{0}: virConnectClose returned {1}: something still holds the connection", uri, result);
            }
        }

        boolean await(long nanos) throws InterruptedException {
            return ProcessLoop.await(done, nanos);
        }
    }
}
