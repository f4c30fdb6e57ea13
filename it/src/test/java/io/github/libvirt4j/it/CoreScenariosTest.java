package io.github.libvirt4j.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.Libvirt;
import io.github.libvirt4j.StoragePool;
import io.github.libvirt4j.StorageVol;
import io.github.libvirt4j.error.DisconnectedException;
import io.github.libvirt4j.error.NotFoundException;
import io.github.libvirt4j.error.OperationInvalidException;
import io.github.libvirt4j.error.UnsupportedException;
import io.github.libvirt4j.event.ConnectEvent;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.EventKind;
import io.github.libvirt4j.event.EventQueue;
import io.github.libvirt4j.event.SecretEvent;
import io.github.libvirt4j.testing.Daemon;
import io.github.libvirt4j.testing.SessionDaemon;
import io.github.libvirt4j.types.ConnectCloseReason;
import io.github.libvirt4j.types.DomainEventType;
import io.github.libvirt4j.types.DomainMetadataType;
import io.github.libvirt4j.types.Version;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What holds between a library and a daemon of whatever versions. `it/versions` runs it with each on each.
@ExtendWith(NothingLeft.class)
@Timeout(60)
class CoreScenariosTest {
    @SuppressWarnings("NullAway.Init") // JUnit sets it.
    private static SessionDaemon daemon;

    @BeforeAll
    static void start() {
        daemon = SessionDaemon.start();
    }

    @AfterAll
    static void stop() {
        daemon.close();
    }

    private static Connect open(boolean unix) {
        return Connect.open(uri(daemon, unix));
    }

    private static String uri(SessionDaemon daemon, boolean unix) {
        return unix ? daemon.unixUri("test:///default") : daemon.tcpUri();
    }

    private static Domain define(Connect connect) {
        return connect.domains().define("""
                <domain type='test'>
                  <name>%s</name>
                  <memory unit='MiB'>256</memory>
                  <os><type>hvm</type></os>
                </domain>
                """.formatted(UUID.randomUUID()));
    }

