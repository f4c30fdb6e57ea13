package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libvirt4j.auth.Authenticator;
import io.github.libvirt4j.auth.Credential;
import io.github.libvirt4j.error.AuthenticationFailedException;
import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.support.ChildVm;
import io.github.libvirt4j.testing.SessionDaemon;
import io.github.libvirt4j.types.ConnectCredentialType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Logins out of libvirt's file of credentials, and openings that have no login: on the embedded driver with
/// users in its file, a daemon that lets users in by SASL, and `esx://`.
@ExtendWith(NothingLeft.class)
@Timeout(60)
class AuthFileTest {
    private static final String PASSWORD = "pässwörd€😀";

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it.
    private static Path folder;

    @SuppressWarnings("NullAway.Init")
    private static SessionDaemon daemon;

    /// Without their login, each with a parameter.
    @SuppressWarnings("NullAway.Init")
    private static List<String> uris;

    @BeforeAll
    static void start() throws IOException {
        daemon = SessionDaemon.start(Map.of("fred", PASSWORD));
        Path file = Files.writeString(folder.resolve("node.xml"), """
                <node>
                  <auth><user password='%s'>fred</user></auth>
                  <domain type='test'><name>test</name><memory>65536</memory><os><type>hvm</type></os></domain>
                </node>
                """.formatted(PASSWORD));
        uris = List.of(
                "test://" + file + "?x=y",
                daemon.tcpUri() + "?no_tty=1",
                daemon.unixUri("test:///default") + "&no_tty=1");
    }

    @AfterAll
    static void stop() {
        daemon.close();
    }

    private static String with(String uri, String credentials) throws IOException {
        Path file = Files.createTempFile(folder, "auth", ".conf");
        return uri + "&authfile=" + Files.writeString(file, credentials);
    }

    /// The test driver calls the name otherwise than the remote one.
    private static String login(String password) {
        return """
                [credentials-x]
                authname=fred
                username=fred
                %s
                [auth-libvirt-127.0.0.1]
                credentials=x
                [auth-libvirt-localhost]
                credentials=x
                [auth-test-localhost]
                credentials=x
                [auth-esx-127.0.0.1]
                credentials=x
                """.formatted(password);
    }

    private static void assertWorks(Connect connect) {
        try (connect;
                Domain domain = connect.domains().lookupByName("test")) {
            assertThat(domain.name()).isEqualTo("test");
        }
    }

    @ParameterizedTest
    @FieldSource("uris")
    void takesNameAndPasswordFromTheFile(String uri) throws IOException {
        String complete = with(uri, login("password=" + PASSWORD));
        assertWorks(Connect.open(complete));
        // Nothing is left to ask: no console is needed either.
        assertWorks(Connect.to(complete).authenticator(Authenticator.console()).open());
    }

    @ParameterizedTest
    @FieldSource("uris")
    void asksForWhatTheFileDoesNotHave(String uri) throws IOException {
        List<ConnectCredentialType> asked = new ArrayList<>();
        assertWorks(Connect.to(with(uri, login("")))
                .authenticator(credentials -> {
                    for (Credential credential : credentials) {
                        asked.add(credential.type());
                        credential.answer(PASSWORD.toCharArray());
                    }
                })
                .open());
        assertThat(asked).containsExactly(ConnectCredentialType.PASSPHRASE);
    }

    static Stream<String> everyUri() {
        return Stream.concat(uris.stream(), Stream.of("esx://127.0.0.1/?no_verify=1"));
    }

    @ParameterizedTest
    @MethodSource("everyUri")
    void needsALogin(String uri) throws IOException {
        for (String incomplete : List.of(uri, with(uri, login("")), with(uri, "[auth-other-host]\ncredentials=x\n"))) {
            assertThatThrownBy(() -> Connect.open(incomplete))
                    .isInstanceOf(AuthenticationFailedException.class)
                    // OPERATION_FAILED by a newer libvirt.
                    .hasMessageMatching("virConnectOpenAuth: .* \\((AUTH_\\w+|OPERATION_FAILED)\\)\\. .*")
                    .hasMessageContaining("Set an authenticator, or put name and password into libvirt's auth.conf");
        }
    }

    @ParameterizedTest
    @MethodSource("everyUri")
    void saysWhatIsWrongWithTheFile(String uri) throws IOException {
        String missing = uri + "&authfile=" + folder.resolve("missing.conf");
        assertThatThrownBy(() -> Connect.open(missing))
                .isInstanceOf(AuthenticationFailedException.class)
                .hasMessageContaining("authfile");
        String broken = with(uri, login("").replace("[credentials-x]", "[credentials-y]"));
        assertThatThrownBy(() -> Connect.open(broken))
                .isInstanceOf(AuthenticationFailedException.class)
                .hasMessageContaining("credentials-x");
    }

    @ParameterizedTest
    @FieldSource("uris")
    void refusesAWrongPassword(String uri) throws IOException {
        String wrong = with(uri, login("password=wrong"));
        assertThatThrownBy(() -> Connect.open(wrong))
                .isInstanceOf(AuthenticationFailedException.class)
                .message()
                .doesNotContain("authenticator");
    }

    /// libvirt's own callback would print a question, and read the answer that is there.
    @Test
    void neverAsksOnTheTerminal() throws Exception {
        List<String> arguments = everyUri().toList();
        ChildVm vm = ChildVm.onTerminal(
                OnTerminal.class,
                "fred\n" + PASSWORD + "\n",
                List.of("--enable-native-access=ALL-UNNAMED"),
                arguments.toArray(String[]::new));
        assertThat(vm.lines())
                .filteredOn(line -> line.endsWith("AuthenticationFailedException"))
                .hasSize(arguments.size());
        assertThat(String.join("\n", vm.lines()))
                .doesNotContainIgnoringCase("enter")
                .doesNotContain("Please");
        assertThat(vm.status()).isZero();
    }

    static final class OnTerminal {
        private OnTerminal() {}

        public static void main(String[] uris) {
            for (String uri : uris) {
                try (Connect _ = Connect.open(uri)) {
                    System.out.println("opened " + uri);
                } catch (LibvirtException e) {
                    System.out.println(e.getClass().getSimpleName());
                }
            }
        }
    }
}
