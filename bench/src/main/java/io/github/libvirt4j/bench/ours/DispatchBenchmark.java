package io.github.libvirt4j.bench.ours;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.event.Delivery;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.internal.callback.Loans;
import io.github.libvirt4j.internal.callback.Upcall;
import io.github.libvirt4j.internal.event.EventTable;
import io.github.libvirt4j.internal.raw.CallbackTypes.VirConnectDomainEventCallback;
import io.github.libvirt4j.internal.raw.LibvirtDomain;
import io.github.libvirt4j.internal.raw.LibvirtHost;
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
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.BenchmarkParams;

/// Nanoseconds of an upcall to a closure, against an upcall that does nothing; of an event to a listener,
/// against a reference to its domain; of lending and ending, against a stub for each closure.
///
/// The upcalls come from a loop in C (`repeat.c`), with the signature of a lifecycle event.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class DispatchBenchmark {
    static final String LIBRARY_PROPERTY = "libvirt4j.bench.library";

    private static final int TIMES = 1_000;

    /// As in [Loans].
    private static final int PLACE_BITS = 22;

    private static final FunctionDescriptor SIGNATURE =
            FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);
    private static final MethodHandle REPEAT =
            function("repeat", FunctionDescriptor.of(JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG));
    private static final MethodHandle REF_AND_FREE =
            function("ref_and_free", FunctionDescriptor.of(JAVA_LONG, ADDRESS, JAVA_LONG));
    private static final MemorySegment EMPTY = stub(Arena.global());
    private static final MemorySegment DISPATCH = Upcall.of(
                    VirConnectDomainEventCallback.type(), DispatchBenchmark::dispatch, 0)
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
        return (long) REPEAT.invokeExact(EMPTY, (long) TIMES, MemorySegment.NULL, none, 1L);
    }

    /// One to a closure that is on loan.
    @Benchmark
    @OperationsPerInvocation(TIMES)
    public long oneClosure() throws Throwable {
        return (long) REPEAT.invokeExact(DISPATCH, (long) TIMES, MemorySegment.NULL, one, 1L);
    }

    /// One to each of a hundred closures, of a hundred classes, in turn.
    @Benchmark
    @OperationsPerInvocation(TIMES)
    public long hundredClasses() throws Throwable {
        return (long) REPEAT.invokeExact(DISPATCH, (long) TIMES, MemorySegment.NULL, hundred, 100L);
    }

    /// One that comes to the listener of a registration as a record, with the domain's name and uuid.
    @Benchmark
    @OperationsPerInvocation(TIMES)
    public long lifecycleEvent(Listener listener) throws Throwable {
        return (long) REPEAT.invokeExact(listener.pointer, (long) TIMES, listener.domain, listener.opaque, 1L);
    }

    /// A reference to the domain and its end, in C.
    @Benchmark
    @OperationsPerInvocation(TIMES)
    public long refAndFree(Listener listener) throws Throwable {
        return (long) REF_AND_FREE.invokeExact(listener.domain, (long) TIMES);
    }

    /// A registration, of which C's side is known.
    @State(Scope.Benchmark)
    public static class Listener {
        private final Connect connect = Connect.open("test:///default");
        private final MemorySegment pointer =
                EventTable.row(DomainEvent.LIFECYCLE).upcall().pointer(0);
        private final MemorySegment domain;
        private final MemorySegment opaque;
        private static final LongAdder HEARD = new LongAdder();

        /// Registers.
        public Listener() {
            // The registration's is the next number, in the next place of the table: nothing was given back yet.
            long before = Loans.lend(DispatchBenchmark.class);
            connect.on(Set.of(DomainEvent.LIFECYCLE), Delivery.direct(), _ -> HEARD.increment());
            Loans.end(before);
            opaque = opaques(new long[] {before + (1L << PLACE_BITS) + 1});
            MemorySegment raw = LibvirtHost.virConnectOpen(Arena.global().allocateFrom("test:///default"));
            domain = LibvirtDomain.virDomainLookupByName(raw, Arena.global().allocateFrom("test"));
        }

        /// What was not heard was not measured.
        @TearDown(Level.Iteration)
        public void check(BenchmarkParams parameters) {
            if (parameters.getBenchmark().endsWith("lifecycleEvent") && (HEARD.sum() == 0 || Loans.strays() > 0)) {
                throw new IllegalStateException("heard " + HEARD + ", strays " + Loans.strays());
            }
        }
    }

    /// Makes a stub for a closure, and ends it.
    @Benchmark
    public long stub() {
        try (Arena arena = Arena.ofConfined()) {
            return stub(arena).address();
        }
    }

    /// Lends a closure and ends the loan.
    @Benchmark
    public boolean lend() {
        return Loans.end(Loans.lend(lent));
    }

    private static int dispatch(long connect, long domain, int event, int detail, long opaque) {
        Closure closure = Loans.borrow(opaque, Closure.class);
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
                DispatchBenchmark.class.getResourceAsStream("DispatchBenchmark$Prototype.class"))) {
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
    private static MethodHandle function(String name, FunctionDescriptor signature) {
        Path library = Path.of(Objects.requireNonNull(System.getProperty(LIBRARY_PROPERTY)));
        return Linker.nativeLinker()
                .downcallHandle(
                        SymbolLookup.libraryLookup(library, Arena.global()).findOrThrow(name), signature);
    }

    /// Not by way of [Upcall]: this is what is compared with.
    @SuppressWarnings("restricted")
    private static MemorySegment stub(Arena arena) {
        try {
            return Linker.nativeLinker()
                    .upcallStub(
                            MethodHandles.lookup()
                                    .findStatic(DispatchBenchmark.class, "nothing", SIGNATURE.toMethodType()),
                            SIGNATURE,
                            arena);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("nothing", e);
        }
    }
}
