package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtEvent.virEventAddTimeout;
import static io.github.libvirt4j.internal.raw.LibvirtEvent.virEventRemoveTimeout;
import static io.github.libvirt4j.internal.raw.LibvirtEvent.virEventUpdateTimeout;

import io.github.libvirt4j.internal.Duty;
import io.github.libvirt4j.internal.Errors;
import io.github.libvirt4j.internal.Workers;
import io.github.libvirt4j.internal.callback.Loans;
import java.time.Duration;

/// A handler that libvirt's event loop calls when a time is up; see [EventLoop#every]. Safe for use by any
/// thread.
public final class Timer extends ReadyRegistration {
    private static final int NEVER = -1;

    /// What an int of libvirt's milliseconds has room for: 24 days.
    private static final Duration LONGEST = Duration.ofMillis(Integer.MAX_VALUE);

    private final TimerHandler handler;
    private final boolean once;

    /// Goes on where there was no thread, or no memory.
    private final Duty goingOn;

    // Guarded by this.
    private int millis;

    /// The handler is at work, or will be.
    private boolean busy;

    private boolean ended;
    private int timer;
    private long missed;

    Timer(Duration interval, boolean once, TimerHandler handler) {
        super((once ? "after " : "every ") + interval);
        this.handler = handler;
        this.once = once;
        this.millis = millis(interval);
        this.goingOn = new Duty(this::goOn);
    }

    /// libvirt's unit, rounded up: nothing is called too early, and zero would be every turn of the loop.
    private int millis(Duration interval) {
        if (interval.isNegative() || (interval.isZero() && !once) || interval.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("A timer of " + interval + "; it can be up to " + LONGEST
                    + ", and more than nothing if it comes again");
        }
        return (int) interval.plusNanos(999_999).toMillis();
    }

    /// Registers it.
    synchronized void start() {
        long loan = Loans.lend(this);
        boolean taken = false;
        try {
            timer = Errors.check(
                    virEventAddTimeout(millis, EventLoop.upcall().pointer(0), Loans.opaque(loan), Loans.free()),
                    "virEventAddTimeout");
            taken = true;
        } finally {
            if (!taken) {
                Loans.end(loan);
            }
        }
    }

    /// Begins anew, with another time. C: `virEventUpdateTimeout`.
    public synchronized void update(Duration interval) {
        millis = millis(interval);
        if (!ended) {
            virEventUpdateTimeout(timer, millis);
        }
    }

    /// From C, on the loop.
    void expired() {
        synchronized (this) {
            if (ended) {
                return;
            }
            if (busy) {
                missed++;
                return;
            }
            busy = true;
        }
        goingOn.now();
        if (once) {
            disarm();
        }
    }

    private synchronized void disarm() {
        if (!ended) {
            virEventUpdateTimeout(timer, NEVER);
        }
    }

    private void goOn() {
        if (isActive()) {
            Workers.execute(this::run);
        } else {
            end();
        }
    }

    private void run() {
        if (serve(() -> handler.on(this), once)) {
            rearm();
        } else {
            end();
        }
    }

    private synchronized void rearm() {
        busy = false;
    }

    @Override
    synchronized void end() {
        boolean done = ended;
        try {
            if (!done) {
                virEventRemoveTimeout(timer);
                ended = true;
                done = true;
            }
        } finally {
            if (!done) {
                goingOn.due();
            }
        }
    }

    /// How often the time was up while the handler was still at work.
    @Override
    public synchronized long lost() {
        return missed;
    }
}
