package io.github.libvirt4j.internal.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.libvirt4j.NothingLeft;
import io.github.libvirt4j.error.CallAbandonedException;
import io.github.libvirt4j.error.CallInterruptedException;
import io.github.libvirt4j.error.CallTimeoutException;
import io.github.libvirt4j.internal.Observers;
import io.github.libvirt4j.internal.Workers;
import io.github.libvirt4j.observe.Observer;
import io.github.libvirt4j.support.Threads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// Without libvirt: what is done with a call whatever it is of. `CallTimeoutTest` has calls to daemons that
/// hang.
@ExtendWith(NothingLeft.class)
@Timeout(60)
class TimedCallsTest {
    private static final int MOST = 16;

    private final TimedCalls patient = new TimedCalls("patient", Duration.ofSeconds(30));
    private final TimedCalls brief = new TimedCalls("brief", Duration.ofMillis(20));
    private final CountDownLatch hang = new CountDownLatch(1);

    /// How many of the calls that hang have begun.
    private final AtomicInteger begun = new AtomicInteger();

    @AfterEach
    void goOn() {
        hang.countDown();
        awaitReturned();
    }

    private void awaitReturned() {
        while (TimedCalls.allAbandoned() != 0) {
            Thread.onSpinWait();
        }
        assertThat(brief.abandoned()).isZero();
        assertThat(patient.abandoned()).isZero();
    }

    private <T extends @Nullable Object> T hang(T result) {
        begun.incrementAndGet();
        try {
            hang.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return result;
    }

    private void abandon(TimedCalls calls) {
        CallTimeoutException e = catchThrowableOfType(
                CallTimeoutException.class, () -> calls.<@Nullable Object>call("f", null, () -> hang(null)));
        assertThat(e.isBegun()).isTrue();
        assertThat(e).hasMessageStartingWith("f of brief has not returned within PT0.02S");
    }

    @Test
    void isMadeOnAnotherThreadAndAllWithinItOnThatOne() {
        assertThat(patient.isMaking()).isFalse();
        List<Thread> threads = patient.call("f", null, () -> {
            assertThat(patient.isMaking()).isTrue();
            assertThat(brief.isMaking()).isFalse();
            return List.of(Thread.currentThread(), patient.call("g", null, Thread::currentThread));
        });
        assertThat(threads.getFirst()).isNotSameAs(Thread.currentThread()).isSameAs(threads.getLast());
        assertThat(patient.abandoned()).isZero();
    }

    @Test
    void throwsTheSameObject() {
        for (Throwable thrown : List.of(new IllegalStateException(), new StackOverflowError())) {
            assertThatThrownBy(() -> patient.call("f", null, () -> {
                        if (thrown instanceof Error error) {
                            throw error;
                        }
                        throw (RuntimeException) thrown;
                    }))
                    .isSameAs(thrown);
        }
        // The place is free again, and the thread makes none any more.
        for (int i = 0; i < 2 * MOST; i++) {
            assertThat(patient.call("f", null, patient::isMaking)).isTrue();
        }
    }

    @Test
    void countsWhatIsAbandonedUntilItReturns() {
        abandon(brief);
        abandon(brief);
        assertThat(brief.abandoned()).isEqualTo(2);
        assertThat(TimedCalls.allAbandoned()).isEqualTo(2);
        assertThat(patient.abandoned()).isZero();
        hang.countDown();
        awaitReturned();
        assertThat(brief.call("f", () -> System.nanoTime(), () -> 1)).isEqualTo(1);
    }

    @Test
    void closesWhatAnAbandonedCallMakes() throws Exception {
        var closed = new CountDownLatch(3);
        AutoCloseable one = closed::countDown;
        AutoCloseable failing = () -> {
            closed.countDown();
            throw new IllegalStateException("on purpose");
        };
        assertThatThrownBy(() -> brief.call("f", null, () -> hang(one))).isInstanceOf(CallTimeoutException.class);
        assertThatThrownBy(() -> brief.call("f", null, () -> hang(List.of(failing, "text", one))))
                .isInstanceOf(CallTimeoutException.class);
        assertThat(closed.getCount()).isEqualTo(3);
        hang.countDown();
        assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void leavesToItsCallerWhatItMakesInTime() {
        var closed = new AtomicInteger();
        AutoCloseable made = closed::incrementAndGet;
        assertThat(patient.call("f", null, () -> made)).isSameAs(made);
        assertThat(closed).hasValue(0);
    }

    @Test
    void isLeftByACallerThatIsInterrupted() {
        Thread caller = Thread.currentThread();
        CallInterruptedException e = catchThrowableOfType(
                CallInterruptedException.class,
                () -> patient.<@Nullable Object>call("f", null, () -> {
                    caller.interrupt();
                    return hang(null);
                }));
        assertThat(e.isBegun()).isTrue();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(patient.abandoned()).isEqualTo(1);
    }

    @Test
    void isNotBegunByAThreadThatIsInterrupted() {
        Thread.currentThread().interrupt();
        CallInterruptedException e =
                catchThrowableOfType(CallInterruptedException.class, () -> patient.call("f", null, () -> 1));
        assertThat(e.isBegun()).isFalse();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(patient.call("f", null, () -> 1)).isEqualTo(1);
    }

    /// While a closure is at work, the time stands still.
    @Test
    void isLimitedFromWhenCWasLastAtWork() {
        var asked = new AtomicInteger();
        assertThat(brief.call(
                        "f",
                        () -> {
                            if (asked.incrementAndGet() == 3) {
                                hang.countDown();
                            }
                            return System.nanoTime();
                        },
                        () -> hang("made")))
                .isEqualTo("made");
        assertThat(asked.get()).isGreaterThanOrEqualTo(3);
    }

    @Test
    void hasNoMoreThanSixteenAtATimeAndMakesEndsLater() throws Exception {
        for (int i = 0; i < MOST; i++) {
            abandon(brief);
        }
        CallTimeoutException e = catchThrowableOfType(CallTimeoutException.class, () -> brief.call("f", null, () -> 1));
        assertThat(e.isBegun()).isFalse();
        assertThat(e).hasMessageStartingWith("f: 16 calls of brief have not returned within PT0.02S");
        var ended = new CountDownLatch(2);
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> brief.end("end", ended::countDown)).isInstanceOf(CallTimeoutException.class);
        }
        assertThat(ended.getCount()).isEqualTo(2);
        hang.countDown();
        assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(begun).hasValue(MOST);
    }

