package io.github.libvirt4j.stream;

import io.github.libvirt4j.types.StreamEventType;
import java.util.Set;

/// A lambda that is called when a stream is ready; see [Stream#on][io.github.libvirt4j.Stream#on].
///
/// It runs on a thread of the library's and may block, throw, call libvirt, change or close its registration,
/// finish or close the stream. It is not called again before it has returned.
@FunctionalInterface
public interface StreamHandler {
    /// The stream is ready. What this throws is reported to
    /// [Libvirt#setUncaughtHandler][io.github.libvirt4j.Libvirt#setUncaughtHandler] and ends the
    /// registration: a stream that was not served stays ready, and would call indefinitely.
    ///
    /// @param registration itself, to change or close it; it leads to the [stream][StreamRegistration#stream]
    /// @param events what for; [StreamEventType#ERROR] and [StreamEventType#HANGUP] also if nobody asked
    void on(StreamRegistration registration, Set<StreamEventType> events) throws Exception;
}
