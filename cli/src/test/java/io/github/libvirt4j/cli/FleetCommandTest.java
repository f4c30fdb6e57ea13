package io.github.libvirt4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.libvirt4j.fleet.FleetRecord.HostStatus;
import io.github.libvirt4j.fleet.Host;
import io.github.libvirt4j.fleet.HostView;
import io.github.libvirt4j.link.Gap;
import io.github.libvirt4j.link.LinkState;
import io.github.libvirt4j.types.DomainState;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class FleetCommandTest {
    private static final String URI = "test:///default";
    private static final Instant NOW = Instant.parse("2026-11-29T12:02:10Z");

    @TempDir
    Path folder;

    private Path hosts(String... names) throws IOException {
        var text = new StringBuilder("hosts:\n");
        for (String name : names) {
            text.append("- {name: ").append(name).append(", uri: '").append(URI).append("'}\n");
        }
        // As a whole, as an editor does.
        Path next = Files.writeString(folder.resolve("hosts.new"), text.append("# ".repeat(names.length)));
        return Files.move(next, folder.resolve("hosts.yaml"), StandardCopyOption.REPLACE_EXISTING);
    }

    private static List<JsonObject> records(String out) {
        return out.lines()
                .map(line -> JsonParser.parseString(line).getAsJsonObject())
                .toList();
    }

    private static List<String> types(String out, String host) {
        return records(out).stream()
                .filter(record -> record.get("source").getAsString().equals("/libvirt/" + host))
                .map(record -> record.get("type").getAsString().replace("io.github.libvirt4j.", ""))
                .toList();
    }

    @Test
    void printsRecordsAndKeepsTheState() throws IOException {
        Path state = folder.resolve("state.json");
        String[] command = {"fleet", "--hosts", hosts("alpha", "beta").toString(), "--state", state.toString()};
        // Of each host the beginning of its events, a domain, and the host.
        Result first = of(command, "--count", "6");
        assertThat(first.err()).isEmpty();
        assertThat(first.status()).isZero();
        for (String host : List.of("alpha", "beta")) {
            assertThat(types(first.out(), host))
                    .contains("gap", "domain.state", "host.up")
                    .endsWith("host.unwatched");
        }
        assertThat(state).content().contains("\"alpha\"", "\"beta\"", "UNWATCHED");
        Result second = of(command, "--count", "4");
        assertThat(types(second.out(), "alpha")).contains("host.up").doesNotContain("domain.removed");
        assertThat(records(second.out()))
                .noneMatch(record -> record.get("type").getAsString().endsWith("domain.state")
                        && record.getAsJsonObject("data")
                                .get("name")
                                .getAsString()
                                .equals("test"));
    }

    @Test
    void hostsComeFromAFileOrFromKafka() throws IOException {
        assertThat(Result.of("fleet").status()).isEqualTo(Status.USAGE);
        String file = hosts("alpha").toString();
        Result both = Result.of("fleet", "--hosts", file, "--kafka", "localhost:9");
        assertThat(both.status()).isEqualTo(Status.USAGE);
        assertThat(both.err()).contains("Either --hosts or --kafka");
        Result state = Result.of("fleet", "--kafka", "localhost:9", "--state", file);
        assertThat(state.status()).isEqualTo(Status.USAGE);
        assertThat(state.err()).contains("--state and --count are for --hosts");
    }

    private static Result of(String[] command, String... options) {
        return Result.of(
                Stream.concat(Arrays.stream(command), Arrays.stream(options)).toArray(String[]::new));
    }

    @Test
    void takesTheHostsOfTheFileWhenItChanges() throws Exception {
        Path file = hosts("alpha", "beta");
        var out = new StringWriter();
        var err = new StringWriter();
        Callable<Integer> command = () -> Main.run(
                new Printer(out),
                new Printer(err),
                "fleet",
                "--hosts",
                file.toString(),
                "--json",
                "--count",
                // Of the first two hosts, of the one that leaves, and of the new ones.
                "13");
        var running = new FutureTask<>(command);
        Thread.ofPlatform().start(running);
        await(out, "\"status\":\"UP\"");
        Files.writeString(file, "hosts: 7");
        await(err, file + ":1: 'hosts' is not a list; the hosts stay as they were");
        hosts("beta", "gamma", "delta");
        assertThat(running.get()).isZero();
        assertThat(types(out.toString(), "alpha")).contains("host.up", "host.unwatched");
        assertThat(types(out.toString(), "beta")).containsOnlyOnce("host.up");
        assertThat(types(out.toString(), "gamma")).contains("host.up");
        assertThat(err.toString().lines()).hasSize(1);
    }

    private static void await(StringWriter written, String text) throws InterruptedException {
        while (!written.toString().contains(text)) {
            Thread.sleep(10);
        }
    }

    @Test
    void showsTheHostsThatAreNotUpFirst() {
        var down = new LinkState.Down(
                NOW.minusSeconds(10),
                Gap.Cause.DISCONNECTED,
                Optional.of(new IllegalStateException("refused")),
                3,
                NOW.plusMillis(3500));
        List<HostView> views = List.of(
                new HostView(
                        new Host("alpha", URI),
                        HostStatus.UP,
                        NOW,
                        new LinkState.Up(1, NOW),
                        Map.of(DomainState.RUNNING, 3, DomainState.SHUTOFF, 2, DomainState.CRASHED, 1),
                        100,
                        1),
                new HostView(
                        new Host("beta", URI),
                        HostStatus.DOWN,
                        NOW.minusSeconds(10),
                        down,
                        Map.of(DomainState.RUNNING, 4),
                        0,
                        0));
        String clock = Times.clock(NOW);
        String before = Times.clock(NOW.minusSeconds(10));
        assertThat(FleetCommand.lines(views, Map.of("alpha", 2.25, "beta", 0.5), null, NOW, 200, false))
                .containsExactly(
                        "1 of 2 hosts up, 10 domains (7 running, 2 shut off, 1 crashed), 2.8/s events, 1 gap",
                        "",
                        "HOST   STATUS  SINCE     DOMAINS  RUNNING  PAUSED  SHUT-OFF  OTHER  EVENTS  GAPS  LINK",
                        "beta   down    " + before + "  4        4        0       0         0      0.5/s   0     "
                                + "link down since " + before + ", next try in 4 s (refused)",
                        "alpha  up      " + clock + "  6        3        0       2         1      2.3/s   1     -");
        assertThat(FleetCommand.lines(List.of(), Map.of(), "hosts.yaml:7: wrong", NOW, 80, false))
                .startsWith("0 of 0 hosts up, 0 domains, 0.0/s events, 0 gaps")
                .contains("not the hosts of the file: hosts.yaml:7: wrong");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--kind=domain.lifecicle", "--kind=network.lifecycle", "--timeout=soon", "--count=0"})
    void refusesArgumentsThatAreWrong(String argument) throws IOException {
        Result result = Result.of("fleet", "--hosts", hosts("alpha").toString(), argument);
        assertThat(result.status()).isEqualTo(Status.USAGE);
        assertThat(result.err().lines()).hasSize(1);
    }

    @Test
    void saysWhatIsWrongWithTheFile() {
        assertThat(Result.of("fleet").status()).isEqualTo(Status.USAGE);
        Result result =
                Result.of("fleet", "--hosts", folder.resolve("none.yaml").toString());
        assertThat(result.status()).isEqualTo(Status.FAILED);
        assertThat(result.err()).contains("NoSuchFileException").contains("none.yaml");
    }
}
