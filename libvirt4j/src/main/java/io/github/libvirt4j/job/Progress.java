package io.github.libvirt4j.job;

import java.time.Instant;
import java.util.Objects;

/// The progress of a job at one moment. Immutable, safe for use by any thread.
///
/// The unit of `current` and `end` is the hypervisor's, with QEMU bytes. Both can grow while the guest
/// writes, and `current == end` does not mean that the job has ended.
///
/// @param current the work that is done
/// @param end the work in total; 0 if the job reports none
/// @param at the time of the reading
public record Progress(long current, long end, Instant at) {
    /// Rejects null.
    public Progress {
        Objects.requireNonNull(at, "at");
    }

    /// The part of the work that is done, from 0 to 1; 0 if the job reports no progress.
    public double fraction() {
        return end <= 0 ? 0 : Math.clamp((double) current / end, 0, 1);
    }
}
