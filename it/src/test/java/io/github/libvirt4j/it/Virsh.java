package io.github.libvirt4j.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/// libvirt's own command, for what the library does not have.
final class Virsh {
    /// Another than the system's, if the system property `test.virsh` names one: an old one lacks commands.
    private static final String PROGRAM = Objects.requireNonNullElse(System.getProperty("test.virsh"), "virsh");

    private Virsh() {}

    /// Runs it to its end.
    ///
    /// @param uri the connection it uses
    /// @return what it wrote
    static String run(String uri, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(PROGRAM, "--quiet", "--connect", uri));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
            throw new IOException(command + " failed: " + output);
        }
        return output;
    }
}
