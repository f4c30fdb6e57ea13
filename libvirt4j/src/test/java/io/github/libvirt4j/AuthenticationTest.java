package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.libvirt4j.auth.Authenticator;
import io.github.libvirt4j.auth.Credential;
import io.github.libvirt4j.error.AuthenticationFailedException;
import io.github.libvirt4j.error.LibvirtError;
import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.error.ProtocolViolationException;
import io.github.libvirt4j.internal.auth.Authentication;
import io.github.libvirt4j.internal.c.CMemory;
import io.github.libvirt4j.internal.callback.CallScope;
import io.github.libvirt4j.internal.callback.FakeC;
import io.github.libvirt4j.internal.raw.VirConnectCredential;
import io.github.libvirt4j.support.ChildVm;
import io.github.libvirt4j.support.Malloc;
import io.github.libvirt4j.testing.SessionDaemon;
import io.github.libvirt4j.types.ConnectCredentialType;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The embedded driver with users in its file, a daemon that lets users in by SASL, and `esx://`, which
/// asks before it looks for a server.
@ExtendWith(NothingLeft.class)
@Timeout(60)
class AuthenticationTest {
    private static final String PASSWORD = "pässwörd€😀";

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it.
    private static Path folder;

    @SuppressWarnings("NullAway.Init")
    private static String embedded;

    private static @Nullable SessionDaemon sasl;

    private static SessionDaemon sasl() {
        SessionDaemon started = sasl;
        if (started == null) {
            started = SessionDaemon.start(Map.of("fred", PASSWORD, "wilma", "plain"));
            sasl = started;
        }
        return started;
    }

    @BeforeAll
    static void write() throws IOException {
        Path file = folder.resolve("node.xml");
        Files.writeString(file, """
                <node>
                  <auth><user password='%s'>alice</user><user>bob</user></auth>
                  <domain type='test'><name>d1</name><memory>65536</memory><os><type>hvm</type></os></domain>
                </node>
                """.formatted(PASSWORD));
        embedded = "test://" + file;
    }

    private static void assertWorks(Connect connect, String domain) {
        try (connect;
                Domain found = connect.domains().lookupByName(domain)) {
            assertThat(found.name()).isEqualTo(domain);
        }
    }

