package io.github.libvirt4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.DomainSnapshot;
import io.github.libvirt4j.Libvirt;
import io.github.libvirt4j.types.DomainSnapshotCreateFlags;
import io.github.libvirt4j.types.DomainState;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `snapshot`, on the test driver.
@Timeout(60)
class SnapshotTest {
    private Connect connect;
    private Domain domain;

    @BeforeEach
    void open() {
        connect = Connect.open("test:///default");
        domain = connect.domains().lookupByName("test");
    }

    @AfterEach
    void remove() {
        if (domain.state().state() == DomainState.PAUSED) {
            domain.resume();
        }
        domain.snapshots().listAll().forEach(each -> {
            each.delete();
            each.close();
        });
        connect.close();
        assertThat(Libvirt.handlesOpen()).isZero();
    }

    private static Result snapshot(String arguments) {
        return Result.of(("snapshot -c test:///default " + arguments).split(" ", -1));
    }

    private static Result done(String snapshot, String done) {
        return new Result(0, "test: snapshot " + snapshot + " " + done + "\n", "");
    }

    @Test
    void takesRevertsToAndDeletes() {
        Instant before = Instant.now().minusSeconds(2);
        assertThat(snapshot("create test a<b --description x&y")).isEqualTo(done("a<b", "created"));
        domain.suspend();
        assertThat(snapshot("create test two")).isEqualTo(done("two", "created"));
        List<JsonObject> all = snapshot("list test --json")
                .out()
                .lines()
                .map(line -> JsonParser.parseString(line).getAsJsonObject())
                .toList();
        assertThat(all).hasSize(2).allSatisfy(each -> {
            assertThat(each.keySet()).containsExactly("name", "parent", "current", "created", "state");
            assertThat(Instant.parse(each.get("created").getAsString())).isBetween(before, Instant.now());
        });
        JsonObject second = all.stream()
                .filter(each -> each.get("name").getAsString().equals("two"))
                .findFirst()
                .orElseThrow();
        assertThat(second.get("parent").getAsString()).isEqualTo("a<b");
        assertThat(second.get("current").getAsBoolean()).isTrue();
        assertThat(second.get("state").getAsString()).isEqualTo("paused");
        assertThat(snapshot("list test").out())
                .containsPattern("NAME +PARENT +CURRENT +CREATED +STATE")
                .containsPattern("a<b +- +no +[-0-9]+ [:.0-9]+ +running")
                .containsPattern("two +a<b +yes +[-0-9]+ [:.0-9]+ +paused");

        assertThat(snapshot("revert test a<b")).isEqualTo(done("a<b", "reverted to"));
        assertThat(domain.state().state()).isEqualTo(DomainState.RUNNING);
        assertThat(snapshot("revert test a<b --paused")).isEqualTo(done("a<b", "reverted to"));
        assertThat(domain.state().state()).isEqualTo(DomainState.PAUSED);

        JsonObject deleted = JsonParser.parseString(
                        snapshot("delete test a<b --children --json").out())
                .getAsJsonObject();
        assertThat(deleted.keySet()).containsExactly("name", "uuid", "snapshot", "done");
        assertThat(deleted.get("snapshot").getAsString()).isEqualTo("a<b");
        assertThat(deleted.get("done").getAsString()).isEqualTo("deleted");
        assertThat(snapshot("list test").out().lines()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"9223372036854775807", "31556889864403199", "-1"})
    void printsNoTimeThatIsNone(String seconds) {
        assertThat(snapshot("create test one").status()).isZero();
        try (DomainSnapshot one = domain.snapshots().lookupByName("one");
                DomainSnapshot redefined = domain.snapshots()
                        .create(
                                one.xmlDesc()
                                        .replaceFirst(
                                                "<creationTime>.*</creationTime>",
                                                "<creationTime>" + seconds + "</creationTime>"),
                                DomainSnapshotCreateFlags.REDEFINE)) {
            assertThat(redefined.xmlDesc()).contains(">" + seconds + "</creationTime>");
            assertThat(snapshot("list test").out()).containsPattern("one +- +(yes|no) +- +running");
            assertThat(snapshot("list test --json").out()).contains("\"created\":null");
        }
    }

    @Test
    void isNamedByLibvirt() {
        assertThat(snapshot("create test").out()).matches("test: snapshot \\d+ created\n");
    }

    @ParameterizedTest
    @CsvSource({
        "list nobody, 4, No domain 'nobody'",
        "revert test upgrade, 4, No snapshot 'upgrade' on the domain test; `snapshot list test` shows",
        "delete test oen, 4, did you mean 'one'?",
        "create test one, 1, already exists",
        "delete test one --metadata, 1, unsupported flags",
        "create -r test two, 6, read only",
        "delete test, 2, Missing required parameter: 'SNAPSHOT'",
        "remove test, 2, No subcommand 'remove'",
    })
    void refuses(String arguments, int status, String message) {
        assertThat(snapshot("create test one")).isEqualTo(done("one", "created"));
        Result result = snapshot(arguments);
        assertThat(result.err().lines()).hasSize(1).allMatch(line -> line.contains(message));
        assertThat(result.status()).isEqualTo(status);
        assertThat(result.out()).isEmpty();
    }

    @Test
    void completesNames() {
        assertThat(snapshot("create test one").status()).isZero();
        assertThat(Completion.candidates(List.of("-c", "test:///default", "snapshot", "revert", "test", "o")))
                .containsExactly("one");
    }

    @Test
    void wantsASubcommand() {
        Result result = Result.of("snapshot");
        assertThat(result.status()).isEqualTo(Status.USAGE);
        assertThat(result.err()).contains("`run snapshot --help`");
    }
}
