package io.github.libvirt4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.Libvirt;
import io.github.libvirt4j.testing.SessionDaemon;
import io.github.libvirt4j.types.DomainState;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Subcommands that change domains, on the test driver.
@Timeout(60)
class VerbTest {
    private static final String URI = "test:///default";

    private final String name = "verb-" + UUID.randomUUID();
    private Connect connect;
    private Domain domain;

    private static String xml(String name) {
        return """
                <domain type='test'>
                  <name>%s</name>
                  <memory unit='MiB'>256</memory>
                  <os><type>hvm</type></os>
                </domain>
                """.formatted(name);
    }

    @BeforeEach
    void define() {
        connect = Connect.open(URI);
        domain = connect.domains().define(xml(name));
    }

    @AfterEach
    void remove() {
        if (domain.isActive()) {
            domain.destroy();
        }
        if (domain.isPersistent()) {
            domain.undefine();
        }
        connect.close();
        assertThat(Libvirt.handlesOpen()).isZero();
    }

    private static Result run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("-c", URI));
        return Result.of(all.toArray(String[]::new));
    }

    private void does(String verb, String done, DomainState state) {
        assertThat(run(verb, name)).isEqualTo(new Result(0, name + ": " + done + "\n", ""));
        assertThat(domain.state().state()).isEqualTo(state);
    }

    @Test
    void goesThroughTheLifeOfADomain() {
        does("start", "started", DomainState.RUNNING);
        does("suspend", "suspended", DomainState.PAUSED);
        does("resume", "resumed", DomainState.RUNNING);
        does("destroy", "destroyed", DomainState.SHUTOFF);
        does("start", "started", DomainState.RUNNING);
        does("reboot", "asked to reboot", DomainState.RUNNING);
        does("shutdown", "shut down", DomainState.SHUTOFF);
        assertThat(run("undefine", name)).isEqualTo(new Result(0, name + ": undefined\n", ""));
        assertThat(connect.domains().findByName(name)).isEmpty();
        domain = connect.domains().define(xml(name));
    }

    @Test
    void findsADomainByUuidAndById() {
        assertThat(run("start", domain.uuid().toString()).out()).isEqualTo(name + ": started\n");
        String id;
        try (Domain running = connect.domains().lookupByName(name)) {
            id = Integer.toString(running.id().orElseThrow());
        }
        assertThat(run("suspend", id).out()).isEqualTo(name + ": suspended\n");
    }

    @Test
    void saysAsJsonWhatWasDone() {
        Result result = run("start", "--json", name);
        JsonObject done = JsonParser.parseString(result.out()).getAsJsonObject();
        assertThat(done.keySet()).containsExactly("name", "uuid", "done");
        assertThat(done.get("name").getAsString()).isEqualTo(name);
        assertThat(done.get("uuid").getAsString()).isEqualTo(domain.uuid().toString());
        assertThat(done.get("done").getAsString()).isEqualTo("started");
        assertThat(result.out().lines()).hasSize(1);
    }

    /// A domain that is not there does not keep it from the next one.
    @Test
    void worksOnSeveralDomains() {
        String other = name + "-2";
        try (Domain second = connect.domains().define(xml(other))) {
            Result result = run("start", name, "nobody", other);
            assertThat(result.status()).isEqualTo(Status.NOT_FOUND);
            assertThat(result.out()).isEqualTo(name + ": started\n" + other + ": started\n");
            assertThat(result.err()).startsWith("No domain 'nobody' on").endsWith("\n");
            second.destroy();
            second.undefine();
        }
    }

    /// The test driver reports most of it as a failure like any other; QEMU's does not.
    @ParameterizedTest
    @CsvSource({
        "suspend, 1, not running",
        "resume, 1, not paused",
        "destroy, 5, not running",
        "shutdown, 1, not running"
    })
    void saysThatTheStateForbidsIt(String verb, int status, String message) {
        Result result = run(verb, name);
        assertThat(result.status()).isEqualTo(status);
        assertThat(result.out()).isEmpty();
        assertThat(result.err().lines()).hasSize(1).allMatch(line -> line.contains(message));
    }

    @ParameterizedTest
    @CsvSource({"start", "undefine", "destroy"})
    void refusesOnAReadOnlyConnection(String verb) {
        Result result = run(verb, "--read-only", name);
        assertThat(result.status()).isEqualTo(Status.DENIED);
        assertThat(result.err().lines()).hasSize(1).allMatch(line -> line.contains("read only"));
        assertThat(run("list", "-r").status()).isZero();
    }

    @Test
    void suggestsASimilarName() {
        assertThat(run("info", "tset").err()).isEqualTo("No domain 'tset' on test:///default; did you mean 'test'?\n");
        assertThat(run("info", "test-that-is-not-there").err()).endsWith("; `list` shows those there are\n");
        Result subcommand = run("shutdwon", "test");
        assertThat(subcommand.status()).isEqualTo(Status.USAGE);
        assertThat(subcommand.err()).isEqualTo("No subcommand 'shutdwon' of 'run'; did you mean 'shutdown'?\n");
        assertThat(run("start", "--pasued", "test").err())
                .isEqualTo("Unknown option: '--pasued'; did you mean '--paused'?\n");
    }

    @Test
    void definesADomainOfAFile(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("a.xml"), xml(name + "-2"));
        assertThat(run("define", file.toString())).isEqualTo(new Result(0, name + "-2: defined\n", ""));
        connect.domains().lookupByName(name + "-2").undefine();
        Files.writeString(file, "<domain>");
        Result wrong = run("define", file.toString());
        assertThat(wrong.status()).isOne();
        assertThat(wrong.err().lines()).hasSize(1);
        assertThat(run("define", folder.resolve("none").toString()).err()).startsWith("NoSuchFileException: ");
        assertThat(run("define", folder.toString())).isEqualTo(new Result(1, "", "'" + folder + "' is a folder\n"));
        assertThat(run("define", "")).isEqualTo(new Result(1, "", "'' is a folder\n"));
    }

    /// Whatever encoding the XML declares: libvirt is given UTF-8.
    @ParameterizedTest
    @CsvSource({"ISO-8859-1, ISO-8859-1", "UTF-8, ISO-8859-1", "UTF-16, UTF-16", "UTF-16, UTF-16LE"})
    void refusesAFileThatIsNotUtf8(String declared, String encoding, @TempDir Path folder) throws Exception {
        Path file = folder.resolve("a.xml");
        // Without the title UTF-16LE is UTF-8, with a NUL after each character.
        String title = encoding.equals("UTF-16LE") ? "" : "<title>\u00e9</title>";
        String text = "<?xml version='1.0' encoding='" + declared + "'?>"
                + xml(name + "-2").replace("<memory", title + "<memory");
        Files.write(file, text.getBytes(Charset.forName(encoding)));
        Result result = run("define", file.toString());
        assertThat(result.status()).isEqualTo(Status.FAILED);
        assertThat(result.err()).startsWith(file + " is not UTF-8, which libvirt takes. Convert it by `iconv -f ");
        assertThat(result.err().lines()).hasSize(1);
        assertThat(connect.domains().findByName(name + "-2")).isEmpty();
    }

    @Test
    void printsTheXmlOfADomain() {
        Result text = run("xml", name);
        assertThat(text.out()).isEqualTo(domain.xmlDesc());
        JsonObject json =
                JsonParser.parseString(run("xml", "--json", name).out()).getAsJsonObject();
        assertThat(json.get("xml").getAsString()).isEqualTo(domain.xmlDesc());
    }

    @Test
    void describesADomainAsJson() {
        JsonObject info =
                JsonParser.parseString(run("info", "--json", name).out()).getAsJsonObject();
        assertThat(info.get("state").getAsString()).isEqualTo("SHUTOFF");
        assertThat(info.get("id").isJsonNull()).isTrue();
        assertThat(info.get("maxMemory").getAsLong()).isEqualTo(256L << 20);
        assertThat(info.get("persistent").getAsBoolean()).isTrue();
    }

    /// A guest without an operating system does not shut down.
    @Test
    void saysWhatAShutdownDidNotDo() {
        String uri = SessionDaemon.shared().unixUri("qemu:///session");
        try (Connect qemu = Connect.open(uri);
                Domain guest = qemu.domains().define("""
                        <domain type='qemu'>
                          <name>%s</name>
                          <memory unit='MiB'>32</memory>
                          <os><type arch='x86_64' machine='q35'>hvm</type></os>
                          <features><acpi/></features>
                        </domain>
                        """.formatted(name))) {
            assertThat(Result.of("shutdown", name, "-c", uri).status()).isEqualTo(Status.STATE);
            assertThat(Result.of("start", name, "--paused", "-c", uri).err()).isEmpty();
            assertThat(guest.state().state()).isEqualTo(DomainState.PAUSED);
            assertThat(Result.of("resume", name, "-c", uri).status()).isZero();
            Result result = Result.of("shutdown", name, "--timeout", "500ms", "-c", uri);
            assertThat(result.status()).as(result.err()).isEqualTo(Status.NOT_IN_TIME);
            assertThat(result.out()).isEmpty();
            assertThat(result.err())
                    .isEqualTo(name + ": asked to shut down, and still running after 0.5s. Nothing else was done;"
                            + " `destroy` ends a domain at once\n");
            assertThat(Result.of("shutdown", name, "--no-wait", "-c", uri).out())
                    .isEqualTo(name + ": asked to shut down\n");
            assertThat(Result.of("shutdown", name, "--mode", "nosuch", "-c", uri)
                            .status())
                    .isEqualTo(Status.USAGE);
            assertThat(Result.of("destroy", name, "--graceful", "-c", uri).status())
                    .isZero();
            guest.undefine();
        }
    }
}
