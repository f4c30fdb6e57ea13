package io.github.libvirt4j.fleet.kafka;

import io.github.libvirt4j.fleet.FleetRecord;
import io.github.libvirt4j.fleet.FleetRecord.HostRecord;
import io.github.libvirt4j.fleet.FleetRecord.HostStatus;
import io.github.libvirt4j.fleet.Host;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/// A partition that this worker owns, or believes so: its transactional producer, and its table.
///
/// The transactional id belongs to the partition. The producer of the next owner fences this one, which then
/// cannot write any more, whatever this worker believes.
///
/// The thread of the worker alone uses the hosts and epochs.
final class Shard {
    private static final System.Logger LOG = System.getLogger(Shard.class.getName());
    private static final long FIRST_PAUSE = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LONGEST_PAUSE = TimeUnit.SECONDS.toNanos(5);

    private final int partition;
    private final Topics topics;
    private final Producer<String, String> producer;
    private final Consumer<? super RuntimeException> broken;
    private final Map<String, Host> hosts = new HashMap<>();
    private final Map<String, Refused> refused = new HashMap<>();
    private final Map<String, String> reasons = new ConcurrentHashMap<>();

    /// The newest epoch of each host that was written. Guarded by this.
    private final Map<String, Long> newest = new HashMap<>();

    /// The newest record of each host that the fleet does not know, until it is written. Guarded by itself.
    private final Map<String, FleetRecord> unknown = new LinkedHashMap<>();

    private boolean hasFenced;
    private long epoch;
    private volatile @Nullable Table table;
    private volatile boolean ended;

    /// A host that could not be assigned, and the time of [System#nanoTime] at which it is tried again.
    record Refused(Host host, Pauses pauses, long due) {}

    /// @param broken receives the reason why the producer cannot write any more, although the shard has not ended
    Shard(int partition, Topics topics, Producer<String, String> producer, Consumer<? super RuntimeException> broken) {
        this.partition = partition;
        this.topics = topics;
        this.producer = producer;
        this.broken = broken;
    }

    int partition() {
        return partition;
    }

    boolean hasEnded() {
        return ended;
    }

    /// The hosts that are watched.
    Map<String, Host> hosts() {
        return hosts;
    }

    /// The hosts that could not be assigned, by their names.
    Map<String, Refused> refused() {
        return refused;
    }

    /// Why hosts are watched no longer, by their names. Their records `UNWATCHED` are written with it, because
    /// the fleet does not know it.
    Map<String, String> reasons() {
        return reasons;
    }

    /// Fences the owner before, and waits for the end of its last transaction. Does nothing if it has done so.
    ///
    /// @throws TimeoutException if the cluster does not answer; it can be tried again
    /// @throws KafkaException if it refuses
    void fence() {
        if (!hasFenced) {
            producer.initTransactions();
            hasFenced = true;
        }
    }

    /// Takes the table, which was read after [#fence].
    void begin(Table read) {
        table = read;
        epoch = read.newestEpoch();
    }

    /// The table; null before [#begin].
    @Nullable
    Table table() {
        return table;
    }

    /// The epoch of the next assignment: the time, or one more than the newest if the clock is behind. Numbers
    /// of the group would begin anew when the group was deleted.
    long nextEpoch() {
        epoch = Math.max(epoch + 1, System.currentTimeMillis());
        return epoch;
    }

    /// Keeps a record of a host that the fleet does not know for [#writeUnknown].
    ///
    /// @return whether that has to be called; else it will be
    boolean add(FleetRecord record) {
        synchronized (unknown) {
            boolean isFirst = unknown.isEmpty();
            unknown.put(record.origin().host(), record);
            return isFirst;
        }
    }

    synchronized void writeUnknown() {
        List<FleetRecord> records;
        synchronized (unknown) {
            records = List.copyOf(unknown.values());
            unknown.clear();
        }
        write(records);
    }

    /// Writes records in one transaction, and returns when it is committed. Tries again until it is, or the
    /// shard has ended: then the records are dropped, as are those of an assignment that a newer one has ended.
    synchronized void write(List<FleetRecord> given) {
        List<FleetRecord> records = given.stream().filter(this::isCurrent).toList();
        if (records.isEmpty()) {
            return;
        }
        List<ProducerRecord<String, String>> messages = records.stream()
                .map(record -> Messages.of(withReason(record), topics, partition))
                .toList();
        for (long pause = FIRST_PAUSE; !ended; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
            try {
                producer.beginTransaction();
                for (ProducerRecord<String, String> message : messages) {
                    var _ = producer.send(message);
                }
                finish(producer::commitTransaction);
                Table follows = table;
                if (follows != null) {
                    follows.written(records);
                }
                return;
            } catch (ProducerFencedException e) {
                fail(e);
            } catch (KafkaException e) {
                if (Rights.isRefusal(e)) {
                    fail(e);
                } else {
                    abort(e, pause);
                }
            } catch (IllegalStateException e) {
                // The producer was closed.
                fail(e);
            }
        }
    }

    /// A batch of the fleet's can come here after the record that its host is not watched.
    private boolean isCurrent(FleetRecord record) {
        FleetRecord.Origin origin = record.origin();
        if (origin.epoch() < newest.getOrDefault(origin.host(), 0L)) {
            return false;
        }
        newest.put(origin.host(), origin.epoch());
        return true;
    }

    private FleetRecord withReason(FleetRecord record) {
        String reason = reasons.get(record.origin().host());
        return reason != null && record instanceof HostRecord its && its.status() == HostStatus.UNWATCHED
                ? new HostRecord(
                        its.origin(),
                        its.status(),
                        its.since(),
                        its.asOf(),
                        its.domains(),
                        its.worker(),
                        its.labels(),
                        Optional.of(reason))
                : record;
    }

    /// A transaction that took longer than `transaction.timeout.ms` was aborted by the cluster, and the producer
    /// goes on with a new epoch. Where another owner has fenced it, it cannot abort.
    private void abort(KafkaException reason, long pause) {
        if (ended) {
            return;
        }
        LOG.log(
                System.Logger.Level.WARNING,
                "The records of partition " + partition + " could not be written, and are written again",
                reason);
        try {
            finish(producer::abortTransaction);
        } catch (KafkaException | IllegalStateException e) {
            fail(e);
        }
        LockSupport.parkNanos(pause);
    }

    /// Commits or aborts. Where that took too long, it may have been done, and only the same again is allowed.
    private void finish(Runnable step) {
        for (; ; ) {
            try {
                step.run();
                return;
            } catch (TimeoutException e) {
                if (ended) {
                    throw e;
                }
            }
        }
    }

    private void fail(RuntimeException reason) {
        if (!ended) {
            ended = true;
            broken.accept(reason);
        }
    }

    /// Ends the shard, also while a transaction waits for the cluster. What was not written is dropped. Throws
    /// nothing, because the hosts of this shard and other shards must be ended as well.
    void end() {
        ended = true;
        try {
            producer.close(Duration.ZERO);
        } catch (KafkaException e) {
            LOG.log(System.Logger.Level.WARNING, "The producer of partition " + partition + " was not closed", e);
        }
    }
}
