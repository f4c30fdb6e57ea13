package io.github.libvirt4j.fleet.kafka;

import io.github.libvirt4j.link.Retry;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

/// The pauses after failures: they grow while the failures follow each other. One thread uses it.
final class Pauses {
    private static final Retry RETRY = Retry.exponential(Duration.ofSeconds(1), Duration.ofSeconds(30));

    /// Longer than the longest pause and the next try.
    private static final long QUIET = Duration.ofMinutes(2).toNanos();

    private int failures;
    private long last;

    /// The pause after a failure.
    ///
    /// @param now the time of [System#nanoTime]
    Duration next(long now) {
        return next(now, ThreadLocalRandom.current());
    }

    Duration next(long now, RandomGenerator random) {
        if (now - last > QUIET) {
            failures = 0;
        }
        last = now;
        return RETRY.pause(failures++, random);
    }
}
