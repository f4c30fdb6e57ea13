package io.github.libvirt4j.internal.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libvirt4j.Libvirt;
import io.github.libvirt4j.NothingLeft;
import io.github.libvirt4j.auth.Authenticator;
import io.github.libvirt4j.auth.Credential;
import io.github.libvirt4j.internal.c.CMemory;
import io.github.libvirt4j.internal.callback.CallScope;
import io.github.libvirt4j.internal.callback.FakeC;
import io.github.libvirt4j.internal.raw.VirConnectCredential;
import io.github.libvirt4j.support.ChildVm;
import io.github.libvirt4j.support.LargeBlock;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Answers and the end of the questions, on several threads at once.
@ExtendWith(NothingLeft.class)
@Timeout(60)
class QuestionTest {
    private static final int ANSWERERS = 2;

    /// Memory of C's that is freed twice, or written to after that, aborts the VM.
    @Test
    void refusesAnswersOfAnyThreadOnceTheAuthenticatorIsOver() throws Exception {
        ChildVm vm = ChildVm.run(LateAnswers.class, List.of("--enable-native-access=ALL-UNNAMED", "-Xmx64m"), "1500");
        assertThat(vm.lines()).containsExactly("late answers refused");
        assertThat(vm.status()).isZero();
    }

    static final class LateAnswers {
        private static final AtomicInteger REFUSED = new AtomicInteger();
        private static final AtomicInteger ROUNDS = new AtomicInteger();

        private LateAnswers() {}

        public static void main(String[] milliseconds) throws Throwable {
            MethodHandle ask = FakeC.function(
                    Authentication.upcall().pointer(0), Authentication.upcall().signature());
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Long.parseLong(milliseconds[0]));
            Libvirt.version();
            while (System.nanoTime() < end) {
                round(ask);
            }
            // Each thread answered until it was refused.
            require(REFUSED.get() == ROUNDS.get() * ANSWERERS, REFUSED + " refused in " + ROUNDS + " rounds");
            System.out.println("late answers refused");
        }

        private static void round(MethodHandle ask) throws Throwable {
            int round = ROUNDS.incrementAndGet();
            List<Thread> threads = new ArrayList<>();
            var answered = new CountDownLatch(ANSWERERS);
            Authenticator<RuntimeException> authenticator = credentials -> {
                for (int i = 0; i < ANSWERERS; i++) {
                    threads.add(Thread.ofPlatform().start(() -> answerUntilRefused(credentials, answered)));
                }
                try {
                    answered.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                if (round % 2 == 0) {
                    throw new IllegalStateException("gives up");
                }
            };
            try (Arena arena = Arena.ofConfined();
                    CallScope<Authentication> scope = CallScope.lend(new Authentication(authenticator))) {
                MemorySegment two = arena.allocate(2 * VirConnectCredential.SIZE, Long.BYTES);
                MemorySegment second = two.asSlice(VirConnectCredential.SIZE, VirConnectCredential.SIZE);
                int result = (int) ask.invokeExact(two, 2, scope.opaque());
                require((result == 0) == (round % 2 != 0), "C got " + result);
                for (MemorySegment each : List.of(two, second)) {
                    String answer = CMemory.takeString(VirConnectCredential.result(each));
                    require(Objects.equals(answer, result == 0 ? "x".repeat(20) : null), "C got " + answer);
                }
            }
            for (Thread thread : threads) {
                thread.join();
            }
        }

        private static void answerUntilRefused(List<Credential> credentials, CountDownLatch answered) {
            char[] chars = new char[20];
            try {
                while (true) {
                    for (Credential credential : credentials) {
                        Arrays.fill(chars, 'x');
                        credential.answer(chars);
                    }
                    answered.countDown();
                }
            } catch (IllegalStateException expected) {
                require(new String(chars).equals("\0".repeat(20)), "not wiped");
                REFUSED.incrementAndGet();
            }
        }

        private static void require(boolean condition, String otherwise) {
            if (!condition) {
                throw new AssertionError(otherwise);
            }
        }
    }

