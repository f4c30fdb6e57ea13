package io.github.libvirt4j.fleet.kafka;

import static io.github.libvirt4j.fleet.kafka.Samples.origin;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.fleet.FleetRecord;
import io.github.libvirt4j.fleet.FleetRecord.HostStatus;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class TableTest {
    private static final Topics TOPICS = Topics.DEFAULT;
    private static final int PARTITION = 3;

    /// A record as [Messages] writes it.
    static ConsumerRecord<String, String> record(String topic, FleetRecord record, long offset) {
        ProducerRecord<String, String> message = Messages.of(record, TOPICS, PARTITION);
        assertThat(message.topic()).isEqualTo(topic);
        return new ConsumerRecord<>(
                topic,
                PARTITION,
                offset,
                0,
                TimestampType.CREATE_TIME,
                0,
                0,
                message.key(),
                message.value(),
                message.headers(),
                Optional.empty());
    }

    private static ConsumerRecord<String, String> plain(
            String topic, @Nullable String key, @Nullable String value, long offset) {
        return new ConsumerRecord<>(topic, PARTITION, offset, key, value);
    }

    /// Reads what a consumer finds. The last offset of each topic may be that of a marker of a transaction.
    static Table read(List<ConsumerRecord<String, String>> records) {
        Map<TopicPartition, Long> beginnings = new HashMap<>();
        Map<TopicPartition, Long> ends = new HashMap<>();
        for (String topic : List.of(TOPICS.hosts(), TOPICS.domains(), TOPICS.hostStates())) {
            beginnings.put(new TopicPartition(topic, PARTITION), 0L);
            ends.put(new TopicPartition(topic, PARTITION), 0L);
        }
        for (ConsumerRecord<String, String> each : records) {
            var _ = ends.merge(new TopicPartition(each.topic(), PARTITION), each.offset() + 1, Math::max);
        }
        try (var consumer = new MockConsumer<String, String>("earliest")) {
            consumer.updateBeginningOffsets(beginnings);
            consumer.updateEndOffsets(ends);
            consumer.schedulePollTask(() -> records.forEach(consumer::addRecord));
            return Objects.requireNonNull(Table.read(consumer, TOPICS, PARTITION, () -> false));
        }
    }

    @Test
    void theNewestRecordOfEachKeyCounts() {
        Table table = read(List.of(
                record(TOPICS.domains(), Samples.domain(origin("h", 4, 0), "a", 1), 0),
                record(TOPICS.domains(), Samples.domain(origin("h", 4, 1), "b", 1), 1),
                record(TOPICS.domains(), Samples.domain(origin("h", 5, 0), "a", 5), 2),
                record(TOPICS.domains(), Samples.removal(origin("h", 5, 1), "b"), 3),
                record(TOPICS.domains(), Samples.domain(origin("i", 9, 1), "b", 3), 4)));
        assertThat(table.known("h").domains()).containsExactly(Samples.view("a", 5));
        assertThat(table.known("i").domains()).containsExactly(Samples.view("b", 3));
        assertThat(table.known("j").domains()).isEmpty();
        assertThat(table.newestEpoch()).isEqualTo(9);
    }

    @Test
    void theInventoryAndItsEndAreRead() {
        Table table = read(List.of(
                plain(TOPICS.hosts(), "h", "{\"uri\": \"test:///default\"}", 0),
                plain(TOPICS.hosts(), "i", "{\"uri\": \"test:///default\"}", 1),
                plain(TOPICS.hosts(), "h", null, 7)));
        assertThat(table.inventory()).containsOnlyKeys("i");
        assertThat(table.inventoryEnd()).isEqualTo(8);
    }

    @Test
    void hostsAreWatchedUntilARecordSaysOtherwise() {
        Table table = read(List.of(
                record(TOPICS.hostStates(), Samples.host(origin("up", 1, 0), HostStatus.UP), 0),
                record(TOPICS.hostStates(), Samples.host(origin("down", 1, 0), HostStatus.DOWN), 1),
                record(TOPICS.hostStates(), Samples.host(origin("left", 1, 0), HostStatus.UP), 2),
                record(TOPICS.hostStates(), Samples.host(origin("left", 1, 1), HostStatus.UNWATCHED), 3),
                record(TOPICS.hostStates(), Samples.host(origin("gone", 1, 0), HostStatus.UP), 4),
                plain(TOPICS.hostStates(), "gone", null, 5)));
        assertThat(table.watched()).containsExactlyInAnyOrder("up", "down");
        assertThat(table.known("up").status()).contains(HostStatus.UP);
        assertThat(table.known("down").status()).contains(HostStatus.DOWN);
        assertThat(table.known("left").status()).contains(HostStatus.UNWATCHED);
        assertThat(table.known("gone").status()).isEmpty();
    }

    @Test
    void recordsOfOthersAreIgnored() {
        Table table = read(List.of(
                plain(TOPICS.domains(), "h", "{}", 0),
                plain(TOPICS.domains(), "h/7", "{}", 1),
                plain(TOPICS.domains(), "h/" + Samples.uuid("a"), "{}", 2),
                plain(TOPICS.domains(), "h/" + Samples.uuid("a"), "nonsense", 3),
                plain(TOPICS.domains(), null, "nonsense", 4),
                plain(TOPICS.hostStates(), "h", "[]", 0),
                record(TOPICS.domains(), Samples.domain(origin("h", 4, 0), "b", 1), 5)));
        assertThat(table.known("h").domains()).containsExactly(Samples.view("b", 1));
        assertThat(table.watched()).isEmpty();
    }

    @Test
    void recordsWithAnImpossibleEpochAreIgnored() {
        List<ConsumerRecord<String, String>> records = new ArrayList<>();
        for (String epoch : Arrays.asList(null, "", "x", String.valueOf(Long.MAX_VALUE))) {
            ConsumerRecord<String, String> bad =
                    record(TOPICS.domains(), Samples.domain(origin("h", 4, 0), "a", 1), records.size());
            bad.headers()
                    .remove("ce_epoch")
                    .add("ce_epoch", epoch == null ? null : epoch.getBytes(StandardCharsets.UTF_8));
            records.add(bad);
        }
        records.add(record(TOPICS.domains(), Samples.domain(origin("h", 5, 0), "b", 1), records.size()));
        Table table = read(records);
        assertThat(table.known("h").domains()).containsExactly(Samples.view("b", 1));
        assertThat(table.newestEpoch()).isEqualTo(5);
    }

    @Test
    void itFollowsTheRecordsThatAreWritten() {
        Table table = read(List.of(record(TOPICS.domains(), Samples.domain(origin("h", 4, 0), "a", 1), 0)));
        table.written(List.of(
                Samples.domain(origin("h", 5, 0), "b", 1),
                Samples.removal(origin("h", 5, 1), "a"),
                Samples.event(origin("h", 5, 2), "b"),
                Samples.domain(origin("h", 5, 3), "b", 3),
                Samples.host(origin("h", 5, 4), HostStatus.UP)));
        assertThat(table.known("h").domains()).containsExactly(Samples.view("b", 3));
        assertThat(table.known("h").status()).contains(HostStatus.UP);
    }

    @Test
    void aTableThatNobodyWantsIsNotReadToItsEnd() {
        try (var consumer = new MockConsumer<String, String>("earliest")) {
            for (String topic : List.of(TOPICS.hosts(), TOPICS.domains(), TOPICS.hostStates())) {
                consumer.updateBeginningOffsets(Map.of(new TopicPartition(topic, PARTITION), 0L));
                consumer.updateEndOffsets(Map.of(new TopicPartition(topic, PARTITION), 10L));
            }
            assertThat(Table.read(consumer, TOPICS, PARTITION, () -> true)).isNull();
        }
    }
}
