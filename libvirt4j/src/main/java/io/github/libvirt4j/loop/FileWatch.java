package io.github.libvirt4j.loop;

import io.github.libvirt4j.event.Registration;
import io.github.libvirt4j.types.EventHandleType;
import java.util.Set;

/// A handler that waits on libvirt's event loop for a file descriptor to become ready; see [EventLoop#on].
/// Safe for use by any thread.
///
/// @c {@index virEventRemoveHandle} libvirt 0.9.3
public interface FileWatch extends Registration {
    /// A lambda that is called when a file descriptor is ready.
    ///
    /// It runs on a thread of the library's and may block, throw, or close its watch. It is not called again
    /// before it has returned.
    @FunctionalInterface
    interface Handler {
        /// The file descriptor is ready. What this throws is reported to
        /// [Libvirt#setUncaughtHandler][io.github.libvirt4j.Libvirt#setUncaughtHandler] and ends the watch:
        /// what was not served stays ready, and would call indefinitely.
        ///
        /// @param watch itself, to close or change it
        /// @param events what for; [EventHandleType#ERROR] and [EventHandleType#HANGUP] also if nobody asked
        void on(FileWatch watch, Set<EventHandleType> events) throws Exception;
    }

    /// Waits for something else from now on.
    ///
    /// @c {@index virEventUpdateHandle} libvirt 0.9.3
    /// @param when empty for nothing at all, until the next update
    void update(Set<EventHandleType> when);
}
