package io.github.libvirt4j.internal;

import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Runs a task at a time that changes. Its owner guards it.
public final class WakeUp {
    private final ScheduledThreadPoolExecutor times;
    private final Runnable task;
    private @Nullable ScheduledFuture<?> scheduled;
    private long at = Long.MAX_VALUE;

    /// @param times runs the task; see [Workers#times]
    public WakeUp(ScheduledThreadPoolExecutor times, Runnable task) {
        this.times = times;
        this.task = task;
    }

    /// Sets the time; the task then does not run at the time before.
    ///
    /// @param next in nanoseconds, of the clock that `now` is of; [Long#MAX_VALUE] for never
    public void set(long next, long now) {
        if (next == at && scheduled != null && !scheduled.isDone()) {
            return;
        }
        if (scheduled != null) {
            scheduled.cancel(false);
        }
        at = next;
        scheduled = next == Long.MAX_VALUE ? null : times.schedule(task, Math.max(0, next - now), TimeUnit.NANOSECONDS);
    }
}
