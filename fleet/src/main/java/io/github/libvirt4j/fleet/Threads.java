package io.github.libvirt4j.fleet;

import java.time.Duration;

/// Waits for threads that are closed.
final class Threads {
    static final Duration FOR_EVER = Duration.ofDays(36_500);

    private Threads() {}

    /// Waits for the end of a thread. An interrupt does not shorten the wait, and is kept.
    ///
    /// @return false if it had not ended within `limit`; true also if it was never started
    static boolean join(Thread thread, Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    return !thread.isAlive() || thread.join(Duration.ofNanos(end - System.nanoTime()));
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
}
