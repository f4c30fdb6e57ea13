package io.github.libvirt4j.internal;

import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// The threads that run handlers, and what must not run on the caller's thread: daemon platform threads,
/// kept for a minute when idle. Not virtual ones: a handler that calls libvirt would pin its carrier.
public final class Workers {
    private static final ThreadPoolExecutor POOL =
            new ThreadPoolExecutor(0, Integer.MAX_VALUE, 1, TimeUnit.MINUTES, new SynchronousQueue<>(), threads());

    private Workers() {}

    /// Runs `task` on a thread of the pool.
    public static void execute(Runnable task) {
        POOL.execute(task);
    }

    /// How many of the threads are at work.
    public static int busy() {
        return POOL.getActiveCount();
    }

    private static ThreadFactory threads() {
        AtomicLong number = new AtomicLong();
        return task -> Thread.ofPlatform()
                .daemon()
                .name("libvirt4j-worker-" + number.incrementAndGet())
                .unstarted(task);
    }
}
