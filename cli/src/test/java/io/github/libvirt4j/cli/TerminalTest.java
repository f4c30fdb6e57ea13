package io.github.libvirt4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.testing.SessionDaemon;
import io.github.libvirt4j.types.DomainCreateFlags;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The command in a real terminal.
@Timeout(300)
class TerminalTest {
    private static final String TEST = "test:///default";

    private final Path folder;

    TerminalTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void watchesDomainsAndSaysWhenItDoesNotKnow() throws Exception {
        try (SessionDaemon daemon = SessionDaemon.start();
                Tmux terminal = new Tmux(folder, 160, 24, ":", "watch", "-c", daemon.unixUri(TEST))) {
            terminal.await(screen -> screen.contains("test  running")
                    && screen.contains("link up since ")
                    && screen.contains(", 1 domain\n"));
            try (Connect connect = Connect.open(daemon.unixUri(TEST));
                    Domain domain = connect.domains().lookupByName("test")) {
                domain.suspend();
                terminal.await("test  paused");
            }
            terminal.resize(110, 10);
            assertThat(terminal.await(screen -> screen.lines().count() <= 10)).contains("test  paused");
            daemon.kill();
            assertThat(terminal.await("link down since").lines())
                    .anyMatch(line -> line.startsWith("ID") && line.endsWith("AS-OF"))
                    .anyMatch(line -> line.matches("1 +test +paused .*\\d"));
            assertThat(terminal.screen()).contains(": as of ");
            daemon.restart();
            terminal.await("link up since");
            terminal.press("C-c");
            terminal.awaitEnd(Status.OK);
        }
    }

