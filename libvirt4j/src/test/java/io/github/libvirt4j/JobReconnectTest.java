package io.github.libvirt4j;

import static io.github.libvirt4j.support.Futures.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.libvirt4j.error.JobFailedException;
import io.github.libvirt4j.error.JobOutcomeUnknownException;
import io.github.libvirt4j.job.DiskJobResult;
import io.github.libvirt4j.job.DomainJobResult;
import io.github.libvirt4j.job.Job;
import io.github.libvirt4j.link.Link;
import io.github.libvirt4j.testing.SessionDaemon;
import io.github.libvirt4j.types.DomainBlockCopyFlags;
import io.github.libvirt4j.types.DomainBlockCopyKeys;
import io.github.libvirt4j.types.DomainBlockPullFlags;
import io.github.libvirt4j.types.DomainJobOperation;
import io.github.libvirt4j.types.DomainJobType;
import io.github.libvirt4j.types.DomainState;
import io.github.libvirt4j.types.TypedParameters;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
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
        return of(guest.uuid(), use);
    }

    private <T> T of(UUID uuid, Use<T> use) throws InterruptedException {
        assertThat(link.awaitUp(Duration.ofSeconds(30))).isTrue();
        return link.call(connect -> {
            try (Domain domain = connect.domains().lookupByUuid(uuid)) {
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
            awaitEndOfTheJobInQemu();
            daemon.restart();
            assertThat(get(job.completion()).images()).containsExactly(overlay.toString());
        }
    }

    /// Asks QEMU, whose monitor accepts another client when the daemon is gone.
    private void awaitEndOfTheJobInQemu() throws Exception {
        Path monitor;
        try (Stream<Path> files = Files.walk(daemon.folder().resolve("conf"))) {
            monitor = files.filter(file -> file.endsWith("monitor.sock"))
                    .findFirst()
                    .orElseThrow();
        }
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(monitor));
                BufferedReader in = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8))) {
            say(channel, "qmp_capabilities");
            String line;
            do {
                say(channel, "query-jobs");
                line = Objects.requireNonNull(in.readLine());
                Thread.sleep(50);
                // libvirt, which dismisses the job, is not there.
            } while (!line.contains("\"concluded\""));
        }
    }

    private static void say(SocketChannel channel, String command) throws IOException {
        channel.write(
                ByteBuffer.wrap("{\"execute\": \"%s\"}\n".formatted(command).getBytes(StandardCharsets.UTF_8)));
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

    private String backup() {
        return "<domainbackup mode='pull'><server transport='unix' socket='" + guest.file()
                + "'/><disks><disk name='vda' type='file'><scratch file='" + guest.file()
                + "'/></disk></disks></domainbackup>";
    }

    @Test
    void backupGoesOnAfterARestart() throws Exception {
        try (Job<DomainJobResult> job = domain(domain -> domain.job().backupBegin(backup(), null))) {
            get(job.ready());
            daemon.restart();
            assertThat(get(job.finish())).isNotNull();
        }
    }

    @Test
    void backupIsFoundAfterARestart() throws Exception {
        try (Connect connect = Connect.open(guest.uri());
                Domain domain = guest.on(connect);
                Job<DomainJobResult> job = domain.job().backupBegin(backup(), null)) {
            daemon.restart();
            assertThatExceptionOfType(JobOutcomeUnknownException.class).isThrownBy(() -> get(job.completion()));
        }
        try (Job<DomainJobResult> again =
                domain(domain -> domain.job().backup()).orElseThrow()) {
            get(again.ready());
            assertThat(get(again.finish()).operation()).isEqualTo(DomainJobOperation.BACKUP);
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

    /// The save fills a pipe that nobody reads, until the daemon is gone.
    @Test
    void saveOfADaemonThatWasKilledHasFailed() throws Exception {
        Path pipe = guest.file();
        String _ = daemon.run("mkfifo", pipe.toString());
        assertThat(link.awaitUp(Duration.ofSeconds(30))).isTrue();
        UUID saved = link.call(connect -> {
            try (Domain domain = guest.withMemory(connect)) {
                return domain.uuid();
            }
        });
        try (RandomAccessFile reader = new RandomAccessFile(pipe.toFile(), "rw");
                Job<DomainJobResult> job = of(saved, domain -> domain.job().save(pipe.toString(), null))) {
            while (of(saved, domain -> domain.job().info().type()) == DomainJobType.NONE) {
                assertThat(job.outcome().isFinal()).isFalse();
                Thread.sleep(10);
            }
            daemon.kill();
            Thread.ofPlatform().daemon().start(() -> DiskGuest.drain(reader));
            daemon.restart();
            assertThatExceptionOfType(JobFailedException.class)
                    .isThrownBy(() -> get(job.completion()))
                    .withMessageContaining("without its effect");
        }
        DomainState state = of(saved, domain -> domain.state().state());
        assertThat(state).isEqualTo(DomainState.PAUSED);
    }
}
