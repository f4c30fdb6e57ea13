package io.github.libvirt4j.fleet.kafka;

import static io.github.libvirt4j.fleet.kafka.Samples.origin;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.fleet.FleetRecord;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class ShardTest {
    private static final Topics TOPICS = Topics.DEFAULT;
    private static final FleetRecord RECORD = Samples.domain(origin("h", 1, 0), "a", 1);

    private final Unwilling producer = new Unwilling();
    private final AtomicInteger broken = new AtomicInteger();
    private final Shard shard = new Shard(3, TOPICS, producer, _ -> broken.incrementAndGet());

    /// Fails each step a number of times.
    private static final class Unwilling extends MockProducer<String, String> {
        private final List<RuntimeException> commits = new ArrayList<>();
        private final List<RuntimeException> aborts = new ArrayList<>();
        private int begun;
        private boolean refusesToClose;

        Unwilling() {
            super(true, null, new StringSerializer(), new StringSerializer());
        }

        @Override
        public void beginTransaction() {
            begun++;
            super.beginTransaction();
        }

        @Override
        public void commitTransaction() {
            if (!commits.isEmpty()) {
                throw commits.removeFirst();
            }
            super.commitTransaction();
        }

        @Override
        public void close(Duration limit) {
            if (refusesToClose) {
                throw new KafkaException("Failed to close kafka producer");
            }
            super.close(limit);
        }

        @Override
        public void abortTransaction() {
            if (!aborts.isEmpty()) {
                throw aborts.removeFirst();
            }
            super.abortTransaction();
        }
    }

    @Test
    void aProducerThatCannotBeClosedEndsAsWell() {
        producer.refusesToClose = true;
        shard.end();
        assertThat(shard.hasEnded()).isTrue();
    }

    @Test
    void recordsOfAllKindsGoToTheirTopics() {
        shard.fence();
        shard.write(List.of(
                Samples.host(origin("h", 1, 0), FleetRecord.HostStatus.UP),
                Samples.domain(origin("h", 1, 1), "a", 1),
                Samples.removal(origin("h", 1, 2), "b"),
                Samples.event(origin("h", 1, 3), "a"),
                Samples.gap(origin("h", 1, 4), 17)));
        assertThat(producer.history()).allMatch(each -> each.partition() == 3).hasSize(5);
        assertThat(producer.history())
                .extracting(ProducerRecord::topic)
                .containsExactly(
                        TOPICS.hostStates(), TOPICS.domains(), TOPICS.domains(), TOPICS.events(), TOPICS.events());
        assertThat(producer.history())
                .extracting(ProducerRecord::key)
                .containsExactly(
                        "h", "h/" + Samples.uuid("a"), "h/" + Samples.uuid("b"), "h/" + Samples.uuid("a"), "h");
        // Kafka's producer puts the time of the try.
        assertThat(producer.history()).allMatch(each -> each.timestamp() == null);
        // Only the end of a domain is without a value.
        assertThat(producer.history())
                .extracting(each -> each.value() == null)
                .containsExactly(false, false, true, false, false);
        assertThat(producer.history().get(4).headers().lastHeader("ce_type").value())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("io.github.libvirt4j.gap");
        assertThat(producer.history().get(4).value()).contains("\"count\":17");
        assertThat(producer.history().get(2).headers().lastHeader("ce_id").value())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("h/1.1.2");
        assertThat(producer.commitCount()).isEqualTo(1);
    }

    @Test
    void aFenceThatHasStoodIsNotRaisedAgain() {
        shard.fence();
        // The producer refuses a second time.
        shard.fence();
        shard.write(List.of(RECORD));
        assertThat(producer.commitCount()).isEqualTo(1);
    }

    @Test
    void aCommitThatTookTooLongIsRepeatedAndTheRecordsAreNot() {
        shard.fence();
        producer.commits.addAll(List.of(new TimeoutException("slow"), new TimeoutException("slow")));
        shard.write(List.of(RECORD));
        assertThat(producer.begun).isEqualTo(1);
        assertThat(producer.commitCount()).isEqualTo(1);
        assertThat(producer.history()).hasSize(1);
    }

    @Test
    void aTransactionThatFailedIsAbortedAndWrittenAgain() {
        shard.fence();
        producer.commits.add(new KafkaException("A batch expired"));
        producer.aborts.add(new TimeoutException("slow"));
        shard.write(List.of(RECORD));
        assertThat(producer.begun).isEqualTo(2);
        assertThat(producer.history()).hasSize(1);
        assertThat(broken).hasValue(0);
    }

    @Test
    void aFencedShardDropsRecordsAndSaysSoOnce() {
        shard.fence();
        producer.fenceProducer();
        shard.write(List.of(RECORD));
        shard.write(List.of(RECORD));
        assertThat(shard.hasEnded()).isTrue();
        assertThat(producer.history()).isEmpty();
        assertThat(broken).hasValue(1);
    }

    @Test
    void aProducerThatCannotAbortIsNotUsedAgain() {
        shard.fence();
        producer.commits.add(new KafkaException("A batch expired"));
        producer.aborts.add(new ProducerFencedException("too late"));
        shard.write(List.of(RECORD));
        assertThat(producer.history()).isEmpty();
        assertThat(broken).hasValue(1);
    }

    @Test
    void theEndBreaksOffAWriteThatIsTriedAgainAndAgain() throws InterruptedException {
        shard.fence();
        for (int i = 0; i < 10_000; i++) {
            producer.commits.add(new KafkaException("No leader"));
        }
        Thread writer = Thread.ofVirtual().start(() -> shard.write(List.of(RECORD)));
        while (producer.begun < 2) {
            Thread.onSpinWait();
        }
        shard.end();
        assertThat(writer.join(Duration.ofSeconds(20))).isTrue();
        assertThat(producer.closed()).isTrue();
        // Nobody has to join again because of that.
        assertThat(broken).hasValue(0);
    }

    private List<String> keys() {
        return producer.history().stream().map(ProducerRecord::key).toList();
    }

    /// A batch of the fleet's can be on its way when the record that the host is not watched is written.
    @Test
    void recordsOfAnEndedAssignmentAreDropped() {
        shard.fence();
        shard.write(List.of(Samples.host(origin("h", 7, 0), FleetRecord.HostStatus.UNWATCHED)));
        shard.write(List.of(
                Samples.host(origin("h", 6, 0), FleetRecord.HostStatus.DOWN),
                Samples.host(origin("other", 1, 0), FleetRecord.HostStatus.DOWN)));
        assertThat(keys()).containsExactly("h", "other");
        shard.write(List.of(Samples.host(origin("h", 6, 1), FleetRecord.HostStatus.DOWN)));
        shard.write(List.of(Samples.host(origin("h", 7, 1), FleetRecord.HostStatus.UP)));
        assertThat(keys()).containsExactly("h", "other", "h");
    }

    /// Else a host that is tried again and again, while the cluster is away, would add one each time.
    @Test
    void ofAHostThatTheFleetDoesNotKnowTheNewestRecordWaits() {
        shard.fence();
        assertThat(shard.add(Samples.host(origin("h", 1, 0), FleetRecord.HostStatus.UNWATCHED)))
                .isTrue();
        assertThat(shard.add(Samples.host(origin("other", 1, 0), FleetRecord.HostStatus.UNWATCHED)))
                .isFalse();
        FleetRecord newest = Samples.host(origin("h", 2, 0), FleetRecord.HostStatus.UNWATCHED);
        assertThat(shard.add(newest)).isFalse();
        shard.writeUnknown();
        assertThat(keys()).containsExactly("h", "other");
        assertThat(Messages.epoch(producer.history().getFirst().headers())).isEqualTo(2);
        assertThat(shard.add(newest)).isTrue();
    }

    @Test
    void epochsGrowWithTheClockAndWithoutIt() {
        long before = System.currentTimeMillis();
        long first = shard.nextEpoch();
        assertThat(first).isGreaterThanOrEqualTo(before);
        assertThat(shard.nextEpoch()).isGreaterThan(first);
        Table table = TableTest.read(List.of(TableTest.record(
                TOPICS.hostStates(), Samples.host(origin("h", Long.MAX_VALUE / 2, 0), FleetRecord.HostStatus.UP), 0)));
        shard.begin(table);
        assertThat(shard.nextEpoch()).isEqualTo(Long.MAX_VALUE / 2 + 1);
    }
}
