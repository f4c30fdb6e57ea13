package io.github.libvirt4j.link;

import java.time.Instant;
import java.util.Objects;

/// A place in the order of notices or events where events are missing: after the last of generation `from`, and
/// before the first of generation `to`. Immutable, safe for use by any thread.
///
/// The `from` of a gap is the `to` of the gap before it. A handler that was busy while several generations
/// passed hears of one gap that spans them.
///
/// A state that is read after `back` contains the effect of all events that are missing.
///
/// @param from the generation before the gap; 0 if there was none
/// @param to the generation after the gap; equal to `from` for [Cause#OVERFLOW]
/// @param lost the time at which the link lost its connection, as far as it knows: keepalive finds a silent host
///     lost after up to 30 seconds, in which events may be missing as well. For [Cause#OVERFLOW] the time of
///     the last event before the gap
/// @param back the time since which events arrive again
/// @param cause the reason why events are missing
public record Gap(int from, int to, Instant lost, Instant back, Cause cause) {
    /// Rejects null.
    public Gap {
        Objects.requireNonNull(lost, "lost");
        Objects.requireNonNull(back, "back");
        Objects.requireNonNull(cause, "cause");
    }

    /// The reason why events are missing.
    public enum Cause {
        /// Nothing was known before: the gap in front of the first generation.
        BEGINNING,
        /// The connection broke off.
        DISCONNECTED,
        /// The library closed a connection on which every list had failed for a whole resync period.
        UNANSWERED,
        /// The library closed a connection on which three changes in one resync period had no event: a daemon
        /// can stop sending events and answer calls as before.
        DEAF,
        /// The queue of a handler was full.
        OVERFLOW
    }
}