    @Test
    void tellsObserversOfEachCallerThatGivesUp() {
        List<CallAbandonedException> told = new CopyOnWriteArrayList<>();
        Observer observer = new Observer() {
            @Override
            public void abandoned(String uri, CallAbandonedException e) {
                assertThat(uri).isEqualTo("brief");
                told.add(e);
            }
        };
        List<Throwable> thrown = new ArrayList<>();
        Observers.add(observer);
        try {
            for (int i = 0; i < MOST; i++) {
                thrown.add(catchThrowable(() -> brief.call("begun", null, () -> hang(1))));
            }
            thrown.add(catchThrowable(() -> brief.call("without a place", null, () -> 1)));
            thrown.add(catchThrowable(() -> brief.end("an end", () -> {})));
            thrown.add(catchThrowable(() -> brief.await("a wait", System.nanoTime(), new CompletableFuture<>())));
            Thread.currentThread().interrupt();
            thrown.add(catchThrowable(() -> brief.call("interrupted", null, () -> 1)));
            assertThat(Thread.interrupted()).isTrue();
        } finally {
            Observers.remove(observer);
        }
        assertThat(told).hasSize(MOST + 4).isEqualTo(thrown);
        assertThat(told.subList(MOST, told.size())).noneMatch(CallAbandonedException::isBegun);
    }

    @Test
    void makesAnEndOnce() throws Exception {
        var ended = new AtomicInteger();
        patient.end("end", ended::incrementAndGet);
        assertThat(ended).hasValue(1);
        // And one that hangs goes on alone.
        assertThatThrownBy(() -> brief.end("end", () -> {
                    hang(null);
                    ended.incrementAndGet();
                }))
                .isInstanceOf(CallTimeoutException.class);
        hang.countDown();
        awaitReturned();
        patient.end("end", () -> {});
        assertThat(ended).hasValue(2);
    }

