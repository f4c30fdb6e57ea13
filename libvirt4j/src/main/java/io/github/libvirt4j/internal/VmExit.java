package io.github.libvirt4j.internal;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Waits that the end of the VM ends. `System.exit` waits for the shutdown hooks, so a hook that waits for
/// the thread which called it, as a handler on the event loop may, would never return, and neither would the
/// process.
///
/// A wait is given up when the thread it waits for is in `System.exit`. Waits without a limit are given up in
/// any case when those of the VM's end have taken five seconds in all: that thread can wait for another one
/// that is in there.
public final class VmExit {
    private static final long SLICE = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long LIMIT = TimeUnit.SECONDS.toNanos(5);

    private static volatile boolean begun;

    /// How long waits without a limit have waited since then, in nanoseconds.
    private static final AtomicLong IN_VAIN = new AtomicLong();

    private VmExit() {}

    /// A wait.
    @FunctionalInterface
    public interface Wait {
        /// Waits at most so long; true if what was waited for is there.
        boolean await(long nanos) throws InterruptedException;
    }

    /// A wait without a limit was given up.
    public static final class InVain extends IllegalStateException {
        private static final long serialVersionUID = 1;

        InVain(@Nullable Thread whom) {
            super("The VM exits, and this waits for "
                    + (whom == null ? "what does not happen any more" : whom + ", which waits for the shutdown hooks")
                    + "; the end of the process does what is left to do");
        }
    }

    /// A lock that says who holds it.
    public static final class HeldLock extends ReentrantLock {
        private static final long serialVersionUID = 1;

        /// Null if nobody does.
        public @Nullable Thread holder() {
            return getOwner();
        }

        /// Takes it, however long it takes, and also for a thread that is interrupted.
        ///
        /// @throws InVain if the VM exits, and who holds it does not give it back
        public void take() {
            VmExit.take(this, this::holder);
        }
    }

    /// Waits at most `nanos` nanoseconds.
    ///
    /// @param whom the thread that is waited for; null where that is not known
    /// @return whether the wait succeeded
    public static boolean await(long nanos, Supplier<@Nullable Thread> whom, Wait wait) throws InterruptedException {
        long start = System.nanoTime();
        while (true) {
            long left = nanos - (System.nanoTime() - start);
            if (wait.await(Math.min(left, SLICE))) {
                return true;
            }
            if (left <= SLICE || isIn(whom.get())) {
                return false;
            }
        }
    }

    /// Waits however long it takes, also if this thread is interrupted.
    ///
    /// @param whom the thread that is waited for; null where that is not known
    /// @throws InVain if the VM exits, and it was given up
    public static void await(Supplier<@Nullable Thread> whom, Wait wait) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    if (wait.await(SLICE)) {
                        return;
                    }
                    if (hasBegun() && (isIn(whom.get()) || IN_VAIN.addAndGet(SLICE) > LIMIT)) {
                        throw new InVain(whom.get());
                    }
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /// Takes a lock in the same way.
    ///
    /// @throws InVain if it was given up
    public static void take(Lock lock, Supplier<@Nullable Thread> whom) {
        if (!lock.tryLock()) {
            await(whom, nanos -> lock.tryLock(nanos, TimeUnit.NANOSECONDS));
        }
    }

    /// Waits for a part of what is left of a wait.
    ///
    /// @param whom as for [#await]
    /// @return the time left, in nanoseconds; 0 or less if there is none, or waiting longer is useless
    @SuppressWarnings("WaitNotInLoop") // The loop is the caller's.
    public static long awaitNanos(Condition condition, long left, @Nullable Thread whom) throws InterruptedException {
        long part = Math.min(left, SLICE);
        long rest = left - part + condition.awaitNanos(part);
        return rest > 0 && isIn(whom) ? 0 : rest;
    }

    /// Whether a thread is in `System.exit`, from where it does not return.
    private static boolean isIn(@Nullable Thread thread) {
        if (thread != null && hasBegun()) {
            for (StackTraceElement frame : thread.getStackTrace()) {
                if (frame.getClassName().equals("java.lang.Shutdown")) {
                    return true;
                }
            }
        }
        return false;
    }

    /// Whether shutdown hooks run. Java tells only who tries to add one.
    private static boolean hasBegun() {
        if (!begun) {
            Thread probe = Thread.ofPlatform().unstarted(() -> {});
            try {
                Runtime.getRuntime().addShutdownHook(probe);
                Runtime.getRuntime().removeShutdownHook(probe);
            } catch (IllegalStateException e) {
                begun = true;
            }
        }
        return begun;
    }
}
