package io.github.libvirt4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.testing.JavaCommand;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `./run fleet --kafka`, with its modules and its native access, on a broker with TLS, passwords and ACLs.
@Tag("slow")
@Timeout(180)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FleetOnKafkaTest {
    private static final Path TARGET = Path.of("../fleet-kafka/target");
    private static final String PASSWORD = "hunter2";
    private static final Pattern EXAMPLE = Pattern.compile("(?s)```properties\n(.*?)```");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path folder;

    @SuppressWarnings("NullAway.Init")
    private static Path checkout;

    @SuppressWarnings("NullAway.Init")
    private static Process broker;

    private static String bootstrap = "";
    private static String authority = "";

    @BeforeAll
    static void start() throws IOException {
        checkout = Checkout.make(folder.resolve("checkout"));
        // On a class path: Kafka's server does not fit on a module path.
        broker = new ProcessBuilder(
                        JavaCommand.own(),
                        "-Xmx512m",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        TARGET + "/test-classes:" + TARGET + "/classes:"
                                + Files.readString(TARGET.resolve("test.classpath"))
                                        .strip(),
                        "io.github.libvirt4j.fleet.kafka.BrokerProgram")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String[] place = line(broker).split(" ", -1);
        bootstrap = place[1];
        authority = place[2];
    }

    @AfterAll
    static void stop() throws Exception {
        broker.outputWriter(StandardCharsets.UTF_8).close();
        broker.waitFor();
    }

    private static String line(Process process) throws IOException {
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        return Objects.requireNonNull(output.readLine(), "The process has ended");
    }

    /// The answers of the broker's program.
    private static String ask(String... words) throws IOException {
        BufferedWriter input = broker.outputWriter(StandardCharsets.UTF_8);
        input.write(String.join(" ", words));
        input.newLine();
        input.flush();
        return line(broker);
    }

    private static Process fleet(String user, String... options) throws IOException {
        Matcher example = EXAMPLE.matcher(Files.readString(Path.of("../docs/fleet-kafka.md")));
        assertThat(example.find()).isTrue();
        Path configuration = Files.writeString(
                folder.resolve(user + ".properties"),
                Objects.requireNonNull(example.group(1))
                        .replace("\"worker\"", "\"" + user + "\"")
                        .replace("CHANGE-ME", PASSWORD)
                        .replace("/etc/fleet/kafka-ca.pem", authority));
        return start(configuration, options);
    }

    private static Process start(Path configuration, String... options) throws IOException {
        List<String> command = new ArrayList<>(
                List.of("./run", "fleet", "--kafka", bootstrap, "--kafka-config", configuration.toString()));
        command.addAll(List.of(options));
        ProcessBuilder builder = new ProcessBuilder(command).directory(checkout.toFile());
        builder.environment().put("JAVA_HOME", Objects.requireNonNull(System.getProperty("java.home")));
        return builder.start();
    }

    private static Result end(Process process) throws Exception {
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(out + err).doesNotContain(PASSWORD);
        return new Result(process.exitValue(), out, err);
    }

    @Test
    @Order(1)
    void aUserWithoutRightsGetsALineThatNamesThem() throws Exception {
        Result unknown = end(fleet("worker"));
        assertThat(unknown.status()).isEqualTo(Status.DENIED);
        assertThat(unknown.out()).isEmpty();
        assertThat(unknown.err()).matches("Kafka at " + bootstrap + ": Authentication failed .*SCRAM-SHA-512.*\n");
        var _ = ask("user", "somebody", PASSWORD);
        Result refused = end(fleet("somebody"));
        assertThat(refused.status()).isEqualTo(Status.DENIED);
        assertThat(refused.out()).isEmpty();
        assertThat(refused.err())
                .matches("Kafka at " + bootstrap
                        + ": The worker's principal lacks rights: Read on topic libvirt\\.hosts;" + " .*\n");
    }

    @Test
    @Order(1)
    void saysWhatIsWrongWithTheProperties() throws Exception {
        Path none = Files.writeString(folder.resolve("none.properties"), """
                security.protocol=SSL
                ssl.truststore.type=PEM
                ssl.truststore.location=/nonexistent/ca.pem
                """);
        Result missing = end(start(none));
        assertThat(missing.status()).isEqualTo(Status.FAILED);
        assertThat(missing.err())
                .isEqualTo("Kafka at " + bootstrap + ": Failed to load PEM SSL keystore /nonexistent/ca.pem\n");
        // A password that is not quoted.
        Path configuration = Files.writeString(folder.resolve("unquoted.properties"), """
                security.protocol=SASL_SSL
                sasl.mechanism=SCRAM-SHA-512
                sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required password=a %s;
                """.formatted(PASSWORD));
        Result result = end(start(configuration));
        assertThat(result.status()).isEqualTo(Status.FAILED);
        assertThat(result.err())
                .isEqualTo("Kafka at " + bootstrap + ": Value not specified for key '…' in JAAS config\n");
    }

    /// Kafka's client reads compressed records by libraries of C.
    @Test
    @Order(2)
    void watchesHostsOfEachCompressionUntilItIsTerminated() throws Exception {
        var _ = ask("user", "worker", PASSWORD);
        var _ = ask("rights", "libvirt.");
        Process process = fleet("worker", "--kafka-partitions", "2");
        try {
            List<String> compressions = List.of("none", "gzip", "snappy", "lz4", "zstd");
            for (String each : compressions) {
                // It waits until the command has made the topics.
                assertThat(ask("put", each, "test:///default", each)).isEqualTo("put");
            }
            String worker = "";
            for (String each : compressions) {
                worker = ask("await", each, "UP");
                assertThat(worker).as(each).endsWith(":" + process.pid());
            }
            // SIGTERM, and the streams stay open.
            assertThat(process.toHandle().destroy()).isTrue();
            Result result = end(process);
            assertThat(result).isEqualTo(new Result(0, "", ""));
            // In order: it has said so before it left.
            for (String each : compressions) {
                assertThat(ask("await", each, "UNWATCHED")).isEqualTo(worker);
            }
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    @Order(3)
    void showsItsHostsOnATerminal() throws Exception {
        String before = "cd '" + checkout + "'; export JAVA_HOME='" + System.getProperty("java.home") + "'";
        List<String> command = List.of(
                "./run",
                "fleet",
                "--kafka",
                bootstrap,
                "--kafka-config",
                folder.resolve("worker.properties").toString());
        try (Tmux terminal = new Tmux(folder, 120, 24, before, command)) {
            var _ = terminal.await("5 of 5 hosts up, 5 domains (5 running)");
            terminal.press("C-c");
            terminal.awaitEnd(Status.OK);
        }
    }

    @Test
    @Order(4)
    void topicsOfAnotherPolicyAreToldInALine() throws Exception {
        var _ = ask("topic", "other.domains", "delete");
        Result result = end(fleet("worker", "--kafka-prefix", "other."));
        // The rights are for other names.
        assertThat(result.status()).isEqualTo(Status.DENIED);
        assertThat(result.err().lines()).hasSize(1);
        var _ = ask("rights", "other.");
        result = end(fleet("worker", "--kafka-prefix", "other."));
        assertThat(result.status()).isEqualTo(Status.FAILED);
        assertThat(result.out()).isEmpty();
        assertThat(result.err())
                .isEqualTo("The topics are unsuitable: cleanup.policy of other.domains is delete and has to be compact."
                        + " Correct them with kafka-configs.sh, or choose another prefix\n");
    }
}
