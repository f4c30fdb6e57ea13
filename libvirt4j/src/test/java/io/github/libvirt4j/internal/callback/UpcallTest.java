package io.github.libvirt4j.internal.callback;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libvirt4j.NothingLeft;
import io.github.libvirt4j.support.Threads;
import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@ExtendWith(NothingLeft.class)
class UpcallTest {
    private static final int FAIL_SAFE = -7;
    private static final FunctionDescriptor WITH_RESULT = FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS);
    private static final FunctionDescriptor WITHOUT_RESULT = FunctionDescriptor.ofVoid(ADDRESS);

    /// What a closure does when C calls it.
    interface Closure {
        int call(int number) throws Throwable;
    }

    private record Report(String callback, Throwable thrown) {}

    private final List<Report> reports = new CopyOnWriteArrayList<>();

    @BeforeEach
    void hearReports() {
        Uncaught.setHandler((callback, thrown) -> reports.add(new Report(callback, thrown)));
    }

    interface Fake extends Upcall.Target {
        int call(int number, long opaque) throws Throwable;

        @Override
        default long fromC(long a, long b, long c, long d, long e, long f, long g, long h) throws Throwable {
            return call((int) a, b);
        }
    }

    interface FakeVoid extends Upcall.Target {
        void call(long opaque) throws Throwable;

        @Override
        default long fromC(long a, long b, long c, long d, long e, long f, long g, long h) throws Throwable {
            call(a);
            return 0;
        }
    }

    private static int target(int number, long opaque) throws Throwable {
        Closure closure = Loans.borrow(opaque, Closure.class);
        return closure == null ? -1 : closure.call(number);
    }

    private static void targetWithoutResult(long opaque) throws Throwable {
        Closure closure = Loans.borrow(opaque, Closure.class);
        if (closure != null) {
            closure.call(0);
        }
    }

    private static final CallbackType<Fake> TYPE = new CallbackType<>("virFakeCallback", WITH_RESULT);
    private static final CallbackType<FakeVoid> VOID_TYPE = new CallbackType<>("virFakeVoidCallback", WITHOUT_RESULT);
    private static final Upcall UPCALL = Upcall.of(TYPE, UpcallTest::target, FAIL_SAFE);
    private static final Upcall UPCALL_WITHOUT_RESULT = Upcall.of(VOID_TYPE, UpcallTest::targetWithoutResult);

    private static int callFromC(Upcall upcall, int k, Closure closure, int number) throws Throwable {
        long loan = Loans.lend(closure);
        try {
            MethodHandle function = FakeC.function(upcall.pointer(k), WITH_RESULT);
            return (int) function.invokeExact(number, Loans.opaque(loan));
        } finally {
            Loans.end(loan);
        }
    }

    @Test
    void givesCWhatTheClosureReturns() throws Throwable {
        assertThat(callFromC(UPCALL, 0, number -> number + 1, 41)).isEqualTo(42);
        assertThat(callFromC(UPCALL, 0, Math::abs, -5)).isEqualTo(5);
        assertThat(reports).isEmpty();
    }

    static Stream<Closure> closuresThatThrow() {
        return Stream.of(
                _ -> {
                    throw new IllegalStateException("unchecked");
                },
                _ -> {
                    throw new IOException("checked");
                },
                _ -> {
                    throw new AssertionError("error");
                },
                _ -> {
                    throw new Throwable("neither");
                },
                UpcallTest::divideByZero,
                UpcallTest::recurse,
                _ -> new long[Integer.MAX_VALUE].length,
                UpcallTest::fillTheHeap);
    }

    @SuppressWarnings("InfiniteRecursion") // On purpose.
    private static int recurse(int number) {
        return number + recurse(number + 1);
    }

    @ParameterizedTest
    @MethodSource("closuresThatThrow")
    void givesCTheFailSafeValueAndReportsWhatTheClosureThrows(Closure closure) throws Throwable {
        List<Throwable> thrown = new ArrayList<>();
        Closure recording = number -> {
            try {
                return closure.call(number);
            } catch (Throwable t) {
                thrown.add(t);
                throw t;
            }
        };

        assertThat(callFromC(UPCALL, 0, recording, 1)).isEqualTo(FAIL_SAFE);
        assertThat(reports).hasSize(1);
        assertThat(reports.getFirst().callback()).isEqualTo("virFakeCallback");
        assertThat(reports.getFirst().thrown()).isSameAs(thrown.getFirst());

        // And it works as before afterwards.
        assertThat(callFromC(UPCALL, 0, number -> number, 3)).isEqualTo(3);
    }

    @ParameterizedTest
    @MethodSource("closuresThatThrow")
    void containsWhatIsThrownWhereCExpectsNoResult(Closure closure) throws Throwable {
        long loan = Loans.lend(closure);
        FakeC.function(UPCALL_WITHOUT_RESULT.pointer(0), WITHOUT_RESULT).invokeExact(Loans.opaque(loan));
        Loans.end(loan);

        assertThat(reports).hasSize(1);
        assertThat(reports.getFirst().callback()).isEqualTo("virFakeVoidCallback");
    }

    private static int fillTheHeap(int number) {
        List<long[]> all = new ArrayList<>();
        while (all.size() < Integer.MAX_VALUE) {
            all.add(new long[64 << 20]);
        }
        return all.size() + number;
    }

    private static int divideByZero(int number) {
        return Math.floorDiv(number, 0);
    }

    @Test
    void containsWhatTheHandlerForUncaughtExceptionsThrows() throws Throwable {
        Uncaught.setHandler((_, _) -> recurse(0));
        assertThat(callFromC(UPCALL, 0, UpcallTest::divideByZero, 1)).isEqualTo(FAIL_SAFE);
        Uncaught.setHandler((_, _) -> {
            throw new OutOfMemoryError("of the handler");
        });
        assertThat(callFromC(UPCALL, 0, UpcallTest::divideByZero, 1)).isEqualTo(FAIL_SAFE);
    }

    @Test
    void hasAsManyDifferentPointersAsAreAskedFor() throws Throwable {
        MemorySegment third = UPCALL.pointer(3);
        assertThat(UPCALL.pointer(3)).isEqualTo(third);
        assertThat(Stream.of(0, 1, 2, 3).map(k -> UPCALL.pointer(k).address()).distinct())
                .hasSize(4);
        for (int k = 0; k < 4; k++) {
            assertThat(callFromC(UPCALL, k, number -> number * 2, 21)).isEqualTo(42);
        }
    }

    @Test
    void makesEachPointerOnceWhenManyThreadsAskAtOnce() throws Throwable {
        Upcall fresh = Upcall.of(TYPE, UpcallTest::target, FAIL_SAFE);
        List<List<Long>> seen = new CopyOnWriteArrayList<>();
        Threads.together(
                8,
                _ -> seen.add(Stream.of(0, 1, 2, 3, 4)
                        .map(k -> fresh.pointer(k).address())
                        .toList()));
        assertThat(seen).hasSize(8);
        assertThat(seen.stream().distinct()).hasSize(1);
    }

    @Test
    void refusesATypeThatDoesNotStateItsFailSafeValue() {
        assertThatThrownBy(() -> Upcall.of(TYPE, UpcallTest::target))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("fail-safe is none");
        assertThatThrownBy(() -> Upcall.of(VOID_TYPE, UpcallTest::targetWithoutResult, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("fail-safe is 0");
    }
}
