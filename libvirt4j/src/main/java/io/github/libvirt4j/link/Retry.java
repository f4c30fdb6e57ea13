package io.github.libvirt4j.link;

import io.github.libvirt4j.internal.link.Moment;
import java.time.Duration;
import java.util.random.RandomGenerator;

/// The pauses between tries to open a connection: exponential, with full jitter. Immutable, safe for use by
/// any thread.
///
/// The pause after `n` failures is a random time between zero and the smaller of `first` × 2ⁿ and
/// `longest`, so that the links of many processes to one host do not return at the same moment.
///
/// @param first the upper limit of the first pause
/// @param longest the upper limit of all pauses
public record Retry(Duration first, Duration longest) {
    /// Checks the durations.
    ///
    /// @throws IllegalArgumentException unless 0 < `first` ≤ `longest`
    public Retry {
        if (first.isNegative() || first.isZero() || longest.compareTo(first) < 0) {
            throw new IllegalArgumentException(
                    "Pauses from " + first + " to " + longest + " are impossible; 0 < first <= longest is required");
        }
    }

    /// Pauses of up to 100 ms at first and 30 s at most.
    public static Retry exponential() {
        return exponential(Duration.ofMillis(100), Duration.ofSeconds(30));
    }

    /// Pauses of up to `first` at first and `longest` at most.
    ///
    /// @throws IllegalArgumentException unless 0 < `first` ≤ `longest`
    public static Retry exponential(Duration first, Duration longest) {
        return new Retry(first, longest);
    }

    /// A random pause after a number of failures.
    ///
    /// @param failures the number of tries that have failed in succession
    /// @param random the source of the jitter
    public Duration pause(int failures, RandomGenerator random) {
        long most = Moment.nanos(longest);
        long limit = Math.min(Moment.nanos(first), most);
        for (int i = 0; i < failures && limit < most; i++) {
            limit = Math.min(most, limit << 1);
        }
        return Duration.ofNanos(random.nextLong(limit + 1));
    }
}
