package io.github.libvirt4j.internal.callback;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.NothingLeft;
import io.github.libvirt4j.internal.raw.CallbackTypes.VirFreeCallback;
import io.github.libvirt4j.support.Threads;
import java.lang.invoke.MethodHandle;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NothingLeft.class)
class LoansTest {
    private static final Upcall CALL = Upcall.of(VirFreeCallback.type(), LoansTest::run);
    private static final MethodHandle FROM_C = FakeC.function(CALL.pointer(0), CALL.signature());

    private static void run(long opaque) {
        Runnable closure = Loans.borrow(opaque, Runnable.class);
        if (closure != null) {
            closure.run();
        }
    }

    private static void callFromC(long number) throws Throwable {
        FROM_C.invokeExact(Loans.opaque(number));
    }

    @Test
    void findsWhatWasLentUntilItsEnd() {
        Runnable closure = () -> {};
        long before = Loans.onLoan();
        long number = Loans.lend(closure);
        assertThat(Loans.borrow(number, Runnable.class)).isSameAs(closure);
        assertThat(Loans.onLoan()).isEqualTo(before + 1);
        assertThat(Loans.end(number)).isTrue();
        assertThat(Loans.end(number)).isFalse();
        assertThat(Loans.onLoan()).isEqualTo(before);
    }

    @Test
    void countsNumbersThatAreGoneOrNeverWere() throws Throwable {
        long strays = Loans.strays();
        long gone = Loans.lend("a string");
        Loans.end(gone);
        assertThat(Loans.borrow(gone, String.class)).isNull();
        assertThat(Loans.borrow(0, Runnable.class)).isNull();
        assertThat(Loans.borrow(-1, Runnable.class)).isNull();
        assertThat(Loans.borrow(Long.MIN_VALUE, Runnable.class)).isNull();
        assertThat(Loans.strays()).isEqualTo(strays + 4);
        // Of a place behind the last, wherever that is.
        for (int places = 1; places <= 1 << 22; places *= 2) {
            assertThat(Loans.borrow(places, String.class)).isNull();
            strays++;
        }

        // From C the same, and nothing is dereferenced.
        callFromC(gone);
        callFromC(0);
        callFromC(Long.MAX_VALUE);
        assertThat(Loans.strays()).isEqualTo(strays + 7);
    }

    @Test
    void doesNotGiveOutAnObjectOfAnotherType() {
        long strays = Loans.strays();
        long number = Loans.lend("a string");
        assertThat(Loans.borrow(number, Runnable.class)).isNull();
        assertThat(Loans.strays()).isEqualTo(strays + 1);
        assertThat(Loans.borrow(number, String.class)).isEqualTo("a string");
        Loans.end(number);
    }

    @Test
    void theFreeCallbackEndsALoanOnce() throws Throwable {
        long before = Loans.onLoan();
        long strays = Loans.strays();
        long number = Loans.lend("closure");
        FakeC.free(number);
        assertThat(Loans.onLoan()).isEqualTo(before);
        assertThat(Loans.strays()).isEqualTo(strays);

        FakeC.free(number);
        FakeC.free(0);
        assertThat(Loans.onLoan()).isEqualTo(before);
        assertThat(Loans.strays()).isEqualTo(strays + 2);
    }

    @Test
    void neverUsesANumberTwice() throws Exception {
        Set<Long> numbers = ConcurrentHashMap.newKeySet();
        long before = Loans.onLoan();
        Threads.together(8, _ -> {
            for (int i = 0; i < 20_000; i++) {
                long number = Loans.lend(this);
                assertThat(numbers.add(number)).isTrue();
                Loans.end(number);
            }
        });
        assertThat(numbers).hasSize(160_000);
        assertThat(Loans.onLoan()).isEqualTo(before);
    }

    @Test
    void endsEachLoanExactlyOnceWhenManyThreadsTry() throws Exception {
        long[] loans = new long[10_000];
        for (int i = 0; i < loans.length; i++) {
            loans[i] = Loans.lend("closure " + i);
        }
        AtomicInteger ended = new AtomicInteger();
        Threads.together(8, _ -> {
            for (long loan : loans) {
                if (Loans.end(loan)) {
                    ended.incrementAndGet();
                }
            }
        });
        assertThat(ended).hasValue(loans.length);
    }

    @Test
    void callsTheRightOneOfAMillion() throws Throwable {
        int count = 1_000_000;
        long before = Loans.onLoan();
        AtomicLong sum = new AtomicLong();
        long[] numbers = new long[count];
        for (int i = 0; i < count; i++) {
            long value = i;
            numbers[i] = Loans.lend((Runnable) () -> sum.addAndGet(value));
        }
        assertThat(Loans.onLoan()).isEqualTo(before + count);
        for (int i = 0; i < count; i += 2) {
            callFromC(numbers[i]);
        }
        assertThat(sum).hasValue(2L * (count / 2) * (count / 2 - 1) / 2);
        for (long number : numbers) {
            FakeC.free(number);
        }
        assertThat(Loans.onLoan()).isEqualTo(before);
    }

    @Test
    void canEndInsideTheCallback() throws Throwable {
        AtomicInteger calls = new AtomicInteger();
        long[] number = new long[1];
        number[0] = Loans.lend((Runnable) () -> {
            assertThat(Loans.end(number[0])).isTrue();
            calls.incrementAndGet();
        });
        callFromC(number[0]);
        callFromC(number[0]);
        assertThat(calls).hasValue(1);
    }

    @Test
    void canEndOnAnotherThreadDuringTheCallback() throws Throwable {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        AtomicInteger finished = new AtomicInteger();
        long number = Loans.lend((Runnable) () -> {
            inside.countDown();
            try {
                ended.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            finished.incrementAndGet();
        });
        Thread calling = Thread.ofPlatform().start(() -> {
            try {
                callFromC(number);
            } catch (Throwable t) {
                throw new AssertionError(t);
            }
        });
        inside.await();
        FakeC.free(number);
        assertThat(Loans.borrow(number, Runnable.class)).isNull();
        ended.countDown();
        calling.join();
        assertThat(finished).hasValue(1);
    }

    @Test
    void survivesLendingCallingAndEndingFromManyThreads() throws Exception {
        long before = Loans.onLoan();
        AtomicLong calls = new AtomicLong();
        Threads.together(8, thread -> {
            for (int i = 0; i < 5_000; i++) {
                long number = Loans.lend((Runnable) calls::incrementAndGet);
                callFromC(number);
                if (thread % 2 == 0) {
                    FakeC.free(number);
                } else {
                    Loans.end(number);
                }
            }
        });
        assertThat(calls).hasValue(40_000);
        assertThat(Loans.onLoan()).isEqualTo(before);
    }
}
