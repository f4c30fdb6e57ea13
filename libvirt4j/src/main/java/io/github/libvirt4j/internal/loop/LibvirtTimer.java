package io.github.libvirt4j.internal.loop;

import static io.github.libvirt4j.internal.raw.LibvirtEvent.virEventAddTimeout;
import static io.github.libvirt4j.internal.raw.LibvirtEvent.virEventRemoveTimeout;
import static io.github.libvirt4j.internal.raw.LibvirtEvent.virEventUpdateTimeout;

import io.github.libvirt4j.internal.Duty;
import io.github.libvirt4j.internal.c.Errors;
import io.github.libvirt4j.internal.callback.Loans;
import io.github.libvirt4j.internal.event.ReadyRegistration;
import io.github.libvirt4j.loop.Timer;
import java.time.Duration;

/// A handler of a timeout.
public final class LibvirtTimer extends ReadyRegistration implements Timer {
    private static final int NEVER = -1;

    /// The one event there is.
    private static final int EXPIRED = 1;

    /// The longest interval that libvirt's int of milliseconds can hold: 24 days.
    private static final Duration LONGEST = Duration.ofMillis(Integer.MAX_VALUE);

    private final Handler handler;
    private final boolean once;

    /// Takes it out of C, also where there was no memory at first.
    private final Duty ending = new Duty(this::remove);

    // Guarded by this.
    private int millis;
    private boolean ended;
    private int timer;
    private long missed;

    public LibvirtTimer(Duration interval, boolean once, Handler handler) {
        super((once ? "after " : "every ") + interval, EXPIRED);
        this.handler = handler;
        this.once = once;
        this.millis = millis(interval);
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
    public synchronized void start() {
        timer = Loans.register(
                this,
                opaque -> Errors.check(
                        virEventAddTimeout(millis, ProcessLoop.upcall().pointer(0), opaque, Loans.free()),
                        "virEventAddTimeout"));
    }

    @Override
    public synchronized void update(Duration interval) {
        millis = millis(interval);
        if (!ended) {
            virEventUpdateTimeout(timer, millis);
        }
    }

    /// From C, on the loop.
    void expired() {
        if (!tell(EXPIRED)) {
            countMissed();
        }
        if (once) {
            disarm();
        }
    }

    private synchronized void countMissed() {
        if (!ended) {
            missed++;
        }
    }

    private synchronized void disarm() {
        if (!ended) {
            virEventUpdateTimeout(timer, NEVER);
        }
    }

    @Override
    protected boolean handle(int events) throws Exception {
        handler.on(this);
        return !once;
    }

    @Override
    protected void served(boolean goesOn) {
        if (!goesOn) {
            end();
        }
    }

    @Override
    protected void end() {
        ending.now();
    }

    private synchronized void remove() {
        if (!ended) {
            virEventRemoveTimeout(timer);
            ended = true;
        }
    }

    @Override
    public synchronized long lost() {
        return missed;
    }
}
