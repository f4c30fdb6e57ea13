package io.github.libvirt4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.Libvirt;
import io.github.libvirt4j.event.EventKind;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;

@Timeout(60)
class CommandTest {
    private static final String URI = "test:///default";

    @AfterEach
    void nothingIsLeft() {
        assertThat(Libvirt.closuresOnLoan()).isZero();
        assertThat(Libvirt.handlesOpen()).isZero();
    }

    @Test
    void demonstrates() {
        Result result = Result.of("demo");
        assertThat(result.err()).isEmpty();
        assertThat(result.status()).isZero();
        List<String> lines = result.out().lines().toList();
        assertThat(lines.getLast()).isEqualTo("closures on loan: 0");
        assertThat(lines.stream()
                        .filter(line -> line.startsWith("  ") && !line.contains("reported"))
                        .map(line -> line.strip().split(" ", 2)[0]))
                .containsExactly("DEFINED", "STARTED", "SUSPENDED", "RESUMED", "STOPPED", "UNDEFINED");
        assertThat(lines.stream().filter(line -> line.startsWith("  reported: this listener always throws")))
                .hasSize(6);
    }

    /// Runs `events` while a domain lives and dies, again and again until the command has seen enough.
    private static Result eventsOf(String name, String... arguments) throws Exception {
        Callable<Result> command = () -> Result.of(arguments);
        var running = new FutureTask<>(command);
        Thread.ofPlatform().start(running);
        try (Connect connect = Connect.open(URI)) {
            while (!running.isDone()) {
                Domain domain = connect.domains().define("""
                        <domain type='test'>
                          <name>%s</name>
                          <memory unit='MiB'>256</memory>
                          <os><type>hvm</type></os>
                        </domain>
                        """.formatted(name));
                domain.create();
                domain.destroy();
                domain.undefine();
            }
        }
        return running.get();
    }

    @Test
    void printsEventsAsJsonAndNothingElseOnStdout() throws Exception {
        String name = "cli-" + UUID.randomUUID();
        Instant before = Instant.now();
        Result result = eventsOf(name, "events", "-c", URI, "--count", "4", "--json");
        assertThat(result.status()).isZero();
        assertThat(result.err()).isEmpty();
        List<JsonObject> events = result.out()
                .lines()
                .map(line -> JsonParser.parseString(line).getAsJsonObject())
                .toList();
        assertThat(events).hasSize(4).allSatisfy(event -> {
            assertThat(event.keySet()).containsExactly("time", "kind", "object", "type", "detail");
            assertThat(Instant.parse(event.get("time").getAsString())).isBetween(before, Instant.now());
            assertThat(event.get("kind").getAsString()).isEqualTo("domain.lifecycle");
            JsonObject object = event.getAsJsonObject("object");
            assertThat(object.keySet()).containsExactly("name", "uuid");
            assertThat(object.get("name").getAsString()).isEqualTo(name);
            assertThat(UUID.fromString(object.get("uuid").getAsString())).isNotNull();
        });
        assertThat(events.stream()
                        .map(event -> event.get("type").getAsString() + " "
                                + event.get("detail").getAsString()))
                .containsExactlyInAnyOrder("DEFINED ADDED", "STARTED BOOTED", "STOPPED DESTROYED", "UNDEFINED REMOVED");
    }

    /// Each kind by its name; what the driver or the loaded libvirt does not have is said in a line.
    @ParameterizedTest
    @MethodSource("kinds")
    void acceptsEveryKind(EventKind<?> kind) {
        Result result = Result.of("events", "-c", URI, "--kind", kind.name(), "--timeout", "1ms");
        assertThat(result.out()).isEmpty();
        if (result.status() == 0) {
            assertThat(result.err()).isEmpty();
        } else {
            assertThat(result.status()).isEqualTo(Status.UNSUPPORTED);
            assertThat(result.err().lines())
                    .hasSize(1)
                    .allMatch(line -> line.contains("events come with libvirt " + kind.since())
                            || line.contains("not supported"));
        }
    }

    static List<EventKind<?>> kinds() {
        return Libvirt.eventKinds();
    }

