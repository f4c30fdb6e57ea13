package io.github.libvirt4j;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A real `libvirtd` of an ordinary user, with folders of its own, on a unix socket and a tcp port of this
/// machine. Its test driver is the embedded one behind libvirt's remote protocol; that and the driver for
/// secrets are all it is for.
///
/// As root it runs as nobody. It ends with the tests, and by itself when nobody was connected for half an
/// hour.
final class SessionDaemon implements AutoCloseable {
    private static final long NOBODY = 65534;
    private static final long START_LIMIT_SECONDS = 20;

    private static final class Shared {
        static final SessionDaemon DAEMON = start();
    }

    private final Path folder;
    private final int port;
    private Process process;

    private SessionDaemon(Map<String, String> users) throws IOException, InterruptedException {
        // The path of a unix socket has room for 107 bytes.
        folder = Files.createTempDirectory(Path.of("/tmp"), "l4j");
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
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
                max_clients = 500
                max_anonymous_clients = 100
                log_outputs = "3:file:%s/log"
                """.formatted(port, auth, folder));
        Files.writeString(folder.resolve("sasl/libvirt.conf"), """
                mech_list: digest-md5
                sasldb_path: %s/passwd.db
                """.formatted(folder));
        for (Map.Entry<String, String> user : users.entrySet()) {
            addUser(user.getKey(), user.getValue());
        }
        if (isRoot()) {
            run(List.of("chown", "-R", NOBODY + ":" + NOBODY, folder.toString()), "");
        }
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(this::close));
        process = launch();
    }

    /// The one that all tests share who do no harm to it.
    static SessionDaemon shared() {
        return Shared.DAEMON;
    }

    /// One of its own for a test.
    static SessionDaemon start() {
        return start(Map.of());
    }

    /// One that lets users in by their passwords (SASL digest-md5).
    static SessionDaemon start(Map<String, String> users) {
        try {
            return new SessionDaemon(users);
        } catch (IOException e) {
            throw new UncheckedIOException("libvirtd cannot be started; ./test installs what is needed", e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private void addUser(String name, String password) throws IOException, InterruptedException {
        String realm = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        Path passwords = folder.resolve("passwd.db");
        run(
                List.of("saslpasswd2", "-p", "-c", "-f", passwords.toString(), "-a", "libvirt", "-u", realm, name),
                password);
    }

    private static void run(List<String> command, String input) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var to = process.outputWriter(java.nio.charset.StandardCharsets.UTF_8)) {
            to.write(input);
        }
        if (process.waitFor() != 0) {
            throw new IOException(command + " ended with " + process.exitValue());
        }
    }

    private Process launch() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(asItsUser());
        command.addAll(List.of("libvirtd", "--listen", "--timeout=1800"));
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
        Files.deleteIfExists(socket());
        Process started = builder.start();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_LIMIT_SECONDS);
        while (!Files.exists(folder.resolve("run/libvirt/libvirt-admin-sock")) || !Files.exists(socket())) {
            if (!started.isAlive() || System.nanoTime() > deadline) {
                started.destroyForcibly();
                throw new IOException("libvirtd did not start: " + Files.readString(folder.resolve("out"))
                        + (Files.exists(folder.resolve("log")) ? Files.readString(folder.resolve("log")) : ""));
            }
            Thread.sleep(5);
        }
        return started;
    }

    private Path socket() {
        return folder.resolve("run/libvirt/libvirt-sock");
    }

    /// A driver of the daemon over its unix socket: `test:///default`, `secret:///session`, …
    String unixUri(String local) {
        return local.replaceFirst(":", "+unix:") + "?socket=" + socket();
    }

    /// Its test driver over tcp.
    String tcpUri() {
        return "test+tcp://127.0.0.1:" + port + "/default";
    }

    /// The daemon itself.
    String adminUri() {
        return "libvirtd+unix:///session?socket=" + folder.resolve("run/libvirt/libvirt-admin-sock");
    }

    /// What to put before a command that is to run as the daemon's user: the only one it lets look after
    /// it.
    List<String> asItsUser() {
        return isRoot() ? List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups") : List.of();
    }

    /// A folder that its user can read, for the time it is there.
    Path folder() {
        return folder;
    }

    /// Its process.
    long pid() {
        return process.pid();
    }

    /// Ends it without a word.
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /// Starts it again, in the same place.
    void restart() throws IOException, InterruptedException {
        kill();
        Files.deleteIfExists(folder.resolve("run/libvirt/libvirt-admin-sock"));
        process = launch();
    }

    /// Lets it hang, as a machine does that is gone.
    void pause() throws IOException, InterruptedException {
        run(List.of("kill", "-STOP", Long.toString(process.pid())), "");
    }

    /// Lets it go on.
    void resume() throws IOException, InterruptedException {
        run(List.of("kill", "-CONT", Long.toString(process.pid())), "");
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
            Files.walkFileTree(folder, new Delete());
        } catch (IOException | InterruptedException e) {
            // The folder for temporary files is cleared by others.
        }
    }

    private static final class Delete extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, java.io.@org.jspecify.annotations.Nullable IOException e)
                throws IOException {
            Files.delete(folder);
            return FileVisitResult.CONTINUE;
        }
    }
}
