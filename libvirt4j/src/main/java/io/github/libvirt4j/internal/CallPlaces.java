package io.github.libvirt4j.internal;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Places for calls that may never return, sixteen: what finds none free waits for one. Safe for use by any thread.
///
/// What is under way to a host that is lost without a word stays for ever. A connection's places end with it,
/// but a URI is to be opened again when its host is back. So where openings have taken all places, and nothing
/// begins or returns for ten seconds, there is one more, and each next one after twice as long: some twenty in a year.
/// As calls return the additional places go, but for one that is free.
final class CallPlaces {
    /// A daemon serves five calls of a client at a time, if it was not told otherwise.
    private static final int MOST = 16;

    private static final long FIRST_PATIENCE = TimeUnit.SECONDS.toNanos(10);

    private final boolean areForOpenings;
    private final Semaphore free = new Semaphore(MOST);
    private int added;
    private long patience = FIRST_PATIENCE;

    /// When something has begun or returned.
    private long lastMove;

    private CallPlaces(boolean areForOpenings) {
        this.areForOpenings = areForOpenings;
    }

    static CallPlaces forCalls() {
        return new CallPlaces(false);
    }

    static CallPlaces forOpenings() {
        return new CallPlaces(true);
    }

    /// How many there are.
    synchronized int count() {
        return MOST + added;
    }

    /// Takes one if one is free.
    boolean tryTake() {
        return free.tryAcquire();
    }

    /// Takes one, for which it waits so long.
    boolean tryTake(long nanos) throws InterruptedException {
        if (!areForOpenings) {
            return free.tryAcquire(nanos, TimeUnit.NANOSECONDS);
        }
        long start = System.nanoTime();
        long left = nanos;
        while (left > 0) {
            if (takeOrAdd() || free.tryAcquire(Math.min(left, untilOneMore()), TimeUnit.NANOSECONDS)) {
                return true;
            }
            left = nanos - (System.nanoTime() - start);
        }
        return false;
    }

    private synchronized boolean takeOrAdd() throws InterruptedException {
        boolean isFree = free.tryAcquire(0, TimeUnit.NANOSECONDS);
        if (!isFree && untilOneMore() > 0) {
            return false;
        }
        if (!isFree) {
            added++;
            patience *= 2;
        }
        lastMove = System.nanoTime();
        return true;
    }

    private synchronized long untilOneMore() {
        return patience - (System.nanoTime() - lastMove);
    }

    synchronized void giveBack() {
        lastMove = System.nanoTime();
        patience = FIRST_PATIENCE;
        if (added > 0 && free.availablePermits() > 0) {
            added--;
        } else {
            free.release();
        }
    }
}
