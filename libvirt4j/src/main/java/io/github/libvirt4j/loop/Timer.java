package io.github.libvirt4j.loop;

import io.github.libvirt4j.event.Registration;
import java.time.Duration;

/// A handler that libvirt's event loop calls when a time is up; see [EventLoop#every]. Safe for use by any
/// thread.
///
/// @c {@index virEventRemoveTimeout} libvirt 0.9.3
public interface Timer extends Registration {
    /// A lambda that is called when a time is up.
    ///
    /// It runs on a thread of the library's and may block, throw, or close its timer. It is not called again
    /// before it has returned.
    @FunctionalInterface
    interface Handler {
        /// The time is up. What this throws is reported to
        /// [Libvirt#setUncaughtHandler][io.github.libvirt4j.Libvirt#setUncaughtHandler] and ends the timer.
        ///
        /// @param timer itself, to close or change it
        void on(Timer timer) throws Exception;
    }

    /// Begins anew, with another time.
    ///
    /// @c {@index virEventUpdateTimeout} libvirt 0.9.3
    void update(Duration interval);

    /// How often the time was up while the handler was still at work.
    @Override
    long lost();
}
