package io.github.libvirt4j.internal;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;

/// The threads that run handlers, and what must not run on the caller's thread: daemon platform threads,
/// kept for a minute when idle. Not virtual ones: a handler that calls libvirt would pin its carrier.
public final class Workers {
    private static final ExecutorService POOL = Executors.newCachedThreadPool(threads());

    private Workers() {}

    /// Runs `task` on a thread of the pool.
    public static void execute(Runnable task) {
        POOL.execute(task);
    }

    private static ThreadFactory threads() {
        AtomicLong number = new AtomicLong();
        return task -> Thread.ofPlatform()
                .daemon()
                .name("libvirt4j-worker-" + number.incrementAndGet())
                .unstarted(task);
    }
}
