package io.github.libvirt4j.micrometer;

import io.github.libvirt4j.Libvirt;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.IdentityHashMap;

/// The meters of what happens in the library, in the whole process. Safe for use by any thread.
///
/// | meter | type | tags | meaning |
/// | --- | --- | --- | --- |
/// | `libvirt.calls` | timer | `function`, `outcome` | calls of C that have ended |
/// | `libvirt.calls.abandoned` | counter | `function` | calls whose callers stopped waiting |
/// | `libvirt.calls.unreturned` | gauge | | abandoned calls that have not returned; each occupies a thread |
/// | `libvirt.events` | counter | `kind` | events that came, once for each registration |
/// | `libvirt.events.lost` | counter | | events that found no room in a queue, or no memory |
/// | `libvirt.handler.time` | timer | `kind`, `exception` | the work of handlers of events |
/// | `libvirt.link.up` | gauge | | links that have a connection |
/// | `libvirt.link.down` | gauge | | links that have none, and try to open one |
/// | `libvirt.link.generation` | gauge | | the sum of the links' generations: it grows when a link comes back |
/// | `libvirt.gaps` | counter | `cause` | gaps in the events of links |
/// | `libvirt.loop.lag` | timer | | how long the event loop took to turn |
/// | `libvirt.handles.open` | gauge | | libvirt's objects that the process holds |
/// | `libvirt.closures.loaned` | gauge | | closures on loan to C |
///
/// The outcome of a call is `OK`, libvirt's error code such as `NO_DOMAIN`, or the type of another exception.
/// The kind of a handler's work is `none` for a gap and for readiness, its exception `none` if it returned.
/// The loop is timed only while there is a [Watchdog][io.github.libvirt4j.observe.Watchdog], which asks it to
/// turn. [#withUris()] adds the tag `uri`, and the meters of links then have a series for each link.
///
/// The object is bound before links are opened: it learns of a link by the changes of its state. Links of the
/// same URI count as one, in the state that any of them has changed to last; when one of them is closed, none
/// counts until another changes its state. While the object is bound, calls and events pay for being
/// observed.
public final class LibvirtMetrics implements MeterBinder, AutoCloseable {
    private final Tags tags;
    private final boolean uris;

    /// Guarded by itself.
    private final IdentityHashMap<MeterRegistry, Recorder> recorders = new IdentityHashMap<>();

    /// Meters without tags of the program's.
    public LibvirtMetrics() {
        this(Tags.empty());
    }

    /// Meters with tags of the program's.
    ///
    /// @param tags of each meter
    public LibvirtMetrics(Iterable<Tag> tags) {
        this(Tags.of(tags), false);
    }

    private LibvirtMetrics(Tags tags, boolean uris) {
        this.tags = tags;
        this.uris = uris;
    }

    /// Returns meters that also have the tag `uri`, the URI of the connection, where there is one. Each
    /// connection multiplies the number of time series. Default: without.
    public LibvirtMetrics withUris() {
        return new LibvirtMetrics(tags, true);
    }

    /// Begins to record into a registry. Binding to it again does nothing: Spring Boot binds a bean that the
    /// program has bound before.
    @Override
    public void bindTo(MeterRegistry registry) {
        synchronized (recorders) {
            recorders.computeIfAbsent(registry, _ -> {
                var recorder = new Recorder(registry, tags, uris);
                recorder.begin();
                Libvirt.addObserver(recorder);
                return recorder;
            });
        }
    }

    /// Ends the recording into all registries, and removes the gauges. Counters and timers keep their values.
    @Override
    public void close() {
        synchronized (recorders) {
            recorders.values().forEach(recorder -> {
                Libvirt.removeObserver(recorder);
                recorder.end();
            });
            recorders.clear();
        }
    }
}
