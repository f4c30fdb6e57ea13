package io.github.libvirt4j;

import io.github.libvirt4j.internal.StreamWatch;
import io.github.libvirt4j.types.StreamEventType;
import java.util.Set;

/// A handler that waits for a stream to become ready. Safe for use by any thread.
final class StreamRegistration extends ReadyRegistration implements StreamWatch.Listener {
    private final Stream stream;
    private final StreamEnd end;
    private final StreamHandler handler;

    StreamRegistration(Stream stream, StreamEnd end, Set<StreamEventType> when, StreamHandler handler) {
        super(when + " of " + stream);
        this.stream = stream;
        this.end = end;
        this.handler = handler;
    }

    @Override
    public boolean ready(int events, boolean last) {
        return serve(() -> handler.on(stream, StreamEventType.of(events)), last);
    }

    @Override
    void end() {
        end.watch().remove(this);
    }

    @Override
    public boolean isActive() {
        return super.isActive() && end.isOpen() && !stream.isClosed();
    }
}
