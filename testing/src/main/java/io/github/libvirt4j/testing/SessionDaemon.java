package io.github.libvirt4j.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A real `libvirtd` of an ordinary user, with folders of its own, on a unix socket and a tcp port of this
/// machine. Its test driver is the embedded one behind libvirt's remote protocol; it has secrets, storage
/// pools and QEMU's guests as well.
///
/// As root it runs as nobody.
public final class SessionDaemon extends Daemon {
    /// How many it lets in to begin with.
    public static final int MOST_CLIENTS = 5000;

    private static final long NOBODY = 65534;

    /// A line of `virt-admin client-list`.
    private static final Pattern CLIENT = Pattern.compile("(?m)^ (\\d+) ");

    private static final class Shared {
        static final SessionDaemon DAEMON = start();
    }

    private final int port;

    private SessionDaemon(String mechanism, Map<String, String> users) throws IOException {
        super(List.of(), "", """
                for pid in "$0/pid" "$0"/run/libvirt/qemu/run/*.pid; do
                    [ ! -e "$pid" ] || kill -9 "$(cat "$pid")"
                done
                """);
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        start(() -> configure(mechanism, users));
    }

    private void configure(String mechanism, Map<String, String> users) throws IOException {
        Path folder = folder();
        for (String each : List.of("run", "conf", "cache", "data", "sasl")) {
            Files.createDirectory(folder.resolve(each));
        }
        String auth = users.isEmpty() ? "none" : "sasl";
        // Two of them on one machine are two hosts.
        Files.writeString(
                folder.resolve("libvirtd.conf"), """
                listen_tls = 0
                listen_tcp = 1
                listen_addr = "127.0.0.1"
                tcp_port = "%d"
                auth_tcp = "%s"
                auth_unix_rw = "%2$s"
                host_uuid = "%s"
                max_clients = %d
                max_anonymous_clients = 100
                log_outputs = "3:file:%s/log"
                """.formatted(port, auth, UUID.randomUUID(), MOST_CLIENTS, folder));
        Files.writeString(folder.resolve("sasl/libvirt.conf"), """
                mech_list: %s
                sasldb_path: %s/passwd.db
                """.formatted(mechanism, folder));
        // Else the output of guests goes to a daemon of its own.
        Files.createDirectory(folder.resolve("conf/libvirt"));
        Files.writeString(folder.resolve("conf/libvirt/qemu.conf"), "stdio_handler = \"file\"");
        for (Map.Entry<String, String> user : users.entrySet()) {
            addUser(user.getKey(), user.getValue());
        }
        if (isRoot()) {
            run(List.of("chown", "-R", NOBODY + ":" + NOBODY, folder.toString()), "");
        }
    }

    /// The one that all tests share who do no harm to it.
    public static SessionDaemon shared() {
        return Shared.DAEMON;
    }

    /// One of its own for a test.
    public static SessionDaemon start() {
        return start(Map.of());
    }

    /// One that lets users in by their passwords, with the one mechanism of SASL that also encrypts:
    /// without TLS, tcp takes no other.
    public static SessionDaemon start(Map<String, String> users) {
        return start("digest-md5", users);
    }

    /// One that lets users in by a mechanism of SASL.
    public static SessionDaemon start(String mechanism, Map<String, String> users) {
        try {
            return new SessionDaemon(mechanism, users);
        } catch (IOException e) {
            throw new UncheckedIOException("libvirtd cannot be started; ./test installs what is needed", e);
        }
    }

    private void addUser(String name, String password) throws IOException {
        // Where none is given, a user's is the name of the machine.
        String realm = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        Path passwords = folder().resolve("passwd.db");
        run(
                List.of("saslpasswd2", "-p", "-c", "-f", passwords.toString(), "-a", "libvirt", "-u", realm, name),
                password);
    }

    @Override
    List<String> options() {
        return List.of("--listen");
    }

    @Override
    Map<String, String> environment() {
        return Map.of(
                "HOME", folder().toString(),
                "XDG_RUNTIME_DIR", folder().resolve("run").toString(),
                "XDG_CONFIG_HOME", folder().resolve("conf").toString(),
                "XDG_CACHE_HOME", folder().resolve("cache").toString(),
                "XDG_DATA_HOME", folder().resolve("data").toString(),
                "SASL_CONF_PATH", folder().resolve("sasl").toString());
    }

    /// The tcp port comes last.
    @Override
    boolean listens() {
        return super.listens() && accepts(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    @Override
    Path socket() {
        return folder().resolve("run/libvirt/libvirt-sock");
    }

    @Override
    Path adminSocket() {
        return folder().resolve("run/libvirt/libvirt-admin-sock");
    }

    @Override
    ProcessHandle daemon(Process started) {
        return started.toHandle();
    }

    /// Its test driver over tcp.
    public String tcpUri() {
        return "test+tcp://127.0.0.1:" + port + "/default";
    }

    /// It lets only its own user in, not even root.
    @Override
    public String adminUri() {
        return "libvirtd+unix:///session?socket=" + adminSocket();
    }

    /// Breaks off the connections of all its clients, as an administrator may. It goes on.
    ///
    /// @throws IOException also if it does not answer
    public void disconnectClients() throws IOException {
        Matcher client = CLIENT.matcher(admin("client-list", "libvirtd"));
        while (client.find()) {
            try {
                String _ = admin("client-disconnect", "libvirtd", Objects.requireNonNull(client.group(1)));
            } catch (IOException e) {
                // It may have left meanwhile.
                if (!String.valueOf(e.getMessage()).contains("Client not found")) {
                    throw e;
                }
            }
        }
    }

    /// Says how many clients it lets in from now on; more of them wait.
    ///
    /// @throws IOException also if it does not answer
    public void limitClients(int most) throws IOException {
        String number = String.valueOf(most);
        // Of those, as many may be about to say who they are; it takes no more.
        String _ = admin("server-clients-set", "libvirtd", "--max-clients", number, "--max-unauth-clients", number);
    }

    /// As its user, the only one it lets look after it.
    @Override
    public List<String> asItself() {
        return isRoot() ? List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups") : List.of();
    }
}
