package io.github.libvirt4j.fleet.kafka;

import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.github.libvirt4j.fleet.CloudEvents;
import io.github.libvirt4j.fleet.FleetRecord;
import io.github.libvirt4j.fleet.FleetRecord.DomainRecord;
import io.github.libvirt4j.fleet.FleetRecord.HostRecord;
import io.github.libvirt4j.fleet.FleetRecord.HostStatus;
import io.github.libvirt4j.fleet.FleetRecord.RemovalRecord;
import io.github.libvirt4j.fleet.Known;
import io.github.libvirt4j.link.DomainView;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// The tables of one partition: the inventory, the domains, and the states of hosts.
///
/// One thread reads it; afterwards the lock guards the domains and states, which change with each record that is
/// written.
final class Table {
    private static final System.Logger LOG = System.getLogger(Table.class.getName());
    private static final Duration POLL = Duration.ofMillis(200);

    private final Topics topics;
    private final int partition;
    private final Map<String, String> inventory = new HashMap<>();
    private final Map<String, HostStatus> statuses = new HashMap<>();
    private final Map<String, Map<UUID, DomainView>> domains = new HashMap<>();
    private long newestEpoch;
    private long inventoryEnd;

    private Table(Topics topics, int partition) {
        this.topics = topics;
        this.partition = partition;
    }

    /// Reads the partition to its end. Nobody else may write its tables at the same time.
    ///
    /// @param consumer a consumer of its own, without a group
    /// @param isGivenUp whether nobody wants the table any more
    /// @return null if it was given up
    static @Nullable Table read(
            Consumer<String, String> consumer, Topics topics, int partition, BooleanSupplier isGivenUp) {
        var table = new Table(topics, partition);
        var hosts = new TopicPartition(topics.hosts(), partition);
        List<TopicPartition> all = List.of(
                hosts,
                new TopicPartition(topics.domains(), partition),
                new TopicPartition(topics.hostStates(), partition));
        consumer.assign(all);
        consumer.seekToBeginning(all);
        Map<TopicPartition, Long> ends = consumer.endOffsets(all);
        while (!ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue())) {
            if (isGivenUp.getAsBoolean()) {
                return null;
            }
            consumer.poll(POLL).forEach(table::read);
        }
        table.inventoryEnd = consumer.position(hosts);
        return table;
    }

    private void read(ConsumerRecord<String, String> record) {
        if (record.key() == null) {
            return;
        }
        if (record.topic().equals(topics.hosts())) {
            put(inventory, record.key(), record.value());
            return;
        }
        try {
            newestEpoch = Math.max(newestEpoch, Messages.epoch(record.headers()));
            if (record.topic().equals(topics.domains())) {
                readDomain(record.key(), record.value());
            } else {
                readHost(record.key(), record.value());
            }
        } catch (IllegalArgumentException
                | JsonParseException
                | IllegalStateException
                | UnsupportedOperationException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "The record at " + record.offset() + " of " + record.topic() + "-" + partition
                            + " is not of a fleet, and is ignored",
                    e);
        }
    }

    private static void put(Map<String, String> map, String key, @Nullable String value) {
        if (value == null) {
            map.remove(key);
        } else {
            map.put(key, value);
        }
    }

    private void readDomain(String key, @Nullable String value) {
        int slash = key.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("The key " + key + " has no domain");
        }
        String host = key.substring(0, slash);
        UUID domain = UUID.fromString(key.substring(slash + 1));
        if (value == null) {
            remove(host, domain);
        } else {
            of(host).put(domain, CloudEvents.domain(value));
        }
    }

    private void readHost(String host, @Nullable String value) {
        JsonElement status = value == null
                ? null
                : JsonParser.parseString(value).getAsJsonObject().get("status");
        if (status == null) {
            statuses.remove(host);
        } else {
            statuses.put(host, HostStatus.valueOf(status.getAsString()));
        }
    }

    private Map<UUID, DomainView> of(String host) {
        return domains.computeIfAbsent(host, _ -> new HashMap<>());
    }

    private void remove(String host, UUID domain) {
        Map<UUID, DomainView> all = domains.get(host);
        if (all != null) {
            all.remove(domain);
            if (all.isEmpty()) {
                domains.remove(host);
            }
        }
    }

    /// The inventory at the time of reading: values by the names of hosts.
    Map<String, String> inventory() {
        return inventory;
    }

    /// The offset after the last record of the inventory that was read.
    long inventoryEnd() {
        return inventoryEnd;
    }

    /// The hosts that have a record, and not that of a host that is not watched.
    synchronized Set<String> watched() {
        return statuses.entrySet().stream()
                .filter(each -> each.getValue() != HostStatus.UNWATCHED)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    /// The largest epoch of all records.
    long newestEpoch() {
        return newestEpoch;
    }

    /// The state of a host that the records tell.
    synchronized Known known(String host) {
        return new Known(domains.getOrDefault(host, Map.of()).values(), Optional.ofNullable(statuses.get(host)));
    }

    /// Follows records that were written.
    @SuppressWarnings("IfChainToSwitch")
    synchronized void written(List<FleetRecord> records) {
        for (FleetRecord record : records) {
            String host = record.origin().host();
            if (record instanceof DomainRecord domain) {
                of(host).put(domain.now().domain().uuid(), domain.now());
            } else if (record instanceof RemovalRecord removal) {
                remove(host, removal.last().domain().uuid());
            } else if (record instanceof HostRecord its) {
                statuses.put(host, its.status());
            }
        }
    }
}
