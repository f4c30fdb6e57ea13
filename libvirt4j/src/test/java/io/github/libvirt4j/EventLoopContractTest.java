package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtEvent.virEventAddHandle;
import static io.github.libvirt4j.internal.raw.LibvirtEvent.virEventAddTimeout;
import static io.github.libvirt4j.internal.raw.LibvirtEvent.virEventRemoveHandle;
import static io.github.libvirt4j.internal.raw.LibvirtEvent.virEventRemoveTimeout;
import static io.github.libvirt4j.internal.raw.LibvirtEvent.virEventUpdateHandle;
import static io.github.libvirt4j.internal.raw.LibvirtEvent.virEventUpdateTimeout;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.internal.callback.Loans;
import io.github.libvirt4j.internal.callback.Upcall;
import io.github.libvirt4j.internal.loop.JavaLoop;
import io.github.libvirt4j.internal.loop.LibvirtHandle;
import io.github.libvirt4j.internal.loop.ProcessLoop;
import io.github.libvirt4j.internal.raw.CallbackTypes.VirEventHandleCallback;
import io.github.libvirt4j.internal.raw.CallbackTypes.VirEventTimeoutCallback;
import io.github.libvirt4j.internal.raw.CallbackTypes.VirFreeCallback;
import io.github.libvirt4j.loop.EventLoop;
import io.github.libvirt4j.support.Pipe;
import io.github.libvirt4j.support.Threads;
import io.github.libvirt4j.types.EventHandleType;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// What libvirt expects of an event loop, through libvirt's own functions and with callbacks on the loop
/// itself. After libvirt's `eventtest.c`: many are waited for, few are ready, and some are taken away at
/// every moment there is.
@Tag("loop")
@ExtendWith(NothingLeft.class)
@Timeout(60)
class EventLoopContractTest {
    private static final int MANY = 31;
    private static final int READABLE = EventHandleType.READABLE.bits();
    private static final int WRITABLE = EventHandleType.WRITABLE.bits();
    private static final int HANGUP = EventHandleType.HANGUP.bits();

    private static final Upcall READY = Upcall.of(VirEventHandleCallback.type(), EventLoopContractTest::ready);
    private static final Upcall EXPIRED = Upcall.of(VirEventTimeoutCallback.type(), EventLoopContractTest::expired);

    /// One that is waited for: which it is, what it is told, and what it does about it on the loop.
    private record Told(int number, int id, int events) {}

    private final BlockingQueue<Told> told = new LinkedBlockingQueue<>();
    private final List<Pipe> pipes = new ArrayList<>();
    private final List<Integer> watches = new ArrayList<>();
    private final List<Integer> timers = new ArrayList<>();

    /// Lent to C.
    private final class Source {
        private final int number;
        private final BiConsumer<Integer, Integer> body;

        Source(int number, BiConsumer<Integer, Integer> body) {
            this.number = number;
            this.body = body;
        }

        void call(int id, int events) {
            assertThat(EventLoop.isCurrentThread()).isTrue();
            body.accept(id, events);
            told.add(new Told(number, id, events));
        }
    }

    private static void ready(int watch, int fd, int events, long opaque) {
        Source source = Loans.borrow(opaque, Source.class);
        if (source != null) {
            source.call(watch, events);
        }
    }

    private static void expired(int timer, long opaque) {
        Source source = Loans.borrow(opaque, Source.class);
        if (source != null) {
            source.call(timer, 0);
        }
    }

    private int addHandle(int number, int fd, int events, BiConsumer<Integer, Integer> body) {
        long loan = Loans.lend(new Source(number, body));
        int watch = virEventAddHandle(fd, events, READY.pointer(0), Loans.opaque(loan), Loans.free());
        assertThat(watch).isPositive();
        watches.add(watch);
        return watch;
    }

    private int addTimeout(int number, int millis, BiConsumer<Integer, Integer> body) {
        long loan = Loans.lend(new Source(number, body));
        int timer = virEventAddTimeout(millis, EXPIRED.pointer(0), Loans.opaque(loan), Loans.free());
        assertThat(timer).isPositive();
        timers.add(timer);
        return timer;
    }

    @BeforeEach
    void start() {
        ProcessLoop.ensure();
        for (int i = 0; i < MANY; i++) {
            pipes.add(new Pipe());
        }
    }

    @AfterEach
    void removeAll() {
        watches.forEach(watch -> virEventRemoveHandle(watch));
        timers.forEach(timer -> virEventRemoveTimeout(timer));
        ProcessLoop.turn();
        pipes.forEach(Pipe::close);
    }

