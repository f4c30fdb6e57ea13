package io.github.libvirt4j;

import io.github.libvirt4j.internal.event.ReadyRegistration;
import io.github.libvirt4j.internal.stream.StreamEnd;
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

    StreamReadiness(Stream stream, StreamEnd end, Set<StreamEventType> when, StreamHandler handler) {
        super(when + " of " + stream, Flag.combine(when));
        this.stream = stream;
        this.end = end;
        this.handler = handler;
    }

    @Override
    public Stream stream() {
        return stream;
    }

    @Override
    public void update(Set<StreamEventType> when) {
        want(Flag.combine(when));
        end.watch().update();
    }

    @Override
    protected boolean handle(int events) throws Exception {
        handler.on(this, StreamEventType.of(events));
        return true;
    }

    @Override
    protected void served(boolean goesOn) {
        end.watch().served(this, goesOn);
    }

    @Override
    protected void end() {
        end.watch().remove(this);
    }

    @Override
    public boolean isActive() {
        return super.isActive() && end.isOpen() && !stream.isClosed();
    }
}
