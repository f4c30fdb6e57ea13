package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libvirt4j.auth.Authenticator;
import io.github.libvirt4j.auth.Credential;
import io.github.libvirt4j.error.CallInterruptedException;
import io.github.libvirt4j.error.CallTimeoutException;
import io.github.libvirt4j.error.NotFoundException;
import io.github.libvirt4j.event.Delivery;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.Registration;
import io.github.libvirt4j.internal.call.LastingMemory;
import io.github.libvirt4j.internal.call.TimedCalls;
import io.github.libvirt4j.internal.loop.ProcessLoop;
import io.github.libvirt4j.support.ChildVm;
import io.github.libvirt4j.testing.SessionDaemon;
import io.github.libvirt4j.types.ErrorNumber;
import io.github.libvirt4j.types.StreamEventType;
import io.github.libvirt4j.types.StreamFlags;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// Callers that stop waiting for a daemon that does not answer.
@ExtendWith(NothingLeft.class)
@Timeout(60)
class CallTimeoutTest {
    private static final Duration SHORT = Duration.ofMillis(200);

    /// For what has to succeed before it hangs.
    private static final Duration MODERATE = Duration.ofSeconds(1);

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final int MOST = 16;

    private static SessionDaemon daemon;

    private final List<Connect> opened = new ArrayList<>();

    @BeforeAll
    static void start() {
        daemon = SessionDaemon.start();
    }

    @AfterAll
    static void stop() {
        daemon.close();
    }

    private Connect open(Duration callTimeout) {
        Connect connect = opening(callTimeout).open();
        opened.add(connect);
        return connect;
    }

    private static Opening<RuntimeException> opening(Duration callTimeout) {
        return opening(daemon.unixUri(Embedded.URI), callTimeout);
    }

    private static Opening<RuntimeException> opening(String uri, Duration callTimeout) {
        return Connect.to(uri).keepAlive(Duration.ZERO, 0).callTimeout(callTimeout);
    }

    private static VolumeStorage storage(Duration callTimeout) {
        return new VolumeStorage(
                daemon, opening(VolumeStorage.uri(daemon), callTimeout).open());
    }

