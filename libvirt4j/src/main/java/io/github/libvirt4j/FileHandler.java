package io.github.libvirt4j;

import io.github.libvirt4j.types.EventHandleType;
import java.util.Set;

/// A lambda that is called when a file descriptor is ready; see [EventLoop#on].
///
/// It runs on a thread of the library's and may block, throw, or close its watch. It is not called again
/// before it has returned.
@FunctionalInterface
public interface FileHandler {
    /// The file descriptor is ready. What this throws is reported to [Libvirt#setUncaughtHandler] and ends
    /// the watch: what was not served stays ready, and would call for ever.
    ///
    /// @param watch itself, to close or change it
    /// @param events what for; [EventHandleType#ERROR] and [EventHandleType#HANGUP] also if nobody asked
    void on(FileWatch watch, Set<EventHandleType> events) throws Exception;
}
