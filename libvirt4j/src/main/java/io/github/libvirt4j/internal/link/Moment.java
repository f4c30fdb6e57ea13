package io.github.libvirt4j.internal.link;

import java.time.Duration;
import java.time.Instant;

/// A time on two clocks: one that never jumps, for schedules, and the one that people read.
///
/// @param nanos the monotonic time, as by `System.nanoTime`, but compared without overflow: the driver counts
///     from its own start
/// @param instant the time of day
public record Moment(long nanos, Instant instant) {
    Moment plus(Duration time) {
        return new Moment(nanos + time.toNanos(), instant.plus(time));
    }
}
