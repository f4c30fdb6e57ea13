package io.github.libvirt4j.fleet.kafka;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/// The names of the four topics of a fleet. Immutable, safe for use by any thread.
///
/// All four have the same number of partitions, and all records of a host are in the partition of that number:
/// [#partition]. The number never changes afterwards, because a host would change its partition.
///
/// @param hosts the inventory, which the operator writes; compacted, the key is the name of the host
/// @param domains the table of domains; compacted, the key is `host/uuid`
/// @param hostStates the table of hosts; compacted, the key is the name of the host
/// @param events the events and gaps; deleted after a time, the key is `host/uuid` or the name of the host
public record Topics(String hosts, String domains, String hostStates, String events) {
    /// `libvirt.hosts`, `libvirt.domains`, `libvirt.hosts.state` and `libvirt.events`.
    public static final Topics DEFAULT = prefixed("libvirt.");

    private static final Duration VISIBLE_LIMIT = Duration.ofSeconds(30);
    private static final Duration VISIBLE_PAUSE = Duration.ofMillis(100);
    private static final String COMPACTED = TopicConfig.CLEANUP_POLICY_COMPACT;
    private static final String DELETED = TopicConfig.CLEANUP_POLICY_DELETE;

    /// Rejects null.
    public Topics {
        Objects.requireNonNull(hosts, "hosts");
        Objects.requireNonNull(domains, "domains");
        Objects.requireNonNull(hostStates, "hostStates");
        Objects.requireNonNull(events, "events");
    }

    /// The topics whose names begin with a prefix: `hosts`, `domains`, `hosts.state` and `events` after it.
    public static Topics prefixed(String prefix) {
        Objects.requireNonNull(prefix, "prefix");
        return new Topics(prefix + "hosts", prefix + "domains", prefix + "hosts.state", prefix + "events");
    }

    /// The properties of topics that do not exist yet.
    ///
    /// @param partitions the number of partitions of each topic, which limits the number of workers
    /// @param replication the number of brokers that keep a copy, or -1 for the default of the cluster
    /// @param retention the time after which events are deleted
    public record Creation(int partitions, short replication, Duration retention) {
        /// 12 partitions, the replication factor that is the default of the cluster, and seven days.
        public static final Creation DEFAULT = new Creation(12, (short) -1, Duration.ofDays(7));

        /// Checks the values.
        ///
        /// @throws IllegalArgumentException if a number is not positive, except that -1 stands for the
        ///     default replication factor
        public Creation {
            if (partitions < 1 || (replication < 1 && replication != -1) || !retention.isPositive()) {
                throw new IllegalArgumentException("Topics of " + partitions + " partitions, " + replication
                        + " replicas and a retention of " + retention
                        + " are impossible; each has to be more than zero");
            }
        }
    }

    /// The partition of a host, among a number of partitions: the choice of Kafka's Java producer for a record
    /// whose key is the name of the host.
    public static int partition(String host, int partitions) {
        return Utils.toPositive(Utils.murmur2(host.getBytes(StandardCharsets.UTF_8))) % partitions;
    }

    private Map<String, String> policies() {
        Map<String, String> policies = new LinkedHashMap<>();
        policies.put(hosts, COMPACTED);
        policies.put(domains, COMPACTED);
        policies.put(hostStates, COMPACTED);
        policies.put(events, DELETED);
        return policies;
    }

