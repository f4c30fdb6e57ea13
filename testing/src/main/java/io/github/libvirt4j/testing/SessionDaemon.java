package io.github.libvirt4j.testing;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A real `libvirtd` of an ordinary user, with folders of its own, on a unix socket and a tcp port of this
/// machine. Its test driver is the embedded one behind libvirt's remote protocol; it has secrets, storage
/// pools and QEMU's guests as well.
///
/// As root it runs as nobody. A shell waits for the end of the VM, however that comes, and then clears
/// away the daemon, its guests and its folder; closing it does the same earlier.
public final class SessionDaemon implements AutoCloseable {
    private static final long NOBODY = 65534;
    private static final long START_LIMIT_SECONDS = 10;

    private static final class Shared {
        static final SessionDaemon DAEMON = start();
    }

    private final Path folder;
    private final int port;
    private final Process guard;
    private @Nullable Process process;

    private SessionDaemon(String mechanism, Map<String, String> users) throws IOException {
        // The path of a unix socket has room for 107 bytes.
        folder = Files.createTempDirectory(Path.of("/tmp"), "l4j");
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        // Its input ends when this VM does.
        guard = new ProcessBuilder("sh", "-c", """
                        trap '' HUP INT TERM
                        read -r _
                        for pid in "$0/pid" "$0"/run/libvirt/qemu/run/*.pid; do
                            [ ! -e "$pid" ] || kill -9 "$(cat "$pid")"
                        done
                        rm -rf "$0"
                        """, folder.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            configure(mechanism, users);
            launch();
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private void configure(String mechanism, Map<String, String> users) throws IOException {
        for (String each : List.of("run", "conf", "cache", "data", "sasl")) {
            Files.createDirectory(folder.resolve(each));
        }
        String auth = users.isEmpty() ? "none" : "sasl";
        Files.writeString(folder.resolve("libvirtd.conf"), """
                listen_tls = 0
                listen_tcp = 1
                listen_addr = "127.0.0.1"
                tcp_port = "%d"
                auth_tcp = "%s"
                auth_unix_rw = "%2$s"
                max_clients = 5000
                max_anonymous_clients = 100
                log_outputs = "3:file:%s/log"
                """.formatted(port, auth, folder));
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
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
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

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private void addUser(String name, String password) throws IOException {
        // Where none is given, a user's is the name of the machine.
        String realm = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        Path passwords = folder.resolve("passwd.db");
        run(
                List.of("saslpasswd2", "-p", "-c", "-f", passwords.toString(), "-a", "libvirt", "-u", realm, name),
                password);
    }

    private static void run(List<String> command, String input) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var to = process.outputWriter(StandardCharsets.UTF_8)) {
            to.write(input);
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (await(process) != 0) {
            throw new IOException(command + " ended with " + process.exitValue() + ": " + output);
        }
    }

    private static int await(Process process) throws IOException {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }

    private void launch() throws IOException {
        List<String> command = new ArrayList<>(asItsUser());
        command.addAll(List.of("libvirtd", "--listen"));
        command.addAll(List.of("--config=" + folder.resolve("libvirtd.conf"), "--pid-file=" + folder.resolve("pid")));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("out").toFile());
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        environment.put("HOME", folder.toString());
        environment.put("XDG_RUNTIME_DIR", folder.resolve("run").toString());
        environment.put("XDG_CONFIG_HOME", folder.resolve("conf").toString());
        environment.put("XDG_CACHE_HOME", folder.resolve("cache").toString());
        environment.put("XDG_DATA_HOME", folder.resolve("data").toString());
        environment.put("SASL_CONF_PATH", folder.resolve("sasl").toString());
        Process started = builder.start();
        process = started;
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_LIMIT_SECONDS);
        while (!listens()) {
            if (!started.isAlive() || System.nanoTime() > deadline) {
                throw new IOException("libvirtd did not start: " + Files.readString(folder.resolve("out"))
                        + (Files.exists(folder.resolve("log")) ? Files.readString(folder.resolve("log")) : ""));
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    /// A socket's file is there before somebody listens, and the tcp port comes last.
    private boolean listens() {
        var tcp = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        try (SocketChannel _ = SocketChannel.open(UnixDomainSocketAddress.of(socket()));
                SocketChannel _ = SocketChannel.open(UnixDomainSocketAddress.of(adminSocket()));
                SocketChannel _ = SocketChannel.open(tcp)) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private Path socket() {
        return folder.resolve("run/libvirt/libvirt-sock");
    }

    private Path adminSocket() {
        return folder.resolve("run/libvirt/libvirt-admin-sock");
    }

    /// A driver of the daemon over its unix socket: `test:///default`, `secret:///session`, …
    public String unixUri(String local) {
        return local.replaceFirst(":", "+unix:") + "?socket=" + socket();
    }

    /// Its test driver over tcp.
    public String tcpUri() {
        return "test+tcp://127.0.0.1:" + port + "/default";
    }

    /// The daemon itself. It lets only its own user in, not even root.
    public String adminUri() {
        return "libvirtd+unix:///session?socket=" + adminSocket();
    }

    /// What to put before a command that is to run as the daemon's user: the only one it lets look after
    /// it.
    public List<String> asItsUser() {
        return isRoot() ? List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups") : List.of();
    }

    /// A folder that its user can read, for the time it is there.
    public Path folder() {
        return folder;
    }

    /// Its process.
    public long pid() {
        return process().pid();
    }

    private Process process() {
        return Objects.requireNonNull(process, "not started");
    }

    /// Ends it without a word.
    public void kill() throws IOException {
        await(process().destroyForcibly());
        // What has this number now is another process.
        Files.deleteIfExists(folder.resolve("pid"));
    }

    /// Starts it again, in the same place.
    public void restart() throws IOException {
        kill();
        launch();
    }

    /// Lets it hang, as a machine does that is gone.
    public void pause() throws IOException {
        signal("STOP");
        // It stops when it next looks.
        Path stat = Path.of("/proc/" + pid() + "/stat");
        while (!Files.readString(stat).contains(") T ")) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    /// Lets it go on.
    public void resume() throws IOException {
        signal("CONT");
    }

    private void signal(String name) throws IOException {
        // By a shell's own command: not every machine has another.
        run(List.of("sh", "-c", "kill -" + name + " " + pid()), "");
    }

    @Override
    public void close() {
        try {
            if (process != null) {
                kill();
            }
            guard.getOutputStream().close();
            await(guard);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
