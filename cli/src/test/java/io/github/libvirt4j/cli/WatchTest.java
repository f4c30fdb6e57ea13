package io.github.libvirt4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.event.DomainIdentity;
import io.github.libvirt4j.link.DomainView;
import io.github.libvirt4j.link.Gap;
import io.github.libvirt4j.link.LinkState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class WatchTest {
    private static final String URI = "test:///default";

    private static final Instant NOW = Instant.parse("2026-11-29T12:02:10Z");

    private static DomainView view(String name) {
        return new DomainView(
                new DomainIdentity(name, new UUID(1, 2)), OptionalInt.of(7), 1, 1, true, 1, NOW.minusSeconds(70));
    }

    private static List<String> lines(LinkState state, boolean current) {
        return Watch.lines("qemu:///system", state, current, List.of(view("web"), view("db")), NOW, 200, false);
    }

    @Test
    void showsDomainsWhileTheLinkIsUp() {
        assertThat(lines(new LinkState.Up(1, NOW), true))
                .containsExactly(
                        "qemu:///system: link up since " + Times.clock(NOW) + ", 2 domains",
                        "",
                        "ID  NAME  STATE    REASON",
                        "7   db    running  booted",
                        "7   web   running  booted");
    }

    @Test
    void saysHowOldItsKnowledgeIsWhileTheLinkIsDown() {
        LinkState down = new LinkState.Down(
                NOW.minusSeconds(10),
                Gap.Cause.DISCONNECTED,
                Optional.of(new IllegalStateException("refused")),
                3,
                NOW.plusMillis(3500));
        assertThat(lines(down, false))
                .contains("qemu:///system: as of " + Times.clock(NOW.minusSeconds(70)) + ", link down since "
                        + Times.clock(NOW.minusSeconds(10)) + ", next try in 4 s (refused)")
                .contains("ID  NAME  STATE    REASON  AS-OF")
                .anyMatch(line -> line.startsWith("7   web   running  booted  20"));
        LinkState trying = new LinkState.Down(NOW, Gap.Cause.BEGINNING, Optional.empty(), 0, NOW);
        assertThat(LinkLine.of(trying, NOW)).isEqualTo("link down since " + Times.clock(NOW) + ", trying now");
        assertThat(lines(new LinkState.Up(2, NOW), false).getFirst()).endsWith(", listing");
    }

    @Test
    void printsNoticesAsJson() throws Exception {
        String name = "watch-" + UUID.randomUUID();
        Callable<Result> command = () -> Result.of("watch", "--json", "-c", URI, "--count", "30");
        var running = new FutureTask<>(command);
        try (Connect connect = Connect.open(URI)) {
            Thread.ofPlatform().start(running);
            while (!running.isDone()) {
                try (Domain domain = connect.domains().create("""
                        <domain type='test'><name>%s</name><memory>65536</memory><os><type>hvm</type></os></domain>
                        """.formatted(name))) {
                    Thread.sleep(50);
                    domain.suspend();
                    Thread.sleep(50);
                    domain.destroy();
                }
                Thread.sleep(50);
            }
        }
        Result result = running.get();
        assertThat(result.status()).isZero();
        assertThat(result.err()).isEmpty();
        List<JsonObject> notices = result.out()
                .lines()
                .map(line -> JsonParser.parseString(line).getAsJsonObject())
                .toList();
        assertThat(notices).hasSize(30);
        assertThat(notices.stream()
                        .map(each -> each.get("notice").getAsString())
                        .distinct())
                .containsExactlyInAnyOrder("link", "gap", "added", "synced", "changed", "removed");
        JsonObject changed = notices.stream()
                .filter(each -> each.get("notice").getAsString().equals("changed"))
                .findFirst()
                .orElseThrow();
        assertThat(changed.get("name").getAsString()).isEqualTo(name);
        assertThat(changed.get("state").getAsString()).isEqualTo("PAUSED");
        assertThat(changed.get("why").getAsString()).isEqualTo("TOLD");
        assertThat(changed.getAsJsonObject("was").get("state").getAsString()).isEqualTo("RUNNING");
    }

    @Test
    void printsLinesForPeople() {
        Result result = Result.of("watch", "-c", URI, "--count", "4", "--timeout", "20s");
        assertThat(result.status()).isZero();
        // That the link is down is not said if it comes up before the watch begins.
        assertThat(result.out().lines())
                .hasSizeBetween(3, 4)
                .anyMatch(line -> line.matches("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{3} test: running .*"))
                .anyMatch(line -> line.endsWith(" up to date"));
    }

    /// It is a state of the link, and no reason to end.
    @Test
    void goesOnWithoutAHypervisor() {
        Result result = Result.of("watch", "-c", "test:///nosuchfile.xml", "--count", "2", "--timeout", "30s");
        assertThat(result.status()).isZero();
        assertThat(result.out().lines()).hasSize(2).allMatch(line -> line.contains(" link down since "));
        assertThat(result.out()).contains("nosuchfile.xml");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--count=0", "--timeout=soon", "--open-timeout=0s"})
    void refusesArgumentsThatAreWrong(String argument) {
        Result result = Result.of("watch", "-c", URI, argument);
        assertThat(result.status()).isEqualTo(Status.USAGE);
        assertThat(result.err().lines()).hasSize(1);
    }
}