    /// Makes the topics that do not exist, and checks all of them.
    ///
    /// @param creation the properties of topics that do not exist; their number of partitions is that of the
    ///     existing ones if there are any
    /// @return the number of partitions
    /// @throws UnsuitableTopicsException if a topic has another cleanup policy than its use needs, or the numbers
    ///     of partitions differ. Nothing was changed
    /// @throws KafkaException if the cluster refuses
    public int prepare(Admin admin, Creation creation) {
        Map<String, TopicDescription> existing = describe(admin);
        check(admin, existing);
        int partitions = existing.isEmpty()
                ? creation.partitions()
                : existing.values().iterator().next().partitions().size();
        List<NewTopic> missing = new ArrayList<>();
        policies().forEach((name, policy) -> {
            if (!existing.containsKey(name)) {
                missing.add(topic(name, policy, partitions, creation));
            }
        });
        if (missing.isEmpty()) {
            return partitions;
        }
        for (KafkaFuture<Void> each : admin.createTopics(missing).values().values()) {
            // Another worker may make it at the same time.
            ifNot(TopicExistsException.class, each);
        }
        check(admin, describeAll(admin));
        return partitions;
    }

    private NewTopic topic(String name, String policy, int partitions, Creation creation) {
        var topic = new NewTopic(name, partitions, creation.replication());
        Map<String, String> configuration = new LinkedHashMap<>();
        configuration.put(TopicConfig.CLEANUP_POLICY_CONFIG, policy);
        if (policy.equals(DELETED)) {
            configuration.put(
                    TopicConfig.RETENTION_MS_CONFIG,
                    String.valueOf(creation.retention().toMillis()));
        }
        return topic.configs(configuration);
    }

    private Map<String, TopicDescription> describe(Admin admin) {
        Map<String, TopicDescription> existing = new LinkedHashMap<>();
        admin.describeTopics(policies().keySet()).topicNameValues().forEach((name, future) -> {
            TopicDescription description = ifNot(UnknownTopicOrPartitionException.class, future);
            if (description != null) {
                existing.put(name, description);
            }
        });
        return existing;
    }

    /// Waits until all exist: a broker can hear of a topic later than its maker.
    private Map<String, TopicDescription> describeAll(Admin admin) {
        long deadline = System.nanoTime() + VISIBLE_LIMIT.toNanos();
        Map<String, TopicDescription> all = describe(admin);
        while (all.size() < policies().size()) {
            if (System.nanoTime() > deadline) {
                throw new TimeoutException("Not all of " + policies().keySet() + " exist " + VISIBLE_LIMIT.toSeconds()
                        + " seconds after they were made");
            }
            LockSupport.parkNanos(VISIBLE_PAUSE.toNanos());
            all = describe(admin);
        }
        return all;
    }

    private void check(Admin admin, Map<String, TopicDescription> existing) {
        List<String> faults = new ArrayList<>();
        Map<ConfigResource, KafkaFuture<Config>> configurations = admin.describeConfigs(existing.keySet().stream()
                        .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                        .toList())
                .values();
        configurations.forEach((resource, future) -> {
            ConfigEntry entry = Objects.requireNonNull(get(future)).get(TopicConfig.CLEANUP_POLICY_CONFIG);
            Set<String> is = Set.of(entry.value().split(",", -1));
            String must = policies().get(resource.name());
            if (!is.equals(Set.of(Objects.requireNonNull(must)))) {
                faults.add("cleanup.policy of " + resource.name() + " is " + entry.value() + " and has to be " + must);
            }
        });
        Function<TopicDescription, Integer> size = topic -> topic.partitions().size();
        if (existing.values().stream().map(size).distinct().count() > 1) {
            faults.add(existing.values().stream()
                    .map(topic -> topic.name() + " has " + size.apply(topic))
                    .collect(Collectors.joining(", ", "the numbers of partitions differ and have to be equal: ", "")));
        }
        if (!faults.isEmpty()) {
            throw new UnsuitableTopicsException(faults);
        }
    }

    /// The result; null if the future failed with the exception.
    private static <T> @Nullable T ifNot(Class<? extends Exception> expected, KafkaFuture<T> future) {
        try {
            return get(future);
        } catch (KafkaException e) {
            if (expected.isInstance(e)) {
                return null;
            }
            throw e;
        }
    }

    /// @throws KafkaException if the future failed
    static <T> T get(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof KafkaException cause) {
                throw cause;
            }
            throw new KafkaException(e.getCause());
        }
    }
}
