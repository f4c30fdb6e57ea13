package io.github.libvirt4j.internal.jfr;

import io.github.libvirt4j.error.CallAbandonedException;
import io.github.libvirt4j.event.EventKind;
import io.github.libvirt4j.internal.Observers;
import io.github.libvirt4j.link.Gap;
import io.github.libvirt4j.link.LinkState;
import io.github.libvirt4j.observe.Call;
import io.github.libvirt4j.observe.Handling;
import io.github.libvirt4j.observe.Observer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import jdk.jfr.Event;
import jdk.jfr.EventType;
import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;

/// Writes what happens into recordings of the JDK Flight Recorder: an observer while there is a recording
/// that wants any of the events.
final class FlightObserver implements Observer {
    /// Of what is in progress.
    private final Map<Object, Event> begun = new ConcurrentHashMap<>();

    FlightObserver() {
        types().forEach(FlightRecorder::register);
    }

    private static List<Class<? extends Event>> types() {
        return List.of(
                FlightEvent.Abandoned.class,
                FlightEvent.Call.class,
                FlightEvent.Gap.class,
                FlightEvent.Handler.class,
                FlightEvent.Link.class,
                FlightEvent.Lost.class,
                FlightEvent.Received.class);
    }

    /// Recordings have begun, or ended, or changed.
    void recordingsChanged() {
        if (types().stream().anyMatch(type -> EventType.getEventType(type).isEnabled())) {
            Observers.add(this);
        } else {
            Observers.remove(this);
            begun.clear();
        }
    }

    private void begin(Object work, Event event) {
        event.begin();
        begun.put(work, event);
    }

    @Override
    public void calling(Call call) {
        begin(call, new FlightEvent.Call(call.uri(), call.function()));
    }

    @Override
    public void returned(Call call, @Nullable Throwable thrown) {
        if (begun.remove(call) instanceof FlightEvent.Call event) {
            event.outcome = Call.outcome(thrown);
            event.commit();
        }
    }

    @Override
    public void abandoned(String uri, CallAbandonedException e) {
        new FlightEvent.Abandoned(uri, e.function()).commit();
    }

    @Override
    public void received(String uri, EventKind<?> kind) {
        new FlightEvent.Received(uri, kind.toString()).commit();
    }

    @Override
    public void handling(Handling handling) {
        begin(
                handling,
                new FlightEvent.Handler(handling.kind().map(EventKind::toString).orElse("")));
    }

    @Override
    public void handled(Handling handling, @Nullable Throwable thrown) {
        if (begun.remove(handling) instanceof FlightEvent.Handler event) {
            event.exception = thrown == null ? null : thrown.getClass().getName();
            event.commit();
        }
    }

    @Override
    public void lost(String registration, long events) {
        new FlightEvent.Lost(events).commit();
    }

    @Override
    public void linkChanged(String uri, LinkState state) {
        new FlightEvent.Link(uri, state.getClass().getSimpleName()).commit();
    }

    @Override
    public void gap(String uri, Gap gap) {
        new FlightEvent.Gap(uri, gap.cause().toString()).commit();
    }
}
