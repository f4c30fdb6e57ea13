package io.github.libvirt4j.internal.call;

import io.github.libvirt4j.error.CallAbandonedException;
import io.github.libvirt4j.error.CallInterruptedException;
import io.github.libvirt4j.error.CallTimeoutException;
import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.internal.Observers;
import io.github.libvirt4j.internal.Workers;
import io.github.libvirt4j.internal.c.CLibrary;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Lock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Calls of one connection for which their callers wait a limited time. Safe for use by any thread.
///
/// A call in C cannot be ended. So it is made on a worker, whole: with the reading of its error, which is
/// the thread's, and with the beginning and end of every use. Its caller waits, and can leave; a virtual
/// thread does not pin its carrier meanwhile. What an abandoned call makes is closed when it returns.
public final class TimedCalls {
    private static final LongAdder ABANDONED = new LongAdder();

    /// The longest time in which a thread waits for another one without a context switch, where calls are
    /// quick: a switch takes longer than such a call, and there are two.
    private static final long SPIN_NANOS = 20_000;

    private static final boolean CAN_SPIN = Runtime.getRuntime().availableProcessors() > 1;

    /// A worker is there for the next call.
    private static final Object WAITING = new Object();

    /// Of the calls this thread is making.
    private static final ThreadLocal<@Nullable TimedCalls> CURRENT = new ThreadLocal<>();

    private final String whose;
    private final Duration limit;
    private final long nanos;
    private final CallPlaces places;
    private final AtomicInteger abandoned = new AtomicInteger();

    /// Where a worker that has made a call gets the next one: null if none is there, [#WAITING], or a call.
    private final AtomicReference<@Nullable Object> next = new AtomicReference<>();

    /// Whether the last call was quick, as those to a driver in this process are.
    private volatile boolean quick;

    /// The calls that end something and wait for a free place.
    private final Queue<Call<?>> ends = new ConcurrentLinkedQueue<>();

    /// @param whose names them in messages
    /// @param limit for each
    public TimedCalls(String whose, Duration limit) {
        this(whose, limit, CallPlaces.forCalls());
    }

    private TimedCalls(String whose, Duration limit, CallPlaces places) {
        this.whose = whose;
        this.limit = limit;
        this.nanos = TimeUnit.NANOSECONDS.convert(limit);
        this.places = places;
    }

    /// Makes the opening of a connection; as [#call] in all else.
    public static <T> T open(
            String uri, Duration limit, String function, @Nullable LongSupplier waitingSince, Supplier<T> work) {
        CallPlaces places = CallPlaces.forOpenings(uri);
        try {
            return new TimedCalls(uri, limit, places).call(function, waitingSince, work);
        } finally {
            places.leave();
        }
    }

    /// How many URIs are being opened with a time limit.
    public static int urisOpening() {
        return CallPlaces.uris();
    }

    /// Refuses a limit that is none.
    public static void check(Duration limit) {
        if (limit.isNegative() || limit.isZero()) {
            throw new IllegalArgumentException("A time limit of " + limit + "; it must be longer than zero");
        }
    }

    /// How many calls of this process nobody waits for any more, and that have not returned.
    public static long allAbandoned() {
        return ABANDONED.sum();
    }

    /// How many of these.
    public int abandoned() {
        return abandoned.get();
    }

    /// Whether this thread is making one of these, and no closure of the user's is at work in it.
    @SuppressWarnings("ReferenceEquality") // The very one.
    public boolean isMaking() {
        return CURRENT.get() == this;
    }

    /// While a closure of the user's is at work in a call of this thread, which may be for long, the call
    /// gives its place to others: what the closure asks for, or waits for, can be a call that needs one. C
    /// gets the call back at once, whether a place is free then or not.
    ///
    /// @return to be closed when the closure returns
    public static Outside outside() {
        TimedCalls calls = CURRENT.get();
        return calls == null ? Outside.OF_NOTHING : new Outside(calls);
    }

    /// The time in which a closure is at work.
    public static final class Outside implements AutoCloseable {
        private static final Outside OF_NOTHING = new Outside();

