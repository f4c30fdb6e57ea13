package io.github.libvirt4j.internal;

import io.github.libvirt4j.internal.c.StackProbe;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
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

    /// For threads of the library's, where the VM's default is too small for calls into libvirt.
    private static final int LARGER = 512 << 10;

    /// In bytes; 0 for the VM's default, negative until it was looked at.
    private static volatile int stackSize = -1;

    private Workers() {}

    /// Runs `task` on a thread of the pool.
    public static void execute(Runnable task) {
        POOL.execute(task);
    }

    /// How many of the threads are at work.
    public static int busy() {
        return POOL.getActiveCount();
    }

    /// A daemon thread of the library's. It inherits nothing of the thread that happens to be the first to
    /// need it: neither its inheritable thread-locals nor its context class loader, which would never be
    /// collected.
    public static Thread thread(String name, Runnable task) {
        Thread thread = Thread.ofPlatform()
                .daemon()
                .inheritInheritableThreadLocals(false)
                .name(name)
                .stackSize(stackSize())
                .unstarted(task);
        thread.setContextClassLoader(Workers.class.getClassLoader());
        return thread;
    }

    /// Finds out by a thread that does nothing else: no property tells what `-Xss` is.
    private static int stackSize() {
        int size = stackSize;
        if (size < 0) {
            var looked = new CompletableFuture<Boolean>();
            Thread.ofPlatform()
                    .daemon()
                    .inheritInheritableThreadLocals(false)
                    .name("libvirt4j-stack")
                    .start(() -> {
                        boolean isRoomy = true;
                        try {
                            isRoomy = StackProbe.isRoomy();
                        } finally {
                            looked.complete(isRoomy);
                        }
                    });
            size = looked.join() ? 0 : LARGER;
            stackSize = size;
        }
        return size;
    }

    /// A pool of threads that end after an idle minute, whose tasks wait for one of `most` places.
    ///
    /// @param name of its threads
    public static ThreadPoolExecutor pool(String name, int most) {
        var pool = new ThreadPoolExecutor(
                most, most, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>(), task -> thread(name, task));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /// A thread, which ends after an idle minute, for tasks that are due at a time and quick.
    ///
    /// @param name of the thread
    public static ScheduledThreadPoolExecutor times(String name) {
        var times = new ScheduledThreadPoolExecutor(1, task -> thread(name, task));
        times.setRemoveOnCancelPolicy(true);
        times.setKeepAliveTime(1, TimeUnit.MINUTES);
        times.allowCoreThreadTimeOut(true);
        return times;
    }

    private static ThreadFactory threads() {
        AtomicLong number = new AtomicLong();
        return task -> thread("libvirt4j-worker-" + number.incrementAndGet(), task);
    }
}
