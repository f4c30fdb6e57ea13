package io.github.libvirt4j;

import io.github.libvirt4j.internal.StreamWatch;
import io.github.libvirt4j.types.Flag;
import io.github.libvirt4j.types.StreamEventType;
import java.util.Set;

/// A handler that waits for a stream to become ready; see [Stream#on]. Safe for use by any thread.
public final class StreamRegistration extends ReadyRegistration {
    private final Stream stream;
    private final StreamEnd end;
    private final StreamHandler handler;

    private final StreamWatch.Listener listener = new StreamWatch.Listener() {
        @Override
        public boolean ready(int events, boolean last) {
            return serve(() -> handler.on(StreamRegistration.this, StreamEventType.of(events)), last);
        }
    };

    StreamRegistration(Stream stream, StreamEnd end, Set<StreamEventType> when, StreamHandler handler) {
        super(when + " of " + stream);
        this.stream = stream;
        this.end = end;
        this.handler = handler;
    }

    /// For whom the stream's watch calls it.
    StreamWatch.Listener listener() {
        return listener;
    }

    /// The stream it waits for.
    public Stream stream() {
        return stream;
    }

    /// Waits for something else from now on. Does nothing after the registration or the stream has ended. C:
    /// `virStreamEventUpdateCallback`.
    ///
    /// @param when empty for nothing at all, until the next update; an error or a hangup is told all the same, and
    ///     ends the registration
    public void update(Set<StreamEventType> when) {
        end.watch().update(listener, Flag.combine(when.toArray(Flag[]::new)));
    }

    @Override
    void end() {
        end.watch().remove(listener);
    }

    /// Whether the handler can still be called: not after the registration was closed, nor after the stream was
    /// finished, aborted or closed.
    @Override
    public boolean isActive() {
        return super.isActive() && end.isOpen() && !stream.isClosed();
    }
}
