package io.github.libvirt4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What only a process of its own can show.
@Timeout(60)
class ProcessTest {
    private static Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classPath(),
                "io.github.libvirt4j.cli.Main"));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).start();
    }

    /// Tests run on the module path; the process needs the same places as a class path.
    private static String classPath() {
        return "target/classes" + File.pathSeparator + System.getProperty("jdk.module.path", "") + File.pathSeparator
                + System.getProperty("java.class.path", "");
    }

    @Test
    void endsCleanlyOnCtrlC() throws Exception {
        Process process = start("events", "--json");
        // It says which URI it takes before it opens it.
        assertThat(process.getErrorStream().read()).isPositive();
        Thread.sleep(500);
        assertThat(new ProcessBuilder("kill", "-INT", Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        assertThat(process.getInputStream().readAllBytes()).isEmpty();
    }

    @Test
    void endsWithTheStatusOfTheDemonstration() throws Exception {
        Process process = start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        assertThat(out).endsWith("closures on loan: 0\n");
    }
}
