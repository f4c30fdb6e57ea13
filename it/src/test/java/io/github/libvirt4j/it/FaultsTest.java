package io.github.libvirt4j.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.DisconnectedException;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.event.ConnectEvent;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.testing.RootDaemon;
import io.github.libvirt4j.testing.SessionDaemon;
import io.github.libvirt4j.types.ConnectCloseReason;
import io.github.libvirt4j.types.DomainState;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// What `docs/faults.md` says of links, administrators and guests.
@ExtendWith(NothingLeft.class)
@Tag("loop")
@Timeout(120)
class FaultsTest {
    private static CompletableFuture<ConnectCloseReason> closed(Connect connect) {
        CompletableFuture<ConnectCloseReason> reason = new CompletableFuture<>();
        connect.on(ConnectEvent.CLOSED, event -> reason.complete(event.reason()));
        return reason;
    }

    @Test
    void linkThatIsDownIsNoticedByKeepalive() throws Exception {
        try (RootDaemon daemon = RootDaemon.start();
                RootDaemon.Link link = daemon.link()) {
            Connect.Opening<RuntimeException> opening =
                    Connect.to(link.tcpUri()).keepAlive(Duration.ofSeconds(1), 2);
            try (Connect connect = opening.open()) {
                CompletableFuture<ConnectCloseReason> reason = closed(connect);
                assertThat(connect.hostname()).isNotEmpty();
                link.down();
                // One that is under way, and one that comes after it.
                assertThatThrownBy(connect::hostname).isInstanceOf(DisconnectedException.class);
                assertThatThrownBy(connect::hostname).isInstanceOf(DisconnectedException.class);
                assertThat(reason.get(60, TimeUnit.SECONDS)).isEqualTo(ConnectCloseReason.KEEPALIVE);
                link.up();
                assertThatThrownBy(connect::hostname).isInstanceOf(DisconnectedException.class);
            }
            try (Connect again = opening.open()) {
                assertThat(again.hostname()).isNotEmpty();
            }
        }
    }

    @Test
    void linkThatComesBackInTimeIsNotNoticed() throws Exception {
        try (RootDaemon daemon = RootDaemon.start();
                RootDaemon.Link link = daemon.link();
                Connect connect = Connect.open(link.tcpUri())) {
            CompletableFuture<ConnectCloseReason> reason = closed(connect);
            link.down();
            CompletableFuture<String> name = CompletableFuture.supplyAsync(connect::hostname);
            link.up();
            assertThat(name.get(60, TimeUnit.SECONDS)).isNotEmpty();
            assertThat(reason).isNotDone();
        }
    }

    @Test
    void administratorCanDisconnect() throws Exception {
        try (SessionDaemon daemon = SessionDaemon.start();
                Connect connect = Connect.open(daemon.unixUri("test:///default"))) {
            CompletableFuture<ConnectCloseReason> reason = closed(connect);
            String[] admin = {"virt-admin", "-c", daemon.adminUri()};
            String clients = daemon.run(admin[0], admin[1], admin[2], "client-list", "libvirtd");
            Matcher id = Pattern.compile("(?m)^ (\\d+) .*unix").matcher(clients);
            assertThat(id.find()).as(clients).isTrue();
            String number = Objects.requireNonNull(id.group(1));
            String _ = daemon.run(admin[0], admin[1], admin[2], "client-disconnect", "libvirtd", number);
            assertThat(reason.get(60, TimeUnit.SECONDS)).isEqualTo(ConnectCloseReason.EOF);
            assertThatThrownBy(connect::hostname).isInstanceOf(DisconnectedException.class);
        }
    }

    @Test
    void guestDoesNotNoticeThatItsDaemonIsGone() throws Exception {
        try (SessionDaemon daemon = SessionDaemon.start()) {
            String uri = daemon.unixUri("qemu:///session");
            try (Connect before = Connect.open(uri)) {
                // Not to be closed: its connection will be gone. The daemon takes it along.
                Guest guest = Guest.paused(daemon, before);
                daemon.restart();
                try (Connect after = Connect.open(uri);
                        Domain same = after.lookup(guest.identity())) {
                    assertThat(same.state().state()).isEqualTo(DomainState.PAUSED);
                    // Waits until the daemon has QEMU's monitor again: destroying would not, and get in the way of
                    // that.
                    same.suspend();
                    CompletableFuture<DomainEvent.Lifecycle> heard = new CompletableFuture<>();
                    same.on(DomainEvent.LIFECYCLE, heard::complete);
                    same.destroy();
                    assertThat(heard.get(60, TimeUnit.SECONDS).domain()).isEqualTo(guest.identity());
                    same.undefine();
                }
            }
        }
    }
}
