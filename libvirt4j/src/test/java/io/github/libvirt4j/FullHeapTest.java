package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.auth.Authenticator;
import io.github.libvirt4j.event.Delivery;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.internal.auth.Authentication;
import io.github.libvirt4j.internal.c.ErrorCallback;
import io.github.libvirt4j.internal.callback.CallScope;
import io.github.libvirt4j.internal.callback.FakeC;
import io.github.libvirt4j.internal.callback.Loans;
import io.github.libvirt4j.internal.callback.Upcall;
import io.github.libvirt4j.internal.event.ConnectionCalls;
import io.github.libvirt4j.internal.event.EventSink;
import io.github.libvirt4j.internal.event.EventTable;
import io.github.libvirt4j.internal.loop.FileReadiness;
import io.github.libvirt4j.internal.loop.JavaLoop;
import io.github.libvirt4j.internal.loop.ProcessLoop;
import io.github.libvirt4j.internal.raw.VirConnectCredential;
import io.github.libvirt4j.internal.raw.VirError;
import io.github.libvirt4j.internal.stream.StreamCallbacks;
import io.github.libvirt4j.internal.stream.StreamCallbacks.Drain;
import io.github.libvirt4j.internal.stream.StreamCallbacks.Feed;
import io.github.libvirt4j.loop.EventLoop;
import io.github.libvirt4j.loop.Timer;
import io.github.libvirt4j.stream.Sink;
import io.github.libvirt4j.stream.Source;
import io.github.libvirt4j.support.ChildVm;
import io.github.libvirt4j.support.FullHeap;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// C calls back while the heap is full, in a VM of its own: it could abort.
@ExtendWith(NothingLeft.class)
class FullHeapTest {
    private static final int TRIES = 4;

    /// A full heap can keep a class of the JDK from being initialised, and that is final: such a VM proves
    /// nothing about the library, and another one is tried.
    private static ChildVm run(Class<?> program, String... options) throws Exception {
        List<String> all = Stream.concat(
                        Arrays.stream(options), Stream.of("-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED"))
                .toList();
        ChildVm vm = ChildVm.run(program, all);
        for (int i = 1; i < TRIES && isWithoutAClassOfTheJdk(vm); i++) {
            vm = ChildVm.run(program, all);
        }
        return vm;
    }

    private static boolean isWithoutAClassOfTheJdk(ChildVm vm) {
        return vm.lines().stream()
                .anyMatch(line -> line.matches("died of java.lang.NoClassDefFoundError: .*\\b(java|jdk|sun)[./].*")
                        && !line.contains("libvirt4j"));
    }

    /// The program of a VM.
    private interface Program {
        void run() throws Throwable;
    }

    /// Says what it died of in words that need no class that a full heap may have broken.
    private static void orSay(Program program) {
        System.out.println("begun");
        try {
            program.run();
        } catch (Throwable t) {
            System.out.println("died of " + t);
            Runtime.getRuntime().halt(1);
        }
    }

    @Test
    @Tag("once")
    void underEveryCallbackTypeIsContained() throws Exception {
        underEveryCallbackTypeIsContained("-XX:+TieredCompilation");
    }

    @Tag("slow")
    @Tag("once")
    @ParameterizedTest
    @ValueSource(strings = {"-Xint", "-XX:TieredStopAtLevel=1"})
    void underEveryCallbackTypeIsContained(String compiler) throws Exception {
        ChildVm vm = run(EveryType.class, compiler, "-Xmx12m");
        assertThat(vm.lines()).last().asString().matches("lives: [1-9]\\d* types, contained [1-9]\\d*, not freed 0");
        assertThat(vm.status()).isZero();
    }

    @Test
    void registrationsHearAgainAndAllIsGivenBack() throws Exception {
        ChildVm vm = run(Exhausted.class, "-Xmx24m");
        assertThat(vm.lines())
                .last()
                .asString()
                .matches("exhausted [1-9]\\d*, deaf \\[], closed with 0, closures 0, handles 0");
        assertThat(vm.status()).isZero();
    }

    /// Events, calls, registrations that come and go, while the heap is full again and again.
    static final class Exhausted {
        private static final int REGISTRATIONS = 20;
        private static final AtomicLong EXHAUSTED = new AtomicLong();

        private Exhausted() {}

        public static void main(String[] arguments) {
            orSay(Exhausted::run);
        }

