package io.github.libvirt4j.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.Libvirt;
import io.github.libvirt4j.link.DomainHandler;
import io.github.libvirt4j.link.DomainWatch;
import io.github.libvirt4j.link.Link;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DomainWatchMetricsTest {
    @TempDir
    Path folder;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @AfterEach
    void nothingIsLeft() {
        assertThat(Libvirt.handlesOpen()).isZero();
    }

    private double domains(String state) {
        return registry.get("libvirt.watch.domains")
                .tags("state", state, "host", "here")
                .gauge()
                .value();
    }

    private double current() {
        return registry.get("libvirt.watch.current").gauge().value();
    }

    /// The domains of a node file run, unless it says otherwise.
    @Test
    @SuppressWarnings("try") // Closed on purpose.
    void countsTheDomainsOfEachState() throws Exception {
        Path node = Files.writeString(folder.resolve("node.xml"), """
                <node>
                  <domain type='test'><name>a</name><memory>8192</memory><os><type>hvm</type></os></domain>
                  <domain type='test'><name>b</name><memory>8192</memory><os><type>hvm</type></os></domain>
                </node>
                """);
        try (Link link = Link.to("test://" + node).open()) {
            DomainWatch watch = link.watchDomains(new DomainHandler() {});
            var metrics = new DomainWatchMetrics(watch, Tags.of("host", "here"));
            try (metrics) {
                metrics.bindTo(registry);
                assertThat(watch.awaitCurrent(Duration.ofSeconds(30))).isTrue();
                assertThat(current()).isEqualTo(1);
                assertThat(domains("RUNNING")).isEqualTo(2);
                assertThat(domains("PAUSED")).isZero();
                link.close();
                assertThat(current()).isZero();
            }
        }
        assertThat(registry.getMeters()).isEmpty();
    }
}
