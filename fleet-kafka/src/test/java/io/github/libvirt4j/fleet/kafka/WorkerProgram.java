package io.github.libvirt4j.fleet.kafka;

import io.github.libvirt4j.testing.JavaCommand;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/// A worker in a process of its own, until its input ends.
final class WorkerProgram implements AutoCloseable {
    private final Process process;
    private final String name;

    private WorkerProgram(String name, Process process) {
        this.name = name;
        this.process = process;
    }

    public static void main(String[] arguments) throws IOException {
        try (var _ = KafkaWorker.to(arguments[0])
                        .topics(Topics.prefixed(arguments[1]))
                        .group(arguments[1])
                        .worker(arguments[2])
                        .client(Map.of("session.timeout.ms", arguments[3]))
                        .start();
                var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            while (input.readLine() != null) {
                // It has nothing to say.
            }
        }
    }

    /// @param session the session timeout in milliseconds
    static WorkerProgram start(Broker broker, String prefix, String name, int session, Path output) throws IOException {
        List<String> command = new ArrayList<>(List.of(JavaCommand.own()));
        command.addAll(List.of(
                "-Xmx" + System.getProperty("worker.heap", "128m"),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                Objects.requireNonNullElseGet(
                        System.getProperty("surefire.test.class.path"), () -> System.getProperty("java.class.path")),
                WorkerProgram.class.getName(),
                broker.bootstrap(),
                prefix,
                name,
                String.valueOf(session)));
        return new WorkerProgram(
                name,
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                        .start());
    }

    /// Prints how much memory and how many threads it has, and its CPU time, which other programs hardly change.
    void print(String when) throws IOException {
        System.out.println(when + ": "
                + Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                        .filter(line -> line.startsWith("VmRSS") || line.startsWith("Threads"))
                        .map(line -> line.replaceAll("\\s+", " "))
                        .toList()
                + ", CPU time: "
                + process.info().totalCpuDuration().orElse(Duration.ZERO).toMillis() + " ms");
    }

    String name() {
        return name;
    }

    /// Ends it at once, as the kernel does when memory is short.
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /// Stops its processor; [#wake] goes on.
    void pause() throws IOException, InterruptedException {
        signal("STOP");
    }

    void wake() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String signal) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
    }

    /// Lets it end in order.
    void stop() throws IOException {
        process.outputWriter(StandardCharsets.UTF_8).close();
    }

    @Override
    public void close() {
        try {
            process.outputWriter(StandardCharsets.UTF_8).close();
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
