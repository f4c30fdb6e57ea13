package io.github.libvirt4j.spring.sample;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.libvirt4j.testing.JavaCommand;
import io.github.libvirt4j.testing.SessionDaemon;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Starts the jar, as a user does, over a daemon that is killed and started again.
@Timeout(120)
class SampleTest {
    private static final Pattern PORT = Pattern.compile("started on port (\\d+)");
    private static final int TERMINATED = 128 + 15;

    @TempDir
    Path folder;

    private final HttpClient client = HttpClient.newHttpClient();
    private String base = "";

    private static Path jar() throws IOException {
        try (DirectoryStream<Path> jars =
                Files.newDirectoryStream(Path.of("target"), "libvirt4j-spring-sample-*.jar")) {
            return jars.iterator().next();
        }
    }

    private Process start(String uri, Path output) throws IOException {
        return new ProcessBuilder(
                        JavaCommand.own(),
                        "-XX:TieredStopAtLevel=1",
                        "-jar",
                        jar().toString(),
                        "--server.port=0",
                        "--server.address=127.0.0.1",
                        "--libvirt4j.uri=" + uri,
                        "--libvirt4j.retry.longest=200ms")
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }

    private static int port(Process process, Path output) throws IOException, InterruptedException {
        while (true) {
            String text = Files.readString(output, StandardCharsets.UTF_8);
            Matcher port = PORT.matcher(text);
            if (port.find()) {
                return Integer.parseInt(Objects.requireNonNull(port.group(1)));
            }
            assertThat(process.waitFor(20, TimeUnit.MILLISECONDS)).as(text).isFalse();
        }
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create(base + path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private JsonElement json(String path) throws IOException, InterruptedException {
        return JsonParser.parseString(get(path).body());
    }

    /// Asks for the health until it is as expected.
    private JsonObject health(Process process, int status, Predicate<JsonObject> expected)
            throws IOException, InterruptedException {
        while (true) {
            HttpResponse<String> response = get("/actuator/health");
            JsonObject libvirt = JsonParser.parseString(response.body())
                    .getAsJsonObject()
                    .getAsJsonObject("components")
                    .getAsJsonObject("libvirt");
            if (response.statusCode() == status && expected.test(libvirt)) {
                return libvirt;
            }
            assertThat(process.waitFor(20, TimeUnit.MILLISECONDS)).isFalse();
        }
    }

    /// Asks for the changes until there is one; listeners hear of it after the health.
    private void awaitChange(Process process, String text) throws IOException, InterruptedException {
        while (!get("/changes").body().contains(text)) {
            assertThat(process.waitFor(20, TimeUnit.MILLISECONDS)).isFalse();
        }
    }

    private static String status(JsonObject health) {
        return health.get("status").getAsString();
    }

    private static int generation(JsonObject health) {
        return health.getAsJsonObject("details").get("generation").getAsInt();
    }

    @Test
    void showsTheTruthWhileADaemonGoesAndComes() throws Exception {
        Path output = folder.resolve("output");
        try (SessionDaemon daemon = SessionDaemon.start()) {
            Process process = start(daemon.unixUri("test:///default"), output);
            try {
                base = "http://127.0.0.1:" + port(process, output);
                int first = generation(health(process, 200, each -> status(each).equals("UP")));
                JsonObject domain = json("/domains").getAsJsonArray().get(0).getAsJsonObject();
                assertThat(domain.get("name").getAsString()).isEqualTo("test");
                assertThat(domain.get("state").getAsString()).isEqualTo("RUNNING");

                daemon.kill();
                JsonObject down = health(process, 503, each -> status(each).equals("DOWN"));
                assertThat(down.getAsJsonObject("details").get("link").getAsString())
                        .isEqualTo("down");
                assertThat(json("/domains").getAsJsonArray()).hasSize(1);

                daemon.restart();
                JsonObject up = health(process, 200, each -> status(each).equals("UP"));
                assertThat(generation(up)).isGreaterThan(first);
                awaitChange(process, "test (RUNNING) is there");
                awaitChange(process, "DISCONNECTED");
                assertThat(json("/actuator/metrics/libvirt.link.up").toString()).contains("\"value\":1.0");
                assertThat(json("/actuator/metrics/libvirt.watch.current?tag=link:libvirt")
                                .toString())
                        .contains("\"value\":1.0");

                process.destroy();
                assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
                assertThat(process.exitValue()).isEqualTo(TERMINATED);
                assertThat(output).content().doesNotContain("WARNING");
            } finally {
                process.destroyForcibly();
            }
        }
    }
}
