package io.github.libvirt4j.fleet.kafka;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.github.libvirt4j.fleet.Host;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/// Writes the inventory of a fleet: the topic of its hosts. Safe for use by any thread.
///
/// A record of the inventory has the name of a host as its key, and a JSON object as its value:
/// `{"uri": "qemu+tls://hv1/system", "labels": {"rack": "7"}}`. Without a value, the host is watched no longer.
/// Each record has to be in the partition that [Topics#partition] says.
public final class Inventory implements AutoCloseable {
    /// A user and a password in front of the host.
    private static final Pattern PASSWORD = Pattern.compile("//[^/@]*:[^/@]*@");

    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

    private final Producer<String, String> producer;
    private final Topics topics;
    private final int partitions;

    /// Connects to the cluster.
    ///
    /// @param client the properties of Kafka's clients, `bootstrap.servers` among them
    /// @param topics the topics of the fleet, which exist
    /// @throws KafkaException if the cluster cannot be reached, or refuses
    public Inventory(Map<String, ?> client, Topics topics) {
        this.topics = topics;
        Map<String, Object> properties = new HashMap<>(client);
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        producer = new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer());
        try {
            partitions = producer.partitionsFor(topics.hosts()).size();
        } catch (RuntimeException e) {
            producer.close(Duration.ZERO);
            throw explained(e);
        }
    }

    /// Adds a host, or changes it, and returns when the record is written.
    ///
    /// @throws IllegalArgumentException if the URI contains a password
    /// @throws KafkaException if the record cannot be written
    public void put(Host host) {
        write(host.name(), json(host));
    }

    /// Removes a host, and returns when the record is written. The table of domains keeps its domains.
    ///
    /// @throws KafkaException if the record cannot be written
    public void remove(String host) {
        write(host, null);
    }

    private void write(String host, @Nullable String value) {
        try {
            var _ = producer.send(new ProducerRecord<>(topics.hosts(), Topics.partition(host, partitions), host, value))
                    .get();
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException cause ? explained(cause) : new KafkaException(e.getCause());
        }
    }

    /// Names the right that is missing, which Kafka's exceptions do not.
    private RuntimeException explained(RuntimeException e) {
        return e instanceof AuthorizationException
                ? new AuthorizationException(
                        "The principal that writes the inventory lacks the right: Write on topic " + topics.hosts()
                                + ". Add it with kafka-acls.sh",
                        e)
                : e;
    }

    /// Closes the connection to the cluster.
    @Override
    public void close() {
        producer.close(CLOSE_LIMIT);
    }

    static String json(Host host) {
        refusePassword(host.uri());
        JsonObject value = new JsonObject();
        value.addProperty("uri", host.uri());
        JsonObject labels = new JsonObject();
        host.labels().forEach(labels::addProperty);
        value.add("labels", labels);
        return value.toString();
    }

    /// Reads a record.
    ///
    /// @throws IllegalArgumentException if it is not that of a host; the message does not repeat the URI
    static Host host(String name, String value) {
        try {
            JsonObject object = JsonParser.parseString(value).getAsJsonObject();
            JsonElement uri = object.get("uri");
            if (uri == null) {
                throw new IllegalArgumentException("The record of host " + name + " has no uri");
            }
            refusePassword(uri.getAsString());
            Map<String, String> labels = new HashMap<>();
            JsonElement all = object.get("labels");
            if (all != null && !all.isJsonNull()) {
                all.getAsJsonObject().asMap().forEach((label, text) -> labels.put(label, text.getAsString()));
            }
            return new Host(name, uri.getAsString(), labels);
        } catch (JsonParseException | IllegalStateException | UnsupportedOperationException e) {
            throw new IllegalArgumentException(
                    "The record of host " + name + " is not a JSON object with a uri and labels", e);
        }
    }

    /// Whether a host can have this name.
    static boolean isName(String name) {
        try {
            var _ = new Host(name, "test:///default");
            return true;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private static void refusePassword(String uri) {
        if (PASSWORD.matcher(uri).find()) {
            throw new IllegalArgumentException("The URI contains a password, which every reader of the topic would see;"
                    + " give it to the workers, in libvirt's auth.conf");
        }
    }
}
