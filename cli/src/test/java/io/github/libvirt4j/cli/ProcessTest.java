package io.github.libvirt4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What only a process of its own can show.
@Timeout(60)
class ProcessTest {
    private static Process start(String... arguments) throws IOException {
        return start(List.of("--enable-native-access=ALL-UNNAMED"), arguments);
    }

    private static Process start(List<String> options, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElseThrow());
        command.addAll(options);
        command.addAll(List.of("-cp", classPath(), "io.github.libvirt4j.cli.Main"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().remove("LIBVIRT_DEFAULT_URI");
        return builder.start();
    }

    /// Tests run on the module path; the process needs the same places as a class path.
    private static String classPath() {
        return "target/classes" + File.pathSeparator + System.getProperty("jdk.module.path", "") + File.pathSeparator
                + System.getProperty("java.class.path", "");
    }

    @Test
    void endsCleanlyOnCtrlC() throws Exception {
        Process process = start("events", "--json");
        while (!hasThread(process, "libvirt4j-event")) {
            assertThat(process.isAlive()).isTrue();
            Thread.sleep(10);
        }
        assertThat(new ProcessBuilder("sh", "-c", "kill -INT " + process.pid())
                        .start()
                        .waitFor())
                .isZero();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        assertThat(process.getInputStream().readAllBytes()).isEmpty();
        assertThat(process.getErrorStream().readAllBytes())
                .asString()
                .isEqualTo("No URI given and LIBVIRT_DEFAULT_URI is not set: test:///default\n");
    }

    private static boolean hasThread(Process process, String name) throws IOException {
        try (Stream<Path> tasks = Files.list(Path.of("/proc/" + process.pid() + "/task"))) {
            for (Path task : tasks.toList()) {
                if (Files.readString(task.resolve("comm")).startsWith(name)) {
                    return true;
                }
            }
        } catch (NoSuchFileException | UncheckedIOException e) {
            // A thread, or the process, has just ended.
        }
        return false;
    }

    @Test
    void endsWithTheStatusOfTheDemonstration() throws Exception {
        Process process = start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        assertThat(out).endsWith("closures on loan: 0\n");
    }

    @Test
    void saysInOneLineThatLibvirtIsNotThere() throws Exception {
        Process process = start(
                List.of("--enable-native-access=ALL-UNNAMED", "-Dlibvirt4j.library.path=/nowhere"),
                "list",
                "test:///default");
        assertThat(text(process.getErrorStream()).lines())
                .hasSize(1)
                .allMatch(line -> line.contains("needs /nowhere/libvirt.so.0, which cannot be loaded. Install"));
        assertThat(process.waitFor()).isEqualTo(1);
    }

    @Test
    void saysInOneLineWhichFlagTheVmNeeds() throws Exception {
        Process process = start(List.of("--illegal-native-access=deny"), "list", "test:///default");
        assertThat(text(process.getErrorStream()).lines())
                .hasSize(1)
                .allMatch(line -> line.endsWith("Start it with --enable-native-access=ALL-UNNAMED"));
        assertThat(process.waitFor()).isEqualTo(1);
    }

    @Test
    void examinesAMachineWithoutLibvirt() throws Exception {
        Process process = start(
                List.of("--enable-native-access=ALL-UNNAMED", "-Dlibvirt4j.library.path=/nowhere"), "doctor", "--json");
        String json = text(process.getInputStream());
        assertThat(json)
                .contains("\"libvirt\":{\"version\":null,\"path\":null}", "\"available\":0")
                .contains("\"problems\":[\"virResetError needs /nowhere/libvirt.so.0, which cannot be loaded. Install");
        assertThat(process.waitFor()).isEqualTo(1);
    }

    private static String text(InputStream stream) throws IOException {
        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
}
