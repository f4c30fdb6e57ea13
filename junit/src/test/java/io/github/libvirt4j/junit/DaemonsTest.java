package io.github.libvirt4j.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class DaemonsTest {
    /// As in a pause between two tests, for longer than the daemon waits; which is longer than its start takes.
    @Test
    @Tag("slow")
    void doesNotEndWithoutATest() throws Exception {
        try (var daemon = new TestDaemon(5)) {
            assertThat(daemon.awaitEnd(Duration.ofSeconds(8))).isFalse();
        }
    }

    @Test
    void givesAnotherDaemonIfTheTestBeforeClosedIt() throws Exception {
        try (var daemons = new LibvirtExtension.Daemons()) {
            TestDaemon closed = daemons.acquire();
            var next = new CompletableFuture<TestDaemon>();
            Thread.ofPlatform().start(() -> {
                try {
                    next.complete(daemons.acquire());
                } catch (Exception e) {
                    next.completeExceptionally(e);
                }
            });
            while (!closed.user().hasQueuedThreads()) {
                Thread.onSpinWait();
            }
            closed.close();
            closed.user().release();
            assertThat(next.get(100, TimeUnit.SECONDS).isAlive()).isTrue();
        }
    }
}