    private Told next() throws InterruptedException {
        return Objects.requireNonNull(told.poll(10, TimeUnit.SECONDS), "nothing was called");
    }

    private void nothingElse() {
        for (int i = 0; i < 20; i++) {
            ProcessLoop.turn();
        }
        assertThat(told).isEmpty();
    }

    /// All of them, that read what is there.
    private void addReaders() {
        for (int i = 0; i < MANY; i++) {
            Pipe pipe = pipes.get(i);
            addHandle(i, pipe.readEnd(), READABLE, (_, _) -> pipe.read());
        }
    }

    @Test
    void callsOneOfMany() throws Exception {
        addReaders();
        assertThat(watches).doesNotHaveDuplicates();
        nothingElse();
        pipes.get(1).write();
        assertThat(next()).isEqualTo(new Told(1, watches.get(1), READABLE));
        nothingElse();
    }

    @Test
    void doesNotCallWhatWasRemovedBefore() throws Exception {
        addReaders();
        assertThat(virEventRemoveHandle(watches.get(0))).isZero();
        pipes.get(0).write();
        pipes.get(1).write();
        assertThat(next().number()).isEqualTo(1);
        nothingElse();
        // It is not there any more.
        assertThat(virEventRemoveHandle(watches.get(0))).isEqualTo(-1);
        virEventUpdateHandle(watches.get(0), READABLE);
        assertThat(virEventRemoveHandle(Integer.MAX_VALUE)).isEqualTo(-1);
        virEventUpdateHandle(Integer.MAX_VALUE, READABLE);
        nothingElse();
    }

