package io.github.libvirt4j.spring;

import io.github.libvirt4j.link.DomainWatch;
import io.github.libvirt4j.micrometer.DomainWatchMetrics;
import io.github.libvirt4j.micrometer.LibvirtMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;

/// Meters, where `libvirt4j-micrometer` and a registry are. Used by Spring Boot.
@AutoConfiguration(
        after = DomainWatchAutoConfiguration.class,
        afterName = {
            "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration",
            "org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration"
        })
@ConditionalOnClass({LibvirtMetrics.class, MeterRegistry.class})
@ConditionalOnBooleanProperty(name = "libvirt4j.enabled", matchIfMissing = true)
public final class LibvirtMetricsAutoConfiguration {
    /// Called by Spring.
    public LibvirtMetricsAutoConfiguration() {}

    /// The meters of the process. Spring Boot binds a `MeterBinder` when all beans are there, which is too
    /// late: the meters learn of a link by the changes of its state.
    static final class Bound implements BeforeLinks, AutoCloseable {
        private final LibvirtMetrics metrics = new LibvirtMetrics();

        Bound(MeterRegistry registry) {
            metrics.bindTo(registry);
        }

        @Override
        public void close() {
            metrics.close();
        }
    }

    /// The meters of all watches, each with the tag `link`.
    static final class Watches implements MeterBinder, AutoCloseable {
        private final Map<String, DomainWatch> watches;
        private final List<DomainWatchMetrics> bound = new CopyOnWriteArrayList<>();

        Watches(Map<String, DomainWatch> watches) {
            this.watches = watches;
        }

        @Override
        public void bindTo(MeterRegistry registry) {
            Map<String, String> links = Beans.links(watches.keySet(), Beans.WATCH);
            watches.forEach((bean, watch) -> {
                String link = Objects.requireNonNull(links.get(bean));
                var metrics = new DomainWatchMetrics(watch, Tags.of("link", link));
                metrics.bindTo(registry);
                bound.add(metrics);
            });
        }

        @Override
        public void close() {
            bound.forEach(DomainWatchMetrics::close);
        }
    }

    @Bean
    @ConditionalOnSingleCandidate(MeterRegistry.class)
    @ConditionalOnMissingBean({LibvirtMetrics.class, Bound.class})
    Bound libvirtMetrics(MeterRegistry registry) {
        return new Bound(registry);
    }

    @Bean
    @ConditionalOnBean({MeterRegistry.class, DomainWatch.class})
    @ConditionalOnMissingBean({DomainWatchMetrics.class, Watches.class})
    Watches libvirtDomainWatchMetrics(Map<String, DomainWatch> watches) {
        return new Watches(watches);
    }
}
