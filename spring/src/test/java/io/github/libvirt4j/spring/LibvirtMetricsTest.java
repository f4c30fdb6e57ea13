package io.github.libvirt4j.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.link.DomainWatch;
import io.github.libvirt4j.link.Link;
import io.github.libvirt4j.micrometer.LibvirtMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Timeout(60)
class LibvirtMetricsTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private ApplicationContextRunner withMetrics() {
        return withMetrics(Application.withTwoLinks(folder));
    }

    private static ApplicationContextRunner withMetrics(ApplicationContextRunner application) {
        return application.withConfiguration(AutoConfigurations.of(
                MetricsAutoConfiguration.class,
                CompositeMeterRegistryAutoConfiguration.class,
                SimpleMetricsExportAutoConfiguration.class));
    }

    /// Both links, though Spring opens them before it binds the meters that are beans.
    @Test
    void metersLinksAndWatches() {
        withMetrics().run(context -> {
            MeterRegistry registry = context.getBean(MeterRegistry.class);
            for (String each : new String[] {"a", "b"}) {
                assertThat(context.getBean(each + "DomainWatch", DomainWatch.class)
                                .awaitCurrent(LONG))
                        .isTrue();
                assertThat(registry.get("libvirt.watch.domains")
                                .tags("state", "RUNNING", "link", each)
                                .gauge()
                                .value())
                        .isEqualTo(1);
            }
            assertThat(registry.get("libvirt.link.up").gauge().value()).isEqualTo(2);
            assertThat(registry.get("libvirt.calls")
                            .tags("function", "virConnectOpenAuth")
                            .timer()
                            .count())
                    .isEqualTo(2);
        });
    }

    private Link up() {
        Link link = Link.to(TestNode.uri(folder, "mine")).open();
        try {
            assertThat(link.awaitUp(LONG)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return link;
    }

    /// It opens its connection before Spring would make the meters.
    @Test
    void metersALinkOfThePrograms() {
        withMetrics(Application.bare().withBean("mineLink", Link.class, this::up))
                .run(context -> {
                    MeterRegistry registry = context.getBean(MeterRegistry.class);
                    assertThat(registry.get("libvirt.link.up").gauge().value()).isEqualTo(1);
                    assertThat(registry.get("libvirt.calls")
                                    .tags("function", "virConnectOpenAuth")
                                    .timer()
                                    .count())
                            .isEqualTo(1);
                });
    }

    @Test
    void leavesTheMetersOfThePrograms() {
        withMetrics()
                .withBean("mine", LibvirtMetrics.class, () -> new LibvirtMetrics().withUris())
                .run(context -> assertThat(context)
                        .hasSingleBean(LibvirtMetrics.class)
                        .doesNotHaveBean("libvirtMetrics")
                        .hasBean("libvirtDomainWatchMetrics"));
    }

    /// As the guide says: bound before the links are opened.
    @Configuration(proxyBeanMethods = false)
    static class OwnMetrics {
        @Bean
        LibvirtMetrics mine(MeterRegistry registry) {
            var metrics = new LibvirtMetrics();
            metrics.bindTo(registry);
            return metrics;
        }
    }

    @Test
    void countsOnceWhatTheProgramHasBound() {
        withMetrics().withUserConfiguration(OwnMetrics.class).run(context -> {
            MeterRegistry registry = context.getBean(MeterRegistry.class);
            Link link = context.getBean("aLink", Link.class);
            assertThat(link.awaitUp(LONG)).isTrue();
            link.run(Connect::hostname);
            assertThat(registry.get("libvirt.calls")
                            .tags("function", "virConnectGetHostname")
                            .timer()
                            .count())
                    .isEqualTo(1);
        });
    }

    @Test
    void needsARegistry() {
        Application.withOneLink(folder)
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean("libvirtMetrics")
                        .doesNotHaveBean("libvirtDomainWatchMetrics"));
    }
}
