package io.github.libvirt4j;

import static io.github.libvirt4j.support.Futures.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.libvirt4j.error.JobOutcomeUnknownException;
import io.github.libvirt4j.job.DiskJobResult;
import io.github.libvirt4j.job.DomainJobResult;
import io.github.libvirt4j.job.Job;
import io.github.libvirt4j.link.Link;
import io.github.libvirt4j.testing.SessionDaemon;
import io.github.libvirt4j.types.DomainBlockCopyFlags;
import io.github.libvirt4j.types.DomainBlockCopyKeys;
import io.github.libvirt4j.types.DomainBlockPullFlags;
import io.github.libvirt4j.types.TypedParameters;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// Jobs of a daemon that is killed and started again, between each two steps. QEMU goes on without it.
@Tag("slow")
@ExtendWith(NothingLeft.class)
@Timeout(180)
class JobReconnectTest {
    private static final long SLOW = 1 << 20;

    private final SessionDaemon daemon = SessionDaemon.start();
    private final Link link = Link.to(daemon.unixUri("qemu:///session")).open();
    private DiskGuest guest;

    @BeforeEach
    void start() throws IOException {
        guest = DiskGuest.start(daemon);
    }

    @AfterEach
    void stop() {
        link.close();
        daemon.close();
    }

    @FunctionalInterface
    private interface Use<T> {
        T of(Domain domain);
    }

    private <T> T domain(Use<T> use) throws InterruptedException {
        assertThat(link.awaitUp(Duration.ofSeconds(30))).isTrue();
        return link.call(connect -> {
            try (Domain domain = guest.on(connect)) {
                return use.of(domain);
            }
        });
    }

    private Path overlay() throws InterruptedException {
        return domain(domain -> DiskGuest.overlay(guest, domain, "vda"));
    }

    private Job<DiskJobResult> pull() throws InterruptedException {
        return domain(domain -> domain.disk("vda").pull(SLOW, DomainBlockPullFlags.BANDWIDTH_BYTES));
    }

    private Job<DiskJobResult> copy(Path to) throws InterruptedException {
        String xml = "<disk type='file'><driver type='raw'/><source file='" + to + "'/></disk>";
        TypedParameters params = TypedParameters.builder()
                .set(DomainBlockCopyKeys.BANDWIDTH, 24L << 20)
                .build();
        return domain(domain -> domain.disk("vda").copy(xml, params, DomainBlockCopyFlags.TRANSIENT_JOB));
    }

    @Test
    void pullGoesOnAfterARestart() throws Exception {
        Path overlay = overlay();
        try (Job<DiskJobResult> job = pull()) {
            daemon.restart();
            domain(domain -> {
                domain.disk("vda").jobSetSpeed(0);
                return true;
            });
            assertThat(get(job.completion()).images()).containsExactly(overlay.toString());
        }
    }

    /// Its event is sent before anybody is connected.
    @Test
    void pullThatEndsWithoutADaemonIsProven() throws Exception {
        Path overlay = overlay();
        try (Job<DiskJobResult> job = pull()) {
            domain(domain -> {
                domain.disk("vda").jobSetSpeed(6);
                return true;
            });
            daemon.kill();
            // QEMU needs four seconds, and tells nobody when it is done.
            Thread.sleep(6_000);
            daemon.restart();
            assertThat(get(job.completion()).images()).containsExactly(overlay.toString());
        }
    }

    @Test
    void copyIsPivotedAfterARestart() throws Exception {
        Path copy = guest.file();
        try (Job<DiskJobResult> job = copy(copy)) {
            get(job.ready());
            daemon.restart();
            assertThat(get(job.pivot()).images()).containsExactly(copy.toString());
        }
    }

    @Test
    void wishOutlivesTheConnection() throws Exception {
        Path copy = guest.file();
        try (Job<DiskJobResult> job = copy(copy)) {
            var pivoted = job.pivot();
            daemon.restart();
            assertThat(get(pivoted).images()).containsExactly(copy.toString());
        }
    }

    @Test
    void backupGoesOnAfterARestart() throws Exception {
        String xml = "<domainbackup mode='pull'><server transport='unix' socket='" + guest.file()
                + "'/><disks><disk name='vda' type='file'><scratch file='" + guest.file()
                + "'/></disk></disks></domainbackup>";
        try (Job<DomainJobResult> job = domain(domain -> domain.job().backupBegin(xml, null))) {
            get(job.ready());
            daemon.restart();
            assertThat(get(job.finish())).isNotNull();
        }
    }

    @Test
    void outcomeIsUnknownWithoutALink() throws Exception {
        overlay();
        try (Connect connect = Connect.open(guest.uri());
                Domain domain = guest.on(connect);
                Job<DiskJobResult> job = domain.disk("vda").pull(SLOW, DomainBlockPullFlags.BANDWIDTH_BYTES)) {
            daemon.kill();
            assertThatExceptionOfType(JobOutcomeUnknownException.class).isThrownBy(() -> get(job.completion()));
        }
        daemon.restart();
        // The program attaches to what goes on.
        try (Job<DiskJobResult> again =
                domain(domain -> domain.disk("vda").job()).orElseThrow()) {
            domain(domain -> {
                domain.disk("vda").jobSetSpeed(0);
                return true;
            });
            assertThat(get(again.completion()).disk()).isEqualTo("vda");
        }
    }

    @Test
    void saveIsUnknownOrFailedWithoutItsDaemon() throws Exception {
        try (Job<DomainJobResult> job =
                domain(domain -> domain.job().save(guest.file().toString(), null))) {
            daemon.restart();
            assertThat(job.completion()).failsWithin(Duration.ofSeconds(60));
        }
    }
}
