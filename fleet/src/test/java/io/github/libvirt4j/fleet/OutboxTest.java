package io.github.libvirt4j.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.fleet.FleetRecord.DomainRecord;
import io.github.libvirt4j.fleet.FleetRecord.GapRecord;
import io.github.libvirt4j.fleet.FleetRecord.HostStatus;
import io.github.libvirt4j.fleet.FleetRecord.RemovalRecord;
import io.github.libvirt4j.link.Gap;
import io.github.libvirt4j.link.Retry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class OutboxTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    private final Gate sink = new Gate();
    private final Outbox outbox = new Outbox(sink, 5, Retry.exponential(Duration.ofMillis(1), Duration.ofMillis(5)));

    /// A sink that writes when the test lets it.
    private static final class Gate implements Sink {
        private final List<FleetRecord> written = new CopyOnWriteArrayList<>();
        private final List<Integer> batches = new CopyOnWriteArrayList<>();
        private final Semaphore entered = new Semaphore(0);
        private final Semaphore gate = new Semaphore(0);
        private final AtomicInteger failures = new AtomicInteger();

        @Override
        public void write(List<FleetRecord> records) throws Exception {
            entered.release();
            gate.acquire();
            if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new IOException("on purpose");
            }
            written.addAll(records);
            batches.add(records.size());
        }

        /// Keeps the writer busy with one record.
        void occupy(Outbox outbox) throws InterruptedException {
            outbox.start();
            outbox.event(Samples.event("other", 0, 0));
            assertThat(entered.tryAcquire(60, TimeUnit.SECONDS)).isTrue();
        }

        List<FleetRecord> all(Outbox outbox) throws InterruptedException {
            gate.release(1_000_000);
            assertThat(outbox.flush(LONG)).isTrue();
            return written.subList(1, written.size());
        }
    }

    @AfterEach
    void close() {
        sink.gate.release(1_000_000);
        outbox.close(LONG);
    }

    @Test
    void writesInTheOrderOfArrival() throws InterruptedException {
        sink.occupy(outbox);
        List<FleetRecord> records = List.of(
                Samples.event("a", 1, 1),
                Samples.domain("a", 2, 1),
                Samples.event("b", 1, 1),
                Samples.removal("b", 2, 1),
                Samples.gap("a", 3, 1, 2),
                Samples.host("a", 4, HostStatus.UP));
        for (FleetRecord record : records) {
            put(record);
        }
        assertThat(sink.all(outbox)).isEqualTo(records);
        assertThat(sink.batches).containsExactly(1, 6);
    }

    private void put(FleetRecord record) {
        if (record instanceof FleetRecord.EventRecord || record instanceof GapRecord) {
            outbox.event(record);
        } else {
            outbox.state(record);
        }
    }

    @Test
    void theNewestStateWaitsInThePlaceOfTheOldest() throws InterruptedException {
        sink.occupy(outbox);
        for (int seq = 0; seq < 1_000; seq += 3) {
            outbox.state(Samples.domain("a", seq, 1));
            outbox.state(Samples.domain("a", seq + 1, 2));
            outbox.state(Samples.removal("a", seq + 2, 1));
        }
        assertThat(sink.all(outbox)).containsExactly(Samples.removal("a", 1_001, 1), Samples.domain("a", 1_000, 2));
    }

    /// A host is up when its domains are known.
    @Test
    void theStateOfAHostFollowsItsDomains() throws InterruptedException {
        sink.occupy(outbox);
        outbox.state(Samples.host("a", 1, HostStatus.DOWN));
        outbox.state(Samples.domain("a", 2, 1));
        outbox.state(Samples.host("a", 3, HostStatus.UP));
        assertThat(sink.all(outbox)).containsExactly(Samples.domain("a", 2, 1), Samples.host("a", 3, HostStatus.UP));
    }

    @Test
    void eventsThatFindNoRoomAreOneGapWithTheirNumber() throws InterruptedException {
        sink.occupy(outbox);
        for (int seq = 1; seq <= 105; seq++) {
            outbox.event(Samples.event("a", seq, 1));
        }
        outbox.event(Samples.event("b", 1, 1));
        outbox.state(Samples.domain("a", 106, 1));
        List<FleetRecord> all = sink.all(outbox);
        assertThat(all).hasSize(8);
        assertThat(all.subList(0, 5)).allMatch(FleetRecord.EventRecord.class::isInstance);
        assertThat(all.get(5))
                .isEqualTo(new GapRecord(
                        Samples.origin("a", 6),
                        new Gap(1, 1, Samples.TIME.plusMillis(6), Samples.TIME.plusMillis(105), Gap.Cause.OVERFLOW),
                        OptionalLong.of(100)));
        assertThat(((GapRecord) all.get(6)).count()).hasValue(1);
        assertThat(all.get(7)).isEqualTo(Samples.domain("a", 106, 1));
    }

    @Test
    void thereIsRoomAgainWhenTheSinkHasTakenABatch() throws InterruptedException {
        sink.occupy(outbox);
        for (int seq = 1; seq <= 7; seq++) {
            outbox.event(Samples.event("a", seq, 1));
        }
        sink.gate.release();
        // The second batch is taken.
        assertThat(sink.entered.tryAcquire(60, TimeUnit.SECONDS)).isTrue();
        for (int seq = 8; seq <= 15; seq++) {
            outbox.event(Samples.event("a", seq, 1));
        }
        List<FleetRecord> all = sink.all(outbox);
        assertThat(all.stream().map(each -> each.origin().seq()))
                .containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 8L, 9L, 10L, 11L, 12L, 13L);
        assertThat(((GapRecord) all.get(5)).count()).hasValue(2);
        assertThat(((GapRecord) all.get(11)).count()).hasValue(3);
    }

    /// The events around it are one gap.
    @Test
    void aGapThatFindsNoRoomIsAPartOfTheOverflow() throws InterruptedException {
        sink.occupy(outbox);
        for (int seq = 1; seq <= 6; seq++) {
            outbox.event(Samples.event("a", seq, 1));
        }
        outbox.event(Samples.gap("a", 7, 1, 4));
        outbox.event(Samples.event("a", 8, 1));
        outbox.event(Samples.gap("b", 1, 2, 3));
        List<FleetRecord> all = sink.all(outbox);
        GapRecord ofA = (GapRecord) all.get(5);
        assertThat(ofA.gap().from()).isEqualTo(1);
        assertThat(ofA.gap().to()).isEqualTo(4);
        assertThat(ofA.gap().back()).isEqualTo(Samples.TIME.plusMillis(8));
        assertThat(ofA.gap().lost()).isEqualTo(Samples.TIME.plusMillis(6));
        // How many there were in the gap is not known.
        assertThat(ofA.count()).isEmpty();
        GapRecord ofB = (GapRecord) all.get(6);
        assertThat(ofB.gap().from()).isEqualTo(2);
        assertThat(ofB.gap().to()).isEqualTo(3);
        assertThat(ofB.gap().lost()).isEqualTo(Samples.gap("b", 1, 2, 3).gap().lost());
        assertThat(ofB.count()).isEmpty();
    }

    @Test
    void aSinkThatFailsReceivesTheSameAgain() throws InterruptedException {
        sink.failures.set(7);
        sink.occupy(outbox);
        outbox.event(Samples.event("a", 1, 1));
        outbox.state(Samples.domain("a", 2, 1));
        assertThat(sink.all(outbox)).containsExactly(Samples.event("a", 1, 1), Samples.domain("a", 2, 1));
        assertThat(sink.written.getFirst()).isEqualTo(Samples.event("other", 0, 0));
        assertThat(sink.failures).hasValue(0);
    }

    @Test
    void largeNumbersComeInBatches() throws InterruptedException {
        sink.occupy(outbox);
        for (int domain = 0; domain < 2_500; domain++) {
            outbox.state(Samples.domain("a", domain, domain));
        }
        assertThat(sink.all(outbox)).hasSize(2_500);
        assertThat(sink.batches).containsExactly(1, 1_000, 1_000, 500);
    }

    @Test
    void whatIsDroppedIsNotWrittenOrRepeated() throws InterruptedException {
        sink.failures.set(1);
        outbox.event(Samples.event("a", 1, 1));
        outbox.state(Samples.domain("a", 2, 1));
        outbox.state(Samples.domain("b", 1, 1));
        outbox.start();
        assertThat(sink.entered.tryAcquire(60, TimeUnit.SECONDS)).isTrue();
        for (int seq = 3; seq < 20; seq++) {
            outbox.event(Samples.event("a", seq, 1));
        }
        outbox.drop("a");
        // The room of the events is free again.
        for (int seq = 20; seq < 25; seq++) {
            outbox.event(Samples.event("b", seq, 1));
        }
        sink.gate.release(1_000_000);
        assertThat(outbox.flush(LONG)).isTrue();
        assertThat(sink.written)
                .hasSize(6)
                .allMatch(record -> record.origin().host().equals("b"));
        assertThat(sink.written).noneMatch(GapRecord.class::isInstance);
    }

    /// Domains of minutes do not fill the memory while the sink is away.
    @Test
    void aDomainThatCameAndWentLeavesNoRecord() throws InterruptedException {
        sink.occupy(outbox);
        outbox.state(Samples.domain("a", 1, 7));
        for (int domain = 0; domain < 1_000; domain++) {
            outbox.added(added("b", domain));
            outbox.state(Samples.domain("b", domain, domain));
            outbox.state(Samples.removal("b", domain, domain));
        }
        // It had a record, and that of its end must not get lost when it comes and goes again.
        outbox.state(Samples.removal("a", 2, 7));
        outbox.added(added("a", 7));
        outbox.state(Samples.removal("a", 4, 7));
        assertThat(sink.all(outbox)).containsExactly(Samples.removal("a", 4, 7));
    }

    /// Its first event is written, and its record is not in the same batch.
    @Test
    void aDomainWithAnEventThatCameAndWentLeavesNoRecord() throws InterruptedException {
        sink.occupy(outbox);
        outbox.event(Samples.event("a", 1, 7));
        for (int domain = 0; domain < Outbox.BATCH; domain++) {
            outbox.state(Samples.domain("b", domain, domain));
        }
        outbox.added(added("a", 7));
        sink.gate.release();
        assertThat(sink.entered.tryAcquire(60, TimeUnit.SECONDS)).isTrue();
        outbox.state(Samples.removal("a", 4, 7));
        assertThat(sink.all(outbox)).hasSize(1 + Outbox.BATCH).noneMatch(RemovalRecord.class::isInstance);
    }

    private static DomainRecord added(String host, int domain) {
        return Samples.domain(host, 3, domain);
    }

    @Test
    void tellsWhichStatesAreNotWritten() throws InterruptedException {
        sink.occupy(outbox);
        outbox.state(Samples.domain("a", 1, 1));
        outbox.state(Samples.removal("a", 2, 2));
        outbox.state(Samples.domain("b", 1, 1));
        outbox.event(Samples.event("a", 3, 1));
        outbox.state(Samples.host("a", 4, HostStatus.UP));
        assertThat(outbox.unwritten("a"))
                .containsExactly(
                        Samples.domain("a", 1, 1), Samples.removal("a", 2, 2), Samples.host("a", 4, HostStatus.UP));
        assertThat(sink.all(outbox)).hasSize(5);
        assertThat(outbox.unwritten("a")).isEmpty();
    }

    @Test
    void aFlushEndsWhenWhatWasThereIsWritten() throws InterruptedException {
        sink.occupy(outbox);
        assertThat(outbox.flush(Duration.ofMillis(20))).isFalse();
        outbox.state(Samples.domain("a", 2, 1));
        assertThat(sink.all(outbox)).hasSize(1);
    }

    @Test
    void writesAllBeforeItCloses() throws InterruptedException {
        sink.occupy(outbox);
        outbox.state(Samples.domain("a", 2, 1));
        sink.gate.release(1_000_000);
        outbox.close(LONG);
        assertThat(sink.written).hasSize(2);
    }

    @Test
    void writesAllBeforeItClosesForAnInterruptedThread() throws InterruptedException {
        sink.occupy(outbox);
        outbox.state(Samples.domain("a", 2, 1));
        Thread closer = Thread.currentThread();
        Thread.ofPlatform().daemon().start(() -> {
            while (closer.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }
            closer.interrupt();
            sink.gate.release(1_000_000);
        });
        closer.interrupt();
        outbox.close(LONG);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(sink.written).hasSize(2);
    }

    @Test
    void doesNotWaitIndefinitelyForASinkThatHangs() throws InterruptedException {
        sink.occupy(outbox);
        outbox.state(Samples.domain("a", 2, 1));
        outbox.close(Duration.ofMillis(20));
        assertThat(sink.written).isEmpty();
    }

    /// A sink needs no lock: no method of it is called during another.
    @Test
    void aSinkThatHangsIsClosedAfterItsLastWrite() throws InterruptedException {
        var entered = new CountDownLatch(1);
        var gate = new Semaphore(0);
        var closed = new CountDownLatch(1);
        var calls = new CopyOnWriteArrayList<String>();
        var hanging = new Outbox(
                new Sink() {
                    @Override
                    public void write(List<FleetRecord> records) {
                        entered.countDown();
                        gate.acquireUninterruptibly();
                        calls.add("written");
                    }

                    @Override
                    public void close() {
                        calls.add("closed, interrupted: " + Thread.interrupted());
                        closed.countDown();
                    }
                },
                5,
                Retry.exponential());
        hanging.start();
        hanging.event(Samples.event("a", 1, 1));
        assertThat(entered.await(60, TimeUnit.SECONDS)).isTrue();
        hanging.close(Duration.ofMillis(20));
        assertThat(calls).isEmpty();
        gate.release();
        assertThat(closed.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(calls).containsExactly("written", "closed, interrupted: false");
    }

    @Test
    void doesNotWaitIndefinitelyForASinkThatFails() throws InterruptedException {
        sink.failures.set(Integer.MAX_VALUE);
        sink.occupy(outbox);
        sink.gate.release(1_000_000);
        long begun = System.nanoTime();
        outbox.close(LONG);
        assertThat(System.nanoTime() - begun).isLessThan(LONG.toNanos() / 2);
        assertThat(sink.written).isEmpty();
    }
}
