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
import io.github.libvirt4j.event.ConnectEvent;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.testing.Certificates;
import io.github.libvirt4j.testing.TlsDaemon;
import io.github.libvirt4j.types.ConnectCloseReason;
import io.github.libvirt4j.types.ConnectCredentialType;
import io.github.libvirt4j.types.DomainEventType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Connections by TLS, and users that are let in by SASL on every transport that has it.
@ExtendWith(NothingLeft.class)
@Timeout(60)
@Tag("loop")
class TransportTest {
    private static final String PASSWORD = "pässwörd€😀";

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it.
    private static Path folder;

    @SuppressWarnings("NullAway.Init")
    private static Certificates certificates;

    /// With the same names, and of another authority.
    @SuppressWarnings("NullAway.Init")
    private static Certificates others;

    /// Lets in who has a certificate.
    @SuppressWarnings("NullAway.Init")
    private static TlsDaemon open;

    /// Wants a user too. By a mechanism that does not encrypt: TLS does.
    @SuppressWarnings("NullAway.Init")
    private static TlsDaemon closed;

    /// The same, by the one mechanism that encrypts.
    @SuppressWarnings("NullAway.Init")
    private static TlsDaemon encrypting;

    @BeforeAll
    static void start() throws Exception {
        certificates = Certificates.make(folder.resolve("ours"), "127.0.0.1");
        others = Certificates.make(folder.resolve("others"), "127.0.0.1");
        open = new TlsDaemon(certificates, "scram-sha-256", Map.of());
        closed = new TlsDaemon(certificates, "scram-sha-256", Map.of("fred", PASSWORD));
        encrypting = new TlsDaemon(certificates, "digest-md5", Map.of("fred", PASSWORD));
    }

    @AfterAll
    static void stop() {
        for (TlsDaemon each : List.of(open, closed, encrypting)) {
            each.close();
        }
    }

    @Test
    void tlsCarriesCallsAndEvents() throws Exception {
        BlockingQueue<DomainEvent.Lifecycle> heard = new LinkedBlockingQueue<>();
        try (Connect connect = Connect.open(open.uri(certificates));
                Connect local = Connect.open(open.daemon().unixUri("test:///default"))) {
            assertThat(connect.isSecure()).isTrue();
            assertThat(connect.isEncrypted()).isTrue();
            assertThat(local.isEncrypted()).isFalse();
            connect.on(DomainEvent.LIFECYCLE, heard::add);
            try (Domain domain = local.domains().lookupByName("test")) {
                domain.suspend();
                DomainEvent.Lifecycle event = Objects.requireNonNull(heard.poll(10, TimeUnit.SECONDS), "no event");
                assertThat(event.type()).isEqualTo(DomainEventType.SUSPENDED);
                domain.resume();
            }
        }
    }

    @Test
    void tlsTellsThatTheDaemonIsGone() throws Exception {
        BlockingQueue<ConnectEvent.Closed> heard = new LinkedBlockingQueue<>();
        try (TlsDaemon daemon = new TlsDaemon(certificates, "scram-sha-256", Map.of());
                Connect connect = Connect.open(daemon.uri(certificates))) {
            connect.on(ConnectEvent.CLOSED, heard::add);
            daemon.daemon().kill();
            ConnectEvent.Closed closed = Objects.requireNonNull(heard.poll(10, TimeUnit.SECONDS), "no event");
            assertThat(closed.reason()).isIn(ConnectCloseReason.EOF, ConnectCloseReason.ERROR);
        }
    }

    @Test
    void tlsRefusesADaemonOfAnotherAuthority() {
        assertThatThrownBy(() -> Connect.open(open.uri(others)))
                .isInstanceOf(LibvirtException.class)
                .hasMessageContaining("certificate");
    }

    @Test
    void tlsRefusesADaemonByAnotherName() {
        assertThatThrownBy(() -> Connect.open(open.uri("localhost", certificates.folder())))
                .isInstanceOf(AuthenticationFailedException.class)
                .hasMessageContaining("certificate");
        // Unless told not to look.
        Connect.open(open.uri("localhost", certificates.folder()) + "&no_verify=1")
                .close();
    }

    @Test
    void tlsIsRefusedByTheDaemonWithoutACertificateItTrusts() throws Exception {
        Path nobody = folder.resolve("nobody");
        certificates.copy(certificates.certificate("ca"), nobody);
        assertThatThrownBy(() -> Connect.open(open.uri("127.0.0.1", nobody))).isInstanceOf(LibvirtException.class);

        Path stranger = folder.resolve("stranger");
        certificates.copy(certificates.certificate("ca"), stranger);
        certificates.copy(others.certificate("client"), stranger);
        certificates.copy(others.key("client"), stranger);
        assertThatThrownBy(() -> Connect.open(open.uri("127.0.0.1", stranger))).isInstanceOf(LibvirtException.class);
        // It lets others in all the same.
        Connect.open(open.uri(certificates)).close();
    }

    /// Where a user is let in by a password.
    enum Asking {
        UNIX {
            @Override
            String uri() {
                return closed.daemon().unixUri("test:///default");
            }
        },
        TCP {
            @Override
            String uri() {
                return encrypting.daemon().tcpUri();
            }
        },
        TLS {
            @Override
            String uri() {
                return closed.uri(certificates);
            }
        },
        TLS_ENCRYPTED_TWICE {
            @Override
            String uri() {
                return encrypting.uri(certificates);
            }
        };

        abstract String uri();
    }

    @ParameterizedTest
    @EnumSource
    void saslLetsAUserIn(Asking where) {
        List<ConnectCredentialType> asked = new ArrayList<>();
        try (Connect connect = Connect.to(where.uri())
                .authenticator(credentials -> {
                    for (Credential each : credentials) {
                        asked.add(each.type());
                        each.answer((each.isSecret() ? PASSWORD : "fred").toCharArray());
                    }
                })
                .open()) {
            assertThat(connect.isSecure()).isTrue();
            assertThat(connect.domains().findByName("test")).isPresent().hasValueSatisfying(Domain::close);
        }
        assertThat(asked).containsExactly(ConnectCredentialType.AUTHNAME, ConnectCredentialType.PASSPHRASE);
    }

    @ParameterizedTest
    @EnumSource
    void saslRefusesAWrongPassword(Asking where) {
        assertThatThrownBy(() -> Connect.to(where.uri())
                        .authenticator(Authenticator.of("fred", "wrong".toCharArray()))
                        .open())
                .isInstanceOf(AuthenticationFailedException.class);
    }

    @ParameterizedTest
    @EnumSource
    void saslIsCancelledByWhatIsNotAnswered(Asking where) {
        assertThatThrownBy(() -> Connect.to(where.uri()).authenticator(_ -> {}).open())
                .isInstanceOf(AuthenticationFailedException.class);
        assertThatThrownBy(() -> Connect.open(where.uri())).isInstanceOf(AuthenticationFailedException.class);
    }

    @ParameterizedTest
    @EnumSource
    void saslRethrowsWhatTheAuthenticatorThrows(Asking where) {
        IOException mine = new IOException("no vault");
        IOException thrown = catchThrowableOfType(
                IOException.class,
                () -> Connect.to(where.uri())
                        .authenticator(_ -> {
                            throw mine;
                        })
                        .open());
        assertThat(thrown).isSameAs(mine);
    }
}
