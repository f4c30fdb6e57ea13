package io.github.libvirt4j.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.error.CallTimeoutException;
import io.github.libvirt4j.junit.Faults;
import io.github.libvirt4j.junit.LibvirtTest;
import io.github.libvirt4j.link.Link;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The meters of what goes wrong.
@LibvirtTest
@Timeout(60)
class FaultsMetricsTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final LibvirtMetrics metrics = new LibvirtMetrics();

    @BeforeEach
    void bind() {
        metrics.bindTo(registry);
    }

    @AfterEach
    void close() {
        metrics.close();
        registry.close();
    }

    private double gauge(String name) {
        return registry.get(name).gauge().value();
    }

    @Test
    void countsCallsThatAreAbandoned(Faults faults) {
        try (Connect connect =
                Connect.to(faults.uri()).callTimeout(Duration.ofMillis(300)).open()) {
            faults.hangCall(1);
            assertThatExceptionOfType(CallTimeoutException.class).isThrownBy(connect::hostname);
            assertThat(gauge("libvirt.calls.unreturned")).isEqualTo(1);
            faults.resumeCalls();
            while (gauge("libvirt.calls.unreturned") > 0) {
                Thread.onSpinWait();
            }
        }
        assertThat(registry.get("libvirt.calls.abandoned")
                        .tags("function", "virConnectGetHostname")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void countsGaps(Faults faults) throws InterruptedException {
        try (Link link = Link.to(faults.uri()).open()) {
            assertThat(link.awaitUp(Duration.ofSeconds(30))).isTrue();
            faults.goDown();
            while (gauge("libvirt.link.down") == 0) {
                Thread.onSpinWait();
            }
            assertThat(gauge("libvirt.link.up")).isZero();
            faults.comeUp();
            while (gauge("libvirt.link.up") == 0) {
                Thread.onSpinWait();
            }
            // It is told after the state.
            while (registry.find("libvirt.gaps").tags("cause", "DISCONNECTED").counter() == null) {
                Thread.onSpinWait();
            }
            assertThat(registry.get("libvirt.gaps")
                            .tags("cause", "DISCONNECTED")
                            .counter()
                            .count())
                    .isEqualTo(1);
        }
    }
}
