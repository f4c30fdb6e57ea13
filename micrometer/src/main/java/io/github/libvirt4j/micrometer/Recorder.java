package io.github.libvirt4j.micrometer;

import io.github.libvirt4j.Libvirt;
import io.github.libvirt4j.error.CallAbandonedException;
import io.github.libvirt4j.event.EventKind;
import io.github.libvirt4j.link.Gap;
import io.github.libvirt4j.link.LinkState;
import io.github.libvirt4j.observe.Call;
import io.github.libvirt4j.observe.Handling;
import io.github.libvirt4j.observe.Observer;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/// An observer that records into one registry.
final class Recorder implements Observer {
    private static final String NONE = "none";

    private final MeterRegistry registry;
    private final Tags tags;
    private final boolean uris;

    private final Meter.MeterProvider<Timer> calls;
    private final Meter.MeterProvider<Counter> abandoned;
    private final Meter.MeterProvider<Counter> events;
    private final Counter lost;
    private final Meter.MeterProvider<Timer> handlers;
    private final Meter.MeterProvider<Counter> gaps;
    private final Timer lag;

    /// Removed at the end: they would hold what they read.
    private final Queue<Meter> gauges = new ConcurrentLinkedQueue<>();

    /// The generation of each link that is not closed; negative while it is down.
    private final Map<String, Integer> links = new ConcurrentHashMap<>();

    // All guarded by this. An observer that was removed is still told of what was in progress: after the end
    // that adds no gauge.

    /// The gauges of each link, if each has its own.
    private final Map<String, Queue<Meter>> gaugesOfLinks = new HashMap<>();

    private boolean ended;

    Recorder(MeterRegistry registry, Tags tags, boolean uris) {
        this.registry = registry;
        this.tags = tags;
        this.uris = uris;
        calls = timer("libvirt.calls", "Calls of libvirt").withRegistry(registry);
        abandoned = counter("libvirt.calls.abandoned", "Calls of libvirt whose callers stopped waiting")
                .withRegistry(registry);
        events = counter("libvirt.events", "Events of libvirt, for each registration")
                .withRegistry(registry);
        lost = counter("libvirt.events.lost", "Events of libvirt that found no room in a queue, or no memory")
                .register(registry);
        handlers =
                timer("libvirt.handler.time", "Handlers of events of libvirt").withRegistry(registry);
        gaps = counter("libvirt.gaps", "Gaps in the events of links to libvirt").withRegistry(registry);
        lag = timer("libvirt.loop.lag", "How long the event loop took to turn").register(registry);
    }

    private Timer.Builder timer(String name, String description) {
        return Timer.builder(name).description(description).tags(tags);
    }

    private Counter.Builder counter(String name, String description) {
        return Counter.builder(name).description(description).tags(tags);
    }

    void begin() {
        gauge(gauges, "libvirt.handles.open", tags, "Objects of libvirt that are held", Libvirt::handlesOpen);
        gauge(gauges, "libvirt.closures.loaned", tags, "Closures on loan to C", Libvirt::closuresOnLoan);
        gauge(
                gauges,
                "libvirt.calls.unreturned",
                tags,
                "Abandoned calls that have not returned",
                Libvirt::callsAbandoned);
        if (!uris) {
            gaugeLinks(gauges, tags, links::values);
        }
    }

    synchronized void end() {
        ended = true;
        gauges.forEach(registry::remove);
        List.copyOf(gaugesOfLinks.keySet()).forEach(this::forget);
    }

    private void gauge(Queue<Meter> where, String name, Tags of, String description, Supplier<Number> value) {
        where.add(Gauge.builder(name, value).description(description).tags(of).register(registry));
    }

    private void gaugeLinks(Queue<Meter> where, Tags of, Supplier<Collection<Integer>> generations) {
        gaugeLinks(where, "libvirt.link.up", of, "Links that have a connection", generations, one -> one > 0 ? 1 : 0);
        gaugeLinks(where, "libvirt.link.down", of, "Links that have none", generations, one -> one > 0 ? 0 : 1);
        gaugeLinks(where, "libvirt.link.generation", of, "Connections that links have had", generations, Math::abs);
    }

    private void gaugeLinks(
            Queue<Meter> where,
            String name,
            Tags of,
            String description,
            Supplier<Collection<Integer>> generations,
            ToIntFunction<Integer> value) {
        gauge(
                where,
                name,
                of,
                description,
                () -> generations.get().stream().mapToInt(value).sum());
    }

    private Tags of(String uri) {
        return uris ? Tags.of("uri", uri) : Tags.empty();
    }

    @Override
    public void returned(Call call, @Nullable Throwable thrown) {
        calls.withTags(of(call.uri()).and("function", call.function(), "outcome", Call.outcome(thrown)))
                .record(call.nanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void abandoned(String uri, CallAbandonedException e) {
        abandoned.withTags(of(uri).and("function", e.function())).increment();
    }

    /// By its name: a kind of QEMU's monitor has a filter, of which there are any number.
    @Override
    public void received(String uri, EventKind<?> kind) {
        events.withTags(of(uri).and("kind", kind.name())).increment();
    }

    @Override
    public void handled(Handling handling, @Nullable Throwable thrown) {
        handlers.withTags(
                        "kind",
                        handling.kind().<String>map(EventKind::name).orElse(NONE),
                        "exception",
                        thrown == null ? NONE : thrown.getClass().getSimpleName())
                .record(handling.nanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void lost(String registration, long count) {
        lost.increment((double) count);
    }

    @Override
    public synchronized void linkChanged(String uri, LinkState state) {
        if (state instanceof LinkState.Closed) {
            links.remove(uri);
            forget(uri);
            return;
        }
        links.merge(
                uri,
                state instanceof LinkState.Up up ? up.generation() : 0,
                (before, now) -> now > 0 ? now : -Math.abs(before));
        if (uris && !ended) {
            gaugesOfLinks.computeIfAbsent(uri, _ -> {
                Queue<Meter> own = new ConcurrentLinkedQueue<>();
                gaugeLinks(own, tags.and(of(uri)), () -> List.of(links.getOrDefault(uri, 0)));
                return own;
            });
        }
    }

    private synchronized void forget(String uri) {
        Queue<Meter> own = gaugesOfLinks.remove(uri);
        if (own != null) {
            own.forEach(registry::remove);
        }
    }

    @Override
    public void gap(String uri, Gap gap) {
        gaps.withTags(of(uri).and("cause", gap.cause().toString())).increment();
    }

    @Override
    public void loopTurned(Duration turned) {
        lag.record(turned);
    }
}
