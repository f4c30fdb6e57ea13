package io.github.libvirt4j.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.DisconnectedException;
import io.github.libvirt4j.event.ConnectEvent;
import io.github.libvirt4j.testing.RootDaemon;
import io.github.libvirt4j.testing.SessionDaemon;
import io.github.libvirt4j.types.ConnectCloseReason;
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

/// What `docs/faults.md` says of links and administrators.
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
}
