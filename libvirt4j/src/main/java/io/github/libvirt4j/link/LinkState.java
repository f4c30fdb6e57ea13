package io.github.libvirt4j.link;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/// The state of a link: connected, not connected and trying to be, or closed. Immutable, safe for use by any
/// thread.
public sealed interface LinkState {
    /// The link has a connection, and all registrations of the link were made on it.
    ///
    /// @param generation the number of the connection
    /// @param since the time when the generation began
    record Up(int generation, Instant since) implements LinkState {
        /// Rejects null.
        public Up {
            Objects.requireNonNull(since, "since");
        }
    }

    /// The link has no connection, and tries to open one until it is closed. A link starts in this state.
    ///
    /// @param since the time when the last generation ended; before the first, the time when the link was
    ///     made
    /// @param cause the reason why there is no connection
    /// @param failure the exception that ended the last generation or failed the last try, whichever is
    ///     later; empty if there was none yet
    /// @param tries the number of tries that have failed in succession. A generation that ended within a
    ///     second counts as one
    /// @param nextTry the time of the next try; in the past while a try is in progress
    record Down(Instant since, Gap.Cause cause, Optional<Throwable> failure, int tries, Instant nextTry)
            implements LinkState {
        /// Rejects null.
        public Down {
            Objects.requireNonNull(since, "since");
            Objects.requireNonNull(cause, "cause");
            Objects.requireNonNull(failure, "failure");
            Objects.requireNonNull(nextTry, "nextTry");
        }
    }

    /// The program has closed the link. No other state follows.
    record Closed() implements LinkState {}
}
