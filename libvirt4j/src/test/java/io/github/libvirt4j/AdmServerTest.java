package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.support.ChildVm;
import io.github.libvirt4j.testing.SessionDaemon;
import io.github.libvirt4j.types.ParameterKey;
import io.github.libvirt4j.types.ServerClientsKeys;
import io.github.libvirt4j.types.ThreadPoolKeys;
import io.github.libvirt4j.types.TypedParameters;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// A server of a daemon, seen by an administrator in a process of its own.
@ExtendWith(NothingLeft.class)
@Timeout(60)
class AdmServerTest {
    @Test
    void limitsItsClientsAndThreads() throws Exception {
        try (SessionDaemon daemon = SessionDaemon.start();
                Connect unix = Connect.open(daemon.unixUri("test:///default"));
                Connect tcp = Connect.open(daemon.tcpUri())) {
            ChildVm vm = ChildVm.asItself(daemon, Program.class, daemon.adminUri());
            assertThat(vm.lines())
                    .containsExactly(
                            "name: libvirtd",
                            "clients: 2",
                            "administrators: 1",
                            "the same: true",
                            "unknown: NotFoundException NO_CLIENT",
                            "the largest number: NotFoundException NO_CLIENT",
                            "limits: 5000 2 100 0",
                            "set: done",
                            "limits: 1 2 1 0",
                            "none: done",
                            "more before: InvalidArgumentException INVALID_ARG",
                            "not a limit: UnsupportedException ARGUMENT_UNSUPPORTED",
                            "wrong type: InvalidArgumentException INVALID_ARG",
                            "limits: 1 2 1 0",
                            "threads: 5 20 5 0",
                            "set: done",
                            "threads: 3 7 4 0",
                            "free: true",
                            "none: done",
                            "minimum: InvalidArgumentException INVALID_ARG",
                            "not a limit: UnsupportedException ARGUMENT_UNSUPPORTED",
                            "threads: 3 7 4 0",
                            "no TLS: LibvirtException INTERNAL_ERROR",
                            "name of the closed: libvirtd",
                            "closed: IllegalStateException server libvirtd is closed",
                            "left: 0 0");
            assertThat(vm.status()).isZero();
            // Two are more than the limit of one.
            assertThat(unix.hostname()).isEqualTo(tcp.hostname());
        }
    }

    static final class Program {
        private Program() {}

        private static <T> TypedParameters of(ParameterKey<T> key, T value) {
            return TypedParameters.builder().set(key, value).build();
        }

        private static void printValues(String what, TypedParameters parameters, List<ParameterKey<Long>> keys) {
            Lines.print(
                    what,
                    () -> keys.stream()
                            .map(key -> Long.toString(parameters.require(key)))
                            .collect(Collectors.joining(" ")));
        }

        private static void printLimits(AdmServer server) {
            printValues(
                    "limits",
                    server.clientLimits(),
                    List.of(
                            ServerClientsKeys.MAX,
                            ServerClientsKeys.CURRENT,
                            ServerClientsKeys.UNAUTH_MAX,
                            ServerClientsKeys.UNAUTH_CURRENT));
        }

        private static void printThreads(AdmServer server) {
            printValues(
                    "threads",
                    server.threadPoolParameters(),
                    List.of(
                            ThreadPoolKeys.WORKERS_MIN,
                            ThreadPoolKeys.WORKERS_MAX,
                            ThreadPoolKeys.WORKERS_PRIORITY,
                            ThreadPoolKeys.JOB_QUEUE_DEPTH));
        }

        public static void main(String[] uri) {
            AdmConnect admin = AdmConnect.open(uri[0]);
            AdmServer server = admin.lookupServer("libvirtd");
            Lines.print("name", server::name);
            List<AdmClient> clients = server.listClients();
            Lines.print("clients", clients::size);
            Lines.print(
                    "administrators",
                    () -> admin.lookupServer("admin").listClients().size());
            AdmClient first = clients.getFirst();
            Lines.print("the same", () -> server.lookupClient(first.id()).equals(first));
            Lines.print("unknown", () -> server.lookupClient(1000));
            Lines.print("the largest number", () -> server.lookupClient(-1));

            printLimits(server);
            Lines.run(
                    "set",
                    () -> server.setClientLimits(TypedParameters.builder()
                            .set(ServerClientsKeys.MAX, 1L)
                            .set(ServerClientsKeys.UNAUTH_MAX, 1L)
                            .build()));
            printLimits(server);
            TypedParameters none = TypedParameters.builder().build();
            Lines.run("none", () -> server.setClientLimits(none));
            Lines.run("more before", () -> server.setClientLimits(of(ServerClientsKeys.UNAUTH_MAX, 2L)));
            Lines.run("not a limit", () -> server.setClientLimits(of(ServerClientsKeys.CURRENT, 2L)));
            Lines.run(
                    "wrong type",
                    () -> server.setClientLimits(TypedParameters.builder()
                            .setLong(ServerClientsKeys.MAX.name(), 2)
                            .build()));
            printLimits(server);

            printThreads(server);
            Lines.run(
                    "set",
                    () -> server.setThreadPoolParameters(TypedParameters.builder()
                            .set(ThreadPoolKeys.WORKERS_MIN, 3L)
                            .set(ThreadPoolKeys.WORKERS_MAX, 7L)
                            .set(ThreadPoolKeys.WORKERS_PRIORITY, 4L)
                            .build()));
            printThreads(server);
            TypedParameters threads = server.threadPoolParameters();
            Lines.print(
                    "free",
                    () -> threads.require(ThreadPoolKeys.WORKERS_FREE)
                            <= threads.require(ThreadPoolKeys.WORKERS_CURRENT));
            Lines.run("none", () -> server.setThreadPoolParameters(none));
            Lines.run("minimum", () -> server.setThreadPoolParameters(of(ThreadPoolKeys.WORKERS_MIN, 8L)));
            Lines.run("not a limit", () -> server.setThreadPoolParameters(of(ThreadPoolKeys.WORKERS_CURRENT, 8L)));
            printThreads(server);
            Lines.run("no TLS", server::updateTlsFiles);

            server.close();
            Lines.print("name of the closed", server::name);
            Lines.print("closed", server::clientLimits);
            admin.close();
            Lines.print("left", () -> admin.closeResult() + " " + Libvirt.handlesOpen());
        }
    }
}
