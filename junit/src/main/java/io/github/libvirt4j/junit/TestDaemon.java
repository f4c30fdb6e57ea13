package io.github.libvirt4j.junit;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A `libvirtd` of an ordinary user, with folders of its own, for the tests of a process. If the process does
/// not end it, it ends by itself a minute after the process.
final class TestDaemon implements AutoCloseable {
    private static final String USER = "nobody";
    private static final long START_SECONDS = 60;
    private static final int SECONDS_WITHOUT_CLIENT = 60;

    private final Path folder;
    private final Process process;

    /// A client as long as this process lives: the daemon does not end between two tests.
    private final SocketChannel client;

    /// Held by the test that uses it: its test driver has one state for all connections.
    private final Semaphore user = new Semaphore(1);

    TestDaemon() throws IOException, InterruptedException {
        this(SECONDS_WITHOUT_CLIENT);
    }

    /// @param timeout the seconds without a client after which it ends
    TestDaemon(int timeout) throws IOException, InterruptedException {
        // Not below java.io.tmpdir: the path of a unix socket has room for 107 bytes.
        folder = Files.createTempDirectory(
                Path.of("/tmp"),
                "l4j",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        try {
            process = start(timeout);
        } catch (IOException e) {
            clear();
            throw e;
        }
        try {
            client = connect();
        } catch (IOException | InterruptedException e) {
            end();
            throw e;
        }
    }

    private Process start(int timeout) throws IOException {
        Path configuration = Files.writeString(folder.resolve("libvirtd.conf"), """
                auth_unix_rw = "none"
                log_outputs = "3:file:%s/log"
                """.formatted(folder));
        Path output = Files.createFile(folder.resolve("output"));
        List<String> command = new ArrayList<>(
                List.of("env", "-i", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"));
        command.add("HOME=" + folder);
        for (String name : List.of("RUNTIME_DIR", "CONFIG_HOME", "CACHE_HOME", "DATA_HOME")) {
            command.add("XDG_" + name + "=" + Files.createDirectory(folder.resolve(name)));
        }
        if (isRoot()) {
            giveAway();
            command.addAll(List.of("setpriv", "--reuid=" + USER, "--clear-groups"));
        }
        command.addAll(List.of(
                "libvirtd",
                "--timeout=" + timeout,
                "--config=" + configuration,
                "--pid-file=" + folder.resolve("pid")));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }

    private boolean isRoot() throws IOException {
        return Files.getAttribute(folder, "unix:uid").equals(0);
    }

    private void giveAway() throws IOException {
        UserPrincipal user =
                folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(USER);
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.toList()) {
                Files.setOwner(each, user);
            }
        }
    }

    private SocketChannel connect() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (true) {
            try {
                return SocketChannel.open(UnixDomainSocketAddress.of(socket()));
            } catch (IOException e) {
                // Not yet.
            }
            if (process.waitFor(5, TimeUnit.MILLISECONDS) || System.nanoTime() > deadline) {
                throw new IOException("libvirtd did not start; is the package libvirt-daemon installed? "
                        + Files.readString(folder.resolve("output")));
            }
        }
    }

    Path socket() {
        return folder.resolve("RUNTIME_DIR/libvirt/libvirt-sock");
    }

    /// The URI of its test driver, without faults.
    String uri() {
        return "test+unix:///default?socket=" + socket();
    }

    Semaphore user() {
        return user;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /// Waits until it has ended.
    ///
    /// @return false if it had not within `limit`
    boolean awaitEnd(Duration limit) throws InterruptedException {
        return process.waitFor(limit);
    }

    @Override
    public void close() throws IOException {
        try (client) {
            end();
        }
    }

    private void end() throws IOException {
        process.destroyForcibly().onExit().join();
        clear();
    }

    private void clear() throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        }
    }
}
