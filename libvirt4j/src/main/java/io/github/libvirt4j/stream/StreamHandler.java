package io.github.libvirt4j.stream;

import io.github.libvirt4j.types.StreamEventType;
import java.util.Set;

/// A lambda that is called when a stream is ready; see [Stream#on][io.github.libvirt4j.Stream#on].
///
/// A handler runs on a thread of the library's. It may block, throw, call libvirt, change or close its
/// registration, and finish or close the stream. It is not called again before it has returned.
@FunctionalInterface
public interface StreamHandler {
    /// Serves a stream that is ready.
    ///
    /// @param registration the registration of this handler, with its [stream][StreamRegistration#stream]
    /// @param events the events for which the stream is ready; [StreamEventType#ERROR] and
    ///     [StreamEventType#HANGUP] also if the registration does not wait for them
    /// @throws Exception is reported to
    ///     [Libvirt#setUncaughtHandler][io.github.libvirt4j.Libvirt#setUncaughtHandler] and closes the
    ///     registration: a stream that was not served stays ready, and the handler would be called
    ///     indefinitely
    void on(StreamRegistration registration, Set<StreamEventType> events) throws Exception;
}