    /// Whichever comes first takes the other away, before or behind it.
    @Test
    void doesNotCallWhatAnotherRemoves() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        int[] both = new int[2];
        var added = new CountDownLatch(1);
        for (int i = 0; i < 2; i++) {
            int other = 1 - i;
            pipes.get(i).write();
            both[i] = addHandle(i, pipes.get(i).readEnd(), 0, (self, _) -> {
                calls.incrementAndGet();
                virEventRemoveHandle(both[other]);
                virEventRemoveHandle(self);
            });
        }
        added.countDown();
        // On the loop, so that one turn finds both ready.
        addTimeout(9, 0, (timer, _) -> {
            virEventUpdateHandle(both[0], READABLE);
            virEventUpdateHandle(both[1], READABLE);
            virEventRemoveTimeout(timer);
        });
        assertThat(next().number()).isEqualTo(9);
        assertThat(next().number()).isIn(0, 1);
        nothingElse();
        assertThat(calls).hasValue(1);
    }

    @Test
    void waitsForNothingWithAnEmptyMask() throws Exception {
        Pipe pipe = pipes.getFirst();
        int watch = addHandle(0, pipe.readEnd(), 0, (self, _) -> virEventUpdateHandle(self, 0));
        pipe.write();
        // A hangup is told to who waits for something only.
        pipe.closeWriteEnd();
        nothingElse();
        virEventUpdateHandle(watch, READABLE);
        assertThat(next().events() & READABLE).isEqualTo(READABLE);
        nothingElse();
        pipe.read();
        virEventUpdateHandle(watch, WRITABLE);
        assertThat(next().events()).isEqualTo(HANGUP);
        nothingElse();
    }

    @Test
    void letsSeveralWaitForTheSame() throws Exception {
        Pipe pipe = pipes.getFirst();
        addHandle(0, pipe.readEnd(), READABLE, (self, _) -> virEventUpdateHandle(self, 0));
        addHandle(1, pipe.readEnd(), READABLE, (self, _) -> virEventRemoveHandle(self));
        addHandle(2, pipe.readEnd(), WRITABLE, (_, _) -> {});
        pipe.write();
        assertThat(List.of(next().number(), next().number())).containsExactlyInAnyOrder(0, 1);
        nothingElse();
        virEventUpdateHandle(watches.getFirst(), READABLE);
        assertThat(next().number()).isZero();
        nothingElse();
    }

    @Test
    void findsRegularFilesReady(@TempDir Path folder) throws Exception {
        Path path = Files.writeString(folder.resolve("file"), "text");
        try (OpenFile file = OpenFile.forReading(path)) {
            int fd = file.fd();
            AtomicInteger calls = new AtomicInteger();
            int watch = addHandle(0, fd, READABLE, (self, _) -> {
                if (calls.incrementAndGet() == 3) {
                    virEventUpdateHandle(self, 0);
                }
            });
            for (int i = 0; i < 3; i++) {
                assertThat(next().events() & READABLE).isEqualTo(READABLE);
            }
            nothingElse();
            virEventUpdateHandle(watch, READABLE);
            assertThat(next().number()).isZero();
            assertThat(virEventRemoveHandle(watch)).isZero();
            ProcessLoop.turn();
            told.clear();
            nothingElse();
            ByteBuffer text = ByteBuffer.allocate(1);
            assertThat(file.read(text)).isOne();
            assertThat(text.flip().get()).isEqualTo((byte) 't');
        }
    }

    /// A number that is closed and used again belongs to another file.
    @Test
    void takesANumberThatWasClosedBehindItsBack() throws Exception {
        Pipe first = new Pipe();
        int number = first.readEnd();
        addHandle(0, number, READABLE, (self, _) -> virEventUpdateHandle(self, 0));
        first.close();
        ProcessLoop.turn();
        // libvirt's own loop tells an error.
        virEventRemoveHandle(watches.getFirst());
        told.clear();
        Pipe second = new Pipe();
        pipes.add(second);
        assertThat(number).isIn(second.readEnd(), second.writeEnd());
        addHandle(1, second.readEnd(), READABLE, (self, _) -> second.read());
        second.write();
        assertThat(next().number()).isEqualTo(1);
        nothingElse();
    }

    /// epoll goes on to report what is open under another number, and cannot be told to stop by that.
    @Test
    void doesNotSpinForWhatIsOpenUnderAnotherNumber() throws Exception {
        Pipe pipe = new Pipe();
        pipes.add(pipe);
        addHandle(0, pipe.readEnd(), READABLE, (self, _) -> virEventUpdateHandle(self, 0));
        pipe.renumberReadEnd();
        virEventRemoveHandle(watches.getFirst());
        pipe.write();
        ProcessLoop.turn();
        told.clear();
        Pipe other = pipes.getFirst();
        addHandle(1, other.readEnd(), READABLE, (_, _) -> other.read());
        other.write();
        assertThat(next().number()).isEqualTo(1);
        // At the latest now it has found out.
        Thread.sleep(50);
        long before = Threads.processorTimeOfTheLoop();
        Thread.sleep(200);
        assertThat(Threads.processorTimeOfTheLoop() - before).isLessThan(5);
        other.write();
        assertThat(next().number()).isEqualTo(1);
        nothingElse();
    }

    /// A number that is another file's by now, while the one it was of is still open: what is ready there is
    /// not told to who waits for the new one.
    @Test
    void doesNotTakeWhatIsOpenUnderAnotherNumberForWhatIsWaitedFor() throws Exception {
        Pipe first = new Pipe();
        Pipe second = new Pipe();
        pipes.addAll(List.of(first, second));
        int number = first.readEnd();
        addHandle(0, number, READABLE, (self, _) -> virEventUpdateHandle(self, 0));
        first.giveNumberOfReadEndTo(second);
        virEventRemoveHandle(watches.getFirst());
        ProcessLoop.turn();
        told.clear();
        addHandle(1, number, READABLE, (self, _) -> virEventUpdateHandle(self, 0));
        first.write();
        nothingElse();
        second.write();
        assertThat(next()).isEqualTo(new Told(1, watches.get(1), READABLE));
        nothingElse();
    }

    /// Having found out about one that was closed is no reason to forget others.
    @Test
    void goesOnToWaitForAllWhenSomeWereClosed() throws Exception {
        Libvirt.setUncaughtHandler((_, _) -> {});
        Pipe elsewhere = new Pipe();
        Pipe closed = new Pipe();
        Pipe other = new Pipe();
        pipes.addAll(List.of(elsewhere, other));
        addHandle(0, elsewhere.readEnd(), READABLE, (self, _) -> virEventUpdateHandle(self, 0));
        addHandle(1, closed.readEnd(), READABLE, (self, _) -> virEventUpdateHandle(self, 0));
        addHandle(2, other.readEnd(), READABLE, (_, _) -> other.read());
        elsewhere.renumberReadEnd();
        virEventRemoveHandle(watches.getFirst());
        closed.close();
        elsewhere.write();
        for (int i = 0; i < 500; i++) {
            ProcessLoop.turn();
        }
        told.clear();
        for (int i = 0; i < 3; i++) {
            other.write();
            assertThat(next().number()).isEqualTo(2);
        }
        nothingElse();
    }

    /// One that is removed while its thread waits for another's call to return, as a loop of the user's with
    /// several threads can have it.
    @Test
    void doesNotCallWhatIsRemovedWhileItWaitsForItsTurn() throws Exception {
        long loan = Loans.lend(new Source(1, (_, _) -> {}));
        var handle = new LibvirtHandle(
                Integer.MAX_VALUE, pipes.getFirst().readEnd(), READY.pointer(0).address(), loan, 0);
        handle.remove();
        JavaLoop.dispatch(handle, READABLE);
        assertThat(told).isEmpty();
        Loans.end(loan);
    }

    /// Of the loop's own free function: how often each was freed, and whether from within libvirt.
    private static final ConcurrentHashMap<Long, Integer> FREED = new ConcurrentHashMap<>();

    private static final ThreadLocal<Boolean> INSIDE = ThreadLocal.withInitial(() -> false);
    private static final Upcall FREE = Upcall.of(VirFreeCallback.type(), EventLoopContractTest::freed);

    private static void freed(long opaque) {
        boolean clean = !INSIDE.get() && EventLoop.isCurrentThread();
        FREED.merge(opaque, clean ? 1 : 1000, Integer::sum);
        Loans.end(opaque);
    }

    private static void awaitFreed(int count) {
        while (FREED.size() < count) {
            Thread.onSpinWait();
        }
    }

    /// By the loop, when nothing of libvirt's is under way on its thread.
    @Test
    void freesOnceFromACleanStack() throws Exception {
        FREED.clear();
        Pipe pipe = pipes.getFirst();
        pipe.write();
        // One that is taken away by itself, two by others, two by this thread.
        long[] loans = new long[5];
        int[] ids = new int[5];
        for (int i = 0; i < 5; i++) {
            loans[i] = Loans.lend(new Source(i, (self, _) -> {
                INSIDE.set(true);
                virEventRemoveHandle(self);
                virEventRemoveHandle(ids[1]);
                virEventRemoveTimeout(ids[2]);
                INSIDE.set(false);
            }));
        }
        ids[1] = virEventAddHandle(pipe.readEnd(), 0, READY.pointer(0), Loans.opaque(loans[1]), FREE.pointer(0));
        ids[2] = virEventAddTimeout(-1, EXPIRED.pointer(0), Loans.opaque(loans[2]), FREE.pointer(0));
        ids[3] = virEventAddHandle(pipe.readEnd(), 0, READY.pointer(0), Loans.opaque(loans[3]), FREE.pointer(0));
        ids[4] = virEventAddTimeout(100_000, EXPIRED.pointer(0), Loans.opaque(loans[4]), FREE.pointer(0));
        ids[0] = virEventAddHandle(pipe.readEnd(), READABLE, READY.pointer(0), Loans.opaque(loans[0]), FREE.pointer(0));
        assertThat(next().number()).isZero();
        // Without another turn: what is removed in a call is freed after it, and what others remove wakes the loop.
        awaitFreed(3);
        virEventRemoveHandle(ids[3]);
        awaitFreed(4);
        virEventRemoveTimeout(ids[4]);
        virEventRemoveHandle(ids[3]);
        awaitFreed(5);
        nothingElse();
        assertThat(FREED).hasSize(5).allSatisfy((_, times) -> assertThat(times).isEqualTo(1));
    }

    @Test
    void takesWhatIsAddedInACall() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        pipes.getFirst().write();
        pipes.get(1).write();
        addHandle(0, pipes.getFirst().readEnd(), READABLE, (self, _) -> {
            addHandle(1, pipes.get(1).readEnd(), READABLE, (second, _) -> virEventRemoveHandle(second));
            addTimeout(2, 0, (timer, _) -> {
                virEventUpdateTimeout(timer, -1);
                // The last word counts.
                virEventUpdateTimeout(timer, 1);
                virEventUpdateTimeout(timer, calls.incrementAndGet() < 2 ? 0 : -1);
            });
            virEventRemoveHandle(self);
        });
        assertThat(List.of(next().number(), next().number(), next().number(), next().number()))
                .startsWith(0)
                .contains(1, 2);
        nothingElse();
    }

    /// A callback that blocks keeps the loop, but nobody who changes what it waits for.
    @Test
    void letsOthersChangeWhatIsWaitedForDuringACall() throws Exception {
        var inside = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        pipes.getFirst().write();
        addHandle(0, pipes.getFirst().readEnd(), READABLE, (self, _) -> {
            inside.countDown();
            await(goOn);
            virEventRemoveHandle(self);
        });
        inside.await();
        try {
            Threads.together(4, thread -> {
                for (int i = 0; i < 200; i++) {
                    Pipe pipe = pipes.get(1 + thread);
                    long loan = Loans.lend(new Source(1, (_, _) -> {}));
                    int watch = virEventAddHandle(
                            pipe.writeEnd(), WRITABLE, READY.pointer(0), Loans.opaque(loan), Loans.free());
                    long second = Loans.lend(new Source(2, (_, _) -> {}));
                    int timer = virEventAddTimeout(i, EXPIRED.pointer(0), Loans.opaque(second), Loans.free());
                    virEventUpdateHandle(watch, 0);
                    virEventUpdateTimeout(timer, 0);
                    virEventUpdateHandle(watch, WRITABLE);
                    assertThat(virEventRemoveHandle(watch)).isZero();
                    assertThat(virEventRemoveTimeout(timer)).isZero();
                }
            });
        } finally {
            goOn.countDown();
        }
        assertThat(next().number()).isZero();
        // Nothing that was removed before the loop went on.
        nothingElse();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(50, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void isWokenByWhatOtherThreadsChange() throws Exception {
        // The loop sleeps for ever now, or until something is ready.
        ProcessLoop.turn();
        pipes.getFirst().write();
        addHandle(0, pipes.getFirst().readEnd(), READABLE, (self, _) -> virEventRemoveHandle(self));
        assertThat(next().number()).isZero();
        addTimeout(1, 0, (self, _) -> virEventRemoveTimeout(self));
        assertThat(next().number()).isEqualTo(1);
        int timer = addTimeout(2, 1_000_000, (self, _) -> virEventRemoveTimeout(self));
        ProcessLoop.turn();
        virEventUpdateTimeout(timer, 1);
        assertThat(next().number()).isEqualTo(2);
    }

    @Test
    void callsOneTimeoutOfMany() throws Exception {
        for (int i = 0; i < MANY; i++) {
            addTimeout(i, -1, (self, _) -> virEventUpdateTimeout(self, -1));
        }
        assertThat(timers).doesNotHaveDuplicates();
        nothingElse();
        virEventUpdateTimeout(timers.get(1), 10);
        assertThat(next()).isEqualTo(new Told(1, timers.get(1), 0));
        nothingElse();
        assertThat(virEventRemoveTimeout(timers.get(1))).isZero();
        assertThat(virEventRemoveTimeout(timers.get(1))).isEqualTo(-1);
        virEventUpdateTimeout(timers.get(1), 0);
        nothingElse();
    }

    @Test
    void callsTimeoutsInTheirOrderAgainAndAgain() throws Exception {
        long begin = System.nanoTime();
        for (int i = 0; i < MANY; i++) {
            addTimeout(i, 20 * (1 + i % 5), (_, _) -> {});
        }
        int[] counts = new int[MANY];
        while (millisSince(begin) < 450 || IntStream.of(counts).anyMatch(count -> count == 0)) {
            counts[next().number()]++;
        }
        int millis = (int) millisSince(begin);
        for (int i = 0; i < MANY; i++) {
            int period = 20 * (1 + i % 5);
            assertThat(counts[i]).as("of " + period + " ms").isBetween(1, millis / period + 1);
        }
        timers.forEach(timer -> virEventUpdateTimeout(timer, -1));
        ProcessLoop.turn();
        told.clear();
        nothingElse();
    }

    private static long millisSince(long begin) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
    }

    @Test
    void doesNotCallATimeoutThatAnotherRemoves() throws Exception {
        int[] both = new int[2];
        for (int i = 0; i < 2; i++) {
            int other = 1 - i;
            both[i] = addTimeout(i, -1, (self, _) -> {
                virEventRemoveTimeout(both[other]);
                virEventRemoveTimeout(self);
            });
        }
        addTimeout(9, 0, (self, _) -> {
            virEventUpdateTimeout(both[0], 0);
            virEventUpdateTimeout(both[1], 0);
            virEventRemoveTimeout(self);
        });
        assertThat(next().number()).isEqualTo(9);
        assertThat(next().number()).isIn(0, 1);
        nothingElse();
    }

    /// One that is due in every turn does not keep others from their turn, nor what was removed from being
    /// freed.
    @Test
    void isFairToAll() throws Exception {
        AtomicInteger turns = new AtomicInteger();
        addTimeout(0, 0, (self, _) -> {
            if (turns.incrementAndGet() == 200) {
                virEventRemoveTimeout(self);
            }
        });
        addReaders();
        pipes.get(3).write();
        addTimeout(1, 1, (self, _) -> virEventRemoveTimeout(self));
        List<Integer> numbers = new ArrayList<>();
        while (!numbers.containsAll(List.of(1, 3))) {
            numbers.add(next().number());
        }
        while (turns.get() < 200) {
            Thread.onSpinWait();
        }
        assertThat(numbers).contains(0);
    }
}
