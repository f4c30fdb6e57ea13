package io.github.libvirt4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// The command in a terminal, with keys to press and a screen to read.
final class Tmux implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(100);

    private final Path socket;

    /// Starts the command. When it has ended, the screen has a line `status N`, and the modes of the
    /// terminal.
    ///
    /// @param folder for the socket
    /// @param before a shell's line that comes first
    Tmux(Path folder, int columns, int rows, String before, String... arguments) throws IOException {
        this(
                folder,
                columns,
                rows,
                before,
                ProcessTest.command(List.of("--enable-native-access=ALL-UNNAMED"), arguments));
    }

    /// Starts the command by other words.
    Tmux(Path folder, int columns, int rows, String before, List<String> words) throws IOException {
        // A server that is told to end still has its socket.
        socket = folder.resolve(UUID.randomUUID().toString());
        String command = words.stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
        run(
                "new-session",
                "-d",
                "-x",
                Integer.toString(columns),
                "-y",
                Integer.toString(rows),
                "unset LIBVIRT_DEFAULT_URI; " + before + "; " + command
                        + "; printf '\\r\\nstatus %s\\n' $?; stty -a </dev/tty | grep -o '.icanon'; sleep 1000");
    }

    private String run(String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of("tmux", "-u", "-f", "/dev/null", "-S", socket.toString()));
        all.addAll(List.of(arguments));
        Process process = new ProcessBuilder(all).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            assertThat(process.waitFor()).as(output).isZero();
        } catch (InterruptedException e) {
            throw new InterruptedIOException();
        }
        return output;
    }

    /// Presses keys, by tmux's names.
    void press(String... keys) throws IOException {
        List<String> all = new ArrayList<>(List.of("send-keys"));
        all.addAll(List.of(keys));
        run(all.toArray(String[]::new));
    }

    void resize(int columns, int rows) throws IOException {
        run("resize-window", "-x", Integer.toString(columns), "-y", Integer.toString(rows));
    }

    String screen() throws IOException {
        return run("capture-pane", "-p");
    }

    /// The screen, with the sequences for colours.
    String colors() throws IOException {
        return run("capture-pane", "-p", "-e");
    }

    /// Waits until the screen shows something.
    String await(Predicate<String> wanted) throws Exception {
        long end = System.nanoTime() + LIMIT.toNanos();
        String screen = screen();
        while (!wanted.test(screen)) {
            assertThat(System.nanoTime()).as(screen).isLessThan(end);
            Thread.sleep(50);
            screen = screen();
        }
        return screen;
    }

    String await(String text) throws Exception {
        return await(screen -> screen.contains(text));
    }

    /// Waits until the command has ended, and left the terminal as it was.
    void awaitEnd(int status) throws Exception {
        String screen = await("icanon");
        assertThat(screen).contains("status " + status + "\n icanon");
    }

    @Override
    public void close() throws IOException {
        run("kill-server");
    }
}
