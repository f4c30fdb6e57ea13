package io.github.libvirt4j.loop;

import io.github.libvirt4j.event.Registration;
import io.github.libvirt4j.types.EventHandleType;
import java.util.Set;

/// A registered handler that waits on libvirt's event loop for a file descriptor to become ready; see
/// [EventLoop#on]. Safe for use by any thread.
///
/// @c {@index virEventRemoveHandle} libvirt 0.9.3
public interface FileWatch extends Registration {
    /// A lambda that is called when a file descriptor is ready.
    ///
    /// A handler runs on a thread of the library's. It may block, throw, and close its watch. It is not
    /// called again before it has returned.
    @FunctionalInterface
    interface Handler {
        /// Serves a file descriptor that is ready.
        ///
        /// @param watch the watch of this handler, to close or change it
        /// @param events the events for which the file descriptor is ready; [EventHandleType#ERROR] and
        ///     [EventHandleType#HANGUP] also if the watch does not wait for them
        /// @throws Exception is reported to
        ///     [Libvirt#setUncaughtHandler][io.github.libvirt4j.Libvirt#setUncaughtHandler] and closes the
        ///     watch: a file descriptor that was not served stays ready, and the handler would be called
        ///     indefinitely
        void on(FileWatch watch, Set<EventHandleType> events) throws Exception;
    }

    /// Changes the events that the watch waits for.
    ///
    /// @c {@index virEventUpdateHandle} libvirt 0.9.3
    /// @param when the events; the empty set suspends the watch until the next update
    void update(Set<EventHandleType> when);
}
