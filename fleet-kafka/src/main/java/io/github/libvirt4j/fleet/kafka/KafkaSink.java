package io.github.libvirt4j.fleet.kafka;

import io.github.libvirt4j.fleet.FleetRecord;
import io.github.libvirt4j.fleet.Sink;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Writes the records of each partition in a transaction of its producer, the partitions at the same time.
/// Records of a partition that this worker does not own are dropped.
final class KafkaSink implements Sink {
    private final Map<Integer, Shard> shards = new ConcurrentHashMap<>();

    /// Platform threads, because calls of the program into C can pin all carriers of virtual threads, and the
    /// release of a partition waits for its records.
    private final ExecutorService writers = Executors.newCachedThreadPool(
            Thread.ofPlatform().daemon().name("libvirt4j-kafka-write-", 0).factory());

    private final int partitions;

    KafkaSink(int partitions) {
        this.partitions = partitions;
    }

    /// The shards that this worker owns, by their partitions.
    Map<Integer, Shard> shards() {
        return shards;
    }

    /// Whether a host belongs to another partition.
    boolean isElsewhere(String host, int partition) {
        return Topics.partition(host, partitions) != partition;
    }

    @Override
    public void write(List<FleetRecord> records) throws Exception {
        Map<Shard, List<FleetRecord>> byShard = new LinkedHashMap<>();
        for (FleetRecord record : records) {
            Shard shard = shards.get(Topics.partition(record.origin().host(), partitions));
            if (shard != null) {
                byShard.computeIfAbsent(shard, _ -> new ArrayList<>()).add(record);
            }
        }
        List<Future<?>> writing = new ArrayList<>();
        byShard.forEach((shard, its) -> writing.add(writers.submit(() -> shard.write(its))));
        for (Future<?> each : writing) {
            var _ = each.get();
        }
    }

    /// Writes a record of a host that is not watched, in the background.
    void write(Shard shard, FleetRecord record) {
        if (shard.add(record)) {
            var _ = writers.submit(shard::writeUnknown);
        }
    }

    @Override
    public void close() {
        shards.values().forEach(Shard::end);
        writers.shutdown();
    }
}
