package io.github.libvirt4j.fleet.kafka;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;

/// A consumer that keeps the table of a fleet: which domains there are, and as of when that is true.
///
/// `docs/fleet-kafka.md` names it as an example; the tests compare it with the truth.
final class FleetTable implements AutoCloseable {
    private final Map<String, JsonObject> domains = new HashMap<>();
    private final Map<String, JsonObject> hosts = new HashMap<>();
    private final Map<String, String> newest = new HashMap<>();
    private final Consumer<String, String> consumer;
    private final String hostStates;

    FleetTable(String bootstrap, String domainTopic, String hostStateTopic) {
        this(Map.of("bootstrap.servers", bootstrap), domainTopic, hostStateTopic);
    }

    /// @param client the properties of Kafka's clients
    FleetTable(Map<String, ?> client, String domainTopic, String hostStateTopic) {
        hostStates = hostStateTopic;
        Map<String, Object> properties = new HashMap<>(client);
        properties.put("isolation.level", "read_committed");
        properties.put("auto.offset.reset", "earliest");
        consumer = new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer());
        try {
            List<TopicPartition> all = List.of(domainTopic, hostStateTopic).stream()
                    .flatMap(topic -> consumer.partitionsFor(topic).stream())
                    .map(each -> new TopicPartition(each.topic(), each.partition()))
                    .toList();
            consumer.assign(all);
        } catch (RuntimeException e) {
            consumer.close();
            throw e;
        }
    }

    /// Reads what has come.
    void poll(Duration limit) {
        for (ConsumerRecord<String, String> record : consumer.poll(limit)) {
            // Epoch and number have a fixed length each. Nothing older than the newest counts.
            var header = record.headers().lastHeader("ce_sequence");
            String sequence = header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
            if (sequence.compareTo(newest.getOrDefault(record.key(), "")) < 0) {
                continue;
            }
            newest.put(record.key(), sequence);
            Map<String, JsonObject> table = record.topic().equals(hostStates) ? hosts : domains;
            if (record.value() == null) {
                table.remove(record.key());
            } else {
                table.put(record.key(), JsonParser.parseString(record.value()).getAsJsonObject());
            }
        }
    }

    /// The state of a domain, and as of when it is true; null if the domain does not exist.
    @Nullable
    String state(String host, String uuid) {
        JsonObject domain = domains.get(host + "/" + uuid);
        if (domain == null) {
            return null;
        }
        JsonObject about = hosts.get(host);
        String state = domain.get("state").getAsString();
        if (about == null) {
            return state + ", and its host is unknown";
        }
        return about.get("status").getAsString().equals("UP") ? state : state + " as of " + about.get("asOf");
    }

    Map<String, JsonObject> domains() {
        return domains;
    }

    Map<String, JsonObject> hosts() {
        return hosts;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
