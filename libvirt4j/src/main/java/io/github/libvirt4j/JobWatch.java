package io.github.libvirt4j;

import io.github.libvirt4j.error.UnsupportedException;
import io.github.libvirt4j.event.ConnectEvent;
import io.github.libvirt4j.event.Delivery;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.Event;
import io.github.libvirt4j.event.EventKind;
import io.github.libvirt4j.event.Registration;
import io.github.libvirt4j.internal.Duty;
import io.github.libvirt4j.internal.Workers;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.ThreadPoolExecutor;
import org.jspecify.annotations.Nullable;

/// The jobs of a connection: one registration of events for all of them, while there are any, and one look at
/// a time. Safe for use by any thread.
final class JobWatch {
    /// The number of looks of all connections at the same time. A host that hangs holds a place until the
    /// time limit of its calls.
    private static final int MOST_AT_ONCE = 16;

    private static final ThreadPoolExecutor LOOKS = Workers.pool("libvirt4j-jobs", MOST_AT_ONCE);

    private static final Set<EventKind<? extends Event>> KINDS =
            Set.of(DomainEvent.BLOCK_JOB_2, DomainEvent.JOB_COMPLETED, DomainEvent.LIFECYCLE, ConnectEvent.CLOSED);

    private final Connect connect;
    private final Set<WatchedJob<?>> jobs = new CopyOnWriteArraySet<>();

    /// Held while registering, which asks the daemon; never by a thread that holds a job.
    private final Object registering = new Object();

    // Guarded by registering.
    private int users;
    private @Nullable Registration registration;

    /// The looks that wait, and whether one is at work; guarded by itself.
    private final Queue<Runnable> waiting = new ArrayDeque<>();

    private boolean isBusy;

    private final Duty looking = new Duty(() -> LOOKS.execute(this::next));

    JobWatch(Connect connect) {
        this.connect = connect;
    }

    /// Adds a job: its events arrive when this returns. A driver without events has jobs as well, whose ends
    /// are found by looks.
    void join(WatchedJob<?> job) {
        synchronized (registering) {
            if (users == 0) {
                try {
                    registration = connect.on(KINDS, Delivery.direct(), this::event);
                } catch (UnsupportedException e) {
                    registration = null;
                }
            }
            users++;
        }
        jobs.add(job);
    }

    /// Removes a job. The last one ends the registration in the background, as that asks the daemon.
    void leave(WatchedJob<?> job) {
        if (jobs.remove(job)) {
            new Duty(() -> Workers.execute(this::release)).now();
        }
    }

    private void release() {
        Registration ended = null;
        synchronized (registering) {
            users--;
            if (users == 0) {
                ended = registration;
                registration = null;
            }
        }
        if (ended != null) {
            ended.close();
        }
    }

    /// The registration for all jobs; null if there are none. For tests, which withhold events.
    @Nullable
    Registration registration() {
        synchronized (registering) {
            return registration;
        }
    }

    /// On the event loop.
    private void event(Event event) {
        if (event instanceof DomainEvent ofDomain) {
            jobs.forEach(job -> job.event(ofDomain));
        } else if (event instanceof ConnectEvent.Closed closed) {
            jobs.forEach(job -> job.lost(connect, "reason " + closed.reason()));
        }
    }

    /// The program closes the connection.
    void closing() {
        jobs.forEach(job -> job.lost(connect, "it was closed"));
    }

    /// Does something that calls libvirt, after what was given before.
    void execute(Runnable look) {
        synchronized (waiting) {
            waiting.add(look);
            if (isBusy) {
                return;
            }
            isBusy = true;
        }
        looking.now();
    }

    /// One at a time, so that other connections have their turns.
    private void next() {
        Runnable look;
        synchronized (waiting) {
            look = waiting.remove();
        }
        try {
            look.run();
        } finally {
            boolean isMore;
            synchronized (waiting) {
                isMore = !waiting.isEmpty();
                isBusy = isMore;
            }
            if (isMore) {
                looking.now();
            }
        }
    }
}