        private static void run() throws Exception {
            Libvirt.setUncaughtHandler((_, _) -> EXHAUSTED.incrementAndGet());
            Libvirt.setErrorHandler(_ -> {});
            Connect connect = Embedded.open();
            Domain domain = connect.domains().lookupByName("test");
            var heard = new AtomicIntegerArray(REGISTRATIONS);
            for (int i = 0; i < REGISTRATIONS; i++) {
                int self = i;
                Delivery delivery = i % 4 == 3 ? Delivery.direct() : Delivery.queued(4 + i);
                connect.on(Set.of(DomainEvent.LIFECYCLE), delivery, _ -> heard.incrementAndGet(self));
            }
            useUp(connect, domain);
            List<Integer> deaf = deaf(domain, heard);
            domain.close();
            connect.close();
            awaitForgotten();
            System.out.println("exhausted " + EXHAUSTED + ", deaf " + deaf + ", closed with " + connect.closeResult()
                    + ", closures " + Libvirt.closuresOnLoan() + ", handles " + Libvirt.handlesOpen());
        }

        private static void useUp(Connect connect, Domain domain) throws InterruptedException {
            // What needs memory to be tried is made before.
            List<Runnable> actions = List.of(
                    domain::suspend,
                    domain::resume,
                    () -> connect.domains().listAll().forEach(Domain::close),
                    () -> connect.on(DomainEvent.LIFECYCLE, _ -> {}).close(),
                    () -> domain.on(DomainEvent.LIFECYCLE, _ -> {}).close(),
                    () -> Connect.open(Embedded.URI).close());
            // What the JDK and the VM make at a first use is broken for good if that met a full heap.
            actions.forEach(Runnable::run);
            AtomicBoolean over = new AtomicBoolean();
            Thread filler = Thread.ofPlatform().daemon().start(() -> {
                while (!over.get()) {
                    contained(Exhausted::fill);
                }
            });
            long until = System.nanoTime() + Duration.ofSeconds(10).toNanos();
            while (EXHAUSTED.get() < 20 && System.nanoTime() < until) {
                for (int i = 0; i < actions.size(); i++) {
                    contained(actions.get(i));
                }
            }
            over.set(true);
            filler.join();
        }

        private static void fill() {
            try (FullHeap heap = new FullHeap()) {
                heap.fill();
                LockSupport.parkNanos(1_000_000);
            }
            // What waits for room goes on.
            LockSupport.parkNanos(5_000_000);
        }

        /// What is not closed is closed with the connection, or when it is collected.
        private static void contained(Runnable action) {
            try {
                action.run();
            } catch (OutOfMemoryError e) {
                EXHAUSTED.incrementAndGet();
            } catch (Throwable e) {
                // The domain was not resumed, or the JDK has lost a class.
            }
        }

        /// Handles that the error took from whoever made them are closed when they are collected.
        private static void awaitForgotten() throws InterruptedException {
            long until = System.nanoTime() + Duration.ofSeconds(10).toNanos();
            while (Libvirt.handlesOpen() > 0 && System.nanoTime() < until) {
                System.gc();
                Thread.sleep(10);
            }
        }

        private static List<Integer> deaf(Domain domain, AtomicIntegerArray heard) throws InterruptedException {
            for (int i = 0; i < REGISTRATIONS; i++) {
                heard.set(i, 0);
            }
            List<Integer> deaf = List.of();
            long until = System.nanoTime() + Duration.ofSeconds(10).toNanos();
            do {
                contained(domain::suspend);
                contained(domain::resume);
                deaf = IntStream.range(0, REGISTRATIONS)
                        .filter(i -> heard.get(i) == 0)
                        .boxed()
                        .toList();
            } while (!deaf.isEmpty() && System.nanoTime() < until);
            return deaf;
        }
    }

    /// A made-up C calls the stub of each type: with the heap full at its first calls, and at
    /// those at which the VM would customize its method handles, and when there is room again.
    static final class EveryType {
        private static final MemorySegment NULL = MemorySegment.NULL;
        private static final int TIMES = 3;

        private static final AtomicLong CONTAINED = new AtomicLong();
        private static final AtomicLong HEARD = new AtomicLong();
        private static final Set<String> TYPES = new HashSet<>();

        private EveryType() {}

        public static void main(String[] arguments) {
            orSay(EveryType::run);
        }

        private static void run() throws Throwable {
            Libvirt.setUncaughtHandler((_, _) -> CONTAINED.incrementAndGet());
            Libvirt.setErrorHandler(error -> HEARD.addAndGet(error.toString().length()));
            try (Connect connect = Embedded.open();
                    Arena arena = Arena.ofConfined()) {
                EventSink sink = event -> HEARD.addAndGet(event.toString().length());
                long onSink = Loans.lend(sink);
                for (EventTable.Row row : EventTable.rows()) {
                    try (Domain domain = connect.domains().lookupByName("test")) {
                        boolean ofDomain = row.kind().name().startsWith("domain.");
                        call(row.upcall(), NULL, ofDomain ? domain.object.pointer() : NULL, Loans.opaque(onSink));
                    }
                }
                for (ConnectionCalls calls : ConnectionCalls.values()) {
                    call(calls.closeUpcall(), NULL, Loans.opaque(onSink));
                }
                Loans.end(onSink);
                call(ErrorCallback.upcall(), NULL, error(arena));
                streams();
                loop();
                authentication(arena);
                System.out.println("lives: " + TYPES.size() + " types, contained " + CONTAINED + ", not freed "
                        + freeWithFullHeap());
            }
        }