    @Test
    void showsAFleet() throws Exception {
        try (SessionDaemon daemon = SessionDaemon.start()) {
            Path hosts = folder.resolve("hosts.yaml");
            Files.writeString(hosts, """
                    hosts:
                    - {name: alpha, uri: "test:///default"}
                    - {name: beta, uri: "%s"}
                    """.formatted(daemon.unixUri(TEST)));
            try (Tmux terminal = new Tmux(folder, 160, 24, ":", "fleet", "--hosts", hosts.toString())) {
                terminal.await("2 of 2 hosts up, 2 domains (2 running)");
                daemon.kill();
                String down = terminal.await("1 of 2 hosts up, 2 domains (2 running)");
                assertThat(down.lines().filter(line -> line.matches("(alpha|beta) .*")))
                        .satisfiesExactly(
                                line -> assertThat(line)
                                        .startsWith("beta   down")
                                        .contains("link down since"),
                                line -> assertThat(line).startsWith("alpha  up"));
                daemon.restart();
                terminal.await("2 of 2 hosts up");
                Files.writeString(hosts, "hosts: 7");
                terminal.await("not the hosts of the file: ");
                terminal.press("q");
                terminal.awaitEnd(Status.OK);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"q", "C-c"})
    void showsStatistics(String key) throws Exception {
        try (Tmux terminal = new Tmux(folder, 120, 24, ":", "stats", "-c", TEST, "--interval", "100ms")) {
            terminal.await("test  running");
            assertThat(terminal.screen()).contains("sorted by cpu;");
            terminal.press("a");
            terminal.await("sorted by name;");
            terminal.press(key);
            terminal.awaitEnd(Status.OK);
        }
    }

    /// Also where the first rates are a minute away.
    @Test
    void endsStatisticsWithoutAComplaint() throws Exception {
        try (Tmux terminal = new Tmux(folder, 120, 24, ":", "stats", "-c", TEST, "--interval", "60s")) {
            terminal.await("link up since ");
            terminal.press("q");
            terminal.awaitEnd(Status.OK);
            assertThat(terminal.screen()).doesNotContain("down");
        }
    }

    @Test
    void refusesStatisticsOfADomainThatIsNotThere() throws Exception {
        try (Tmux terminal = new Tmux(folder, 120, 24, ":", "stats", "-c", TEST, "test", "nosuch")) {
            terminal.awaitEnd(Status.NOT_FOUND);
            assertThat(terminal.screen()).contains("No domain 'nosuch'").doesNotContain("Exception");
        }
    }

    @Test
    void paintsAgainWhenTheWindowHasAnotherSize() throws Exception {
        String domains =
                IntStream.range(0, 12).mapToObj("""
                        <domain type='test'><name>web-%02d</name><memory>1024</memory><os><type>hvm</type></os></domain>
                        """::formatted).collect(Collectors.joining("", "<node>", "</node>"));
        Path node = Files.writeString(folder.resolve("node.xml"), domains);
        try (Tmux terminal = new Tmux(folder, 90, 24, ":", "watch", "-c", "test://" + node)) {
            String whole = terminal.await(screen ->
                    screen.contains("link up since ") && screen.contains("12 domains") && screen.contains("web-11"));
            terminal.resize(90, 8);
            terminal.await(screen -> screen.contains("12 domains") && screen.contains("web-04"));
            terminal.resize(40, 24);
            terminal.await(screen -> screen.contains("web-11"));
            terminal.resize(90, 24);
            assertThat(terminal.await(whole)).isEqualTo(whole);
            terminal.press("q");
            terminal.awaitEnd(Status.OK);
        }
    }

    /// As after `ssh` from one that is newer than this machine.
    @ParameterizedTest
    @ValueSource(strings = {"nosuch", "dumb", ""})
    void showsTablesOnATerminalThatIsNotKnown(String type) throws Exception {
        try (Tmux terminal = new Tmux(folder, 100, 24, "export TERM='" + type + "'", "list", "-c", TEST)) {
            terminal.awaitEnd(Status.OK);
            assertThat(terminal.screen()).contains("1   test  running").doesNotContain("infocmp", "WARNING");
        }
        try (Tmux terminal =
                new Tmux(folder, 100, 24, "export TERM='" + type + "'", "stats", "-c", TEST, "--interval", "100ms")) {
            terminal.await("test  running");
            terminal.press("C-c");
            terminal.awaitEnd(Status.OK);
        }
    }

    /// Where the terminal has no keys, or cannot change what it shows, lines are printed.
    @ParameterizedTest
    @ValueSource(strings = {"exec </dev/null", "export TERM=dumb"})
    void printsLinesWhereThereIsNoScreen(String before) throws Exception {
        try (Tmux terminal = new Tmux(folder, 100, 24, before, "watch", "-c", TEST)) {
            terminal.await("test: running");
        }
    }

    /// A table has no lines to count.
    @ParameterizedTest
    @CsvSource({"watch, link up since", "stats --interval 100ms, test  running"})
    void printsLinesThatAreCounted(String subcommand, String line) throws Exception {
        String words = subcommand + " -c " + TEST + " --count 2";
        try (Tmux terminal = new Tmux(folder, 100, 24, ":", words.split(" ", -1))) {
            terminal.awaitEnd(Status.OK);
            assertThat(terminal.screen()).contains(line);
        }
    }

    /// A serial line does not transmit its size.
    @Test
    void assumesASizeWhereThereIsNone() throws Exception {
        try (Tmux terminal = new Tmux(folder, 100, 24, "stty rows 0 cols 0", "watch", "-c", TEST)) {
            terminal.await("test  running");
            terminal.press("q");
            terminal.awaitEnd(Status.OK);
        }
    }

    private static Domain guest(Connect connect) {
        return connect.domains().create("""
                <domain type='qemu'>
                  <name>%s</name>
                  <memory unit='MiB'>32</memory>
                  <os>
                    <type arch='x86_64'>hvm</type>
                    <bootmenu enable='yes' timeout='60000'/>
                    <bios useserial='yes'/>
                  </os>
                  <devices><serial type='pty'/></devices>
                </domain>
                """.formatted("console-" + UUID.randomUUID()), DomainCreateFlags.START_PAUSED);
    }

    /// The guest's BIOS asks on the serial console what to boot.
    @Test
    void talksOverAConsole() throws Exception {
        String uri = SessionDaemon.shared().unixUri("qemu:///session");
        try (Connect connect = Connect.open(uri);
                Domain guest = guest(connect);
                Tmux terminal = new Tmux(folder, 100, 24, ":", "console", guest.name(), "-c", uri)) {
            try {
                terminal.await("Connected to " + guest.name() + " (24 rows, 100 columns); Ctrl-] leaves");
                guest.resume();
                terminal.await("Press ESC for boot menu");
                terminal.press("Escape");
                terminal.await("Select boot device");
                // It is the guest's, and does not end the command.
                terminal.press("C-c");
                terminal.press("C-]");
                terminal.await("Left " + guest.name());
                terminal.awaitEnd(Status.OK);
            } finally {
                guest.destroy();
            }
        }
    }

    @Test
    void leavesTheConsoleOfADomainThatEnds() throws Exception {
        String uri = SessionDaemon.shared().unixUri("qemu:///session");
        try (Connect connect = Connect.open(uri);
                Domain guest = guest(connect);
                Tmux terminal = new Tmux(folder, 100, 24, ":", "console", guest.name(), "-c", uri)) {
            terminal.await("Ctrl-] leaves");
            guest.resume();
            terminal.await("Press ESC for boot menu");
            guest.destroy();
            terminal.await("End of the console of " + guest.name());
            terminal.awaitEnd(Status.OK);
            assertThat(terminal.screen()).contains("Press ESC for boot menu");
        }
    }

    private static Process console(Domain guest, String uri, String redirection) throws Exception {
        String command =
                ProcessTest.command(List.of("--enable-native-access=ALL-UNNAMED"), "console", guest.name(), "-c", uri)
                        .stream()
                        .map(word -> "'" + word + "'")
                        .collect(Collectors.joining(" "));
        Process process = new ProcessBuilder("sh", "-c", "exec " + command + redirection).start();
        while (!ProcessTest.hasThread(process, "keyboard")) {
            assertThat(process.isAlive()).isTrue();
            Thread.sleep(10);
        }
        guest.resume();
        return process;
    }

    private static String readUntil(InputStream in, String text) throws IOException {
        var seen = new ByteArrayOutputStream();
        while (!seen.toString(StandardCharsets.US_ASCII).contains(text)) {
            int next = in.read();
            assertThat(next).as(seen.toString(StandardCharsets.US_ASCII)).isNotNegative();
            seen.write(next);
        }
        return seen.toString(StandardCharsets.US_ASCII);
    }

    @Test
    void copiesTheBytesOfAConsoleWithoutATerminal() throws Exception {
        String uri = SessionDaemon.shared().unixUri("qemu:///session");
        try (Connect connect = Connect.open(uri);
                Domain guest = guest(connect)) {
            Process process = console(guest, uri, "");
            readUntil(process.getInputStream(), "Press ESC for boot menu");
            process.getOutputStream().write(27);
            process.getOutputStream().close();
            // The answer comes after the end of the input.
            readUntil(process.getInputStream(), "Select boot device");
            guest.destroy();
            assertThat(process.getErrorStream().readAllBytes()).isEmpty();
            assertThat(process.waitFor()).isZero();
        }
    }

    @Test
    void saysThatTheOutputOfAConsoleCannotBeWritten() throws Exception {
        String uri = SessionDaemon.shared().unixUri("qemu:///session");
        try (Connect connect = Connect.open(uri);
                Domain guest = guest(connect)) {
            Process process = console(guest, uri, " >/dev/full");
            assertThat(process.getErrorStream().readAllBytes()).asString().isEqualTo("No space left on device\n");
            assertThat(process.waitFor()).isOne();
            guest.destroy();
        }
    }

    /// Also where the process is told to end.
    @Test
    void leavesTheTerminalAsItWas() throws Exception {
        String uri = SessionDaemon.shared().unixUri("qemu:///session");
        try (Connect connect = Connect.open(uri);
                Domain guest = guest(connect);
                Tmux terminal = new Tmux(folder, 100, 24, ":", "console", guest.name(), "-c", uri)) {
            terminal.await("Ctrl-] leaves");
            long pid = ProcessHandle.allProcesses()
                    .filter(each -> each.info()
                            .arguments()
                            .map(List::of)
                            .orElse(List.of())
                            .contains(guest.name()))
                    .findFirst()
                    .orElseThrow()
                    .pid();
            assertThat(new ProcessBuilder("kill", Long.toString(pid)).start().waitFor())
                    .isZero();
            terminal.awaitEnd(128 + 15);
            guest.destroy();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"secret", "secrte"})
    void asksForAPasswordTwiceAndShowsNone(String second) throws Exception {
        try (Tmux terminal = new Tmux(folder, 100, 24, ":", "agent", "set-password", "test", "root", "-c", TEST)) {
            terminal.await("Password:");
            terminal.press("secret", "Enter");
            terminal.await("Again:");
            terminal.press(second, "Enter");
            boolean same = second.equals("secret");
            terminal.await(same ? "test: the password of root is set" : "The two passwords differ");
            terminal.awaitEnd(same ? Status.OK : Status.FAILED);
            assertThat(terminal.screen()).doesNotContain("secr");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void colorsStatesUnlessTheEnvironmentForbidsIt(boolean colors) throws Exception {
        try (Tmux terminal = new Tmux(folder, 100, 24, "export NO_COLOR=" + (colors ? "" : 1), "list", "-c", TEST)) {
            terminal.awaitEnd(Status.OK);
            assertThat(terminal.colors().contains("\u001b[32mrunning")).isEqualTo(colors);
        }
    }

    @Test
    void fitsTablesToTheTerminal() throws Exception {
        String name = "a-name-of-a-domain-that-is-quite-long-\u865a";
        try (Connect connect = Connect.open(SessionDaemon.shared().unixUri(TEST));
                Domain domain = connect.domains().create("""
                        <domain type='test'><name>%s</name><memory>65536</memory><os><type>hvm</type></os></domain>
                        """.formatted(name))) {
            String[] list = {"list", "-c", SessionDaemon.shared().unixUri(TEST)};
            // The locale of C has no such character; the output is UTF-8 all the same.
            try (Tmux terminal = new Tmux(folder, 100, 24, "export LC_ALL=C", list)) {
                terminal.awaitEnd(Status.OK);
                assertThat(terminal.screen()).contains(name + "  running");
            }
            try (Tmux terminal = new Tmux(folder, 30, 24, "export LC_ALL=POSIX", list)) {
                terminal.awaitEnd(Status.OK);
                assertThat(terminal.screen()).contains("a-name-of-a-doma\u2026  running\n");
            }
            domain.destroy();
        }
    }
}
