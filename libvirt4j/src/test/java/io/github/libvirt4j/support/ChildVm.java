package io.github.libvirt4j.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.testing.Daemon;
import io.github.libvirt4j.testing.JavaCommand;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A program in a VM of its own, for what could bring a VM down or needs one that has just started.
///
/// @param status its exit status
/// @param lines what it printed: first all on stderr, then all on stdout. A log cannot tear its lines so
public record ChildVm(int status, List<String> lines) {
    /// Where the library's and the tests' classes are.
    public static final List<Path> CLASSES =
            List.of(Path.of("target/classes"), Path.of("target/test-classes"), Path.of("../testing/target/classes"));

    /// Runs the `main` of a test's class on the class path, and waits for its end.
    ///
    /// @param options of the VM, besides those that keep a crash quiet
    public static ChildVm run(Class<?> program, List<String> options, String... arguments)
            throws IOException, InterruptedException {
        return run(List.of(), CLASSES, program, options, arguments);
    }

    /// Runs a program as the user of a daemon, the only administrator that the daemon accepts. The user runs
    /// copies of the classes, in the daemon's folder, because it may be unable to read the originals.
    public static ChildVm asItself(Daemon daemon, Class<?> program, String... arguments)
            throws IOException, InterruptedException {
        List<Path> copies = new ArrayList<>();
        for (Path each : CLASSES) {
            Path classes = each.toRealPath();
            Path copy = daemon.folder().resolve("classes" + copies.size());
            try (Stream<Path> all = Files.walk(classes)) {
                for (Path file : all.toList()) {
                    Files.copy(file, copy.resolve(classes.relativize(file).toString()));
                }
            }
            copies.add(copy);
        }
        return run(daemon.asItself(), copies, program, List.of("--enable-native-access=ALL-UNNAMED"), arguments);
    }

    /// The same, behind a command that runs another, and with the classes elsewhere.
    public static ChildVm run(
            List<String> behind, List<Path> classes, Class<?> program, List<String> options, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(behind);
        command.addAll(command(classes, program, options, arguments));
        return run(command, "");
    }

    /// The same on a terminal of its own, at which somebody types.
    public static ChildVm onTerminal(Class<?> program, String typed, List<String> options, String... arguments)
            throws IOException, InterruptedException {
        String command = command(CLASSES, program, options, arguments).stream()
                .map(word -> "'" + word + "'")
                .collect(Collectors.joining(" "));
        return run(List.of("script", "--quiet", "--return", "--command", command, "/dev/null"), typed);
    }

    private static List<String> command(
            List<Path> classes, Class<?> program, List<String> options, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(JavaCommand.own());
        // On the same event loop as the tests.
        String loop = System.getProperty("libvirt4j.eventLoop");
        if (loop != null) {
            command.add("-Dlibvirt4j.eventLoop=" + loop);
        }
        command.addAll(options);
        command.addAll(List.of(
                "-XX:-CreateCoredumpOnCrash",
                "-XX:+SuppressFatalErrorMessage",
                "-cp",
                classes.stream().map(Path::toString).collect(Collectors.joining(":")),
                program.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    /// Runs any command, and types something.
    public static ChildVm run(List<String> command, String typed) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).start();
        try (Writer to = process.outputWriter(StandardCharsets.UTF_8)) {
            to.write(typed);
            to.flush();
            return end(process);
        }
    }

    private static ChildVm end(Process process) throws IOException, InterruptedException {
        CompletableFuture<byte[]> errors = new CompletableFuture<>();
        Thread.ofPlatform().daemon().start(() -> {
            try {
                errors.complete(process.getErrorStream().readAllBytes());
            } catch (IOException e) {
                errors.completeExceptionally(e);
            }
        });
        byte[] output = process.getInputStream().readAllBytes();
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        List<String> lines = Stream.of(errors.join(), output)
                .flatMap(bytes -> new String(bytes, StandardCharsets.UTF_8).lines())
                .toList();
        return new ChildVm(process.exitValue(), lines);
    }
}