    private static <E> E next(EventQueue<? extends E> queue) throws InterruptedException {
        return Objects.requireNonNull(queue.poll(Duration.ofSeconds(10)), "no event");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void opensListsAndLooksUp(boolean unix) {
        try (Connect connect = open(unix);
                Domain domain = connect.domains().lookupByName("test");
                Domain same = connect.domains().lookupByUuid(domain.uuid())) {
            assertThat(connect.libVersion()).hasToString(Daemon.version());
            assertThat(connect.isAlive()).isTrue();
            List<Domain> all = connect.domains().listAll();
            assertThat(all).contains(domain);
            all.forEach(Domain::close);
            assertThat(same.name()).isEqualTo("test");
            assertThat(domain.xmlDesc()).startsWith("<domain ");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void hearsTheLifeOfADomain(boolean unix) throws Exception {
        try (Connect connect = open(unix);
                EventQueue<DomainEvent.Lifecycle> queue = connect.queue(Set.of(DomainEvent.LIFECYCLE), 100);
                Domain domain = define(connect)) {
            domain.create();
            domain.suspend();
            domain.resume();
            domain.destroy();
            domain.undefine();
            for (DomainEventType type : List.of(
                    DomainEventType.DEFINED,
                    DomainEventType.STARTED,
                    DomainEventType.SUSPENDED,
                    DomainEventType.RESUMED,
                    DomainEventType.STOPPED,
                    DomainEventType.UNDEFINED)) {
                DomainEvent.Lifecycle event = next(queue);
                assertThat(event.type()).isEqualTo(type);
                assertThat(event.domain()).isEqualTo(domain.identity());
            }
        }
    }

    @Test
    void hearsOfMetadata() throws Exception {
        try (Connect connect = open(true);
                Domain domain = define(connect);
                EventQueue<DomainEvent.MetadataChange> queue = connect.queue(Set.of(DomainEvent.METADATA_CHANGE), 10)) {
            domain.setMetadata(DomainMetadataType.DESCRIPTION, "a description", null, null);
            DomainEvent.MetadataChange event = next(queue);
            assertThat(event.domain()).isEqualTo(domain.identity());
            assertThat(event.type()).isEqualTo(DomainMetadataType.DESCRIPTION);
            domain.undefine();
        }
    }

    /// A kind that the library or the daemon does not know is refused, all others can be listened to.
    @Test
    void listensToAllThatBothKnow() {
        try (Connect connect = open(true)) {
            Version older =
                    connect.libVersion().compareTo(Libvirt.version()) < 0 ? connect.libVersion() : Libvirt.version();
            for (EventKind<?> kind : Libvirt.eventKinds()) {
                boolean notOfTheTestDriver =
                        kind == DomainEvent.QEMU_MONITOR || SecretEvent.class.isAssignableFrom(kind.type());
                if (notOfTheTestDriver || kind.since().compareTo(older) > 0) {
                    assertThatThrownBy(() -> connect.queue(Set.of(kind), 1))
                            .as(kind.name())
                            .isInstanceOf(UnsupportedException.class);
                } else {
                    connect.queue(Set.of(kind), 1).close();
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void isToldThatTheDaemonIsGone(boolean unix) throws Exception {
        try (SessionDaemon killed = SessionDaemon.start();
                Connect connect = Connect.open(uri(killed, unix));
                EventQueue<ConnectEvent.Closed> queue = connect.queue(Set.of(ConnectEvent.CLOSED), 10)) {
            killed.kill();
            assertThat(next(queue).reason()).isIn(ConnectCloseReason.EOF, ConnectCloseReason.ERROR);
            assertThatThrownBy(connect::hostname).isInstanceOf(DisconnectedException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void isToldThatTheDaemonHangs(boolean unix) throws Exception {
        try (SessionDaemon hanging = SessionDaemon.start();
                Connect connect = Connect.to(uri(hanging, unix))
                        .keepAlive(Duration.ofSeconds(1), 1)
                        .open();
                EventQueue<ConnectEvent.Closed> queue = connect.queue(Set.of(ConnectEvent.CLOSED), 10)) {
            hanging.pause();
            assertThatThrownBy(connect::hostname).isInstanceOf(DisconnectedException.class);
            assertThat(next(queue).reason()).isEqualTo(ConnectCloseReason.KEEPALIVE);
        }
    }

    @Test
    void copiesVolumes(@TempDir Path folder) throws Exception {
        byte[] bytes = new byte[3 << 20];
        new Random(1).nextBytes(bytes);
        Path file = Files.write(folder.resolve("file"), bytes);
        Path storage = daemon.folder().resolve("data/pool");
        try (Connect connect = Connect.open(daemon.unixUri("storage:///session"));
                StoragePool pool = connect.storagePools()
                        .define("<pool type='dir'><name>p</name><target><path>" + storage
                                + "</path></target></pool>")) {
            pool.build();
            pool.create();
            try (StorageVol volume =
                    pool.volumes().create("<volume><name>v</name><capacity unit='MiB'>3</capacity></volume>")) {
                volume.upload(file);
                Path back = folder.resolve("back");
                volume.download(back);
                assertThat(back).hasSameBinaryContentAs(file);
                volume.delete();
            }
            pool.destroy();
            pool.undefine();
        }
    }

    @Test
    void failsByType() {
        try (Connect connect = open(false);
                Domain domain = define(connect)) {
            assertThatThrownBy(() -> connect.domains().lookupByName("nobody")).isInstanceOf(NotFoundException.class);
            assertThat(connect.domains().findByName("nobody")).isEmpty();
            assertThatThrownBy(domain::destroy).isInstanceOf(OperationInvalidException.class);
            domain.undefine();
            assertThatThrownBy(domain::xmlDesc).isInstanceOf(NotFoundException.class);
        }
    }
}
