package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.event.ConnectEvent;
import io.github.libvirt4j.support.ChildVm;
import io.github.libvirt4j.testing.SessionDaemon;
import io.github.libvirt4j.types.ClientInfoKeys;
import io.github.libvirt4j.types.ConnectCloseReason;
import io.github.libvirt4j.types.TypedParameters;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// The clients of this process, seen by an administrator in another.
@ExtendWith(NothingLeft.class)
@Timeout(60)
class AdmClientTest {
    @Test
    void isDescribedAndDisconnected() throws Exception {
        BlockingQueue<ConnectEvent.Closed> heard = new LinkedBlockingQueue<>();
        Path self = Path.of("/proc/self");
        PosixFileAttributes user = Files.readAttributes(self, PosixFileAttributes.class);
        try (SessionDaemon daemon = SessionDaemon.start();
                Connect unix = Connect.open(daemon.unixUri("test:///default"));
                Connect tcp = Connect.open(daemon.tcpUri())) {
            unix.on(ConnectEvent.CLOSED, heard::add);
            ChildVm vm = ChildVm.asItself(daemon, Program.class, daemon.adminUri());
            assertThat(vm.lines())
                    .containsExactly(
                            "clients: [UNIX, TCP]",
                            "time: true true",
                            "process: " + ProcessHandle.current().pid() + " false",
                            "user: " + Files.getAttribute(self, "unix:uid") + " "
                                    + user.owner().getName(),
                            "group: " + Files.getAttribute(self, "unix:gid") + " "
                                    + user.group().getName(),
                            "no address: Optional.empty",
                            "address: true false",
                            "no process: Optional.empty",
                            "found again: true true",
                            "with the same number: false",
                            "named: true",
                            "disconnect: done",
                            "again: NotFoundException NO_CLIENT",
                            "of the disconnected: NotFoundException NO_CLIENT",
                            "still known: UNIX true",
                            "closed: true true",
                            "closed with the connection: true true",
                            "left: 0 0");
            assertThat(vm.status()).isZero();
            assertThat(Objects.requireNonNull(heard.poll(20, TimeUnit.SECONDS)).reason())
                    .isEqualTo(ConnectCloseReason.EOF);
            assertThat(tcp.isAlive()).isTrue();
            assertThat(tcp.hostname()).isNotEmpty();
        }
    }

    static final class Program {
        private Program() {}

        public static void main(String[] uri) {
            AdmConnect admin = AdmConnect.open(uri[0]);
            AdmServer server = admin.lookupServer("libvirtd");
            List<AdmClient> clients = server.listClients().stream()
                    .sorted((one, other) -> Long.compare(one.id(), other.id()))
                    .toList();
            Lines.print(
                    "clients", () -> clients.stream().map(AdmClient::transport).toList());
            AdmClient unix = clients.getFirst();
            Instant connected = unix.timestamp();
            Lines.print(
                    "time",
                    () -> connected.isAfter(Instant.now().minusSeconds(60)) + " " + connected.isBefore(Instant.now()));

            TypedParameters info = unix.info();
            Lines.print(
                    "process",
                    () -> info.require(ClientInfoKeys.UNIX_PROCESS_ID) + " " + info.require(ClientInfoKeys.READONLY));
            Lines.print(
                    "user",
                    () -> info.require(ClientInfoKeys.UNIX_USER_ID) + " "
                            + info.require(ClientInfoKeys.UNIX_USER_NAME));
            Lines.print(
                    "group",
                    () -> info.require(ClientInfoKeys.UNIX_GROUP_ID) + " "
                            + info.require(ClientInfoKeys.UNIX_GROUP_NAME));
            Lines.print("no address", () -> info.get(ClientInfoKeys.SOCKET_ADDR));
            TypedParameters other = clients.getLast().info();
            Lines.print(
                    "address",
                    () -> other.require(ClientInfoKeys.SOCKET_ADDR).matches("127\\.0\\.0\\.1:\\d+") + " "
                            + other.require(ClientInfoKeys.READONLY));
            Lines.print("no process", () -> other.get(ClientInfoKeys.UNIX_PROCESS_ID));

            AdmClient again = server.lookupClient(unix.id());
            Lines.print("found again", () -> again.equals(unix) + " " + (again.hashCode() == unix.hashCode()));
            Lines.print(
                    "with the same number",
                    () -> administrator(admin, uri[0], unix.id()).equals(unix));
            Lines.print("named", () -> unix.toString().equals("client " + unix.id() + " of libvirtd"));

            Lines.run("disconnect", unix::disconnect);
            Lines.run("again", unix::disconnect);
            Lines.print("of the disconnected", unix::info);
            Lines.print(
                    "still known",
                    () -> unix.transport() + " " + unix.timestamp().equals(connected));
            unix.close();
            Lines.print("closed", () -> unix.isClosed() + " " + isRefused(unix));
            admin.close();
            Lines.print(
                    "closed with the connection",
                    () -> clients.getLast().isClosed() + " " + isRefused(clients.getLast()));
            Lines.print("left", () -> admin.closeResult() + " " + Libvirt.handlesOpen());
        }

        private static boolean isRefused(AdmClient closed) {
            try {
                return closed.info().isEmpty();
            } catch (IllegalStateException e) {
                return (closed + " is closed").equals(e.getMessage());
            }
        }

        /// An administrator whose number is that of a client of the other server. Both servers count from 1, and
        /// the daemon was asked for its administrators no more often than for the others before.
        private static AdmClient administrator(AdmConnect admin, String uri, long number) {
            AdmServer administrators = admin.lookupServer("admin");
            while (true) {
                // With the next number.
                try (AdmConnect _ = AdmConnect.open(uri)) {
                    Optional<AdmClient> found = administrators.listClients().stream()
                            .filter(client -> client.id() == number)
                            .findFirst();
                    if (found.isPresent()) {
                        return found.get();
                    }
                }
            }
        }
    }
}