        private final @Nullable TimedCalls calls;

        private Outside() {
            calls = null;
        }

        private Outside(TimedCalls calls) {
            this.calls = calls;
            CURRENT.remove();
            calls.places.giveBack();
            calls.makeEnds();
        }

        @Override
        public void close() {
            if (calls != null) {
                calls.places.takeAgain();
                CURRENT.set(calls);
            }
        }
    }

    /// Does work whose calls have no time limit, on this thread: no other one waits for it. It takes no place.
    public <T> T unlimited(Supplier<T> work) {
        CURRENT.set(this);
        try {
            return work.get();
        } finally {
            CURRENT.remove();
        }
    }

    /// Makes a call. Within a call it is a part of that, unless a closure of the user's is: what that asks
    /// for has a limit of its own.
    ///
    /// @param function names it in exceptions
    /// @param waitingSince since when, in terms of `System.nanoTime()`, C has been at work; null if that is
    ///     from the beginning on
    /// @param work calls C and makes something of it
    /// @throws CallTimeoutException if it took too long
    /// @throws CallInterruptedException if the calling thread is interrupted
    public <T extends @Nullable Object> T call(String function, @Nullable LongSupplier waitingSince, Supplier<T> work) {
        if (isMaking()) {
            return work.get();
        }
        long start = System.nanoTime();
        begin(function);
        var call = new Call<T>(function, work);
        make(call);
        return call.await(waitingSince == null ? () -> start : waitingSince);
    }

    /// Waits for what a call would wait for in C, without making it yet: nobody has to be abandoned there.
    ///
    /// @param function names it in exceptions
    /// @param begun since when its caller waits, by [System#nanoTime]
    /// @throws CallTimeoutException if it took too long
    /// @throws CallInterruptedException if the calling thread is interrupted
    public <T> T await(String function, long begun, CompletableFuture<T> what) {
        return within(function, () -> {
            try {
                return what.get(left(begun), TimeUnit.NANOSECONDS);
            } catch (ExecutionException e) {
                throw rethrow(e.getCause());
            }
        });
    }

    /// Takes a lock, in the same way.
    public void lock(String function, long begun, Lock lock) {
        within(function, () -> {
            if (!lock.tryLock(left(begun), TimeUnit.NANOSECONDS)) {
                throw new TimeoutException();
            }
            return true;
        });
    }

    private long left(long begun) {
        return nanos - (System.nanoTime() - begun);
    }

    @FunctionalInterface
    private interface Wait<T> {
        T run() throws TimeoutException, InterruptedException;
    }

    private <T> T within(String function, Wait<T> wait) {
        try {
            return wait.run();
        } catch (TimeoutException e) {
            throw told(new CallTimeoutException(
                    function, false, function + " of " + whose + ": nothing has come within " + limit));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw told(new CallInterruptedException(function, false));
        }
    }

    /// Tells the observers that a caller gives up.
    private CallAbandonedException told(CallAbandonedException reason) {
        Observers.abandoned(whose, reason);
        return reason;
    }

    /// Makes a call that ends something, in any case: if not within the limit, then when it is possible.
    ///
    /// @throws CallTimeoutException if it goes on in the background
    /// @throws CallInterruptedException if it does so because the calling thread is interrupted
    public void end(String function, Runnable work) {
        Supplier<@Nullable Void> end = () -> {
            work.run();
            return null;
        };
        try {
            call(function, null, end);
        } catch (CallAbandonedException e) {
            if (!e.isBegun()) {
                ends.add(new Call<@Nullable Void>(function, end));
                makeEnds();
            }
            throw e;
        }
    }

    private void makeEnds() {
        while (!ends.isEmpty() && places.tryTake()) {
            Call<?> end = ends.poll();
            if (end == null) {
                places.giveBack();
            } else {
                make(end);
            }
        }
    }

    /// For which there is room.
    private void make(Call<?> call) {
        if (next.compareAndSet(WAITING, call)) {
            return;
        }
        boolean begun = false;
        try {
            Workers.execute(() -> makeAll(call));
            begun = true;
        } finally {
            if (!begun) {
                places.giveBack();
                call.end();
            }
        }
    }

