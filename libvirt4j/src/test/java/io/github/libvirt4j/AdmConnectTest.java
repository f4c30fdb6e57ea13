package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.support.ChildVm;
import io.github.libvirt4j.testing.SessionDaemon;
import io.github.libvirt4j.types.Version;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// An administrator in a process of its own, because a process with a `Connect` cannot be one.
/// `ConnectionClosedTest` has administrators whose daemon goes.
@ExtendWith(NothingLeft.class)
@Timeout(60)
class AdmConnectTest {
    /// The version that can shut a daemon down: the library as well as the daemon.
    private static final Version SHUTDOWN = new Version(11, 2, 0);

    @Test
    void administersADaemon() throws Exception {
        try (SessionDaemon daemon = SessionDaemon.start()) {
            ProcessHandle process = ProcessHandle.of(daemon.pid()).orElseThrow();
            String folder = daemon.folder().toString();
            String shutdown = "UnsupportedException NO_SUPPORT";
            if (Libvirt.version().compareTo(SHUTDOWN) < 0) {
                shutdown = "FunctionMissingException NO_SUPPORT";
            } else if (TestDriver.DAEMON.version().compareTo(SHUTDOWN) >= 0) {
                shutdown = "done";
            }
            ChildVm vm = ChildVm.asItself(daemon, Program.class, daemon.adminUri(), folder);
            assertThat(vm.lines())
                    .containsExactly(
                            "servers: [server admin, server libvirtd]",
                            "the same: true",
                            "unknown: NotFoundException NO_SERVER",
                            "NUL: IllegalArgumentException name has a NUL at index 1: C strings cannot contain one",
                            "filters: ",
                            "set: done",
                            "filters: 3:*remote* 4:*util.json*",
                            "no level: InvalidArgumentException INVALID_ARG",
                            "no filter: InvalidArgumentException INVALID_ARG",
                            "filters: 3:*remote* 4:*util.json*",
                            "none: done",
                            "filters: ",
                            "outputs: 3:file:" + folder + "/log",
                            "set: done",
                            "outputs: 3:stderr 1:file:" + folder + "/other",
                            "unknown kind: InvalidArgumentException INVALID_ARG",
                            "no folder: LibvirtException SYSTEM_ERROR",
                            "outputs: 3:stderr 1:file:" + folder + "/other",
                            "default: done",
                            "outputs: 3:stderr",
                            "fraction: IllegalArgumentException timeout is PT1.5S; "
                                    + "libvirt accepts whole seconds, from 0 to 2147483647",
                            "negative: IllegalArgumentException timeout is PT-1S; "
                                    + "libvirt accepts whole seconds, from 0 to 2147483647",
                            "timeout: done",
                            "no timeout: done",
                            "timeout: done",
                            "shutdown: " + shutdown,
                            "server closed: true",
                            "clients: IllegalStateException server libvirtd is closed",
                            "servers: IllegalStateException " + daemon.adminUri() + " is closed",
                            "left: 0 0");
            assertThat(vm.status()).isZero();
            // By the timeout of a second: its last client has left.
            assertThat(process.onExit().get(20, TimeUnit.SECONDS).isAlive()).isFalse();
        }
    }

    @Test
    void tellsTheLoadedVersionBesideAConnect() {
        try (Connect before = Connect.open(SessionDaemon.shared().tcpUri())) {
            assertThat(AdmConnect.loadedVersion()).isEqualTo(Libvirt.version());
            try (Connect after = Connect.open(SessionDaemon.shared().tcpUri())) {
                assertThat(after.hostname()).isEqualTo(before.hostname());
            }
        }
    }

    static final class Program {
        private Program() {}

        public static void main(String[] uriAndFolder) {
            AdmConnect admin = AdmConnect.open(uriAndFolder[0]);
            List<AdmServer> servers = admin.listServers();
            Lines.print(
                    "servers",
                    () -> servers.stream().map(AdmServer::toString).sorted().toList());
            AdmServer server = admin.lookupServer("libvirtd");
            Lines.print("the same", () -> servers.contains(server));
            Lines.print("unknown", () -> admin.lookupServer("other"));
            Lines.print("NUL", () -> admin.lookupServer("a\0"));

            Lines.print("filters", admin::loggingFilters);
            Lines.run("set", () -> admin.setLoggingFilters("3:remote 4:util.json"));
            Lines.print("filters", () -> admin.loggingFilters().strip());
            Lines.run("no level", () -> admin.setLoggingFilters("9:remote"));
            Lines.run("no filter", () -> admin.setLoggingFilters("remote"));
            Lines.print("filters", () -> admin.loggingFilters().strip());
            Lines.run("none", () -> admin.setLoggingFilters(""));
            Lines.print("filters", admin::loggingFilters);

            String folder = uriAndFolder[1];
            Lines.print("outputs", admin::loggingOutputs);
            Lines.run("set", () -> admin.setLoggingOutputs("3:stderr 1:file:" + folder + "/other"));
            Lines.print("outputs", admin::loggingOutputs);
            Lines.run("unknown kind", () -> admin.setLoggingOutputs("3:nowhere"));
            Lines.run("no folder", () -> admin.setLoggingOutputs("1:file:" + folder + "/missing/log"));
            Lines.print("outputs", admin::loggingOutputs);
            Lines.run("default", () -> admin.setLoggingOutputs(""));
            Lines.print("outputs", admin::loggingOutputs);

            Lines.run("fraction", () -> admin.setDaemonTimeout(Duration.ofMillis(1500)));
            Lines.run("negative", () -> admin.setDaemonTimeout(Duration.ofSeconds(-1)));
            Lines.run("timeout", () -> admin.setDaemonTimeout(Duration.ofMinutes(2)));
            Lines.run("no timeout", () -> admin.setDaemonTimeout(Duration.ZERO));
            Lines.run("timeout", () -> admin.setDaemonTimeout(Duration.ofSeconds(1)));
            Lines.run("shutdown", () -> admin.daemonShutdown());

            admin.close();
            Lines.print("server closed", server::isClosed);
            Lines.print("clients", server::listClients);
            Lines.print("servers", admin::listServers);
            Lines.print("left", () -> admin.closeResult() + " " + Libvirt.handlesOpen());
        }
    }
}
