package io.github.libvirt4j.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.auth.Authenticator;
import io.github.libvirt4j.auth.Credential;
import io.github.libvirt4j.error.AuthenticationFailedException;
import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.testing.SessionDaemon;
import io.github.libvirt4j.testing.SshServer;
import io.github.libvirt4j.types.ConnectCredentialType;
import io.github.libvirt4j.types.DomainEventType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Connections by ssh: through the command of that name, and through the libraries libssh and libssh2, which
/// ask the authenticator.
@ExtendWith(NothingLeft.class)
@Timeout(60)
@Tag("loop")
class SshTest {
    private static final String PASSWORD = "pässwörd€😀";

    @SuppressWarnings("NullAway.Init") // JUnit sets it.
    private static SessionDaemon daemon;

    @SuppressWarnings("NullAway.Init")
    private static SshServer server;

    /// Of a client, new for each test.
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @BeforeAll
    static void start() {
        daemon = SessionDaemon.start();
        server = SshServer.start(daemon, PASSWORD);
    }

    @AfterAll
    static void stop() {
        server.close();
        daemon.close();
    }

    @BeforeEach
    void knowTheServer() throws IOException {
        Files.writeString(knownHosts(), server.knownHost());
    }

    private Path knownHosts() {
        return folder.resolve("known_hosts");
    }

    private static String uri(String transport, String options) {
        return "test+" + transport + "://" + SshServer.USER + "@127.0.0.1:" + server.port() + "/default?" + options;
    }

    /// By a password, through one of the libraries.
    private String byPassword(String transport) {
        return uri(transport, "sshauth=password&known_hosts=" + knownHosts());
    }

    private String byKey(String transport, Path key) throws IOException {
        if (!transport.equals("ssh")) {
            return uri(transport, "sshauth=privkey&keyfile=" + key + "&known_hosts=" + knownHosts());
        }
        // The command reads the user's own files if it is not told otherwise.
        Path command = folder.resolve("ssh");
        Files.writeString(command, """
                #!/bin/sh
                exec ssh -F none -o UserKnownHostsFile=%s -o IdentitiesOnly=yes "$@"
                """.formatted(knownHosts()));
        Files.setPosixFilePermissions(command, PosixFilePermissions.fromString("rwx------"));
        return uri(transport, "no_tty=1&keyfile=" + key + "&command=" + command);
    }