    /// Makes a call, and those that follow at once.
    private void makeAll(Call<?> first) {
        for (Call<?> call = first; call != null; call = awaitNext()) {
            call.make();
        }
    }

    private @Nullable Call<?> awaitNext() {
        if (!quick || !next.compareAndSet(null, WAITING)) {
            return null;
        }
        long end = System.nanoTime() + SPIN_NANOS;
        while (next.get() == WAITING && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        return next.getAndSet(null) instanceof Call<?> call ? call : null;
    }

    private void begin(String function) {
        try {
            if (!places.tryTake(nanos)) {
                throw told(new CallTimeoutException(
                        function,
                        false,
                        function + ": " + places.count() + " calls of " + whose + " have not returned within "
                                + limit));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw told(new CallInterruptedException(function, false));
        }
    }

    private final class Call<T extends @Nullable Object> {
        private final String function;
        private final Supplier<T> work;
        private final CompletableFuture<T> result = new CompletableFuture<>();
        private final @Nullable LastingMemory memory;

        Call(String function, Supplier<T> work) {
            this.function = function;
            this.work = work;
            this.memory = LastingMemory.hold();
            places.enter();
        }

        /// It has returned, or could not begin.
        void end() {
            LastingMemory.letGo(memory);
            places.leave();
        }

        void make() {
            CURRENT.set(TimedCalls.this);
            boolean wanted;
            long begun = System.nanoTime();
            try {
                T made = work.get();
                quick = CAN_SPIN && System.nanoTime() - begun < SPIN_NANOS;
                wanted = result.complete(made);
                if (!wanted) {
                    close(made);
                }
            } catch (Throwable t) {
                wanted = result.completeExceptionally(t);
            } finally {
                CURRENT.remove();
                places.giveBack();
                end();
            }
            makeEnds();
            if (!wanted) {
                count(-1);
            }
        }

        T await(LongSupplier waitingSince) {
            spin();
            while (true) {
                long left = nanos - (System.nanoTime() - waitingSince.getAsLong());
                try {
                    return result.get(left, TimeUnit.NANOSECONDS);
                } catch (ExecutionException e) {
                    throw rethrow(e.getCause());
                } catch (TimeoutException e) {
                    if (left <= 0) {
                        abandon(new CallTimeoutException(
                                function, true, function + " of " + whose + " has not returned within " + limit));
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    abandon(new CallInterruptedException(function, true));
                }
            }
        }

        private void spin() {
            if (quick) {
                long end = System.nanoTime() + SPIN_NANOS;
                while (!result.isDone() && System.nanoTime() < end) {
                    Thread.onSpinWait();
                }
            }
        }

        /// Unless it has just returned: then there is a result.
        private void abandon(CallAbandonedException reason) {
            count(1);
            if (result.completeExceptionally(reason)) {
                throw told(reason);
            }
            count(-1);
        }

        private void count(int change) {
            abandoned.addAndGet(change);
            ABANDONED.add(change);
        }
    }

    /// Closes the result of an abandoned call.
    private static void close(@Nullable Object made) {
        Stream<?> all = made instanceof List<?> list ? list.stream() : Stream.ofNullable(made);
        all.forEach(each -> {
            if (each instanceof AutoCloseable closeable) {
                try {
                    closeable.close();
                } catch (Exception e) {
                    // No caller can receive it, and closing the connection releases the object.
                }
            }
        });
    }

    /// Rethrows the same object, whose stack trace also shows the caller.
    private static RuntimeException rethrow(@Nullable Throwable thrown) {
        if (thrown instanceof LibvirtException
                || thrown instanceof IllegalArgumentException
                || thrown instanceof NullPointerException) {
            StackTraceElement[] here = new Throwable().getStackTrace();
            thrown.setStackTrace(Stream.concat(Stream.of(thrown.getStackTrace()), Stream.of(here))
                    .toArray(StackTraceElement[]::new));
        }
        return CLibrary.unexpected(thrown == null ? new IllegalStateException("no cause") : thrown);
    }
}
