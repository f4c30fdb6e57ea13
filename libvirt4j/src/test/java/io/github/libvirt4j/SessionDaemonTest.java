package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.libvirt4j.auth.Authenticator;
import io.github.libvirt4j.error.AuthenticationFailedException;
import io.github.libvirt4j.error.DisconnectedException;
import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.error.NotFoundException;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.support.ChildVm;
import io.github.libvirt4j.testing.SessionDaemon;
import io.github.libvirt4j.types.DomainEventType;
import io.github.libvirt4j.types.ErrorDomain;
import io.github.libvirt4j.types.ErrorNumber;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(NothingLeft.class)
@Timeout(60)
class SessionDaemonTest {
    private static final String PASSWORD = "pässwörd€";

    @Test
    void isTheSameOverUnixAndTcp() throws Exception {
        SessionDaemon daemon = SessionDaemon.shared();
        try (Connect unix = Connect.open(daemon.unixUri("test:///default"));
                Connect tcp = Connect.open(daemon.tcpUri())) {
            BlockingQueue<DomainEvent.Lifecycle> overUnix = lifecycle(unix);
            BlockingQueue<DomainEvent.Lifecycle> overTcp = lifecycle(tcp);
            try (Domain mine = Embedded.define(unix);
                    Domain same = tcp.domains().lookupByUuid(mine.uuid())) {
                assertThat(same.name()).isEqualTo(mine.name());
                same.undefine();
                for (DomainEventType type : List.of(DomainEventType.DEFINED, DomainEventType.UNDEFINED)) {
                    assertEvent(overUnix, type, mine);
                    assertEvent(overTcp, type, mine);
                }
            }
        }
    }

    private static BlockingQueue<DomainEvent.Lifecycle> lifecycle(Connect connect) {
        BlockingQueue<DomainEvent.Lifecycle> heard = new LinkedBlockingQueue<>();
        connect.on(DomainEvent.LIFECYCLE, heard::add);
        return heard;
    }

    private static void assertEvent(BlockingQueue<DomainEvent.Lifecycle> heard, DomainEventType type, Domain domain)
            throws InterruptedException {
        DomainEvent.Lifecycle event = Objects.requireNonNull(heard.poll(10, TimeUnit.SECONDS), "no event");
        assertThat(event.type()).isEqualTo(type);
        assertThat(event.domain()).isEqualTo(domain.identity());
    }

    @Test
    void hasKeepalive() {
        SessionDaemon daemon = SessionDaemon.shared();
        for (String uri : List.of(daemon.unixUri("test:///default"), daemon.tcpUri())) {
            try (Connect connect = Connect.open(uri)) {
                assertThat(connect.isRemote()).isTrue();
            }
        }
    }