    @AfterEach
    @Timeout(60)
    void goOn() throws Exception {
        daemon.resume();
        await(() -> Libvirt.callsAbandoned() == 0);
        for (Connect connect : opened) {
            connect.close();
            // It has the time limit of calls, after which it goes on in the background: −1 until it has ended.
            await(() -> connect.closeResult() >= 0);
            assertThat(connect.closeResult()).isZero();
        }
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            Thread.sleep(1);
        }
    }

    private static CallTimeoutException assertTimesOut(ThrowingCallable call) {
        AtomicReference<CallTimeoutException> thrown = new AtomicReference<>();
        assertThatExceptionOfType(CallTimeoutException.class)
                .isThrownBy(call)
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorNumber.OPERATION_TIMEOUT))
                .satisfies(thrown::set);
        return thrown.get();
    }

    @Test
    void callReleasesItsCaller() throws Exception {
        Connect connect = open(MODERATE);
        assertThat(connect.hostname()).isNotEmpty();
        daemon.pause();
        CallTimeoutException e = assertTimesOut(connect::hostname);
        assertThat(e.isBegun()).isTrue();
        assertThat(e.function()).isEqualTo("virConnectGetHostname");
        assertThat(e).hasMessageContaining("has not returned within PT1S; whether it happens is not known");
        assertThat(connect.callsAbandoned()).isOne();
        assertThat(Libvirt.callsAbandoned()).isOne();
        daemon.resume();
        await(() -> connect.callsAbandoned() == 0);
        assertThat(connect.hostname()).isNotEmpty();
    }

    @Test
    void openingReleasesItsCaller() throws Exception {
        daemon.pause();
        var opening = opening(LONG).openTimeout(SHORT);
        assertThat(assertTimesOut(opening::open).function()).isEqualTo("virConnectOpenAuth");
        assertThat(Libvirt.callsAbandoned()).isOne();
        daemon.resume();
        // What came of it was closed: NothingLeft sees to that.
        await(() -> Libvirt.callsAbandoned() == 0);
        opening.openTimeout(LONG).open().close();
    }

    @Test
    void openingsOfAHostThatHangsAreBounded() throws Exception {
        daemon.pause();
        var opening = opening(LONG).openTimeout(SHORT);
        List<CompletableFuture<Boolean>> begun = new ArrayList<>();
        for (int i = 0; i < MOST + 1; i++) {
            begun.add(CompletableFuture.supplyAsync(
                    () -> assertTimesOut(opening::open).isBegun(), Thread::startVirtualThread));
        }
        assertThat(begun.stream().filter(CompletableFuture::join)).hasSize(MOST);
        try (Connect embedded = Connect.to(Embedded.URI).openTimeout(LONG).open()) {
            assertThat(embedded.isAlive()).isTrue();
        }
    }

    @Test
    void interruptReleasesACaller() throws Exception {
        for (Duration limit : List.of(LONG, ChronoUnit.FOREVER.getDuration())) {
            Connect connect = open(limit);
            daemon.pause();
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            Thread thread = Thread.ofPlatform().start(() -> {
                try {
                    connect.hostname();
                } catch (CallInterruptedException e) {
                    assertThat(e.isBegun()).isTrue();
                    assertThat(Thread.currentThread().isInterrupted()).isTrue();
                    thrown.set(e);
                }
            });
            await(() -> thread.getState() == Thread.State.TIMED_WAITING);
            thread.interrupt();
            thread.join();
            assertThat(thrown.get()).isInstanceOf(CallInterruptedException.class);
            assertThat(connect.callsAbandoned()).isOne();
            daemon.resume();
            await(() -> connect.callsAbandoned() == 0);
        }
    }

    @Test
    void interruptReleasesAnOpening() throws Exception {
        daemon.pause();
        CompletableFuture<CallInterruptedException> thrown = new CompletableFuture<>();
        Thread thread = Thread.ofVirtual().start(() -> {
            try {
                opening(LONG).openTimeout(LONG).open();
            } catch (CallInterruptedException e) {
                thrown.complete(e);
            }
        });
        await(() -> thread.getState() == Thread.State.TIMED_WAITING);
        thread.interrupt();
        assertThat(thrown.get(10, TimeUnit.SECONDS).isBegun()).isTrue();
        assertThat(Libvirt.callsAbandoned()).isOne();
    }

    /// Something listens, and says nothing.
    @Test
    void openingOverTcpReleasesItsCaller() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var opening = opening("test+tcp://127.0.0.1:%d/default".formatted(silent.getLocalPort()), LONG)
                    .openTimeout(SHORT)
                    .readOnly();
            assertThat(assertTimesOut(opening::open).isBegun()).isTrue();
        }
        await(() -> Libvirt.callsAbandoned() == 0);
    }

    @Test
    void waitForWhatACallWouldWaitForIsLimitedToo() {
        var calls = new TimedCalls("a connection", SHORT);
        CallTimeoutException e =
                assertTimesOut(() -> calls.await("virStreamRecv", System.nanoTime(), new CompletableFuture<>()));
        assertThat(e.isBegun()).isFalse();
        assertThat(e).hasMessageContaining("virStreamRecv of a connection: nothing has come within PT0.2S");
        assertThat(calls.abandoned()).isZero();
    }

    @Test
    void interruptedThreadBeginsNothing() {
        Connect connect = open(LONG);
        Thread.currentThread().interrupt();
        assertThatExceptionOfType(CallInterruptedException.class)
                .isThrownBy(connect::hostname)
                .satisfies(e -> assertThat(e.isBegun()).isFalse());
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void stuckCallsOfAConnectionAreBounded() throws Exception {
        Connect connect = open(SHORT);
        daemon.pause();
        abandonMost(connect);
        CallTimeoutException e = assertTimesOut(connect::hostname);
        assertThat(e.isBegun()).isFalse();
        assertThat(e).hasMessageContaining("16 calls").hasMessageContaining("it was not begun");
        assertThat(connect.callsAbandoned()).isEqualTo(MOST);
        // Another connection is not concerned.
        try (Connect other = Connect.to(Embedded.URI).callTimeout(LONG).open()) {
            assertThat(other.hostname()).isNotEmpty();
        }
    }

    /// As many calls as there are threads for, all at once.
    private static void abandonMost(Connect connect) {
        List<CompletableFuture<Boolean>> begun = new ArrayList<>();
        for (int i = 0; i < MOST; i++) {
            begun.add(CompletableFuture.supplyAsync(
                    () -> assertTimesOut(connect::hostname).isBegun(), Thread::startVirtualThread));
        }
        assertThat(begun).allMatch(CompletableFuture::join);
    }

    @Test
    void virtualThreadsThatWaitHoldNoCarrier() throws Exception {
        Connect connect = open(LONG);
        daemon.pause();
        int carriers = Runtime.getRuntime().availableProcessors();
        List<Thread> waiting = new ArrayList<>();
        for (int i = 0; i < 2 * carriers + 1; i++) {
            waiting.add(Thread.startVirtualThread(connect::hostname));
        }
        for (Thread thread : waiting) {
            await(() -> thread.getState() == Thread.State.TIMED_WAITING);
        }
        Thread another = Thread.startVirtualThread(() -> {});
        assertThat(another.join(LONG)).isTrue();
        assertThat(waiting).allMatch(Thread::isAlive);
        daemon.resume();
        for (Thread thread : waiting) {
            thread.join();
        }
    }

    @Test
    void whatAnAbandonedCallMakesIsClosed() throws Exception {
        Connect connect = open(SHORT);
        long before = Libvirt.handlesOpen();
        daemon.pause();
        assertTimesOut(() -> connect.domains().lookupByName("test"));
        assertTimesOut(() -> connect.domains().listAll());
        assertTimesOut(() -> connect.on(DomainEvent.LIFECYCLE, (DomainEvent.Lifecycle _) -> {}));
        daemon.resume();
        await(() -> connect.callsAbandoned() == 0);
        await(() -> Libvirt.handlesOpen() == before);
        // Of events, only the one that keeps the connection hearing stays.
        await(() -> Libvirt.closuresOnLoan() == 0);
    }

    /// What it uses in C is released when it returns, and not before.
    @Test
    void handlesMayBeClosedWhileTheirCallsHang() throws Exception {
        Connect connect = open(MODERATE);
        Domain domain = connect.domains().lookupByName("test");
        Stream stream = connect.newStream();
        long before = Libvirt.handlesOpen();
        daemon.pause();
        assertTimesOut(domain::info);
        assertTimesOut(() -> domain.console().screenshot(stream, 0));
        domain.close();
        stream.close();
        assertThatIllegalStateException().isThrownBy(domain::info);
        assertThat(connect.callsAbandoned()).isEqualTo(2);
        assertThat(Libvirt.handlesOpen()).isEqualTo(before);
        daemon.resume();
        await(() -> Libvirt.handlesOpen() == before - 2);
        assertThat(connect.hostname()).isNotEmpty();
    }

    @Test
    void connectionWithACallThatHangsIsClosedWhenThatReturns() throws Exception {
        Connect connect = open(SHORT);
        daemon.pause();
        assertTimesOut(connect::hostname);
        connect.close();
        assertThat(connect.closeResult()).isNegative();
        daemon.resume();
        await(() -> connect.closeResult() == 0);
    }

    @Test
    void endOfARegistrationReleasesItsCaller() throws Exception {
        Connect connect = open(MODERATE);
        Registration registration = connect.on(DomainEvent.LIFECYCLE, (DomainEvent.Lifecycle _) -> {});
        daemon.pause();
        registration.close();
        assertThat(registration.isActive()).isFalse();
        assertThat(connect.callsAbandoned()).isOne();
    }

    @Test
    void registrationEndsAlsoWhereTheThreadIsInterrupted() throws Exception {
        Connect connect = open(LONG);
        Registration registration = connect.on(DomainEvent.LIFECYCLE, (DomainEvent.Lifecycle _) -> {});
        Thread.currentThread().interrupt();
        try {
            registration.close();
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(registration.isActive()).isFalse();
        await(() -> Libvirt.closuresOnLoan() == 0);
    }

    @Test
    void registrationEndsWhenCallsThatHangHaveReturned() throws Exception {
        Connect connect = open(MODERATE);
        Registration registration = connect.on(DomainEvent.LIFECYCLE, (DomainEvent.Lifecycle _) -> {});
        daemon.pause();
        abandonMost(connect);
        registration.close();
        assertThat(registration.isActive()).isFalse();
        assertThat(Libvirt.closuresOnLoan()).isOne();
        daemon.resume();
        await(() -> Libvirt.closuresOnLoan() == 0);
    }

    @Test
    void failureIsOfTheCallAndSaysWhereThatWas() {
        Connect connect = open(LONG);
        assertThatExceptionOfType(NotFoundException.class)
                .isThrownBy(() -> connect.domains().lookupByName("nobody"))
                .satisfies(e -> assertThat(e.getStackTrace())
                        .anySatisfy(frame -> assertThat(frame.getClassName())
                                .isEqualTo(getClass().getName())));
        assertThatThrownBy(() -> connect.domains().lookupByName("\0")).isInstanceOf(IllegalArgumentException.class);
        connect.close();
        assertThatThrownBy(connect::hostname).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void limitThatIsNoneIsRefused() {
        for (Duration none : List.of(Duration.ZERO, Duration.ofSeconds(-1))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Connect.to(Embedded.URI).callTimeout(none));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Connect.to(Embedded.URI).openTimeout(none));
        }
    }

    @Test
    void handlerOnTheEventLoopMayCall() throws Exception {
        Connect connect = open(LONG);
        CompletableFuture<String> name = new CompletableFuture<>();
        try (Registration _ = connect.on(
                        Set.of(DomainEvent.LIFECYCLE), Delivery.direct(), _ -> name.complete(connect.hostname()));
                Domain domain = connect.domains().lookupByName("test")) {
            domain.suspend();
            assertThat(name.get(30, TimeUnit.SECONDS)).isNotEmpty();
            domain.resume();
        }
    }

    /// It would have to wait for another thread, which may wait for the loop.
    @Test
    void callOnTheEventLoopHasNoLimit() throws Exception {
        Connect connect = open(MODERATE);
        var entered = new CountDownLatch(1);
        var paused = new CountDownLatch(1);
        CompletableFuture<String> name = new CompletableFuture<>();
        try (Registration _ = connect.on(Set.of(DomainEvent.LIFECYCLE), Delivery.direct(), _ -> {
                    entered.countDown();
                    paused.await();
                    try {
                        name.complete(connect.hostname());
                    } catch (RuntimeException e) {
                        name.completeExceptionally(e);
                    }
                });
                Domain domain = connect.domains().lookupByName("test")) {
            domain.suspend();
            entered.await();
            daemon.pause();
            paused.countDown();
            Thread.sleep(MODERATE.toMillis() + SHORT.toMillis());
            assertThat(name).isNotDone();
            daemon.resume();
            assertThat(name.get(30, TimeUnit.SECONDS)).isNotEmpty();
            domain.resume();
        }
    }

    @Test
    void slowAuthenticatorIsNoSlowOpening() {
        try (SessionDaemon locked = SessionDaemon.start(Map.of("fred", "secret"))) {
            char[] password = "secret".toCharArray();
            Authenticator<RuntimeException> known = Authenticator.of("fred", password);
            CountDownLatch never = new CountDownLatch(1);
            var opening = Connect.to(locked.tcpUri()).openTimeout(MODERATE);
            try (Connect connect = opening.authenticator((List<Credential> asked) -> {
                        assertThat(never.await(2 * MODERATE.toMillis(), TimeUnit.MILLISECONDS))
                                .isFalse();
                        known.authenticate(asked);
                    })
                    .open()) {
                assertThat(connect.isAlive()).isTrue();
            } catch (Exception e) {
                throw new AssertionError(e);
            } finally {
                known.finished();
            }
            var refused = new IllegalStateException("no");
            assertThatThrownBy(() -> opening.authenticator(_ -> {
                                throw refused;
                            })
                            .open())
                    .isSameAs(refused);
        }
    }

    @Test
    void transferThatStandsStillReleasesItsCaller() throws Exception {
        try (VolumeStorage storage = storage(MODERATE);
                StorageVol volume = storage.volume(1L << 40);
                Stream stream = storage.connect().newStream()) {
            volume.upload(stream, 0, 0);
            AtomicInteger asked = new AtomicInteger();
            assertTimesOut(() -> stream.sendAll(buffer -> {
                if (asked.incrementAndGet() == 2) {
                    // Longer than the limit, which is for C.
                    Thread.sleep(MODERATE.multipliedBy(2));
                    daemon.pause();
                }
                buffer.position(buffer.limit());
                return 1;
            }));
            int then = asked.get();
            daemon.resume();
            await(() -> storage.connect().callsAbandoned() == 0);
            assertThat(asked).hasValue(then);
            assertThatThrownBy(stream::finish).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void abandonedReceiveLeavesTheBufferAlone() throws Exception {
        try (VolumeStorage storage = storage(MODERATE);
                StorageVol volume = storage.volume(1L << 40);
                Stream stream = storage.connect().newStream()) {
            volume.download(stream, 0, 0);
            daemon.pause();
            ByteBuffer buffer = ByteBuffer.allocateDirect(10_000);
            assertTimesOut(() -> {
                while (true) {
                    // The volume is all zeroes.
                    buffer.clear()
                            .put(new byte[buffer.capacity()])
                            .put(0, (byte) 1)
                            .clear();
                    stream.receive(buffer);
                }
            });
            daemon.resume();
            await(() -> storage.connect().callsAbandoned() == 0);
            assertThat(buffer.get(0)).isOne();
            // What it received is nowhere: the next would go on behind that.
            assertThatIllegalStateException()
                    .isThrownBy(() -> stream.receive(buffer))
                    .withMessageContaining("a call on it was abandoned");
            assertThatIllegalStateException().isThrownBy(stream::finish);
            stream.abort();
        }
    }

    /// The first listener of a connection asks the daemon to tell that it breaks off.
    @Test
    void abandonedHandlerOfAStreamIsTakenBack() throws Exception {
        try (VolumeStorage storage = storage(MODERATE);
                StorageVol volume = storage.volume(1L << 20);
                Stream stream = storage.connect().newStream(StreamFlags.NONBLOCK)) {
            volume.download(stream, 0, 0);
            AtomicInteger called = new AtomicInteger();
            daemon.pause();
            assertTimesOut(() -> stream.on(Set.of(StreamEventType.READABLE), (_, _) -> called.incrementAndGet()));
            daemon.resume();
            await(() -> storage.connect().callsAbandoned() == 0);
            ProcessLoop.turn();
            int then = called.get();
            // It is readable all the time.
            for (int i = 0; i < 100; i++) {
                ProcessLoop.turn();
            }
            assertThat(called.get()).isBetween(then, then + 1);
        }
    }

    /// C uses it until the call returns; it is freed then. Memory that the thread of the call makes is its
    /// own.
    @Test
    void memoryOfAnAbandonedCallIsHeldUntilThatReturns() throws Exception {
        try (VolumeStorage storage = storage(MODERATE);
                StorageVol volume = storage.volume(1L << 40);
                Stream stream = storage.connect().newStream()) {
            Connect connect = storage.connect();
            volume.upload(stream, 0, 0);
            // After those that were waited for nothing is.
            stream.send(ByteBuffer.allocate(1000));
            await(() -> LastingMemory.held() == 0);
            daemon.pause();
            String name = "x".repeat(10_000);
            assertTimesOut(() -> connect.maxVcpus(name));
            assertThat(LastingMemory.held()).isEqualTo(name.length() + 1);
            assertTimesOut(() -> {
                while (true) {
                    stream.send(ByteBuffer.allocate(100_000));
                }
            });
            assertThat(LastingMemory.held()).isGreaterThanOrEqualTo(name.length() + 1);
            daemon.resume();
            await(() -> connect.callsAbandoned() == 0);
            await(() -> LastingMemory.held() == 0);
        }
    }

    @Test
    void memoryOfCallsThatFindNoPlaceIsFreed() throws Exception {
        Connect connect = open(SHORT);
        daemon.pause();
        for (int i = 0; i < MOST; i++) {
            assertTimesOut(connect::hostname);
        }
        assertThat(assertTimesOut(() -> connect.domains().lookupByName("test")).isBegun())
                .isFalse();
        assertThat(LastingMemory.held()).isZero();
    }

    /// The resident memory of a VM grows by none of what goes over a stream.
    @Test
    void streamTakesNoMemoryOfWhatGoesOverIt() throws Exception {
        ChildVm vm = ChildVm.run(
                Traffic.class,
                List.of("--enable-native-access=ALL-UNNAMED", "-Xms64m", "-Xmx64m", "-XX:+AlwaysPreTouch"),
                "192");
        assertThat(vm.status()).as("%s", vm.lines()).isZero();
        assertThat(Long.parseLong(vm.lines().getLast())).as("%s", vm.lines()).isLessThan(20 << 10);
    }

    /// Sends so many MiB to a volume, receives them again, and says by how many KiB that made the process
    /// grow.
    static final class Traffic {
        public static void main(String... args) throws Exception {
            int count = Integer.parseInt(args[0]);
            try (SessionDaemon daemon = SessionDaemon.start();
                    VolumeStorage storage = new VolumeStorage(
                            daemon, opening(VolumeStorage.uri(daemon), LONG).open());
                    StorageVol volume = storage.volume(1L << 40)) {
                // All that is allocated once.
                transfer(storage.connect(), volume, 32);
                long before = resident();
                transfer(storage.connect(), volume, count);
                System.out.println(resident() - before);
            }
        }

        private static void transfer(Connect connect, StorageVol volume, int count) {
            ByteBuffer piece = ByteBuffer.allocate(1 << 20);
            try (Stream up = connect.newStream()) {
                volume.upload(up, 0, 0);
                for (int i = 0; i < count; i++) {
                    while (piece.hasRemaining()) {
                        up.send(piece);
                    }
                    piece.clear();
                }
                up.finish();
            }
            try (Stream down = connect.newStream()) {
                volume.download(down, 0, (long) count << 20);
                while (down.receive(piece.clear()) >= 0) {}
                down.finish();
            }
        }

        private static long resident() throws IOException {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .map(line -> line.replaceAll("[^0-9]", ""))
                    .mapToLong(Long::parseLong)
                    .findAny()
                    .orElseThrow();
        }
    }

    @Test
    void urisThatNobodyOpensAreForgotten() throws Exception {
        assertThat(TimedCalls.urisOpening()).isZero();
        Connect.to(Embedded.URI).openTimeout(LONG).open().close();
        await(() -> TimedCalls.urisOpening() == 0);
        daemon.pause();
        assertTimesOut(opening(LONG).openTimeout(SHORT)::open);
        assertThat(TimedCalls.urisOpening()).isOne();
        daemon.resume();
        await(() -> TimedCalls.urisOpening() == 0);
    }

    /// More than there are places, all at work at the same time.
    @Test
    void closuresOfManyCallsMayAllCall() throws Exception {
        try (Connect connect =
                Connect.to(Embedded.URI).callTimeout(Duration.ofSeconds(10)).open()) {
            CyclicBarrier inside = new CyclicBarrier(MOST + 1);
            Set<String> answers = ConcurrentHashMap.newKeySet();
            List<CompletableFuture<?>> all = new ArrayList<>();
            for (int i = 0; i < MOST + 1; i++) {
                all.add(CompletableFuture.runAsync(
                        () -> screenshot(connect, () -> {
                            inside.await(20, TimeUnit.SECONDS);
                            answers.add(connect.hostname());
                            // One that waits for a call on another thread holds no place either.
                            return CompletableFuture.supplyAsync(connect::type, Thread::startVirtualThread)
                                    .get();
                        }),
                        task -> Thread.ofPlatform().start(task)));
            }
            all.forEach(CompletableFuture::join);
            assertThat(answers).hasSize(1);
            // The places are back, and no more than those.
            assertThat(connect.hostname()).isNotEmpty();
        }
    }

    private static void screenshot(Connect connect, Callable<?> first) {
        try (Domain domain = connect.domains().lookupByName("test")) {
            AtomicInteger count = new AtomicInteger();
            domain.console().<Exception>screenshot(0, buffer -> {
                if (count.getAndIncrement() == 0) {
                    first.call();
                }
                buffer.position(buffer.limit());
            });
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void errorHandlersOfManyCallsMayAllCall() throws Exception {
        try (Connect connect =
                Connect.to(Embedded.URI).callTimeout(Duration.ofSeconds(10)).open()) {
            CyclicBarrier inside = new CyclicBarrier(MOST);
            Set<String> answers = ConcurrentHashMap.newKeySet();
            connect.setErrorHandler(_ -> {
                try {
                    inside.await(20, TimeUnit.SECONDS);
                    answers.add(connect.hostname());
                } catch (Exception e) {
                    answers.add(e.toString());
                }
            });
            List<CompletableFuture<Boolean>> all = new ArrayList<>();
            for (int i = 0; i < MOST; i++) {
                all.add(CompletableFuture.supplyAsync(
                        () -> connect.domains().findByName("nobody").isEmpty(),
                        task -> Thread.ofPlatform().start(task)));
            }
            assertThat(all).allMatch(CompletableFuture::join);
            assertThat(answers).hasSize(1).noneMatch(answer -> answer.contains("Exception"));
        }
    }

    /// A closure that has given its place back takes it again: after it there are not more places than
    /// before.
    @Test
    void placesDoNotGrowByClosures() throws Exception {
        Connect connect = open(MODERATE);
        screenshot(connect, connect::hostname);
        connect.setErrorHandler(_ -> connect.type());
        assertThat(connect.domains().findByName("nobody")).isEmpty();
        connect.setErrorHandler(null);
        daemon.pause();
        List<CompletableFuture<Boolean>> begun = new ArrayList<>();
        for (int i = 0; i < MOST + 1; i++) {
            begun.add(CompletableFuture.supplyAsync(
                    () -> assertTimesOut(connect::hostname).isBegun(), Thread::startVirtualThread));
        }
        assertThat(begun.stream().filter(CompletableFuture::join)).hasSize(MOST);
    }

    @Test
    void callOfAClosureHasALimitOfItsOwn() throws Exception {
        try (VolumeStorage storage = storage(MODERATE);
                StorageVol volume = storage.volume(1L << 20);
                Stream stream = storage.connect().newStream()) {
            volume.upload(stream, 0, 0);
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            assertThatThrownBy(() -> stream.sendAll(_ -> {
                        daemon.pause();
                        try {
                            storage.connect().hostname();
                        } catch (CallTimeoutException e) {
                            thrown.set(e);
                            daemon.resume();
                            throw e;
                        }
                        return -1;
                    }))
                    .satisfies(e -> assertThat(e).isSameAs(thrown.get()));
        }
    }
}
