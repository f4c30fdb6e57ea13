package io.github.libvirt4j.loop;

import io.github.libvirt4j.event.Registration;
import java.time.Duration;

/// A registered handler that libvirt's event loop calls when a timer expires; see [EventLoop#every] and
/// [EventLoop#after]. Safe for use by any thread.
///
/// @c {@index virEventRemoveTimeout} libvirt 0.9.3
public interface Timer extends Registration {
    /// A lambda that is called when a timer expires.
    ///
    /// A handler runs on a thread of the library's. It may block, throw, and close its timer. It is not
    /// called again before it has returned.
    @FunctionalInterface
    interface Handler {
        /// Serves an expiration of the timer.
        ///
        /// @param timer the timer of this handler, to close or change it
        /// @throws Exception is reported to
        ///     [Libvirt#setUncaughtHandler][io.github.libvirt4j.Libvirt#setUncaughtHandler] and closes the
        ///     timer
        void on(Timer timer) throws Exception;
    }

    /// Restarts the timer with another time.
    ///
    /// @c {@index virEventUpdateTimeout} libvirt 0.9.3
    void update(Duration interval);

    /// The number of expirations that the handler missed because it was still running.
    @Override
    long lost();
}
