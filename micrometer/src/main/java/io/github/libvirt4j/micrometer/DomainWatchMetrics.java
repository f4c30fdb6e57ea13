package io.github.libvirt4j.micrometer;

import io.github.libvirt4j.link.DomainView;
import io.github.libvirt4j.link.DomainWatch;
import io.github.libvirt4j.types.DomainState;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// The meters of a watch of domains. Safe for use by any thread.
///
/// | meter | type | tags | meaning |
/// | --- | --- | --- | --- |
/// | `libvirt.watch.domains` | gauge | `state` | domains in a state, as far as the watch knows |
/// | `libvirt.watch.current` | gauge | | 1 if the watch is up to date, otherwise 0 |
///
/// Several watches need tags that tell them apart, such as the host. A registry keeps the first gauge of a
/// name and its tags: where a watch takes the place of another, the meters of the first are closed before
/// those of the second are bound. Otherwise the gauges keep reading the first watch, and closing its meters
/// removes them.
public final class DomainWatchMetrics implements MeterBinder, AutoCloseable {
    private final DomainWatch watch;
    private final Tags tags;
    private final List<Runnable> removals = new CopyOnWriteArrayList<>();

    /// Meters of a watch, without tags of the program's.
    public DomainWatchMetrics(DomainWatch watch) {
        this(watch, Tags.empty());
    }

    /// Meters of a watch, with tags of the program's.
    ///
    /// @param tags of each meter
    public DomainWatchMetrics(DomainWatch watch, Iterable<Tag> tags) {
        this.watch = watch;
        this.tags = Tags.of(tags);
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (DomainState state : DomainState.values()) {
            add(
                    registry,
                    Gauge.builder("libvirt.watch.domains", () -> in(state))
                            .description("Domains in a state")
                            .tag("state", state.name()));
        }
        add(
                registry,
                Gauge.builder("libvirt.watch.current", () -> watch.isCurrent() ? 1 : 0)
                        .description("Whether the watch of domains is up to date"));
    }

    private void add(MeterRegistry registry, Gauge.Builder<?> builder) {
        Gauge gauge = builder.tags(tags).register(registry);
        removals.add(() -> registry.remove(gauge));
    }

    private long in(DomainState state) {
        return watch.all().stream().map(DomainView::state).filter(state::equals).count();
    }

    /// Removes the meters from all registries. The watch goes on.
    @Override
    public void close() {
        removals.forEach(Runnable::run);
        removals.clear();
    }
}
