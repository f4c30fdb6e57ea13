package io.github.libvirt4j.internal.callback;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.libvirt4j.NothingLeft;
import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@ExtendWith(NothingLeft.class)
class CallScopeTest {
    private static final FunctionDescriptor SIGNATURE = FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS);

    /// A closure as streams have them: it may throw.
    interface Source {
        int read(int size) throws Throwable;
    }

    interface Fake extends Upcall.Target {
        int call(int size, long opaque);

        @Override
        default long fromC(long a, long b, long c, long d, long e, long f, long g, long h) {
            return call((int) a, b);
        }
    }

    private static int source(int size, long opaque) {
        return CallScope.enter(opaque, Source.class, source -> source.read(size));
    }

    private static final Upcall UPCALL =
            Upcall.of(new CallbackType<Fake>("virFakeSource", SIGNATURE), CallScopeTest::source, -1);
    private static final MethodHandle FROM_C = FakeC.function(UPCALL.pointer(0), SIGNATURE);

    private static int callFromC(MemorySegment opaque, int size) throws Throwable {
        return (int) FROM_C.invokeExact(size, opaque);
    }

    @Test
    void givesCWhatTheClosureReturns() throws Throwable {
        long before = Loans.onLoan();
        try (var scope = CallScope.<Source>lend(size -> size / 2)) {
            assertThat(callFromC(scope.opaque(), 84)).isEqualTo(42);
            scope.check(null);
            assertThat(Loans.onLoan()).isEqualTo(before + 1);
        }
        assertThat(Loans.onLoan()).isEqualTo(before);
    }

    static Stream<Throwable> thrown() {
        return Stream.of(
                new IllegalStateException(),
                new IOException(),
                new StackOverflowError(),
                new OutOfMemoryError(),
                new Throwable());
    }

    @ParameterizedTest
    @MethodSource("thrown")
    void rethrowsTheSameObjectFromTheJavaCall(Throwable thrown) throws Throwable {
        AtomicInteger entered = new AtomicInteger();
        try (var scope = CallScope.<Source>lend(_ -> {
            entered.incrementAndGet();
            throw thrown;
        })) {
            assertThat(callFromC(scope.opaque(), 1)).isEqualTo(-1);
            // C asks again, as it may: the closure is not entered a second time.
            assertThat(callFromC(scope.opaque(), 1)).isEqualTo(-1);
            assertThat(entered).hasValue(1);

            Exception ofCall = new IOException("libvirt's");
            assertThat(catchThrowable(() -> scope.check(ofCall))).isSameAs(thrown);
            assertThat(thrown.getSuppressed()).containsExactly(ofCall);
        }
    }

    @Test
    void containsARealStackOverflow() throws Throwable {
        AtomicReference<Throwable> seen = new AtomicReference<>();
        try (var scope = CallScope.<Source>lend(size -> {
            try {
                return recurse(size);
            } catch (StackOverflowError e) {
                seen.set(e);
                throw e;
            }
        })) {
            assertThat(callFromC(scope.opaque(), 1)).isEqualTo(-1);
            assertThat(catchThrowable(() -> scope.check(null))).isSameAs(seen.get());
        }
    }

    @SuppressWarnings("InfiniteRecursion") // On purpose.
    private static int recurse(int number) {
        return number + recurse(number + 1);
    }

    @Test
    void keepsNestedCallsApart() throws Throwable {
        try (var outer = CallScope.<Source>lend(size -> {
            try (var inner = CallScope.<Source>lend(_ -> {
                throw new IOException("inner");
            })) {
                assertThat(callFromC(inner.opaque(), 1)).isEqualTo(-1);
                assertThat(catchThrowable(() -> inner.check(null))).hasMessage("inner");
            }
            return size;
        })) {
            assertThat(callFromC(outer.opaque(), 9)).isEqualTo(9);
            outer.check(null);
        }
    }

    /// C is at work from the beginning and after each return of the closure, and not while that is.
    @Test
    void tellsSinceWhenCIsAtWork() throws Throwable {
        long before = System.nanoTime();
        List<Long> within = new ArrayList<>();
        var scopes = new AtomicReference<CallScope<Source>>();
        try (var scope = CallScope.<Source>lend(size -> {
            within.add(System.nanoTime());
            within.add(scopes.get().waitingSince());
            within.add(System.nanoTime());
            return size;
        })) {
            scopes.set(scope);
            long atFirst = scope.waitingSince();
            assertThat(atFirst - before).isNotNegative();
            assertThat(System.nanoTime() - atFirst).isNotNegative();
            assertThat(scope.waitingSince()).isEqualTo(atFirst);
            callFromC(scope.opaque(), 1);
            assertThat(within.get(1) - within.get(0)).isNotNegative();
            assertThat(within.get(2) - within.get(1)).isNotNegative();
            long afterwards = scope.waitingSince();
            assertThat(afterwards - within.get(2)).isNotNegative();
            assertThat(scope.waitingSince()).isEqualTo(afterwards);
        }
    }

    @Test
    void givesCMinusOneWhenTheCallIsOver() throws Throwable {
        MemorySegment opaque;
        try (var scope = CallScope.<Source>lend(size -> size)) {
            opaque = scope.opaque();
        }
        assertThat(callFromC(opaque, 1)).isEqualTo(-1);
    }
}
