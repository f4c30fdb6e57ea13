package io.github.libvirt4j.fleet.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.github.libvirt4j.fleet.CloudEvents;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/// The whole log of a fleet, in which some things are always true.
final class LogCheck {
    private static final Schema SCHEMA = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(CloudEvents.class.getResourceAsStream("fleet-record.schema.json"), InputFormat.JSON);

    private final Topics topics;
    private int partitions;
    private final List<ConsumerRecord<String, String>> records = new ArrayList<>();

    private LogCheck(Topics topics) {
        this.topics = topics;
    }

    /// Reads all records there are, and checks their order.
    static LogCheck of(Broker broker, Topics topics) {
        var log = new LogCheck(topics);
        try (var consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers", broker.bootstrap(),
                        "isolation.level", "read_committed",
                        "auto.offset.reset", "earliest"),
                new StringDeserializer(),
                new StringDeserializer())) {
            List<TopicPartition> all = new ArrayList<>();
            for (String topic : List.of(topics.hosts(), topics.domains(), topics.hostStates(), topics.events())) {
                consumer.partitionsFor(topic).forEach(each -> all.add(new TopicPartition(topic, each.partition())));
            }
            log.partitions = consumer.partitionsFor(topics.hosts()).size();
            consumer.assign(all);
            Map<TopicPartition, Long> ends = consumer.endOffsets(all);
            while (!ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue())) {
                consumer.poll(Duration.ofMillis(100)).forEach(log.records::add);
            }
        }
        log.ownersTakeTurns();
        log.everyConnectionBeginsWithAGap();
        log.allFitTheSchema();
        return log;
    }

    private List<ConsumerRecord<String, String>> of(String topic) {
        return records.stream().filter(each -> each.topic().equals(topic)).toList();
    }

    private static String attribute(ConsumerRecord<String, String> record, String name) {
        return new String(record.headers().lastHeader("ce_" + name).value(), StandardCharsets.UTF_8);
    }

    private static String host(ConsumerRecord<String, String> record) {
        return attribute(record, "source").substring("/libvirt/".length());
    }

    private static long epoch(ConsumerRecord<String, String> record) {
        return Long.parseLong(attribute(record, "epoch"));
    }

    /// One worker alone has an epoch, and an owner that was replaced has written nothing after the next. The records
    /// of each key are in the order of their epochs and numbers.
    private void ownersTakeTurns() {
        Map<String, String> workers = new HashMap<>();
        for (ConsumerRecord<String, String> each : of(topics.hostStates())) {
            String worker = json(each).get("worker").getAsString();
            assertThat(workers.merge(host(each) + " " + epoch(each), worker, (was, _) -> was))
                    .isEqualTo(worker);
        }
        for (String topic : List.of(topics.domains(), topics.hostStates(), topics.events())) {
            Map<String, String> last = new HashMap<>();
            Map<String, Map<String, Long>> epochs = new HashMap<>();
            for (ConsumerRecord<String, String> each : of(topic)) {
                assertThat(each.partition()).isEqualTo(Topics.partition(host(each), partitions));
                String sequence = attribute(each, "sequence");
                String before = last.put(each.key(), sequence);
                assertThat(before == null || before.compareTo(sequence) < 0)
                        .as("%s after %s in %s", each, before, topic)
                        .isTrue();
                // An owner without a record of the host's state has found it as it was.
                String worker = workers.getOrDefault(host(each) + " " + epoch(each), "unknown " + epoch(each));
                Map<String, Long> ofHost = epochs.computeIfAbsent(host(each), _ -> new HashMap<>());
                ofHost.forEach((other, epoch) -> assertThat(other.equals(worker) || epoch < epoch(each))
                        .as("%s of %s after epoch %s of %s", each, worker, epoch, other)
                        .isTrue());
                var _ = ofHost.merge(worker, epoch(each), Math::max);
            }
        }
    }

    /// The first record of a host's events in each generation of each epoch is a gap.
    private void everyConnectionBeginsWithAGap() {
        Set<String> begun = new HashSet<>();
        for (ConsumerRecord<String, String> each : of(topics.events())) {
            String connection = host(each) + " " + epoch(each) + " " + attribute(each, "generation");
            if (begun.add(connection)) {
                assertThat(isGap(each)).as(connection).isTrue();
            }
        }
    }

    /// Headers and value are an event in structured mode.
    private void allFitTheSchema() {
        for (ConsumerRecord<String, String> each : records) {
            if (each.topic().equals(topics.hosts()) || each.value() == null) {
                continue;
            }
            JsonObject whole = new JsonObject();
            each.headers().forEach(header -> {
                String name = header.key().equals("content-type")
                        ? "datacontenttype"
                        : header.key().substring(3);
                whole.addProperty(name, new String(header.value(), StandardCharsets.UTF_8));
            });
            whole.add("data", json(each));
            assertThat(SCHEMA.validate(whole.toString(), InputFormat.JSON))
                    .as(whole.toString())
                    .isEmpty();
        }
    }

    private static JsonObject json(ConsumerRecord<String, String> record) {
        return JsonParser.parseString(record.value()).getAsJsonObject();
    }

    /// Checks that there are tombstones of these domains and no others.
    void removedOnly(Set<String> keys) {
        assertThat(removed()).isEqualTo(keys);
    }

    /// Checks that there are no tombstones of other domains.
    void removedAtMost(Set<String> keys) {
        assertThat(keys).containsAll(removed());
    }

    private Set<String> removed() {
        Set<String> removed = new HashSet<>();
        for (ConsumerRecord<String, String> each : of(topics.domains())) {
            if (each.value() == null) {
                removed.add(each.key());
            }
        }
        return removed;
    }

    /// The number of records that say that a host is down, and not those before its first connection.
    long downRecords(String host) {
        return of(topics.hostStates()).stream()
                .filter(each -> host(each).equals(host)
                        && attribute(each, "type").equals("io.github.libvirt4j.host.down")
                        && !attribute(each, "generation").equals("0"))
                .count();
    }

    int domainRecords(String host) {
        return (int) of(topics.domains()).stream()
                .filter(each -> host(each).equals(host))
                .count();
    }

    /// The number of events that are in the log.
    long events() {
        return of(topics.events()).stream().filter(each -> !isGap(each)).count();
    }

    private static boolean isGap(ConsumerRecord<String, String> record) {
        return attribute(record, "type").equals("io.github.libvirt4j.gap");
    }

    /// The number of gaps of a host.
    long gaps(String host) {
        return of(topics.events()).stream()
                .filter(each -> host(each).equals(host) && isGap(each))
                .count();
    }

    /// How long nobody has watched a host each time, in milliseconds: from the record that says so until the next one
    /// that says that the host is up.
    List<Long> absences(String host) {
        List<Long> absences = new ArrayList<>();
        Instant since = null;
        for (ConsumerRecord<String, String> each : of(topics.hostStates())) {
            if (!host(each).equals(host)) {
                continue;
            }
            String type = attribute(each, "type");
            Instant time = Instant.parse(attribute(each, "time"));
            if (type.equals("io.github.libvirt4j.host.unwatched")) {
                since = time;
            } else if (type.equals("io.github.libvirt4j.host.up") && since != null) {
                absences.add(Duration.between(since, time).toMillis());
                since = null;
            }
        }
        return absences;
    }

    /// The number of events that gaps count.
    long lostEvents() {
        long lost = 0;
        for (ConsumerRecord<String, String> each : of(topics.events())) {
            if (isGap(each)) {
                JsonElement count = json(each).get("count");
                lost += count.isJsonNull() ? 0 : count.getAsLong();
            }
        }
        return lost;
    }

    Set<Long> epochs(String host) {
        Set<Long> epochs = new TreeSet<>();
        for (String topic : List.of(topics.domains(), topics.hostStates(), topics.events())) {
            of(topic).stream().filter(each -> host(each).equals(host)).forEach(each -> epochs.add(epoch(each)));
        }
        return epochs;
    }

    /// All that the topics of the workers contain.
    String text() {
        var text = new StringBuilder();
        for (ConsumerRecord<String, String> each : records) {
            if (!each.topic().equals(topics.hosts())) {
                text.append(each.key()).append(each.value());
                each.headers().forEach(header -> text.append(new String(header.value(), StandardCharsets.UTF_8)));
            }
        }
        return text.toString();
    }
}
