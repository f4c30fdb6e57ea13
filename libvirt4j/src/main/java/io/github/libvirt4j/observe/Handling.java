package io.github.libvirt4j.observe;

import io.github.libvirt4j.event.Event;
import io.github.libvirt4j.event.EventKind;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The work of a handler on one event. Two are equal only if they are the same.
public final class Handling {
    private final String registration;
    private final @Nullable Event event;
    private final Thread thread = Thread.currentThread();
    private final long begun = System.nanoTime();

    /// The work that a handler begins now, on this thread.
    ///
    /// @param registration its description
    /// @param event what the handler is given; null for a gap, and for readiness
    public Handling(String registration, @Nullable Event event) {
        this.registration = registration;
        this.event = event;
    }

    /// The description of the registration: its kinds of events, and the connection.
    public String registration() {
        return registration;
    }

    /// The kind of the event; empty if the handler is told of a gap or of readiness.
    public Optional<EventKind<?>> kind() {
        return event == null ? Optional.empty() : Optional.of(event.kind());
    }

    /// The thread that the handler runs on.
    public Thread thread() {
        return thread;
    }

    /// The time since the handler began, in ns.
    public long nanos() {
        return System.nanoTime() - begun;
    }

    @Override
    public String toString() {
        return "the handler of " + registration;
    }
}