    private static void assertWorks(Connect connect) throws InterruptedException {
        BlockingQueue<DomainEvent.Lifecycle> heard = new LinkedBlockingQueue<>();
        try (connect;
                Domain domain = connect.domains().lookupByName("test")) {
            assertThat(connect.isSecure()).isTrue();
            connect.on(DomainEvent.LIFECYCLE, heard::add);
            domain.suspend();
            DomainEvent.Lifecycle event = Objects.requireNonNull(heard.poll(10, TimeUnit.SECONDS), "no event");
            assertThat(event.type()).isEqualTo(DomainEventType.SUSPENDED);
            domain.resume();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ssh", "libssh", "libssh2"})
    void letsAKeyIn(String transport) throws Exception {
        assertWorks(Connect.open(byKey(transport, server.key())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ssh", "libssh", "libssh2"})
    void refusesAStrangersKey(String transport) throws Exception {
        String uri = byKey(transport, server.strangersKey());
        assertThatThrownBy(() -> Connect.open(uri)).isInstanceOf(LibvirtException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"libssh", "libssh2"})
    void letsAPasswordIn(String transport) throws Exception {
        List<ConnectCredentialType> asked = new ArrayList<>();
        assertWorks(Connect.to(byPassword(transport))
                .authenticator(credentials -> {
                    for (Credential each : credentials) {
                        asked.add(each.type());
                        each.answer(PASSWORD.toCharArray());
                    }
                })
                .open());
        assertThat(asked).containsExactly(ConnectCredentialType.PASSPHRASE);
        assertWorks(Connect.to(byPassword(transport))
                .authenticator(Authenticator.of(SshServer.USER, PASSWORD.toCharArray()))
                .open());
    }

    /// The libraries ask again and again; libssh (0.10) even waits for ever when the server has had enough.
    /// What knows one password gives it once.
    @ParameterizedTest
    @ValueSource(strings = {"libssh", "libssh2"})
    void refusesAWrongPassword(String transport) {
        assertThatThrownBy(() -> Connect.to(byPassword(transport))
                        .authenticator(Authenticator.of(SshServer.USER, "wrong".toCharArray()))
                        .open())
                .isInstanceOf(AuthenticationFailedException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"libssh", "libssh2"})
    void asksAgainAfterAWrongPassword(String transport) throws Exception {
        AtomicInteger asked = new AtomicInteger();
        assertWorks(Connect.to(byPassword(transport))
                .authenticator(credentials -> {
                    String password = asked.incrementAndGet() < 3 ? "wrong" : PASSWORD;
                    credentials.getFirst().answer(password.toCharArray());
                })
                .open());
        assertThat(asked).hasValue(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"libssh", "libssh2"})
    void isCancelledByWhatIsNotAnswered(String transport) {
        assertThatThrownBy(() ->
                        Connect.to(byPassword(transport)).authenticator(_ -> {}).open())
                .isInstanceOf(AuthenticationFailedException.class);
        assertThatThrownBy(() -> Connect.open(byPassword(transport)))
                .isInstanceOf(AuthenticationFailedException.class)
                .hasMessageContaining("auth.conf");
    }

    @ParameterizedTest
    @ValueSource(strings = {"libssh", "libssh2"})
    void takesThePasswordFromTheFileOfCredentials(String transport) throws Exception {
        Path file = Files.writeString(folder.resolve("auth.conf"), """
                [credentials-x]
                password=%s
                [auth-ssh-127.0.0.1]
                credentials=x
                """.formatted(PASSWORD));
        assertWorks(Connect.open(byPassword(transport) + "&authfile=" + file));
    }

    @ParameterizedTest
    @ValueSource(strings = {"libssh", "libssh2"})
    void rethrowsWhatTheAuthenticatorThrows(String transport) {
        IOException mine = new IOException("no vault");
        IOException thrown = catchThrowableOfType(
                IOException.class,
                () -> Connect.to(byPassword(transport))
                        .authenticator(_ -> {
                            throw mine;
                        })
                        .open());
        assertThat(thrown).isSameAs(mine);
    }

    @Test
    void theCommandRefusesAnUnknownServer() throws Exception {
        Files.delete(knownHosts());
        String uri = byKey("ssh", server.key());
        assertThatThrownBy(() -> Connect.open(uri)).hasMessageContaining("Host key verification failed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"libssh", "libssh2"})
    void theLibrariesAskAboutAnUnknownServer(String transport) throws Exception {
        Files.delete(knownHosts());
        String uri = byKey(transport, server.key());
        // Without somebody to ask it is not taken, nor if it is declined.
        assertThatThrownBy(() -> Connect.open(uri)).isInstanceOf(AuthenticationFailedException.class);
        assertThatThrownBy(() -> Connect.to(uri)
                        .authenticator(credentials -> credentials.getFirst().answer("n".toCharArray()))
                        .open())
                .hasMessageContaining("not accepted");

        List<Credential> asked = new ArrayList<>();
        assertWorks(Connect.to(uri)
                .authenticator(credentials -> {
                    asked.addAll(credentials);
                    credentials.getFirst().answer("y".toCharArray());
                })
                .open());
        assertThat(asked)
                .singleElement()
                .satisfies(each -> assertThat(each.type()).isEqualTo(ConnectCredentialType.ECHOPROMPT))
                .satisfies(each -> assertThat(each.prompt()).contains("SSH host key"));
        // From now on it is known.
        assertWorks(Connect.open(uri));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ssh", "libssh", "libssh2"})
    void refusesAServerWithAnotherKey(String transport) throws Exception {
        String other = Files.readString(Path.of(server.strangersKey() + ".pub"));
        Files.writeString(knownHosts(), "[127.0.0.1]:" + server.port() + " " + other);
        String uri = byKey(transport, server.key());
        AtomicInteger asked = new AtomicInteger();
        assertThatThrownBy(() -> Connect.to(uri)
                        .authenticator(_ -> asked.incrementAndGet())
                        .open())
                .isInstanceOf(LibvirtException.class);
        assertThat(asked).hasValue(0);
    }
}
