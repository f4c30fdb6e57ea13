package io.github.libvirt4j.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.Libvirt;
import io.github.libvirt4j.event.Delivery;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.EventHandler;
import io.github.libvirt4j.event.EventQueue;
import io.github.libvirt4j.event.Overflow;
import io.github.libvirt4j.event.Registration;
import io.github.libvirt4j.testing.SessionDaemon;
import io.github.libvirt4j.types.DomainEventType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A thousand connections, on which a hundred thousand events come.
@Tag("loop")
@Timeout(300)
class LoadTest {
    private static final int CONNECTIONS = 1000;
    private static final int ROUNDS = 50;
    private static final int THREADS = 4;
    private static final int NARROW = 8;

    private final CountDownLatch gate = new CountDownLatch(1);
    private long sent;

    @Test
    void nothingIsLostOrOutOfOrderAndMemoryStays() throws Exception {
        try (SessionDaemon daemon = SessionDaemon.start();
                Connect source = Connect.open(daemon.unixUri("test:///default"))) {
            List<Ear> ears = together(IntStream.range(0, CONNECTIONS)
                    .<Callable<Ear>>mapToObj(i -> () -> open(daemon, i))
                    .toList());
            try {
                listen(source, ears);
            } finally {
                gate.countDown();
                together(ears.stream()
                        .<Callable<Boolean>>map(ear -> () -> {
                            ear.connect.close();
                            return true;
                        })
                        .toList());
            }
        }
        assertThat(Libvirt.closuresOnLoan()).isZero();
        assertThat(Libvirt.handlesOpen()).isZero();
    }

    private void listen(Connect source, List<Ear> ears) throws Exception {
        rounds(source, ROUNDS / 10, ears);
        Memory first = Memory.settled();
        rounds(source, ROUNDS - ROUNDS / 10, ears);
        Memory last = Memory.settled();
        assertThat(last.heap).as("bytes on the heap").isLessThanOrEqualTo(first.heap * 105 / 100);
        assertThat(last.byLibraries - first.byLibraries)
                .as("bytes of C's that came to be more")
                .isLessThanOrEqualTo(first.allocated * 5 / 100);

        gate.countDown();
        for (Ear ear : ears) {
            ear.await(sent);
        }
        // Where the latest were lost, the next one says so.
        rounds(source, 1, ears);
        for (Ear ear : ears) {
            ear.await(sent);
            ear.check(sent);
        }
    }

    /// Two events each; the number of the first is the domain's name. Waits for those who are not slow.
    private void rounds(Connect source, int count, List<Ear> ears) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            try (Domain domain = source.domains().define("""
                    <domain type='test'><name>%d</name><memory>1024</memory><os><type>hvm</type></os></domain>
                    """.formatted(sent))) {
                domain.undefine();
            }
            sent += 2;
        }
        for (Ear ear : ears) {
            if (!ear.isSlow() || gate.getCount() == 0) {
                ear.await(sent);
            }
        }
    }

    private Ear open(SessionDaemon daemon, int i) {
        Ear ear = new Ear(Connect.open(daemon.unixUri("test:///default")), i % 10 < 2 ? gate : null);
        switch (i % 10) {
            case 0 -> ear.listen(Delivery.queued(NARROW));
            case 1 -> ear.listen(Delivery.queued(NARROW).overflow(Overflow.DROP_NEWEST));
            case 2 -> ear.listen(Delivery.direct());
            case 3 -> ear.takeByHand();
            default -> ear.listen(Delivery.queued());
        }
        return ear;
    }

    private static <T> List<T> together(List<Callable<T>> work) throws Exception {
        try (ExecutorService executor = Executors.newFixedThreadPool(THREADS)) {
            List<T> all = new ArrayList<>();
            for (Future<T> each : executor.invokeAll(work)) {
                all.add(each.get());
            }
            return all;
        }
    }

    /// At the lowest, without what is there for a moment only.
    ///
    /// @param byLibraries what C has allocated, but for what the VM has, whose compiler comes and goes
    /// @param allocated all that C has
    private record Memory(long heap, long byLibraries, long allocated) {
        static Memory settled() throws Exception {
            var lowest = new Memory(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);
            for (int i = 0; i < 20; i++) {
                Footprint now = Footprint.now();
                lowest = new Memory(
                        Math.min(lowest.heap, now.heap()),
                        Math.min(lowest.byLibraries, now.allocatedByLibraries()),
                        Math.min(lowest.allocated, now.allocated()));
                Thread.sleep(50);
            }
            return lowest;
        }
    }

    /// A connection, and what it hears.
    private static final class Ear implements EventHandler<DomainEvent.Lifecycle> {
        private final Connect connect;
        private final @Nullable CountDownLatch gate;
        private LongSupplier lost = () -> 0;
        private long told;
        private long next;
        private @Nullable String wrong;
        private volatile long heard;

        /// @param gate to wait for with the first event
        Ear(Connect connect, @Nullable CountDownLatch gate) {
            this.connect = connect;
            this.gate = gate;
        }

        boolean isSlow() {
            return gate != null;
        }

        void listen(Delivery delivery) {
            Registration registration = connect.on(Set.of(DomainEvent.LIFECYCLE), delivery, this);
            lost = registration::lost;
        }

        void takeByHand() {
            EventQueue<DomainEvent.Lifecycle> queue = connect.queue(Set.of(DomainEvent.LIFECYCLE), 4096);
            lost = queue::lost;
            Thread.startVirtualThread(() -> {
                try {
                    while (true) {
                        on(queue.take());
                    }
                } catch (IllegalStateException | InterruptedException e) {
                    // The connection is closed.
                }
            });
        }

        @Override
        @SuppressWarnings("NonAtomicVolatileUpdate") // One event at a time.
        public void on(DomainEvent.Lifecycle event) throws InterruptedException {
            if (gate != null) {
                gate.await();
            }
            long number = Long.parseLong(event.domain().name()) + (event.type() == DomainEventType.DEFINED ? 0 : 1);
            if (number != next && wrong == null) {
                wrong = event + " came as number " + next;
            }
            next = number + 1;
            heard++;
        }

        @Override
        public void lost(long count) {
            told += count;
            next += count;
        }

        void await(long events) throws InterruptedException {
            while (heard + lost.getAsLong() < events) {
                Thread.sleep(1);
            }
        }

        /// After all have come.
        void check(long events) {
            assertThat(wrong).isNull();
            assertThat(next).isEqualTo(events);
            assertThat(told).isEqualTo(lost.getAsLong());
            assertThat(heard).isEqualTo(events - told);
            if (isSlow()) {
                assertThat(told).isPositive();
            } else {
                assertThat(told).isZero();
            }
        }
    }
}
