package io.github.libvirt4j.stream;

import io.github.libvirt4j.Stream;
import io.github.libvirt4j.event.Registration;
import io.github.libvirt4j.types.StreamEventType;
import java.util.Set;

/// A handler that waits for a stream to become ready; see [Stream#on]. Safe for use by any thread.
public interface StreamRegistration extends Registration {
    /// The stream it waits for.
    Stream stream();

    /// Waits for something else from now on. Does nothing after the registration or the stream has ended.
    ///
    /// @c {@index virStreamEventUpdateCallback} libvirt 0.7.2
    /// @param when empty for nothing at all, until the next update; an error or a hangup is told all the
    ///     same, and ends the registration
    void update(Set<StreamEventType> when);

    /// Whether the handler can still be called: not after the registration was closed, nor after the stream
    /// was finished, aborted or closed.
    @Override
    boolean isActive();
}