    @Test
    void asksWithQuestionsAndTakesAnswers() {
        List<Credential> asked = new ArrayList<>();
        AtomicReference<char[]> answer = new AtomicReference<>();
        Connect connect = Connect.to(embedded)
                .authenticator(credentials -> {
                    for (Credential credential : credentials) {
                        asked.add(credential);
                        char[] chars = (credential.isSecret() ? PASSWORD : "alice").toCharArray();
                        credential.answer("something else".toCharArray());
                        credential.answer(chars);
                        answer.set(chars);
                    }
                })
                .open();
        assertWorks(connect, "d1");
        assertThat(answer.get()).containsOnly('\0').hasSize(PASSWORD.length());
        assertThat(asked)
                .extracting(Credential::type)
                .containsExactly(ConnectCredentialType.AUTHNAME, ConnectCredentialType.PASSPHRASE);
        assertThat(asked.getFirst().rawType()).isEqualTo(2);
        assertThat(asked.getFirst().prompt()).contains("username");
        assertThat(asked.getLast().prompt()).contains("password");
        assertThat(asked.getFirst().challenge()).isNotNull();
        assertThat(asked.getFirst().defaultResult()).isNull();
        assertThat(asked.getLast().toString()).startsWith("PASSPHRASE ");
        assertThatThrownBy(() -> asked.getFirst().answer(new char[0])).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void letsNobodyInWithoutAnAuthenticatorOrWithAWrongPassword() {
        assertThatThrownBy(() -> Connect.open(embedded)).isInstanceOf(AuthenticationFailedException.class);
        assertThatThrownBy(() -> Connect.to(embedded)
                        .authenticator(Authenticator.of("alice", "wrong".toCharArray()))
                        .open())
                .isInstanceOf(AuthenticationFailedException.class);
        assertThatThrownBy(() -> Connect.to(embedded)
                        .authenticator(Authenticator.of("nobody", PASSWORD.toCharArray()))
                        .open())
                .isInstanceOf(AuthenticationFailedException.class);
    }

    @Test
    void knowsAPasswordForOneOpening() {
        char[] password = PASSWORD.toCharArray();
        Authenticator<RuntimeException> once = Authenticator.of("alice", password);
        assertWorks(Connect.to(embedded).authenticator(once).open(), "d1");
        assertThat(password).containsOnly('\0');
        assertThatThrownBy(() -> Connect.to(embedded).authenticator(once).open())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("wiped");
        // One without a password is asked for none.
        assertWorks(
                Connect.to(embedded)
                        .authenticator(Authenticator.of("bob", new char[0]))
                        .open(),
                "d1");
    }

    @Test
    void isCancelledByWhatIsNotAnswered() {
        AtomicInteger asked = new AtomicInteger();
        AtomicInteger finished = new AtomicInteger();
        var silent = new Authenticator<RuntimeException>() {
            @Override
            public void authenticate(List<Credential> credentials) {
                asked.incrementAndGet();
            }

            @Override
            public void finished() {
                finished.incrementAndGet();
            }
        };
        assertThatThrownBy(() -> Connect.to(embedded).authenticator(silent).open())
                .isInstanceOf(AuthenticationFailedException.class);
        assertThat(asked).hasValue(1);
        assertThat(finished).hasValue(1);
    }

    @Test
    void rethrowsWhatTheAuthenticatorThrows() {
        var checked = new IOException("no vault");
        AtomicInteger entered = new AtomicInteger();
        IOException thrown = catchThrowableOfType(
                IOException.class,
                () -> Connect.to(embedded)
                        .authenticator(_ -> {
                            entered.incrementAndGet();
                            throw checked;
                        })
                        .open());
        assertThat(thrown).isSameAs(checked);
        assertThat(thrown.getSuppressed()).singleElement().isInstanceOf(LibvirtException.class);
        assertThat(entered).hasValue(1);
        var error = new StackOverflowError("on purpose");
        assertThatThrownBy(() -> Connect.to(embedded)
                        .authenticator(_ -> {
                            throw error;
                        })
                        .open())
                .isSameAs(error);
        assertThat(Libvirt.closuresOnLoan()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\0b", "a\uD800"})
    void refusesAnswersThatAreNoStrings(String answer) {
        char[] chars = answer.toCharArray();
        assertThatThrownBy(() -> Connect.to(embedded)
                        .authenticator(credentials -> credentials.getFirst().answer(chars))
                        .open())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("The answer has ");
        assertThat(chars).containsOnly('\0');
    }

    @Test
    void asksBeforeItLooksForAServer() {
        List<ConnectCredentialType> asked = new ArrayList<>();
        LibvirtException refused = catchThrowableOfType(
                LibvirtException.class,
                () -> Connect.to("esx://127.0.0.1/?no_verify=1")
                        .authenticator(credentials -> {
                            for (Credential credential : credentials) {
                                asked.add(credential.type());
                                credential.answer("root".toCharArray());
                            }
                        })
                        .open());
        assertThat(refused).isNotInstanceOf(AuthenticationFailedException.class);
        assertThat(asked).contains(ConnectCredentialType.AUTHNAME).hasSize(2);
    }

    /// What is typed as a password is not shown; an empty line takes what is offered.
    @Test
    void asksOnTheConsole() throws Exception {
        ChildVm vm = ChildVm.onTerminal(
                OnTerminal.class,
                "alice\n" + PASSWORD + "\n",
                List.of("--enable-native-access=ALL-UNNAMED", "-Dstdin.encoding=UTF-8", "-Dstdout.encoding=UTF-8"),
                embedded);
        assertThat(vm.lines()).last().asString().isEqualTo("opened with d1");
        assertThat(vm.lines().getFirst()).startsWith("alice");
        assertThat(vm.lines()).anyMatch(line -> line.contains("username"));
        assertThat(vm.lines()).anyMatch(line -> line.contains("password"));
        assertThat(vm.status()).isZero();
    }

    /// As without a locale: bytes that are not ASCII are lost before anybody sees them.
    @Test
    void refusesWhatTheConsoleCannotDecode() throws Exception {
        ChildVm vm = ChildVm.onTerminal(
                OnTerminal.class,
                "älice\n" + PASSWORD + "\n",
                List.of("--enable-native-access=ALL-UNNAMED", "-Dstdin.encoding=US-ASCII", "-Dstdout.encoding=UTF-8"),
                embedded);
        assertThat(vm.lines()).anyMatch(line -> line.contains("What was typed is not in the console's charset"));
        assertThat(vm.status()).isNotZero();
    }

    static final class OnTerminal {
        private OnTerminal() {}

        public static void main(String[] uri) {
            try (Connect connect =
                    Connect.to(uri[0]).authenticator(Authenticator.console()).open()) {
                System.out.println(
                        "opened with " + connect.domains().lookupByName("d1").name());
            }
        }
    }

    @Test
    void needsAConsoleToAskOn() {
        assertThatThrownBy(() -> Connect.to(embedded)
                        .authenticator(Authenticator.console())
                        .open())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no console");
    }

    /// Questions no driver asks, and what C gets for answers.
    @Test
    void answersAMadeUpC() throws Throwable {
        MethodHandle ask = FakeC.function(
                Authentication.upcall().pointer(0), Authentication.upcall().signature());
        List<Credential> seen = new ArrayList<>();
        AtomicReference<Authenticator<Exception>> behaviour = new AtomicReference<>(seen::addAll);
        Authenticator<Exception> authenticator = credentials -> behaviour.get().authenticate(credentials);
        try (Arena arena = Arena.ofConfined();
                CallScope<Authentication> scope = CallScope.lend(new Authentication(authenticator))) {
            MemorySegment two = arena.allocate(2 * VirConnectCredential.SIZE, Long.BYTES);
            MemorySegment second = two.asSlice(VirConnectCredential.SIZE, VirConnectCredential.SIZE);
            VirConnectCredential.type(two, Integer.MAX_VALUE);
            VirConnectCredential.type(second, 8);
            VirConnectCredential.prompt(second, arena.allocateFrom("realm?"));
            VirConnectCredential.challenge(second, arena.allocateFrom("ü"));
            VirConnectCredential.defresult(second, arena.allocateFrom("here"));

            assertThat((int) ask.invokeExact(two, 2, scope.opaque())).isEqualTo(-1);
            assertThat(seen).hasSize(2);
            assertThat(seen.getFirst().type()).isEqualTo(ConnectCredentialType.UNRECOGNIZED);
            assertThat(seen.getFirst().rawType()).isEqualTo(Integer.MAX_VALUE);
            assertThat(seen.getFirst().prompt()).isNull();
            assertThat(seen.getFirst().challenge()).isNull();
            assertThat(seen.getLast().toString()).isEqualTo("REALM realm?");
            assertThat(seen.getLast().challenge()).isEqualTo("ü");
            assertThat(seen.getLast().defaultResult()).isEqualTo("here");

            // All or nothing.
            behaviour.set(credentials -> credentials.getFirst().answer("x".toCharArray()));
            assertThat((int) ask.invokeExact(two, 2, scope.opaque())).isEqualTo(-1);
            assertThat(VirConnectCredential.result(two)).isEqualTo(MemorySegment.NULL);
            behaviour.set(credentials -> {
                credentials.getFirst().answer(new char[0]);
                credentials.getLast().answer("äb😀".toCharArray());
            });
            assertThat((int) ask.invokeExact(two, 2, scope.opaque())).isZero();
            assertThat(VirConnectCredential.resultlen(two)).isZero();
            assertThat(CMemory.takeString(VirConnectCredential.result(two))).isEmpty();
            assertThat(VirConnectCredential.resultlen(second)).isEqualTo(7);
            assertThat(CMemory.takeString(VirConnectCredential.result(second))).isEqualTo("äb😀");

            // No questions are all answered.
            behaviour.set(seen::addAll);
            assertThat((int) ask.invokeExact(MemorySegment.NULL, 0, scope.opaque()))
                    .isZero();

            var mine = new IOException("on purpose");
            behaviour.set(_ -> {
                throw mine;
            });
            assertThat((int) ask.invokeExact(two, 2, scope.opaque())).isEqualTo(-1);
            assertThatThrownBy(() -> scope.<IOException>check(null)).isSameAs(mine);
            // Nor is it asked again.
            behaviour.set(credentials -> credentials.forEach(each -> each.answer(new char[0])));
            assertThat((int) ask.invokeExact(two, 2, scope.opaque())).isEqualTo(-1);
        }
    }

    /// Bytes that are not UTF-8 can be a password; what C would give back as another text cannot.
    @ParameterizedTest
    @CsvSource({"a\uDCE9\uDCFF€, 6", "\uDCC3\uDCC3\uDCA9, 0", "\uDC7F, 0", "\uDD00, 0", "a\uD83D, 0"})
    void takesEscapesOfBytesForTheBytes(String text, int length) throws Throwable {
        MethodHandle ask = FakeC.function(
                Authentication.upcall().pointer(0), Authentication.upcall().signature());
        char[] chars = text.toCharArray();
        Authenticator<Exception> authenticator =
                credentials -> credentials.getFirst().answer(chars);
        try (Arena arena = Arena.ofConfined();
                CallScope<Authentication> scope = CallScope.lend(new Authentication(authenticator))) {
            MemorySegment one = arena.allocate(VirConnectCredential.SIZE, Long.BYTES);
            assertThat((int) ask.invokeExact(one, 1, scope.opaque())).isEqualTo(length == 0 ? -1 : 0);
            assertThat(chars).containsOnly('\0');
            assertThat(VirConnectCredential.resultlen(one)).isEqualTo(length);
            if (length == 0) {
                assertThat(VirConnectCredential.result(one)).isEqualTo(MemorySegment.NULL);
                assertThatThrownBy(() -> scope.check(null)).isInstanceOf(IllegalArgumentException.class);
            } else {
                assertThat(CMemory.takeString(VirConnectCredential.result(one))).isEqualTo(text);
            }
        }
    }

    /// Without the check C's NULL would be read, and the VM would die.
    @ParameterizedTest
    @ValueSource(ints = {-1, 1, Integer.MAX_VALUE})
    void refusesANumberOfQuestionsThatCannotBe(int count) throws Throwable {
        MethodHandle ask = FakeC.function(
                Authentication.upcall().pointer(0), Authentication.upcall().signature());
        Authenticator<Exception> authenticator = _ -> {};
        try (CallScope<Authentication> scope = CallScope.lend(new Authentication(authenticator))) {
            assertThat((int) ask.invokeExact(MemorySegment.NULL, count, scope.opaque()))
                    .isEqualTo(-1);
            assertThatThrownBy(() -> scope.check(null)).isInstanceOf(ProtocolViolationException.class);
        }
    }

    /// libvirt says no more of a file of credentials that it cannot read; and says the same of other things.
    @Test
    void blamesTheFileOfCredentialsOnlyWhereOneIsNamed() {
        assumeTrue(System.getenv("LIBVIRT_AUTH_FILE") == null, "the environment names a file");
        var failure = LibvirtException.of("f", new LibvirtError(1, 0, 2, "unknown", null, null, null, 0, 0));
        for (@Nullable String uri : new @Nullable String[] {null, "test:///default", "qemu:///system?authfile=/none"}) {
            boolean isNamed = uri != null && uri.contains("authfile");
            LibvirtException thrown = catchThrowableOfType(
                    LibvirtException.class,
                    () -> Authentication.open(
                            uri,
                            Authentication.NOBODY,
                            (_, _) -> {
                                throw failure;
                            },
                            _ -> {}));
            assertThat(thrown instanceof AuthenticationFailedException).isEqualTo(isNamed);
            assertThat(thrown.error()).isEqualTo(failure.error());
        }
    }

    private static final long LIMIT = 20L << 20;

    /// Answers are memory of C's: with those of 100,000 bytes that were not given back it would be 200 MB
    /// more.
    @Test
    void keepsNothingOfAThousandOpeningsThatFail() throws Throwable {
        String long1 = "ä".repeat(50_000);
        long before = 0;
        for (int i = 0; i < 1100; i++) {
            if (i == 100) {
                before = Malloc.allocated();
            }
            boolean throwing = i % 3 == 0;
            boolean half = i % 3 == 1;
            assertThatThrownBy(() -> Connect.to(embedded)
                            .authenticator(credentials -> {
                                for (Credential credential : credentials) {
                                    if (!half || !credential.isSecret()) {
                                        credential.answer((credential.isSecret() ? long1 : "alice").toCharArray());
                                        credential.answer((credential.isSecret() ? long1 : "alice").toCharArray());
                                    }
                                }
                                if (throwing) {
                                    throw new IOException("on purpose");
                                }
                            })
                            .open())
                    .isInstanceOf(Exception.class);
        }
        assertThat(Malloc.isWithin(LIMIT, before)).isTrue();
    }

    @AfterAll
    static void stop() {
        if (sasl != null) {
            sasl.close();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void letsUsersOfTheDaemonIn(boolean unix) {
        String uri = unix ? sasl().unixUri("test:///default") : sasl().tcpUri();
        for (Map.Entry<String, String> user :
                Map.of("fred", PASSWORD, "wilma", "plain").entrySet()) {
            assertWorks(
                    Connect.to(uri)
                            .authenticator(Authenticator.of(
                                    user.getKey(), user.getValue().toCharArray()))
                            .open(),
                    "test");
        }
        List<ConnectCredentialType> asked = new ArrayList<>();
        assertWorks(
                Connect.to(uri)
                        .authenticator(credentials -> {
                            for (Credential credential : credentials) {
                                asked.add(credential.type());
                                String text = switch (credential.type()) {
                                    case PASSPHRASE -> PASSWORD;
                                    case AUTHNAME -> "fred";
                                    default -> Objects.requireNonNullElse(credential.defaultResult(), "");
                                };
                                credential.answer(text.toCharArray());
                            }
                        })
                        .open(),
                "test");
        assertThat(asked).containsExactly(ConnectCredentialType.AUTHNAME, ConnectCredentialType.PASSPHRASE);
        assertThatThrownBy(() -> Connect.open(uri)).isInstanceOf(AuthenticationFailedException.class);
        assertThatThrownBy(() -> Connect.to(uri)
                        .authenticator(Authenticator.of("fred", "wrong".toCharArray()))
                        .open())
                .isInstanceOf(AuthenticationFailedException.class);
        var mine = new IllegalStateException("on purpose");
        assertThatThrownBy(() -> Connect.to(uri)
                        .authenticator(_ -> {
                            throw mine;
                        })
                        .open())
                .isSameAs(mine);
    }
}
