package io.github.libvirt4j.internal.link;

import java.time.Duration;
import java.time.Instant;

/// A time on two clocks: one that never jumps, for schedules, and the one that people read.
///
/// @param nanos the monotonic time, as by `System.nanoTime`, but compared without overflow: the driver counts
///     from its own start
/// @param instant the time of day
public record Moment(long nanos, Instant instant) {
    /// The longest time that schedules reckon with, some 73 years: sums of a few do not overflow.
    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE / 4);

    Moment plus(Duration time) {
        return new Moment(nanos + time.toNanos(), instant.plus(time));
    }

    /// A time in ns, for schedules; `ChronoUnit.FOREVER.getDuration()` is the longest one.
    public static long nanos(Duration time) {
        return time.compareTo(LONGEST) < 0 ? time.toNanos() : LONGEST.toNanos();
    }
}
