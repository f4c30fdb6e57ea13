package io.github.libvirt4j.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Where things are: the folder `bench`.
record Place(Path bench) {
    String peers(String name) {
        return bench.resolve("peers").resolve(name).toString();
    }

    String target(String name) {
        return bench.resolve("target").resolve(name).toString();
    }

    Path results(String name) {
        return bench.resolve("results").resolve(name);
    }

    /// The C that is called from Java.
    String library() {
        return target("libbench.so");
    }

    void run(List<String> command) throws IOException, InterruptedException {
        run(command, Map.of());
    }

    /// Runs a command, and returns what it says.
    ///
    /// @throws IOException if it fails
    String run(List<String> command, Map<String, String> environment) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (process.waitFor() != 0) {
            throw new IOException(
                    said.isEmpty()
                            ? command.getFirst() + " failed"
                            : said.lines().toList().getLast());
        }
        return said;
    }
}
