package io.github.libvirt4j.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.testing.Daemon;
import io.github.libvirt4j.testing.JavaCommand;
import io.github.libvirt4j.testing.RootDaemon;
import io.github.libvirt4j.testing.SessionDaemon;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Nothing of the tests' is left on the machine when their VM is killed.
@Timeout(180)
class KilledTest {
    /// What is killed: daemons, a guest of each, and a cable.
    static final class Tests {
        private Tests() {}

        public static void main(String[] arguments) throws Exception {
            RootDaemon root = RootDaemon.start();
            RootDaemon.Link _ = root.link();
            for (Daemon daemon : List.of(SessionDaemon.start(), root)) {
                String driver = daemon == root ? "qemu:///system" : "qemu:///session";
                Guest.paused(daemon, Connect.open(daemon.unixUri(driver)));
                System.out.println(daemon.folder());
            }
            Thread.sleep(TimeUnit.HOURS.toMillis(1));
        }
    }

    @Test
    void leavesNothing() throws Exception {
        List<String> cables = cables();
        Process tests = new ProcessBuilder(
                        JavaCommand.own(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Dit.guest=" + System.getProperty("it.guest"),
                        "-cp",
                        Objects.requireNonNull(System.getProperty("surefire.test.class.path")),
                        Tests.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader from = tests.inputReader()) {
            List<String> folders = List.of(
                    Objects.requireNonNull(from.readLine(), "no session daemon"),
                    Objects.requireNonNull(from.readLine(), "no root daemon"));
            for (String folder : folders) {
                assertThat(processesOf(folder)).as("a daemon and its guest").hasSizeGreaterThanOrEqualTo(2);
            }
            assertThat(cables()).hasSize(cables.size() + 1);
            tests.destroyForcibly().waitFor();
            for (String folder : folders) {
                while (Files.exists(Path.of(folder)) || !processesOf(folder).isEmpty()) {
                    Thread.sleep(10);
                }
            }
            while (!cables().equals(cables)) {
                Thread.sleep(10);
            }
        } finally {
            tests.destroyForcibly();
        }
    }

    private static List<String> cables() throws IOException {
        try (Stream<Path> devices = Files.list(Path.of("/sys/class/net"))) {
            return devices.map(device -> device.toFile().getName())
                    .filter(name -> name.startsWith("l4j"))
                    .sorted()
                    .toList();
        }
    }

    /// The command lines that name it.
    private static List<String> processesOf(String folder) throws IOException {
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            return processes
                    .map(process -> process.resolve("cmdline"))
                    .map(KilledTest::read)
                    .filter(command -> command.contains(folder))
                    .toList();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            // It ended, or is no process.
            return "";
        }
    }
}
