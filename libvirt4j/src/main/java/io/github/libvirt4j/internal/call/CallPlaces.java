package io.github.libvirt4j.internal.call;

import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Places for calls that may never return, sixteen: what finds none free waits for one. Safe for use by any
/// thread.
///
/// A call to a host that is lost silently never returns. A connection's places end with the connection, but a
/// URI must be opened again when its host is back. So where openings have taken all places, and nothing
/// begins or returns for ten seconds, there is one more, and each next one after twice as long: some twenty
/// in a year. As calls return the additional places go, except one that is free.
public final class CallPlaces {
    /// A daemon serves five calls of a client at a time, if it was not told otherwise.
    private static final int MOST = 16;

    private static final long FIRST_PATIENCE = TimeUnit.SECONDS.toNanos(10);

    /// For openings, by URI: those of a host that is gone must not hold up those of another. Only of URIs
    /// that somebody opens just now.
    private static final ConcurrentHashMap<String, CallPlaces> OPENINGS = new ConcurrentHashMap<>();

    private final @Nullable String uri;
    private final Permits free = new Permits();

    /// The number of openings of the URI, waiting and in progress; guarded by its entry in the map.
    private int users;

    private int added;
    private long patience = FIRST_PATIENCE;

    /// When something has begun or returned.
    private long lastMove;

    private CallPlaces(@Nullable String uri) {
        this.uri = uri;
    }

    private static final class Permits extends Semaphore {
        private static final long serialVersionUID = 1;

        Permits() {
            super(MOST);
        }

        /// Takes one, also if none is free: the next that comes back goes to nobody then.
        void takeAnyway() {
            reducePermits(1);
        }
    }

    public static CallPlaces forCalls() {
        return new CallPlaces(null);
    }

    /// Those for openings of a URI, which the caller uses until [#leave].
    public static CallPlaces forOpenings(String uri) {
        return Objects.requireNonNull(OPENINGS.compute(uri, (_, there) -> {
            CallPlaces places = there == null ? new CallPlaces(uri) : there;
            places.users++;
            return places;
        }));
    }

    /// How many URIs there are places for.
    public static int uris() {
        return OPENINGS.size();
    }

    /// Begins a use, for one who is using them.
    public void enter() {
        if (uri != null) {
            OPENINGS.computeIfPresent(uri, (_, places) -> {
                places.users++;
                return places;
            });
        }
    }

    /// Ends a use. Places that nobody uses are forgotten.
    public void leave() {
        if (uri != null) {
            OPENINGS.computeIfPresent(uri, (_, places) -> --places.users == 0 ? null : places);
        }
    }

    /// How many there are.
    public synchronized int count() {
        return MOST + added;
    }

    /// Takes one if one is free.
    public boolean tryTake() {
        return free.tryAcquire();
    }

    /// Takes one, for which it waits so long.
    public boolean tryTake(long nanos) throws InterruptedException {
        if (uri == null) {
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

    /// Takes one in any case, for a call that had given its own back and goes on.
    public synchronized void takeAgain() {
        lastMove = System.nanoTime();
        free.takeAnyway();
    }

    private synchronized long untilOneMore() {
        return patience - (System.nanoTime() - lastMove);
    }

    public synchronized void giveBack() {
        lastMove = System.nanoTime();
        patience = FIRST_PATIENCE;
        if (added > 0 && free.availablePermits() > 0) {
            added--;
        } else {
            free.release();
        }
    }
}