    @Test
    void printsEventsForPeople() throws Exception {
        String name = "cli-" + UUID.randomUUID();
        Result result = eventsOf(name, "events", "-c", URI, "--count", "2");
        assertThat(result.status()).isZero();
        assertThat(result.out().lines()).hasSize(2).allMatch(line -> line.contains(" domain.lifecycle " + name + " "));
    }

    @Test
    void endsAtTheTimeout() {
        Result result = Result.of("events", "-c", URI, "--timeout", "200ms");
        assertThat(result).isEqualTo(new Result(0, "", ""));
    }

    @Test
    void saysWhichUriItTakesByDefault() {
        Result result = Result.of("events", "--timeout", "1ms");
        assertThat(result.status()).isZero();
        assertThat(result.out()).isEmpty();
        assertThat(result.err())
                .isEqualTo("No --connect given and LIBVIRT_DEFAULT_URI is not set: connecting to test:///default\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nosuch:///default", "test:///nosuchfile.xml"})
    void saysInOneLineWhatIsWrongWithAHypervisor(String uri) {
        Result result = Result.of("events", "-c", uri, "--timeout", "1ms");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err().lines()).hasSize(1).allMatch(line -> line.startsWith("virConnectOpenAuth: "));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "--count=0, --count must be at least 1",
                "--count=x, Invalid value for option '--count'",
                "--timeout=soon, 'soon' is not a duration; write",
                "--timeout=-PT1S, '-PT1S' is not a duration; write",
                "--timeout=87600h1s, '87600h1s' is not a duration; write",
                "--timeout=9999999999999999999h, '9999999999999999999h' is not a duration; write",
                "--nosuch, Unknown option",
            })
    void refusesArgumentsThatAreWrong(String argument, String message) {
        Result result = Result.of("events", "-c", URI, argument);
        assertThat(result.status()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).contains(message);
    }

    @ParameterizedTest
    @CsvSource({"500ms, PT0.5S", "10s, PT10S", "2m, PT2M", "1h, PT1H", "1m30s, PT1M30S", "PT1M30S, PT1M30S"})
    void readsDurations(String text, Duration duration) {
        assertThat(new DurationConverter().convert(text)).isEqualTo(duration);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "20G, 21474836480", "20gib, 21474836480", "9223372036854775807, 9223372036854775807"})
    void readsSizes(String text, long bytes) {
        assertThat(new SizeConverter().convert(text).bytes()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "9223372036854775808", "9007199254740992K", "8192P", "1.5G", "1X"})
    void refusesOtherSizes(String text) {
        assertThatExceptionOfType(TypeConversionException.class)
                .isThrownBy(() -> new SizeConverter().convert(text))
                .withMessageStartingWith("'" + text + "' is not a size; write");
    }

    @Test
    void listsDomains() {
        Result result = Result.of("list", "-c", URI);
        assertThat(result.status()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(result.out().lines()).containsExactly("ID  NAME  STATE", "1   test  running");
    }

    @Test
    void logsInByTheFileOfCredentials(@TempDir Path folder) throws IOException {
        Path node = Files.writeString(folder.resolve("node.xml"), """
                <node>
                  <auth><user password='secret'>fred</user></auth>
                  <domain type='test'><name>d1</name><memory>65536</memory><os><type>hvm</type></os></domain>
                </node>
                """);
        String uri = "test://" + node;
        Result refused = Result.of("list", "-c", uri);
        assertThat(refused.status()).isEqualTo(Status.DENIED);
        assertThat(refused.err().lines()).hasSize(1);
        assertThat(refused.err())
                .startsWith(uri + ": authentication failed")
                .contains("--ask", "auth.conf", "?authfile=");
        assertThat(refused.out()).isEmpty();

        Path file = Files.writeString(folder.resolve("auth.conf"), """
                [credentials-x]
                username=fred
                password=secret
                [auth-test-localhost]
                credentials=x
                """);
        Result list = Result.of("list", "-c", uri + "?authfile=" + file);
        assertThat(list.err()).isEmpty();
        assertThat(list.out()).contains("d1");
        assertThat(list.status()).isZero();
    }

    @Test
    void tellsAboutADomainByNameAndByUuid() {
        Result byName = Result.of("info", "test", "-c", URI);
        assertThat(byName.status()).isZero();
        assertThat(byName.out().lines())
                .contains("name:       test", "state:      running", "memory:     2.0 GiB", "max memory: 8.0 GiB");
        String uuid = byName.out()
                .lines()
                .filter(line -> line.startsWith("uuid:"))
                .map(line -> line.substring(5).strip())
                .findFirst()
                .orElseThrow();
        assertThat(Result.of("info", uuid, "-c", URI).out()).contains("name:       test");
    }

    @ParameterizedTest
    @ValueSource(strings = {"info nobody", "info 00000000-0000-0000-0000-000000000001", "events --domain nobody"})
    void saysInOneLineThatADomainIsNotThere(String command) {
        Result result = Result.of((command + " -c " + URI).split(" ", -1));
        assertThat(result.status()).isEqualTo(Status.NOT_FOUND);
        assertThat(result.out()).isEmpty();
        assertThat(result.err().lines())
                .hasSize(1)
                .allMatch(line -> line.startsWith("No domain '")
                        && line.endsWith("' on test:///default; `list` shows those there are"));
    }

    /// C1's CSI, which a terminal takes for an escape sequence; text that goes from right to left; the end of
    /// a line.
    @Test
    void printsNothingThatActsOnATerminal() throws Exception {
        String name = "cli-\u009b2J\u202e\u2028\u007f-\u00e9";
        String shown = "cli-\\u009b2J\\u202e\\u2028\\u007f-\u00e9";
        Result json = eventsOf(name, "events", "-c", URI, "--count", "1", "--json");
        assertThat(json.out()).contains(shown).doesNotContain(name);
        assertThat(JsonParser.parseString(json.out())
                        .getAsJsonObject()
                        .getAsJsonObject("object")
                        .get("name")
                        .getAsString())
                .isEqualTo(name);
        assertThat(eventsOf(name, "events", "-c", URI, "--count", "1").out())
                .contains(" " + shown + " ")
                .doesNotContain(name);
        try (Connect connect = Connect.open(URI);
                Domain domain = connect.domains().create("""
                        <domain type='test'>
                          <name>%s</name>
                          <title>%s</title>
                          <memory unit='MiB'>256</memory>
                          <os><type>hvm</type></os>
                        </domain>
                        """.formatted(name, name))) {
            Result list = Result.of("list", "-c", URI);
            Result info = Result.of("info", name, "-c", URI);
            domain.destroy();
            assertThat(list.out().lines())
                    .contains("ID  " + "NAME" + " ".repeat(shown.length() - 4) + "  STATE")
                    .anyMatch(line -> line.endsWith(shown + "  running"));
            assertThat(info.out().lines()).contains("name:       " + shown, "title:      " + shown);
        }
        Result error = Result.of("info", "a\u001b[2J\nb", "-c", URI);
        assertThat(error.err()).startsWith("No domain 'a\\u001b[2J\\nb' on").endsWith("\n");
        assertThat(error.err().lines()).hasSize(1);
    }

    /// Not what is in a file of that name.
    @Test
    void takesAnArgumentForWhatItIs(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "test");
        assertThat(Result.of("info", "@" + file, "-c", URI).err()).startsWith("No domain '@" + file + "' on");
    }

    @Test
    void refusesKindsOfEventsThatAreNotThereOrDoNotFit() {
        Result unknown = Result.of("events", "-c", URI, "--kind", "domain.lifecycle,domain.nosuch");
        assertThat(unknown.status()).isEqualTo(2);
        assertThat(unknown.err())
                .startsWith("--kind: no kind of event is called 'domain.nosuch'; there are domain.lifecycle, ");
        assertThat(Result.of("events", "-c", URI, "--kind", "domain.lifecycel").err())
                .isEqualTo("--kind: no kind of event is called 'domain.lifecycel'; did you mean 'domain.lifecycle'?\n");
        Result notOfDomains = Result.of("events", "-c", URI, "--kind", "network.lifecycle", "--domain", "test");
        assertThat(notOfDomains.status()).isEqualTo(2);
        assertThat(notOfDomains.err()).isEqualTo("--domain: network.lifecycle events are not of domains\n");
    }

    @Test
    void printsEventsOfSeveralKindsOfOneDomainOnly() throws Exception {
        Callable<Result> command = () -> Result.of(
                "events", "-c", URI, "--domain", "test", "--kind", "domain.metadata-change", "--count", "1", "--json");
        var running = new FutureTask<>(command);
        try (Connect connect = Connect.open(URI);
                Domain test = connect.domains().lookupByName("test");
                Domain other = connect.domains().create("""
                        <domain type='test'>
                          <name>cli-other</name>
                          <memory unit='MiB'>256</memory>
                          <os><type>hvm</type></os>
                        </domain>
                        """)) {
            Thread.ofPlatform().start(running);
            while (!running.isDone()) {
                other.setTitle("other");
                test.setTitle("test");
            }
            other.destroy();
        }
        JsonObject event = JsonParser.parseString(running.get().out()).getAsJsonObject();
        assertThat(event.keySet()).containsExactlyInAnyOrder("time", "kind", "object", "type", "uri");
        assertThat(event.get("kind").getAsString()).isEqualTo("domain.metadata-change");
        assertThat(event.get("type").getAsString()).isEqualTo("TITLE");
        assertThat(event.getAsJsonObject("object").get("name").getAsString()).isEqualTo("test");
    }

    @Test
    void examinesWhatCanBeDoneHere() {
        Result text = Result.of("doctor");
        assertThat(text.status()).isZero();
        assertThat(text.out().lines()).last().isEqualTo("The binding can work here.");
        Result result = Result.of("doctor", "--json");
        assertThat(result.status()).isZero();
        JsonObject doctor = JsonParser.parseString(result.out()).getAsJsonObject();
        assertThat(doctor.keySet())
                .containsExactly("jdk", "libvirt", "functions", "eventKinds", "connection", "problems");
        JsonObject libvirt = doctor.getAsJsonObject("libvirt");
        assertThat(libvirt.get("version").getAsString())
                .isEqualTo(Libvirt.version().toString());
        assertThat(libvirt.get("path").getAsString()).contains("/libvirt.so.0");
        JsonObject functions = doctor.getAsJsonObject("functions");
        assertThat(functions.get("known").getAsInt()).isEqualTo(568);
        assertThat(functions.get("available").getAsInt()
                        + functions.getAsJsonArray("missing").size())
                .isEqualTo(568);
        assertThat(doctor.getAsJsonArray("eventKinds")).hasSize(40);
        assertThat(doctor.get("connection").isJsonNull()).isTrue();
        assertThat(Result.of("doctor", "-c", URI).out()).contains("hypervisor: TEST\n");
        Result failed = Result.of("doctor", "-c", "test:///nosuchfile.xml", "--json");
        assertThat(failed.status()).isOne();
        assertThat(failed.out()).contains("\"failure\":\"virConnectOpenAuth: ");
        assertThat(doctor.getAsJsonArray("problems")).isEmpty();
    }

    /// The stack trace is for those who mend it.
    @Test
    void tellsOfAFaultOfItsOwnInALine() throws Exception {
        var err = new StringWriter();
        CommandLine command = Commands.commandLine("list").setErr(new Printer(err));
        var fault = new NullPointerException("why");

        int status = command.getExecutionExceptionHandler()
                .handleExecutionException(fault, command, command.parseArgs("list"));

        assertThat(status).isEqualTo(1);
        assertThat(err.toString())
                .matches(
                        "A fault of the command: java\\.lang\\.NullPointerException: why\\. Please report it, with /.*\n");
        Path file = Path.of(err.toString().strip().replaceFirst(".* with ", ""));
        assertThat(Files.readString(file)).contains("NullPointerException: why", "tellsOfAFaultOfItsOwnInALine");
        Files.delete(file);
    }
}
