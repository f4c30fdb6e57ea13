package io.github.libvirt4j.bench;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A peer's process, which waits while it is another's turn. One that does not wait but ends is started anew
/// for each.
final class Turns implements Closeable {
    /// A line of the protocol.
    ///
    /// @param sinceStart nanoseconds of the process's life
    record Line(String figure, long n, double value, double sinceStart) {}

    private static final String WAITING = ".";

    private final List<String> command;
    private final Path errors;
    private @Nullable Process process;

    /// Of a command, which is started when it is its turn.
    ///
    /// @param errors where its stderr goes
    Turns(List<String> command, Path errors) {
        this.command = List.copyOf(command);
        this.errors = errors;
    }

    /// Gives it a turn.
    ///
    /// @return what it said
    /// @throws IOException if it failed, with the first line of what it said to stderr
    List<Line> next() throws IOException, InterruptedException {
        List<Line> said = new ArrayList<>();
        long start = System.nanoTime();
        Process running = process;
        if (running == null) {
            running = new ProcessBuilder(command).redirectError(errors.toFile()).start();
            process = running;
        } else {
            go(running);
        }
        BufferedReader lines = running.inputReader(StandardCharsets.US_ASCII);
        for (String line; (line = lines.readLine()) != null; ) {
            if (!line.equals(WAITING)) {
                String[] parts = line.split(" ", -1);
                said.add(new Line(
                        parts[0], Long.parseLong(parts[1]), Double.parseDouble(parts[2]), System.nanoTime() - start));
            } else if (said.isEmpty()) {
                // It is ready for its first.
                go(running);
            } else {
                return said;
            }
        }
        process = null;
        if (running.waitFor() != 0) {
            List<String> reasons = Files.readAllLines(errors);
            throw new IOException(
                    "ended with " + running.exitValue() + (reasons.isEmpty() ? "" : ": " + reasons.getFirst()));
        }
        return said;
    }

    private static void go(Process running) {
        try {
            running.getOutputStream().write('\n');
            running.getOutputStream().flush();
        } catch (IOException _) {
            // What it says of that is still to be read.
        }
    }

    /// Ends it, as there is no other turn.
    @Override
    public void close() {
        Process running = process;
        if (running == null) {
            return;
        }
        process = null;
        try {
            running.getOutputStream().close();
            if (!running.waitFor(10, TimeUnit.SECONDS)) {
                running.destroyForcibly().waitFor();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            running.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
