package io.github.libvirt4j.bench;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.github.libvirt4j.internal.callback.Loans;
import io.github.libvirt4j.internal.callback.Upcall;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What the core costs: dispatch of an upcall to a closure, against an upcall that does nothing; lending
/// and ending.
///
/// The upcalls come from a loop in C (`repeat.c`; `-Dlibvirt4j.bench.repeat` is the library it was compiled
/// to), with the signature of a lifecycle event.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class CallbackBenchmark {
    private static final int TIMES = 1_000;
    private static final FunctionDescriptor SIGNATURE =
            FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);
    private static final MethodHandle REPEAT = repeat();
    private static final MemorySegment EMPTY = empty();
    private static final MemorySegment DISPATCH = Upcall.of(
                    "virConnectDomainEventCallback", SIGNATURE, MethodHandles.lookup(), "dispatch", 0)
            .pointer(0);

    /// The closure: what is behind a lambda.
    public interface Closure {
        /// Returns something, so that it is not nothing.
        int on(int event, int detail);
    }

    /// The source of a hundred classes.
    public static final class Prototype implements Closure {
        @Override
        public int on(int event, int detail) {
            return event + detail;
        }
    }

    private final MemorySegment none = opaques(new long[1]);
    private final MemorySegment one = opaques(lend(1));
    private final MemorySegment hundred = opaques(lend(100));
    private final Closure lent = new Prototype();

    /// An upcall of the VM that does nothing.
    @Benchmark
    @OperationsPerInvocation(TIMES)
    public long emptyUpcall() throws Throwable {
        return (long) REPEAT.invokeExact(EMPTY, (long) TIMES, none, 1L);
    }

    /// One to a closure that is on loan.
    @Benchmark
    @OperationsPerInvocation(TIMES)
    public long oneClosure() throws Throwable {
        return (long) REPEAT.invokeExact(DISPATCH, (long) TIMES, one, 1L);
    }

    /// One to each of a hundred closures, of a hundred classes, in turn.
    @Benchmark
    @OperationsPerInvocation(TIMES)
    public long hundredClasses() throws Throwable {
        return (long) REPEAT.invokeExact(DISPATCH, (long) TIMES, hundred, 100L);
    }

    /// Lends a closure and ends the loan.
    @Benchmark
    public boolean lendAndEnd() {
        return Loans.end(Loans.lend(lent));
    }

    @SuppressWarnings("unused")
    private static int dispatch(
            MemorySegment connect, MemorySegment domain, int event, int detail, MemorySegment opaque) {
        Closure closure = Loans.borrow(opaque.address(), Closure.class);
        return closure == null ? 0 : closure.on(event, detail);
    }

    @SuppressWarnings("unused")
    private static int nothing(
            MemorySegment connect, MemorySegment domain, int event, int detail, MemorySegment opaque) {
        return 0;
    }

    private static long[] lend(int classes) {
        long[] numbers = new long[classes];
        try (InputStream prototype = Objects.requireNonNull(
                CallbackBenchmark.class.getResourceAsStream("CallbackBenchmark$Prototype.class"))) {
            byte[] bytes = prototype.readAllBytes();
            for (int i = 0; i < classes; i++) {
                Class<?> copy =
                        MethodHandles.lookup().defineHiddenClass(bytes, true).lookupClass();
                numbers[i] = Loans.lend(copy.getConstructor().newInstance());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("Prototype", e);
        }
        return numbers;
    }

    private static MemorySegment opaques(long[] numbers) {
        return Arena.global().allocateFrom(JAVA_LONG, numbers);
    }

    @SuppressWarnings("restricted")
    private static MethodHandle repeat() {
        Path library = Path.of(Objects.requireNonNull(System.getProperty("libvirt4j.bench.repeat")));
        return Linker.nativeLinker()
                .downcallHandle(
                        SymbolLookup.libraryLookup(library, Arena.global()).findOrThrow("repeat"),
                        FunctionDescriptor.of(JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG));
    }

    /// Not by way of [Upcall]: this is what is compared with.
    @SuppressWarnings("restricted")
    private static MemorySegment empty() {
        try {
            return Linker.nativeLinker()
                    .upcallStub(
                            MethodHandles.lookup()
                                    .findStatic(CallbackBenchmark.class, "nothing", SIGNATURE.toMethodType()),
                            SIGNATURE,
                            Arena.global());
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("nothing", e);
        }
    }
}