    /// A closure's calls need places, too; and an end can have waited for one.
    @Test
    void givesItsPlaceToOthersWhileAClosureIsAtWork() throws Exception {
        for (int i = 1; i < MOST; i++) {
            abandon(brief);
        }
        var within = new CompletableFuture<Integer>();
        var ended = new CountDownLatch(1);
        int result = brief.call("f", System::nanoTime, () -> {
            assertThatThrownBy(() -> inAnotherThread(() -> brief.end("end", ended::countDown)))
                    .hasCauseInstanceOf(CallTimeoutException.class);
            try (TimedCalls.Outside _ = TimedCalls.outside()) {
                assertThat(brief.isMaking()).isFalse();
                ended.await();
                within.complete(brief.call("g", System::nanoTime, () -> 2));
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            assertThat(brief.isMaking()).isTrue();
            return 1;
        });
        assertThat(result).isEqualTo(1);
        assertThat(within.join()).isEqualTo(2);
        try (TimedCalls.Outside _ = TimedCalls.outside()) {
            assertThat(brief.isMaking()).isFalse();
        }
        // All have come back, and no more than there were.
        while (Workers.busy() >= MOST) {
            Thread.onSpinWait();
        }
        abandon(brief);
        assertThatThrownBy(() -> brief.call("f", null, () -> 1)).hasMessageContaining("16 calls of brief");
    }

    private static void inAnotherThread(Runnable work) {
        CompletableFuture.runAsync(work, task -> Thread.ofPlatform().start(task))
                .join();
    }

    @Test
    void holdsTheMemoryOfItsCallerUntilItReturns() {
        try (LastingMemory memory = LastingMemory.open()) {
            memory.allocate(10);
            assertThat(patient.call("f", null, () -> 1)).isEqualTo(1);
            abandon(brief);
        }
        assertThat(LastingMemory.held()).isEqualTo(10);
        hang.countDown();
        awaitReturned();
        while (LastingMemory.held() != 0) {
            Thread.onSpinWait();
        }
    }

    /// Threads of the pool make others' calls next, and run handlers.
    @Test
    void isMadeByNobodyAfterwards() throws Exception {
        int threads = 8;
        Threads.together(threads, _ -> patient.call("f", null, () -> 1));
        var all = new CountDownLatch(threads);
        var making = new AtomicInteger();
        for (int i = 0; i < threads; i++) {
            Workers.execute(() -> {
                making.addAndGet(patient.isMaking() ? 1 : 0);
                all.countDown();
                try {
                    all.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
        }
        all.await();
        assertThat(making).hasValue(0);
    }

    @Test
    void waitsForAResultAsLong() {
        long now = System.nanoTime();
        assertThat(patient.await("f", now, CompletableFuture.completedFuture(5)))
                .isEqualTo(5);
        var thrown = new IllegalStateException("on purpose");
        assertThatThrownBy(() -> patient.await("f", now, CompletableFuture.failedFuture(thrown)))
                .isSameAs(thrown);
        assertThatThrownBy(() -> brief.await("f", System.nanoTime(), new CompletableFuture<>()))
                .isInstanceOf(CallTimeoutException.class)
                .hasMessageStartingWith("f of brief: nothing has come within PT0.02S");
        // The time of its caller: it began to wait long ago.
        long longAgo = now - TimeUnit.SECONDS.toNanos(31);
        assertThatThrownBy(() -> patient.await("f", longAgo, new CompletableFuture<>()))
                .isInstanceOf(CallTimeoutException.class);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> patient.await("f", now, new CompletableFuture<>()))
                .isInstanceOf(CallInterruptedException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void waitsForWhatComesLater() throws Exception {
        var result = new CompletableFuture<Integer>();
        var lock = new ReentrantLock();
        var held = new CountDownLatch(1);
        Thread waiting = Thread.currentThread();
        Thread.ofPlatform().start(() -> {
            lock.lock();
            try {
                held.countDown();
                awaitWaiting(waiting);
            } finally {
                lock.unlock();
            }
            awaitWaiting(waiting);
            result.complete(5);
        });
        held.await();
        patient.lock("f", System.nanoTime(), lock);
        assertThat(patient.await("f", System.nanoTime(), result)).isEqualTo(5);
    }

    private static void awaitWaiting(Thread thread) {
        while (thread.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
    }

    @Test
    void waitsForALockAsLong() {
        var lock = new ReentrantLock();
        inAnotherThread(lock::lock);
        assertThatThrownBy(() -> brief.lock("f", System.nanoTime(), lock)).isInstanceOf(CallTimeoutException.class);
        var free = new ReentrantLock();
        patient.lock("f", System.nanoTime(), free);
        assertThat(free.isHeldByCurrentThread()).isTrue();
    }

    @Test
    void remembersAUriWhileItIsOpened() {
        assertThat(TimedCalls.open("uri", Duration.ofSeconds(30), "open", null, TimedCalls::urisOpening))
                .isEqualTo(1);
        assertThatThrownBy(() -> TimedCalls.open("uri", Duration.ofMillis(20), "open", null, () -> hang("made")))
                .hasMessageStartingWith("open of uri has not returned within PT0.02S");
        assertThat(TimedCalls.urisOpening()).isEqualTo(1);
        hang.countDown();
        while (TimedCalls.allAbandoned() != 0 || TimedCalls.urisOpening() != 0) {
            Thread.onSpinWait();
        }
    }

    @Test
    void refusesALimitThatIsNone() {
        List<Duration> none = new ArrayList<>(List.of(Duration.ZERO, Duration.ofNanos(-1)));
        assertThat(none)
                .allSatisfy(limit ->
                        assertThatThrownBy(() -> TimedCalls.check(limit)).isInstanceOf(IllegalArgumentException.class));
        TimedCalls.check(Duration.ofNanos(1));
    }
}
