package io.github.libvirt4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.StoragePool;
import io.github.libvirt4j.StorageVol;
import io.github.libvirt4j.testing.JavaCommand;
import io.github.libvirt4j.testing.SessionDaemon;
import io.github.libvirt4j.types.DomainModificationImpact;
import io.github.libvirt4j.types.DomainXmlFlags;
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
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What only a process of its own can show.
@Timeout(60)
class ProcessTest {
    private static Process start(String... arguments) throws IOException {
        return start(List.of("--enable-native-access=ALL-UNNAMED"), arguments);
    }

    private static Process start(List<String> options, String... arguments) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command(options, arguments));
        builder.environment().remove("LIBVIRT_DEFAULT_URI");
        return builder.start();
    }

    static List<String> command(List<String> options, String... arguments) {
        // What is started in a shell's background ignores Ctrl-C, and all that it starts does.
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT"));
        command.add(JavaCommand.own());
        command.addAll(options);
        command.addAll(List.of(
                "-cp",
                "target/classes" + File.pathSeparator + JavaCommand.classPath(),
                "io.github.libvirt4j.cli.Main"));
        command.addAll(List.of(arguments));
        return command;
    }

    @Test
    void endsCleanlyOnCtrlC() throws Exception {
        Process process = start("events", "--json");
        // It is ready for Ctrl-C before it says this.
        assertThat(process.errorReader().readLine())
                .isEqualTo("No --connect given and LIBVIRT_DEFAULT_URI is not set: connecting to test:///default");
        pressCtrlC(process);
        assertThat(process.exitValue()).isZero();
        assertThat(process.getInputStream().readAllBytes()).isEmpty();
        assertThat(process.errorReader().readLine()).isNull();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void saysThatItsConnectionBrokeOff(boolean unix) throws Exception {
        try (SessionDaemon daemon = SessionDaemon.start()) {
            Process process = start("events", "-c", unix ? daemon.unixUri("test:///default") : daemon.tcpUri());
            try (Connect connect = Connect.open(daemon.unixUri("test:///default"));
                    Domain domain = connect.domains().lookupByName("test")) {
                // What it prints is read: with a pipe that is full it could not end.
                var listens = new CountDownLatch(1);
                Thread.startVirtualThread(() -> {
                    try (InputStream printed = process.getInputStream()) {
                        while (printed.read(new byte[1000]) > 0) {
                            listens.countDown();
                        }
                    } catch (IOException e) {
                        // It has ended.
                    }
                });
                while (listens.getCount() > 0) {
                    assertThat(process.isAlive()).isTrue();
                    domain.suspend();
                    domain.resume();
                }
            }
            daemon.kill();
            assertThat(text(process.getErrorStream()))
                    .matches("The connection broke off \\((EOF|ERROR)\\): no more events come\n");
            assertThat(process.waitFor()).isEqualTo(Status.DISCONNECTED);
        }
    }

    @Test
    void doesNotWaitForEverForAHypervisorThatHangs() throws Exception {
        try (SessionDaemon daemon = SessionDaemon.start()) {
            daemon.pause();
            Process process = start("list", "-c", daemon.unixUri("test:///default"), "--open-timeout", "500ms");
            assertThat(text(process.getErrorStream())).matches(".* has not returned within PT0.5S; .*\n");
            assertThat(process.waitFor()).isEqualTo(Status.DISCONNECTED);
            daemon.resume();
        }
    }

    @FunctionalInterface
    private interface Use {
        void of(String uri, String pool, String volume) throws Exception;
    }

    /// Makes a volume that is one big hole, for a test.
    private static void withVolume(int gibibytes, Use use) throws Exception {
        String uri = SessionDaemon.shared().unixUri("storage:///session");
        String name = "pool-" + UUID.randomUUID();
        try (Connect connect = Connect.open(uri)) {
            StoragePool pool = connect.storagePools().define("""
                    <pool type='dir'><name>%s</name><target><path>%s</path></target></pool>
                    """.formatted(
                    name, SessionDaemon.shared().folder().resolve("data").resolve(name)));
            pool.build();
            pool.create();
            StorageVol volume = pool.volumes().create("""
                    <volume><name>v</name><capacity unit='GiB'>%d</capacity><allocation>0</allocation></volume>
                    """.formatted(gibibytes));
            try {
                use.of(uri, name, "v");
            } finally {
                volume.delete();
                pool.destroy();
                pool.delete();
                pool.undefine();
            }
        }
    }

    /// A copy that would take minutes.
    @Test
    void leavesNothingOfACopyOnCtrlC(@TempDir Path folder) throws Exception {
        withVolume(1024, (uri, pool, volume) -> {
            Process process = start(
                    "vol-download",
                    "-c",
                    uri,
                    pool,
                    volume,
                    folder.resolve("copy").toString());
            while (isEmpty(folder)) {
                assertThat(process.isAlive()).isTrue();
                Thread.sleep(10);
            }
            pressCtrlC(process);
            assertThat(process.exitValue()).isEqualTo(130);
            assertThat(isEmpty(folder)).isTrue();
        });
    }

    /// Runs a download into nothing, on a terminal.
    ///
    /// @param more arguments, and redirections as a shell has them
    private static String onTerminal(String uri, String pool, String volume, String more) throws Exception {
        List<String> command = command(
                List.of("--enable-native-access=ALL-UNNAMED"), "vol-download", "-c", uri, pool, volume, "/dev/null");
        String line = command.stream().map(word -> "'" + word + "'").collect(Collectors.joining(" ")) + " " + more;
        ProcessBuilder builder = new ProcessBuilder("script", "--quiet", "--return", "--command", line, "/dev/null");
        builder.environment().put("TERM", "xterm");
        Process process = builder.redirectErrorStream(true).start();
        String output = text(process.getInputStream());
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    @Test
    void drawsABarOnATerminal() throws Exception {
        withVolume(
                1,
                (uri, pool, volume) -> assertThat(onTerminal(uri, pool, volume, ""))
                        .containsPattern("\r\u001b\\[K\u001b\\[\\?7l\\[#* *] +\\d+% [\\d.]+ [KMG]iB of 1\\.0 GiB,"
                                + " [\\d.]+ [KMG]iB/s, \\d+ s left\u001b\\[\\?7h")
                        .containsPattern("\r\u001b\\[K1073741824 bytes in [\\d.]+ s"));
    }

    /// Mostly too short for a bar; but its line is erased at the end, where it can have been.
    @Test
    void drawsWhereErrorsGo(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("file");
        withVolume(1, (uri, pool, volume) -> {
            assertThat(onTerminal(uri, pool, volume, "--length 1000 </dev/null >'" + file + "'"))
                    .endsWith("\r\u001b[K");
            assertThat(file).content().startsWith("1000 bytes in");
            assertThat(onTerminal(uri, pool, volume, "--length 1000 2>'" + file + "'"))
                    .startsWith("1000 bytes in")
                    .doesNotContain("\u001b");
            assertThat(file).isEmptyFile();
        });
    }

    @Test
    void copiesIntoAPipe() throws Exception {
        withVolume(1, (uri, pool, volume) -> {
            Process process = start("vol-download", "-c", uri, pool, volume, "/dev/stdout", "--length", "1000");
            // What is said about it is not in it.
            assertThat(text(process.getInputStream())).isEqualTo("\0".repeat(1000));
            assertThat(text(process.getErrorStream())).startsWith("1000 bytes in");
            assertThat(process.waitFor()).isZero();
        });
    }

    /// Runs the command by a line of a shell, in which it is called `run`.
    ///
    /// @param more for the shell, from `$1` on
    private static Process shell(String line, String... more) throws IOException {
        String run = command(List.of("--enable-native-access=ALL-UNNAMED")).stream()
                .map(word -> "'" + word + "'")
                .collect(Collectors.joining(" "));
        List<String> command = new ArrayList<>(List.of("sh", "-c", "run() { " + run + " \"$@\"; }; " + line, "sh"));
        command.addAll(List.of(more));
        return new ProcessBuilder(command).start();
    }

    /// As when a disk is full.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--help",
                "list -c test:///default",
                "info test -c test:///default",
                "doctor --json",
                "events --help",
                "screenshot -c test:///default test /dev/null"
            })
    void saysThatItsOutputCannotBeWritten(String command) throws Exception {
        Process process = shell("run " + command + " >/dev/full");
        assertThat(text(process.getErrorStream()))
                .isEqualTo("Standard output cannot be written: No space left on device\n");
        assertThat(process.waitFor()).isEqualTo(1);
    }

    @Test
    void endsWithItsEventsWhenTheyCannotBeWritten() throws Exception {
        try (SessionDaemon daemon = SessionDaemon.start();
                Connect connect = Connect.open(daemon.unixUri("test:///default"));
                Domain domain = connect.domains().lookupByName("test")) {
            Process process = shell("run events -c \"$1\" >/dev/full", daemon.unixUri("test:///default"));
            try {
                for (int i = 0; i < 30_000 && !process.waitFor(1, TimeUnit.MILLISECONDS); i++) {
                    domain.suspend();
                    domain.resume();
                }
            } finally {
                // Destroying one that has ended closes what it said.
                if (process.isAlive()) {
                    process.destroy();
                }
            }
            assertThat(text(process.getErrorStream()))
                    .isEqualTo("Standard output cannot be written: No space left on device\n");
            assertThat(process.exitValue()).isEqualTo(1);
        }
    }

    /// Also where no event comes that could not be printed.
    @ParameterizedTest
    @ValueSource(strings = {"list", "events"})
    void endsQuietlyWhenNobodyReads(String command) throws Exception {
        Process process = start(command, "-c", "test:///default");
        try {
            process.getInputStream().close();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("it ends").isTrue();
            assertThat(text(process.getErrorStream())).isEmpty();
            assertThat(process.exitValue()).isEqualTo(Status.ABANDONED);
        } finally {
            process.destroyForcibly();
        }
    }

    /// The state must not have what nobody has read.
    @Test
    void endsAFleetThatNobodyReads(@TempDir Path folder) throws Exception {
        Path hosts = Files.writeString(folder.resolve("hosts.yaml"), "hosts: [{name: a, uri: 'test:///default'}]");
        String fleet = "run fleet --hosts \"$1\" --state \"$1.json\"";
        Process process = shell(fleet + " | head -n 1", hosts.toString());
        assertThat(text(process.getErrorStream())).isEmpty();
        assertThat(text(process.getInputStream()).lines()).hasSize(1);
        process = shell(fleet + " >/dev/full", hosts.toString());
        assertThat(text(process.getErrorStream()))
                .isEqualTo("Standard output cannot be written: No space left on device\n");
        assertThat(process.waitFor()).isEqualTo(1);
    }

    /// As it is in containers and services. Tests that are run so cannot give another process such arguments
    /// themselves.
    @ParameterizedTest
    @ValueSource(strings = {"C", "C.UTF-8"})
    void takesArgumentsAsTheyAre(String locale, @TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("node.xml"), """
                <node><domain type='test'>
                  <name>\u865a-\u00e9</name>
                  <memory>65536</memory>
                  <os><type>hvm</type></os>
                </domain></node>
                """);
        // In UTF-8: 虚-é; the picture's name is not UTF-8.
        Process process = shell("""
                export LC_ALL="$1"; cd "$2"
                name=$(printf '\\350\\231\\232-\\303\\251') && run info "$name" -c "test://$2/node.xml" &&
                run -c test:///default screenshot test "$(printf '\\303\\251.png')" &&
                run -c test:///default screenshot test "$(printf '\\351.png')" &&
                cmp "$(printf '\\351.png')" "$(printf '\\303\\251.png')"
                """, locale, folder.toString());
        String out = text(process.getInputStream());
        assertThat(text(process.getErrorStream())).isEmpty();
        assertThat(process.waitFor()).isZero();
        assertThat(out.lines())
                .contains("name:       \u865a-\u00e9")
                .anyMatch(line -> line.startsWith("\u00e9.png: image/png"))
                .anyMatch(line -> line.startsWith("\\udce9.png: image/png"));
    }

    /// Edits the domain of a test driver behind a daemon, by a shell that is the editor.
    private static Result edit(String uri, String editor, Path folder) throws Exception {
        Files.writeString(folder.resolve("editor"), "set -e\n" + editor);
        Process process = shell(
                "unset VISUAL; export TMPDIR=\"$2\" EDITOR=\"sh $2/editor\"; run edit test -c \"$1\"",
                uri,
                folder.toString());
        String out = text(process.getInputStream());
        String err = text(process.getErrorStream());
        return new Result(process.waitFor(), out, err);
    }

    /// The file in which the text is that was not defined.
    private static Path kept(Result result) {
        return Path.of(result.err().replaceFirst("(?s).* is in (.*)\\n", "$1"));
    }

    @Test
    void editsADomain(@TempDir Path folder) throws Exception {
        try (SessionDaemon daemon = SessionDaemon.start();
                Connect connect = Connect.open(daemon.unixUri("test:///default"));
                Domain domain = connect.domains().lookupByName("test")) {
            String uri = daemon.unixUri("test:///default");
            assertThat(edit(uri, "true", folder)).isEqualTo(new Result(0, "test: not changed\n", ""));
            assertThat(edit(uri, "sed -i 's,<vcpu.*,<title>new</title>&,' \"$1\"", folder))
                    .isEqualTo(new Result(0, "test: changed\n", ""));
            assertThat(domain.xmlDesc(DomainXmlFlags.INACTIVE)).contains("<title>new</title>");
            Result failed = edit(uri, "exit 7", folder);
            assertThat(failed.status()).isOne();
            assertThat(failed.err()).isEqualTo("The editor ended with status 7. Nothing was changed\n");
            Result uuid = edit(uri, "sed -i /uuid/d \"$1\"", folder);
            assertThat(uuid.status()).isOne();
            assertThat(uuid.err()).contains("The UUID of a domain cannot be edited", "what was written is in /");
            Files.delete(kept(uuid));
            Result wrong = edit(uri, "echo '<nonsense' >\"$1\"", folder);
            assertThat(wrong.status()).isOne();
            assertThat(wrong.err()).startsWith("This is not the XML of a domain: ");
            Files.delete(kept(wrong));
            Result bytes = edit(uri, "printf '\\351' >\"$1\"", folder);
            assertThat(bytes.status()).isOne();
            assertThat(bytes.err())
                    .contains("is not UTF-8", ". Nothing was changed; what was written is in " + folder + "/");
            assertThat(kept(bytes)).hasBinaryContent(new byte[] {(byte) 0xe9});
            domain.setTitle("other", DomainModificationImpact.CONFIG);
            assertThat(domain.xmlDesc(DomainXmlFlags.INACTIVE)).contains("<title>other</title>");
        }
    }

    /// Another program changes the domain while the editor is open.
    @Test
    void losesNoConcurrentChangeOfADomain(@TempDir Path folder) throws Exception {
        try (SessionDaemon daemon = SessionDaemon.start();
                Connect connect = Connect.open(daemon.unixUri("test:///default"));
                Domain domain = connect.domains().lookupByName("test")) {
            Path open = folder.resolve("open");
            Path go = folder.resolve("go");
            Callable<Result> editing = () -> edit(
                    daemon.unixUri("test:///default"),
                    "sed -i 's,<vcpu.*,<title>mine</title>&,' \"$1\"; touch '" + open + "'; until [ -e '" + go
                            + "' ]; do sleep 0.05; done",
                    folder);
            FutureTask<Result> task = new FutureTask<>(editing);
            Thread.ofPlatform().start(task);
            while (!Files.exists(open)) {
                assertThat(task.isDone()).isFalse();
                Thread.sleep(10);
            }
            domain.setTitle("theirs", DomainModificationImpact.CONFIG);
            Files.createFile(go);
            Result result = task.get();
            assertThat(result.status()).as(result.err()).isEqualTo(Status.STATE);
            assertThat(result.out()).isEmpty();
            assertThat(result.err()).startsWith("The definition was changed by another program meanwhile. Nothing");
            assertThat(domain.xmlDesc(DomainXmlFlags.INACTIVE))
                    .contains("<title>theirs</title>")
                    .doesNotContain("mine");
            String kept = result.err().replaceFirst("(?s).* is in (.*)\n", "$1");
            assertThat(Path.of(kept)).content().contains("<title>mine</title>");
            Files.delete(Path.of(kept));
        }
    }

    /// Log lines and stack traces as well.
    @Test
    void printsNothingOnStderrThatActsOnATerminal() throws Exception {
        Process process = shell("run info \"$(printf 'a\\033[2J\\302\\233b\\nc')\" -c test:///default");
        assertThat(text(process.getErrorStream())).startsWith("No domain 'a\\u001b[2J\\u009bb\\nc' on");
        assertThat(process.waitFor()).isEqualTo(Status.NOT_FOUND);
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isEmpty();
        }
    }

    private static void pressCtrlC(Process process) throws Exception {
        assertThat(new ProcessBuilder("sh", "-c", "kill -INT " + process.pid())
                        .start()
                        .waitFor())
                .isZero();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }

    static boolean hasThread(Process process, String name) throws IOException {
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
        Process process = start("demo");
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        assertThat(out).endsWith("closures on loan: 0\n");
    }

    @Test
    void saysInOneLineThatLibvirtIsNotThere() throws Exception {
        Process process = start(
                List.of("--enable-native-access=ALL-UNNAMED", "-Dlibvirt4j.library.path=/nowhere"),
                "list",
                "-c",
                "test:///default");
        assertThat(text(process.getErrorStream()).lines())
                .hasSize(1)
                .allMatch(line -> line.startsWith("libvirt cannot be loaded: /nowhere/libvirt.so.0: ")
                        && line.contains(". Name the directory it is in (-Dlibvirt4j.library.path=DIRECTORY)"));
        assertThat(process.waitFor()).isEqualTo(Status.UNSUPPORTED);
    }

    @Test
    void saysInOneLineWhichFlagTheVmNeeds() throws Exception {
        Process process = start(List.of("--illegal-native-access=deny"), "list", "-c", "test:///default");
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
                .contains("\"problems\":[\"libvirt cannot be loaded: /nowhere/libvirt.so.0: ")
                .contains(". Name the directory it is in (-Dlibvirt4j.library.path=DIRECTORY)");
        assertThat(process.waitFor()).isEqualTo(1);
    }

    private static String text(InputStream stream) throws IOException {
        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
}
