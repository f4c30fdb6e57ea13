package io.github.libvirt4j.stream;

import io.github.libvirt4j.Stream;
import io.github.libvirt4j.event.Registration;
import io.github.libvirt4j.types.StreamEventType;
import java.util.Set;

/// A registered handler that waits for a stream to become ready; see [Stream#on]. Safe for use by any thread.
public interface StreamRegistration extends Registration {
    /// The stream that the handler waits for.
    Stream stream();

    /// Changes the events that the handler waits for. This method does nothing after the registration was
    /// closed or the stream was finished, aborted or closed.
    ///
    /// @c {@index virStreamEventUpdateCallback} libvirt 0.7.2
    /// @param when the events; the empty set suspends the registration until the next update. An error or a
    ///     hangup is delivered nevertheless, and then closes the registration
    void update(Set<StreamEventType> when);

    /// Whether the handler can still be called: false once the registration was closed, and once the stream
    /// was finished, aborted or closed.
    @Override
    boolean isActive();
}
