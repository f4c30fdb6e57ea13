package io.github.libvirt4j.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A real `libvirtd` with folders of its own.
///
/// A shell, its guard, waits for the end of the VM, however that comes, and then clears away the daemon, its
/// guests and its folder; closing it does the same earlier.
public abstract sealed class Daemon implements AutoCloseable permits SessionDaemon, RootDaemon {
    /// Another than the system's, if the system property `test.libvirtd` names one.
    private static final String PROGRAM = Objects.requireNonNullElse(System.getProperty("test.libvirtd"), "libvirtd");

    private static final long START_LIMIT_SECONDS = 60;
    private static final String ADMIN_LIMIT_SECONDS = "20";

    /// In the message where it does not answer its administrator: what `timeout` ends with.
    public static final String NO_ANSWER = "ended with 124";

    private final Path folder;
    private final Process guard;
    private @Nullable Process process;

    /// The version of the daemons, as `major.minor.micro`.
    public static String version() {
        try {
            return run(List.of(PROGRAM, "--version"), "").strip().replaceFirst(".* ", "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Makes the folder and starts the guard.
    ///
    /// @param behind what to run the guard's shell with
    /// @param prepare what the guard does first, in the language of the shell; `$0` is the folder
    /// @param clear what it does in the end, before it removes the folder
    Daemon(List<String> behind, String prepare, String clear) throws IOException {
        // The path of a unix socket has room for 107 bytes, and libvirt takes many.
        folder = Files.createDirectory(
                Path.of("/tmp/l4j" + Integer.toUnsignedString(new SecureRandom().nextInt(), 36)),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        // Its input ends when this VM does. What it ignores, the command before it does as well.
        List<String> command = new ArrayList<>(List.of("sh", "-c", "trap '' HUP INT TERM; exec \"$@\"", "sh"));
        command.addAll(behind);
        command.addAll(List.of("bash", "-c", """
                clear() {
                    set +e
                    %s
                    rm -rf "$0"
                }
                set -e
                trap clear EXIT
                %s
                echo ready
                read -r _ || true
                """.formatted(clear, prepare), folder.toString()));
        guard = new ProcessBuilder(command).redirectErrorStream(true).start();
        awaitGuard();
    }

    private void awaitGuard() throws IOException {
        List<String> said = new ArrayList<>();
        BufferedReader from = guard.inputReader(StandardCharsets.UTF_8);
        for (String line = from.readLine(); !"ready".equals(line); line = from.readLine()) {
            if (line == null) {
                throw new IOException("What libvirtd needs cannot be prepared: " + said);
            }
            said.add(line);
        }
    }

    /// Starts the daemon, or clears away what there is.
    ///
    /// @param configure writes its files
    final void start(Step configure) throws IOException {
        try {
            configure.run();
            launch();
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /// What can fail to write.
    @FunctionalInterface
    interface Step {
        void run() throws IOException;
    }

    /// What to put before a command that is to run as the daemon does: as its user, or in its namespaces.
    public abstract List<String> asItself();

    /// What the daemon is told on its command line.
    abstract List<String> options();

    /// All of its environment.
    abstract Map<String, String> environment();

    /// Its socket.
    abstract Path socket();

    /// The socket for those who look after it.
    abstract Path adminSocket();

    /// The process among those just started that is the daemon.
    abstract ProcessHandle daemon(Process started);

    /// Whether it can be reached in all the ways it is to be. A socket's file is there before somebody
    /// listens.
    boolean listens() {
        return accepts(UnixDomainSocketAddress.of(socket())) && accepts(UnixDomainSocketAddress.of(adminSocket()));
    }

    static boolean accepts(SocketAddress address) {
        try (SocketChannel _ = SocketChannel.open(address)) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private void launch() throws IOException {
        // In a session of its own: when the shell ends that has started the tests, the kernel lets go on whoever is
        // paused in its process group.
        List<String> command = new ArrayList<>(List.of("setsid"));
        command.addAll(asItself());
        command.add(PROGRAM);
        command.addAll(options());
        command.addAll(List.of("--config=" + folder.resolve("libvirtd.conf"), "--pid-file=" + folder.resolve("pid")));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("out").toFile());
        builder.environment().clear();
        builder.environment().put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        builder.environment().putAll(environment());
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

    /// Runs a command to its end, as the daemon runs.
    ///
    /// @return what it wrote
    /// @throws IOException if it does not end well
    public final String run(String... command) throws IOException {
        List<String> whole = new ArrayList<>(asItself());
        whole.addAll(List.of(command));
        return run(whole, "");
    }

    static String run(List<String> command, String input) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var to = process.outputWriter(StandardCharsets.UTF_8)) {
            to.write(input);
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (await(process) != 0) {
            throw new IOException(command + " ended with " + process.exitValue() + ": " + output);
        }
        return output;
    }

    private static int await(Process process) throws IOException {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }

    static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    /// A driver of the daemon over its unix socket: `test:///default`, `secret:///session`, …
    public final String unixUri(String local) {
        return local.replaceFirst(":", "+unix:") + "?socket=" + socket();
    }

    /// A folder that the daemon can read, for the time it is there.
    public final Path folder() {
        return folder;
    }

    /// The process of the guard's shell, or of the command before it.
    final ProcessHandle guard() {
        return guard.toHandle();
    }

    /// Its process.
    public final long pid() {
        return daemon(process()).pid();
    }

    private Process process() {
        return Objects.requireNonNull(process, "not started");
    }

    /// The daemon itself, for those who look after it.
    public abstract String adminUri();

    /// Asks it something, as its administrator.
    ///
    /// @return what it says
    /// @throws IOException if it refuses, or does not answer
    final String admin(String... command) throws IOException {
        List<String> whole = new ArrayList<>(List.of("timeout", ADMIN_LIMIT_SECONDS, "virt-admin", "-c", adminUri()));
        whole.addAll(List.of(command));
        return run(whole.toArray(String[]::new));
    }

    /// Asks it for a sign of life.
    ///
    /// @throws IOException if there is none
    public final void ask() throws IOException {
        String _ = admin("server-list");
    }

    /// Ends it without a word. Its guests live on.
    public final void kill() throws IOException {
        Process started = process();
        if (started.isAlive()) {
            ProcessHandle daemon = daemon(started);
            daemon.destroyForcibly();
            started.destroyForcibly();
            await(started);
            // What it had open is closed at its very end.
            while (daemon.isAlive()) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
            }
        }
        // What has this number now is another process.
        Files.deleteIfExists(folder.resolve("pid"));
    }

    /// Asks it to end, as a system does that goes down. It waits for what it has under way, but not for its
    /// clients.
    public final void terminate() throws IOException {
        signal("TERM");
    }

    /// Starts it again, in the same place.
    public final void restart() throws IOException {
        kill();
        launch();
    }

    /// Lets it hang, as a machine does that is gone.
    public final void pause() throws IOException {
        signal("STOP");
        while (!hangs()) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    /// Whether all of it does: each of its threads stops when it next looks.
    public final boolean hangs() throws IOException {
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc/" + pid() + "/task"))) {
            for (Path thread : threads) {
                try {
                    if (!Files.readString(thread.resolve("stat")).contains(") T ")) {
                        return false;
                    }
                } catch (IOException e) {
                    // It has ended meanwhile.
                    return false;
                }
            }
            return true;
        }
    }

    /// Lets it go on.
    public final void resume() throws IOException {
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
