package io.github.libvirt4j.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.Libvirt;
import io.github.libvirt4j.error.CallInterruptedException;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.Registration;
import io.github.libvirt4j.link.DomainHandler;
import io.github.libvirt4j.link.DomainWatch;
import io.github.libvirt4j.link.Gap;
import io.github.libvirt4j.link.Link;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Grafana's dashboard and the page about the meters, held against what Prometheus reads of a program in which
/// everything has happened.
@Timeout(60)
class DashboardTest {
    private static final Pattern METRIC = Pattern.compile("libvirt_[a-z_]+");
    private static final Pattern SAMPLE = Pattern.compile("(?m)^(libvirt_[a-z_]+)(?:\\{(.*)\\})? .*");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"[^\"]*\"");
    private static final Pattern QUERY = Pattern.compile("by \\(([a-z]+)\\) \\(?[a-z]*\\(?(libvirt_[a-z_]+)");

    @Test
    void asksForMetricsThatAreThere() throws Exception {
        Map<String, Set<String>> metrics = metrics(scrape());
        List<String> queries = queries();
        assertThat(queries).isNotEmpty();
        Set<String> asked = new HashSet<>();
        for (String query : queries) {
            METRIC.matcher(query).results().map(MatchResult::group).forEach(asked::add);
            assertThat(QUERY.matcher(query).results())
                    .as(query)
                    .allSatisfy(
                            grouped -> assertThat(metrics.get(grouped.group(2))).contains(grouped.group(1)));
        }
        assertThat(metrics.keySet()).containsAll(asked);
        // And shows all of them.
        assertThat(metrics.keySet()).filteredOn(name -> !asked.contains(name)).isEmpty();
    }

    @Test
    void isDescribed() throws Exception {
        String page = Files.readString(Path.of("../docs/observe.md"));
        List<String> described = Pattern.compile("(?m)^\\| `libvirt\\.[^|]*\\| ([^|]*) \\|")
                .matcher(page)
                .results()
                .flatMap(row -> METRIC.matcher(row.group(1)).results().map(MatchResult::group))
                .toList();
        // Of a timer, the first: the others have its name.
        assertThat(described)
                .containsExactlyInAnyOrderElementsOf(metrics(scrape()).keySet().stream()
                        .filter(name -> !name.endsWith("_seconds_sum") && !name.endsWith("_seconds_max"))
                        .toList());
    }

    private static List<String> queries() throws IOException {
        JsonObject dashboard = JsonParser.parseString(Files.readString(Path.of("../docs/grafana-dashboard.json")))
                .getAsJsonObject();
        return stream(dashboard.get("panels"))
                .flatMap(panel -> stream(panel.getAsJsonObject().get("targets")))
                .map(target -> target.getAsJsonObject().get("expr").getAsString())
                .toList();
    }

    private static Stream<JsonElement> stream(JsonElement array) {
        return StreamSupport.stream(array.getAsJsonArray().spliterator(), false);
    }

    /// The labels of each metric.
    private static Map<String, Set<String>> metrics(String scrape) {
        Map<String, Set<String>> metrics = new HashMap<>();
        SAMPLE.matcher(scrape)
                .results()
                .forEach(sample -> LABEL.matcher(sample.group(2) == null ? "" : sample.group(2))
                        .results()
                        .map(label -> label.group(1))
                        .forEach(metrics.computeIfAbsent(sample.group(1), _ -> new HashSet<>())::add));
        return metrics;
    }

    private static String scrape() throws Exception {
        var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        try (var metrics = new LibvirtMetrics();
                Link link = Link.to(Embedded.URI).open();
                Connect connect = Connect.to(Embedded.URI)
                        .callTimeout(Duration.ofSeconds(30))
                        .open();
                Domain domain = Embedded.define(connect)) {
            metrics.bindTo(registry);
            var recorder = new Recorder(registry, Tags.empty(), false);
            recorder.gap(Embedded.URI, new Gap(0, 1, Instant.EPOCH, Instant.EPOCH, Gap.Cause.BEGINNING));
            DomainWatch watch = link.watchDomains(new DomainHandler() {});
            var handled = new CountDownLatch(1);
            try (var ofWatch = new DomainWatchMetrics(watch);
                    Registration registration = domain.on(DomainEvent.LIFECYCLE, _ -> handled.countDown())) {
                ofWatch.bindTo(registry);
                domain.create();
                domain.destroy();
                assertThat(handled.await(10, TimeUnit.SECONDS)).isTrue();
                assertThat(registration.closeAndAwait(Duration.ofSeconds(10))).isTrue();
                recorder.abandoned(Embedded.URI, interrupted(connect));
                String scrape = registry.scrape();
                assertThat(scrape).doesNotContain(domain.identity().name(), Embedded.URI);
                return scrape;
            } finally {
                domain.undefine();
            }
        } finally {
            assertThat(Libvirt.handlesOpen()).isZero();
        }
    }

    private static CallInterruptedException interrupted(Connect connect) {
        Thread.currentThread().interrupt();
        try {
            throw new AssertionError("A call of an interrupted thread returned " + connect.hostname());
        } catch (CallInterruptedException e) {
            return e;
        } finally {
            // The library has set it again.
            Thread.interrupted();
        }
    }
}
