package io.github.libvirt4j;

import io.github.libvirt4j.internal.event.ReadyRegistration;
import io.github.libvirt4j.internal.stream.StreamEnd;
import io.github.libvirt4j.internal.stream.StreamWatch;
import io.github.libvirt4j.stream.StreamHandler;
import io.github.libvirt4j.stream.StreamRegistration;
import io.github.libvirt4j.types.Flag;
import io.github.libvirt4j.types.StreamEventType;
import java.util.Set;

/// A handler on a stream's watch.
final class StreamReadiness extends ReadyRegistration implements StreamRegistration {
    private final Stream stream;
    private final StreamEnd end;
    private final StreamHandler handler;

    private final StreamWatch.Listener listener = new StreamWatch.Listener() {
        @Override
        public boolean ready(int events, boolean last) {
            return serve(() -> handler.on(StreamReadiness.this, StreamEventType.of(events)), last);
        }
    };

    StreamReadiness(Stream stream, StreamEnd end, Set<StreamEventType> when, StreamHandler handler) {
        super(when + " of " + stream);
        this.stream = stream;
        this.end = end;
        this.handler = handler;
    }

    /// For whom the stream's watch calls it.
    StreamWatch.Listener listener() {
        return listener;
    }

    @Override
    public Stream stream() {
        return stream;
    }

    @Override
    public void update(Set<StreamEventType> when) {
        end.watch().update(listener, Flag.combine(when.toArray(Flag[]::new)));
    }

    @Override
    protected void end() {
        end.watch().remove(listener);
    }

    @Override
    public boolean isActive() {
        return super.isActive() && end.isOpen() && !stream.isClosed();
    }
}