    /// A second answer, the end, and a failure: what was in C's memory is wiped before C can give it to
    /// others.
    @Test
    void leavesNothingOfAnAnswerInMemory() throws Exception {
        char[] secret = "secret".repeat(50).toCharArray();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment struct = arena.allocate(VirConnectCredential.SIZE, Long.BYTES);
            var credential = new Question(struct);
            credential.answer(secret.clone());
            MemorySegment first = memoryOf(credential);
            assertThat(textIn(first)).contains("secret");
            credential.answer("other".repeat(40).toCharArray());
            assertThat(textIn(first)).doesNotContain("secret");
            MemorySegment second = memoryOf(credential);
            credential.end();
            assertThat(textIn(second)).doesNotContain("other");
        }
    }

    @Test
    void freesAnAnswerThatIsNotGiven() throws Exception {
        try (Arena arena = Arena.ofConfined()) {
            var credential = new Question(arena.allocate(VirConnectCredential.SIZE, Long.BYTES));
            char[] large = new char[(int) (LargeBlock.SIZE / 3)];
            Arrays.fill(large, 'x');
            credential.answer(large);
            MemorySegment first = memoryOf(credential);
            assertThat(LargeBlock.isAllocated(first)).isTrue();
            credential.answer(new char[0]);
            assertThat(LargeBlock.isAllocated(first)).isFalse();
            credential.end();
        }
    }

    /// Neither by what was encoded before it was refused, nor by the answer it was to replace.
    @ParameterizedTest
    @ValueSource(strings = {"a\0b", "a\uD800"})
    void isNotAnsweredByWhatIsRefused(String refused) {
        try (Arena arena = Arena.ofConfined()) {
            var credential = new Question(arena.allocate(VirConnectCredential.SIZE, Long.BYTES));
            credential.answer("good".toCharArray());
            char[] chars = refused.toCharArray();
            assertThatThrownBy(() -> credential.answer(chars)).isInstanceOf(IllegalArgumentException.class);
            assertThat(chars).containsOnly('\0');
            assertThat(credential.close()).isFalse();
            credential.end();
        }
    }

    /// C reads up to a NUL, and what its allocator gives is not empty.
    @Test
    void endsAnAnswerWithANul() {
        String text = "ü".repeat(100);
        for (int i = 0; i < 5; i++) {
            MemorySegment dirty = CMemory.allocate(3L * text.length() + 1);
            dirty.fill((byte) 'y');
            CMemory.free(dirty);
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment struct = arena.allocate(VirConnectCredential.SIZE, Long.BYTES);
                var credential = new Question(struct);
                credential.answer(text.toCharArray());
                assertThat(credential.close()).isTrue();
                credential.give(struct);
                // It is C's now.
                credential.end();
                assertThat(CMemory.takeString(VirConnectCredential.result(struct)))
                        .isEqualTo(text);
            }
        }
    }

    private static MemorySegment memoryOf(Question credential) throws ReflectiveOperationException {
        Field answer = Question.class.getDeclaredField("answer");
        answer.setAccessible(true);
        return (MemorySegment) Objects.requireNonNull(answer.get(credential));
    }

    /// Also after it was freed: it is smaller than what an allocator gives back to the system.
    private static String textIn(MemorySegment memory) {
        return new String(memory.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.ISO_8859_1);
    }

    /// An opening that was abandoned still asks, while the one who abandoned it wipes the password.
    @Test
    void givesAPasswordWholeOrNotAtAll() throws Exception {
        String password = "x".repeat(1 << 20);
        for (int i = 0; i < 50; i++) {
            var authenticator = Authenticator.of("fred", password.toCharArray());
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment struct = arena.allocate(VirConnectCredential.SIZE, Long.BYTES);
                VirConnectCredential.type(struct, 5);
                var credential = new Question(struct);
                Thread wiping = Thread.ofPlatform().start(authenticator::finished);
                try {
                    authenticator.authenticate(List.of(credential));
                } catch (IllegalStateException wiped) {
                    assertThat(wiped).hasMessageContaining("wiped");
                }
                wiping.join();
                if (credential.close()) {
                    credential.give(struct);
                    String given = Objects.requireNonNull(CMemory.takeString(VirConnectCredential.result(struct)));
                    assertThat(given.equals(password)).isTrue();
                }
                credential.end();
            }
        }
    }
}
