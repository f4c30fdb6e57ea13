package io.github.libvirt4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `agent`, with the one that the test driver pretends to have.
@Timeout(60)
class AgentTest {
    private static Result agent(String arguments) {
        return Result.of(("agent -c test:///default " + arguments).split(" ", -1));
    }

    @ParameterizedTest
    @CsvSource({
        "hostname test, testhost",
        "time test, 1989-11-1. ..:..:..\\....",
        "interfaces test, NAME +MAC +ADDRESSES\\s+testnet0 +aa:bb:cc:dd:ee:ff +192.168.122.3/24",
        "filesystems test, MOUNTPOINT +NAME +TYPE +DISKS\\s+/ +vda1 +ext4 +vda\\s+/boot +vda2 +ext4 +vda",
        "freeze test, test: 2 file systems frozen",
        "trim test, test: trimmed",
    })
    void tells(String arguments, String expected) {
        Result result = agent(arguments);
        assertThat(result.err()).isEmpty();
        assertThat(result.out().strip()).matches(expected);
        assertThat(result.status()).isZero();
        assertThat(agent(arguments.equals("freeze test") ? "thaw test --json" : arguments + " --json")
                        .out()
                        .lines())
                .isNotEmpty()
                .allMatch(line -> JsonParser.parseString(line).isJsonObject());
    }

    @ParameterizedTest
    @CsvSource({
        "ping test, 7, not supported",
        "ping test --timeout 87600h, 7, not supported",
        "ping test --timeout 99999999999s, 2, 'not a duration; write 500ms, 10s, 2m or 1h, at most 87600h'",
        "ping test --timeout 500ms, 2, '--timeout must be at least 1s, not 0.5s'",
        "trim test --minimum -1, 2, '--minimum must be at least 0, not -1'",
        "ssh-keys test root, 7, not supported",
        "ssh-keys test root --add pom.xml, 7, not supported",
        "ssh-keys test root --remove /nowhere, 1, /nowhere",
        "ssh-keys test root --add target/classes/io/github/libvirt4j/cli/Main.class, 1, Main.class is not UTF-8",
        "ssh-keys test root --add pom.xml --remove pom.xml, 2, mutually exclusive",
        "set-password test, 2, Missing required parameter: 'USER'",
        "info test, 7, not supported",
        "hostname nobody, 4, No domain 'nobody'",
        "hostnaem test, 2, did you mean 'hostname'?",
        "hostname, 2, Missing required parameter: 'DOMAIN'",
        "interfaces test --source moon, 2, moon",
    })
    void refuses(String arguments, int status, String message) {
        Result result = agent(arguments);
        assertThat(result.status()).isEqualTo(status);
        assertThat(result.out()).isEmpty();
        assertThat(result.err().lines()).hasSize(1).allMatch(line -> line.contains(message));
    }

    @Test
    void wantsASubcommand() {
        Result result = Result.of("agent");
        assertThat(result.status()).isEqualTo(Status.USAGE);
        assertThat(result.err()).contains("`run agent --help`");
    }

    private static Result setPassword(byte[] input) {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(input));
        try {
            return agent("set-password test root");
        } finally {
            System.setIn(before);
        }
    }

    @Test
    void readsAPasswordFromTheInput() {
        Result result = setPassword("gehäim\nnext".getBytes(StandardCharsets.UTF_8));
        assertThat(result.out()).isEqualTo("test: the password of root is set\n");
        assertThat(result.err()).isEmpty();
        assertThat(setPassword(new byte[0]).err()).contains("ended before a password");
        // The one that the terminal of another locale gives.
        assertThat(setPassword(new byte[] {(byte) 0xe4, '\n'}).err()).contains("not UTF-8");
    }
}