    @Test
    void hasADriverForSecrets() {
        try (Connect connect = Connect.open(SessionDaemon.shared().unixUri("secret:///session"));
                Secret secret = connect.secrets().define("<secret ephemeral='yes' private='no'/>")) {
            secret.undefine();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void isKilledAndRestarted(boolean unix) throws Exception {
        try (SessionDaemon daemon = SessionDaemon.start()) {
            String uri = unix ? daemon.unixUri("test:///default") : daemon.tcpUri();
            long first = daemon.pid();
            try (Connect connect = Connect.open(uri);
                    Domain domain = Embedded.define(connect)) {
                daemon.kill();
                assertThat(ProcessHandle.of(first)).isEmpty();
                assertThatThrownBy(connect::hostname).isInstanceOf(DisconnectedException.class);
                LibvirtException refused = catchThrowableOfType(LibvirtException.class, () -> Connect.open(uri));
                assertThat(refused.code()).isEqualTo(ErrorNumber.SYSTEM_ERROR);
                assertThat(refused.domain()).isEqualTo(ErrorDomain.RPC);

                daemon.restart();
                assertThat(daemon.pid()).isNotEqualTo(first);
                try (Connect again = Connect.open(uri)) {
                    assertThatThrownBy(() -> again.domains().lookupByUuid(domain.uuid()))
                            .isInstanceOf(NotFoundException.class);
                }
            }
        }
    }

    @Test
    void isPausedAndResumed() throws Exception {
        try (SessionDaemon daemon = SessionDaemon.start()) {
            daemon.pause();
            assertThat(state(daemon.pid())).isEqualTo('T');
            daemon.resume();
            assertThat(state(daemon.pid())).isNotEqualTo('T');
            Connect.open(daemon.tcpUri()).close();
            // One that hangs can be closed as well.
            daemon.pause();
        }
    }

    /// That of a process in the words of the kernel, or `-` if there is none.
    private static char state(long pid) throws IOException {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2);
        } catch (NoSuchFileException e) {
            return '-';
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"digest-md5", "scram-sha-256"})
    void letsInOnlyItsUsers(String mechanism) {
        try (SessionDaemon daemon = SessionDaemon.start(mechanism, Map.of("fred", PASSWORD))) {
            for (String uri : Set.of(daemon.unixUri("test:///default"), daemon.tcpUri())) {
                assertThatThrownBy(() -> Connect.open(uri)).isInstanceOf(AuthenticationFailedException.class);
                Opening<RuntimeException> opening =
                        Connect.to(uri).authenticator(Authenticator.of("fred", PASSWORD.toCharArray()));
                if (mechanism.equals("digest-md5") || uri.equals(daemon.unixUri("test:///default"))) {
                    opening.open().close();
                } else {
                    // It does not encrypt, as it must over tcp.
                    assertThatThrownBy(opening::open).isInstanceOf(AuthenticationFailedException.class);
                }
            }
        }
    }

    @Test
    void leavesNothingWhenItIsClosed() {
        SessionDaemon daemon = SessionDaemon.start();
        long pid = daemon.pid();
        daemon.close();
        daemon.close();
        assertThat(ProcessHandle.of(pid)).isEmpty();
        assertThat(daemon.folder()).doesNotExist();
    }

    @Test
    void leavesNothingWhenItCannotBeMade() {
        UncheckedIOException failed =
                catchThrowableOfType(UncheckedIOException.class, () -> SessionDaemon.start(Map.of("fred", "")));
        assertThat(failed).hasMessageContaining("./test");
        String said = Objects.requireNonNull(failed.getCause().getMessage());
        assertThat(said).startsWith("[saslpasswd2, ");
        assertThat(Path.of(said.replaceFirst(".* (/\\S*)/passwd\\.db,(?s:.*)", "$1")))
                .hasParentRaw(Path.of("/tmp"))
                .doesNotExist();
    }

    @Test
    void saysWhyItDoesNotStart() throws Exception {
        try (SessionDaemon daemon = SessionDaemon.start()) {
            daemon.kill();
            Files.writeString(daemon.folder().resolve("libvirtd.conf"), "listen_tcp = maybe");
            assertThatThrownBy(daemon::restart)
                    .hasMessageContaining("libvirtd did not start")
                    .hasMessageContaining("libvirtd.conf:1");
        }
    }

    @Test
    void doesNotOutliveTheVm() throws Exception {
        ChildVm vm = ChildVm.run(Halting.class, List.of());
        assertThat(vm.lines()).hasSize(2);
        long pid = Long.parseLong(vm.lines().getFirst());
        Path folder = Path.of(vm.lines().getLast());
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while ((Files.exists(folder) || "Z-".indexOf(state(pid)) < 0) && System.nanoTime() < deadline) {
            Thread.sleep(1);
        }
        assertThat(folder).doesNotExist();
        // Dead, though whoever inherited it may not have taken note of that.
        assertThat(state(pid)).isIn('Z', '-');
    }

    static final class Halting {
        private Halting() {}

        public static void main(String[] none) {
            SessionDaemon daemon = SessionDaemon.start();
            System.out.println(daemon.pid());
            System.out.println(daemon.folder());
            Runtime.getRuntime().halt(0);
        }
    }
}