        private static void streams() throws Throwable {
            for (Upcall upcall : StreamCallbacks.upcalls()) {
                boolean sends = upcall.cName().contains("Source");
                Source<RuntimeException> source = into -> into.put(new byte[8]).position();
                Sink<RuntimeException> drain =
                        from -> from.get(new byte[from.remaining()]).position();
                Object closure = sends ? new Feed(source, source) : new Drain(drain, drain);
                try (CallScope<Object> scope = CallScope.lend(closure);
                        Arena arena = Arena.ofConfined()) {
                    call(upcall, NULL, arena.allocate(64), scope.opaque());
                }
            }
        }

        private static void loop() throws Throwable {
            for (Upcall upcall : JavaLoop.upcalls()) {
                call(upcall, ProcessLoop.upcall().pointer(0), NULL, NULL);
            }
            Timer timer = EventLoop.after(java.time.Duration.ofDays(1), _ -> {});
            long number = Loans.lend(timer);
            call(ProcessLoop.upcall(), Loans.opaque(number));
            Loans.end(number);
            timer.close();
            call(FileReadiness.UPCALL, Loans.opaque(7));
        }

        private static void authentication(Arena arena) throws Throwable {
            Authenticator<RuntimeException> answers =
                    credentials -> credentials.forEach(credential -> credential.answer("me".toCharArray()));
            try (CallScope<Authentication> scope = CallScope.lend(new Authentication(answers))) {
                call(Authentication.upcall(), arena.allocate(VirConnectCredential.SIZE, Long.BYTES), scope.opaque());
            }
        }

        private static MemorySegment error(Arena arena) {
            MemorySegment error = arena.allocate(VirError.SIZE, Long.BYTES);
            VirError.code(error, 1);
            VirError.message(error, arena.allocateFrom("a message"));
            return error;
        }

        /// @param pointers of its arguments; numbers are 8
        private static void call(Upcall upcall, MemorySegment... pointers) throws Throwable {
            TYPES.add(upcall.cName());
            FunctionDescriptor signature = upcall.signature();
            List<Object> arguments = new ArrayList<>();
            int given = 0;
            long left = signature.argumentLayouts().stream()
                    .filter(ValueLayout.ADDRESS::equals)
                    .count();
            for (MemoryLayout layout : signature.argumentLayouts()) {
                if (layout.equals(ValueLayout.ADDRESS)) {
                    // The opaque comes last.
                    boolean isOpaque = --left == 0;
                    arguments.add(
                            isOpaque
                                    ? pointers[pointers.length - 1]
                                    : given < pointers.length - 1 ? pointers[given++] : NULL);
                } else if (layout.equals(ValueLayout.JAVA_LONG)) {
                    arguments.add(8L);
                } else {
                    arguments.add(isCount(upcall) ? 1 : 8);
                }
            }
            MethodHandle function = MethodHandles.insertArguments(
                            FakeC.function(upcall.pointer(0), signature), 0, arguments.toArray())
                    .asType(MethodType.methodType(void.class));
            // Links what is the made-up C's.
            function.invokeExact();
            withFullHeap(function);
            for (int i = TIMES; i < 125; i++) {
                function.invokeExact();
            }
            withFullHeap(function);
            function.invokeExact();
        }

        private static boolean isCount(Upcall upcall) {
            return upcall.cName().startsWith("virConnectAuth");
        }

        private static void withFullHeap(MethodHandle function) throws Throwable {
            try (FullHeap heap = new FullHeap()) {
                heap.fill();
                for (int i = 0; i < TIMES; i++) {
                    callOnce(function);
                }
            }
        }

        private static void callOnce(MethodHandle function) throws Throwable {
            try {
                function.invokeExact();
            } catch (OutOfMemoryError | LinkageError notCalled) {
                // The made-up C's own method handles are customized as well, by classes of the JDK's that may be
                // initialised then: the next call is the one. Nothing that a callback throws can come out here.
            }
        }

        private static long freeWithFullHeap() throws Throwable {
            long before = Loans.onLoan();
            MethodHandle free = FakeC.function(Loans.free(), FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG));
            long[] loans = Stream.generate(() -> Loans.lend("a closure"))
                    .limit(100)
                    .mapToLong(number -> number)
                    .toArray();
            free.invokeExact(loans[0]);
            try (FullHeap heap = new FullHeap()) {
                heap.fill();
                for (int i = 1; i < loans.length; i++) {
                    free.invokeExact(loans[i]);
                }
            }
            return Loans.onLoan() - before;
        }
    }
}
