package io.github.libvirt4j.fleet.kafka;

import io.github.libvirt4j.fleet.Fleet;
import io.github.libvirt4j.fleet.FleetRecord;
import io.github.libvirt4j.fleet.Host;
import io.github.libvirt4j.link.DomainView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/// A process that watches its share of the hosts of a fleet. Safe for use by any thread.
///
/// All workers of a fleet are members of one consumer group over the inventory. A worker watches the hosts of
/// the partitions that the group assigns to it, and writes their domains, states and events. Adding a host
/// moves no other; when a worker ends, the others take its partitions.
///
/// A new owner of a partition fences the producer of the one before, reads the tables of the partition to their
/// end, and watches the hosts with that knowledge: a domain that was removed meanwhile is told as removed.
public final class KafkaWorker implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(KafkaWorker.class.getName());
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);
    private static final Duration FLUSH_LIMIT = Duration.ofSeconds(2);

    /// The number of tables that are read at the same time, each with buffers of tens of megabytes.
    static final int LOADS = 8;

    private final Steps steps;
    private final Consumer<String, String> consumer;
    private final KafkaSink sink;
    private final Fleet fleet;
    private final Thread thread;
    private final Queue<Loaded> loaded = new ConcurrentLinkedQueue<>();

    /// Platform threads, because calls of the program into C can pin all carriers of virtual threads.
    private final ThreadPoolExecutor loaders = new ThreadPoolExecutor(
            LOADS,
            LOADS,
            1,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("libvirt4j-kafka-load-", 0).factory(),
            // After the end nobody wants a table.
            new ThreadPoolExecutor.DiscardPolicy());

    private volatile boolean closed;
    private volatile boolean isToRejoin;
    private final Pauses rejoining = new Pauses();
    private final CompletableFuture<@Nullable Void> end = new CompletableFuture<>();
    private volatile @Nullable Throwable refusal;

    /// A shard whose table was read.
    private record Loaded(Shard shard, Table table) {}

    private KafkaWorker(Steps steps, int partitions) {
        this.steps = steps;
        sink = new KafkaSink(partitions);
        fleet = started(steps, sink);
        consumer = member(steps, fleet);
        thread = Thread.ofPlatform().name("libvirt4j-kafka").unstarted(this::run);
        loaders.allowCoreThreadTimeOut(true);
    }

    private static Consumer<String, String> member(Steps steps, Fleet fleet) {
        try {
            return new KafkaConsumer<>(steps.member(), new StringDeserializer(), new StringDeserializer());
        } catch (RuntimeException | Error e) {
            fleet.close();
            throw e;
        }
    }

    private static Fleet started(Steps steps, KafkaSink sink) {
        try {
            return steps.fleet
                    .apply(Fleet.of(List.of()))
                    .worker(steps.worker)
                    .to(sink)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("The state file that the settings of the fleet name cannot be read", e);
        }
    }

    /// Begins a worker.
    ///
    /// @param bootstrap the addresses of brokers, with commas between them
    public static Steps to(String bootstrap) {
        Objects.requireNonNull(bootstrap, "bootstrap");
        return new Steps(
                Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrap),
                Topics.DEFAULT,
                Topics.Creation.DEFAULT,
                null,
                name(),
                UnaryOperator.identity());
    }

    private static String name() {
        String machine;
        try {
            machine = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException _) {
            machine = "localhost";
        }
        return machine + ":" + ProcessHandle.current().pid();
    }

    /// The settings of a worker. Immutable: each method returns a new object.
    public static final class Steps {
        private final Map<String, Object> client;
        private final Topics topics;
        private final Topics.Creation creation;
        private final @Nullable String group;
        private final String worker;
        private final UnaryOperator<Fleet.Steps> fleet;

        private Steps(
                Map<String, Object> client,
                Topics topics,
                Topics.Creation creation,
                @Nullable String group,
                String worker,
                UnaryOperator<Fleet.Steps> fleet) {
            this.client = client;
            this.topics = topics;
            this.creation = creation;
            this.group = group;
            this.worker = worker;
            this.fleet = fleet;
        }

        /// Adds properties of Kafka's clients, such as `security.protocol`. They are those of the worker's
        /// consumers, its producers and its administrative client. Default: `session.timeout.ms` is 10,000,
        /// `heartbeat.interval.ms` is 500, so that the others hear soon of one that is gone, and the rest are
        /// Kafka's; a few that the worker depends on cannot be changed, and `bootstrap.servers` is that of
        /// [KafkaWorker#to] in all cases.
        public Steps client(Map<String, ?> properties) {
            Map<String, Object> all = new HashMap<>(client);
            all.putAll(properties);
            Object bootstrap = client.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG);
            all.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, Objects.requireNonNull(bootstrap));
            return new Steps(Map.copyOf(all), topics, creation, group, worker, fleet);
        }

        /// Changes the topics. Default: [Topics#DEFAULT].
        public Steps topics(Topics names) {
            return new Steps(client, Objects.requireNonNull(names, "names"), creation, group, worker, fleet);
        }

        /// Changes the properties of topics that do not exist yet. Default: [Topics.Creation#DEFAULT].
        public Steps creation(Topics.Creation properties) {
            return new Steps(client, topics, Objects.requireNonNull(properties, "properties"), group, worker, fleet);
        }

        /// Changes the name of the consumer group, which is also the beginning of the transactional ids.
        /// Default: the name of the inventory topic, so that fleets with different topics share no group.
        public Steps group(String name) {
            return new Steps(client, topics, creation, Objects.requireNonNull(name, "name"), worker, fleet);
        }

        /// Changes the name of this worker in the records of hosts. Default: the name of the machine and the
        /// number of the process.
        public Steps worker(String name) {
            return new Steps(client, topics, creation, group, Objects.requireNonNull(name, "name"), fleet);
        }

        /// Changes how hosts are watched: kinds of events, connections, the length of the queue. The sink and
        /// the name of the worker cannot be changed. Default: that of a [Fleet].
        public Steps fleet(UnaryOperator<Fleet.Steps> change) {
            return new Steps(client, topics, creation, group, worker, Objects.requireNonNull(change, "change"));
        }

        /// Makes the topics that do not exist, and starts the worker. It watches its first hosts when the group
        /// has assigned partitions to it.
        ///
        /// @throws UnsuitableTopicsException if a topic has other properties than its use needs
        /// @throws AuthorizationException if rights are missing; the message names them
        /// @throws AuthenticationException if the cluster does not accept the credentials or the certificate
        /// @throws KafkaException if the cluster cannot be reached or refuses for another reason, or if a
        ///     property of the clients is wrong
        public KafkaWorker start() {
            // Only a producer finds all that is wrong with its properties, and the first one is made much later.
            newProducer(0).close(Duration.ZERO);
            int partitions;
            try (Admin admin = admin()) {
                try {
                    partitions = topics.prepare(admin, creation);
                } catch (AuthorizationException e) {
                    throw rights().explained(e, admin);
                }
                rights().require(admin);
            }
            var started = new KafkaWorker(this, partitions);
            started.thread.start();
            return started;
        }

        private Admin admin() {
            Map<String, Object> properties = new HashMap<>(client);
            properties.putIfAbsent(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, 30_000);
            return Admin.create(properties);
        }

        /// The name of the consumer group.
        String group() {
            return group == null ? topics.hosts() : group;
        }

        /// The transactional id of the owner of a partition. It names the topic of the domains, because two
        /// fleets with one group and different topics would fence each other otherwise.
        String transactionalId(int partition) {
            return group() + "-" + topics.domains() + "-" + partition;
        }

        private Rights rights() {
            return new Rights(topics, group());
        }

        private Throwable explained(Throwable refusal) {
            try (Admin admin = admin()) {
                return rights().explained(refusal, admin);
            } catch (KafkaException e) {
                refusal.addSuppressed(e);
                return refusal;
            }
        }

        /// The properties of each consumer.
        private Map<String, Object> consumer() {
            Map<String, Object> all = new HashMap<>(client);
            all.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
            all.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
            all.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
            all.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
            return all;
        }

        private Map<String, Object> member() {
            Map<String, Object> all = consumer();
            all.put(ConsumerConfig.GROUP_ID_CONFIG, group());
            all.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "classic");
            all.put(
                    ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                    List.of(CooperativeStickyAssignor.class.getName()));
            all.putIfAbsent(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000);
            all.putIfAbsent(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 500);
            return all;
        }

        private Producer<String, String> newProducer(int partition) {
            return new KafkaProducer<>(producer(partition), new StringSerializer(), new StringSerializer());
        }

        private Map<String, Object> producer(int partition) {
            Map<String, Object> all = new HashMap<>(client);
            all.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId(partition));
            all.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
            all.put(ProducerConfig.ACKS_CONFIG, "all");
            all.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000);
            return all;
        }

        /// The properties of a consumer that reads tables.
        private Map<String, Object> reader() {
            Map<String, Object> all = consumer();
            all.remove(ConsumerConfig.GROUP_ID_CONFIG);
            all.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5_000);
            return all;
        }
    }

    /// The fleet of this process: the state of its hosts.
    public Fleet fleet() {
        return fleet;
    }

    /// The partitions whose hosts this worker watches.
    public Set<Integer> partitions() {
        Set<Integer> all = new TreeSet<>();
        sink.shards().forEach((partition, shard) -> {
            if (shard.table() != null) {
                all.add(partition);
            }
        });
        return all;
    }

    /// Stops watching, writes that no host is watched, and leaves the group, so that the other workers take over
    /// at once. Waits a few seconds for a slow cluster.
    @Override
    public void close() {
        closed = true;
        if (thread == Thread.currentThread()) {
            // A stage of ended(): nothing is left to close.
            return;
        }
        consumer.wakeup();
        try {
            thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// Completes when the worker has ended: normally when it was closed, and exceptionally if it cannot go on:
    /// with an [AuthorizationException] whose message names the missing rights, with an
    /// [AuthenticationException], with another [KafkaException] if a property such as `transaction.timeout.ms`
    /// is refused, or with an [Error]. It has left the group by then, in all cases.
    public CompletableFuture<@Nullable Void> ended() {
        return end.copy();
    }

    private void run() {
        try {
            runUntilTheEnd();
            Throwable reason = refusal;
            if (reason != null) {
                throw steps.explained(reason);
            }
            end.complete(null);
        } catch (Throwable t) {
            LOG.log(System.Logger.Level.ERROR, "The worker has ended, and watches no host any longer", t);
            end.completeExceptionally(t);
        }
    }

    private void runUntilTheEnd() {
        try {
            join();
            while (!closed && refusal == null) {
                turn();
            }
        } catch (WakeupException _) {
            // The worker was closed.
        } finally {
            closed = true;
            loaders.shutdown();
            try {
                // Calls release.
                consumer.close(CloseOptions.timeout(CLOSE_LIMIT));
            } finally {
                fleet.close();
            }
        }
    }

    private void join() {
        consumer.subscribe(List.of(steps.topics.hosts()), new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                // The table says where to begin.
                consumer.pause(partitions);
                partitions.forEach(each -> tryAcquire(each.partition()));
            }

            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                release(partitions);
            }

            @Override
            public void onPartitionsLost(Collection<TopicPartition> partitions) {
                lose(partitions);
            }
        });
    }

    private void turn() {
        try {
            if (isToRejoin) {
                isToRejoin = false;
                consumer.unsubscribe();
                join();
                pause(rejoining.next(System.nanoTime()));
            }
            for (ConsumerRecord<String, String> record : consumer.poll(POLL)) {
                Shard shard = sink.shards().get(record.partition());
                if (shard != null && record.key() != null) {
                    change(shard, record.key(), record.value());
                }
            }
            for (Loaded next = loaded.poll(); next != null; next = loaded.poll()) {
                begin(next.shard(), next.table());
            }
            sink.shards().values().forEach(this::assignRefused);
        } catch (WakeupException e) {
            if (!closed) {
                throw e;
            }
        } catch (KafkaException e) {
            if (isRefused(e)) {
                return;
            }
            LOG.log(System.Logger.Level.WARNING, "The inventory cannot be read, and is tried again", e);
            pause(PAUSE);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "The worker has failed, and joins the group again", e);
            isToRejoin = true;
            pause(PAUSE);
        }
    }

    private void pause(Duration time) {
        try {
            for (long left = time.toMillis(); left > 0 && !closed; left -= POLL.toMillis()) {
                Thread.sleep(POLL);
            }
        } catch (InterruptedException _) {
            closed = true;
        }
    }

    // The partitions.

    /// An exception would end the rebalance, and leave the partition assigned and without a shard.
    private void tryAcquire(int partition) {
        try {
            acquire(partition);
        } catch (RuntimeException e) {
            rejoin(partition, "cannot be taken over", e);
        }
    }

    private void rejoin(int partition, String why, Throwable reason) {
        if (!isRefused(reason)) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "Partition " + partition + " " + why + "; this worker joins the group again",
                    reason);
            isToRejoin = true;
        }
    }

    /// Ends the worker if the cluster refuses it: another try would be refused as well.
    private boolean isRefused(Throwable reason) {
        boolean isRefusal = Rights.isRefusal(reason);
        if (isRefusal) {
            refusal = reason;
        }
        return isRefusal;
    }

    private void acquire(int partition) {
        var shard = new Shard(
                partition,
                steps.topics,
                steps.newProducer(partition),
                reason -> rejoin(partition, "has another owner", reason));
        Shard before = sink.shards().put(partition, shard);
        if (before != null) {
            before.end();
        }
        loaders.execute(() -> load(shard));
    }

    /// Fences the owner before and reads the table; a next try comes after the other partitions.
    private void load(Shard shard) {
        if (shard.hasEnded() || closed) {
            return;
        }
        try (Consumer<String, String> reader =
                new KafkaConsumer<>(steps.reader(), new StringDeserializer(), new StringDeserializer())) {
            shard.fence();
            Table table = Table.read(reader, steps.topics, shard.partition(), () -> shard.hasEnded() || closed);
            if (table != null) {
                loaded.add(new Loaded(shard, table));
            }
        } catch (RetriableException e) {
            if (!shard.hasEnded()) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "Partition " + shard.partition() + " cannot be taken over, and is tried again",
                        e);
                pause(PAUSE);
                loaders.execute(() -> load(shard));
            }
        } catch (RuntimeException | Error e) {
            if (!shard.hasEnded()) {
                rejoin(shard.partition(), "cannot be taken over", e);
            }
        }
    }

    private void begin(Shard shard, Table table) {
        var partition = new TopicPartition(steps.topics.hosts(), shard.partition());
        if (shard.hasEnded() || !consumer.assignment().contains(partition)) {
            return;
        }
        shard.begin(table);
        table.inventory().forEach((host, value) -> change(shard, host, value));
        for (String host : table.watched()) {
            // Removed from the inventory while no worker owned the partition. One whose record is wrong was told.
            if (!table.inventory().containsKey(host)) {
                unwatched(shard, table, host, Map.of(), Optional.empty());
            }
        }
        consumer.seek(partition, table.inventoryEnd());
        consumer.resume(List.of(partition));
    }

    private void release(Collection<TopicPartition> partitions) {
        List<Shard> shards = shards(partitions);
        for (Shard shard : shards) {
            shard.hosts().keySet().forEach(fleet::unassign);
        }
        try {
            if (!shards.isEmpty() && !fleet.flush(FLUSH_LIMIT)) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "The last records of {0} partitions were not written within {1}; the next owner tells what"
                                + " they said",
                        shards.size(),
                        FLUSH_LIMIT);
            }
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } finally {
            shards.forEach(this::end);
        }
    }

    private void lose(Collection<TopicPartition> partitions) {
        shards(partitions).forEach(this::end);
    }

    private List<Shard> shards(Collection<TopicPartition> partitions) {
        List<Shard> shards = new ArrayList<>();
        for (TopicPartition each : partitions) {
            Shard shard = sink.shards().get(each.partition());
            if (shard != null) {
                shards.add(shard);
            }
        }
        return shards;
    }

    /// Ends a shard and its hosts. The next owner tells of the records that were not written; it can be this worker
    /// again.
    private void end(Shard shard) {
        shard.end();
        sink.shards().remove(shard.partition(), shard);
        shard.hosts().keySet().forEach(fleet::lose);
    }

    // Their hosts.

    private void change(Shard shard, String name, @Nullable String value) {
        Table table = Objects.requireNonNull(shard.table());
        if (sink.isElsewhere(name, shard.partition())) {
            // A record of it here would contradict those of its own partition.
            LOG.log(
                    System.Logger.Level.WARNING,
                    "The record of host {0} in partition {1} of the inventory is ignored, because the name belongs to"
                            + " another; write it with the partitioner murmur2",
                    name,
                    shard.partition());
            return;
        }
        shard.refused().remove(name);
        shard.reasons().remove(name);
        Host host = null;
        if (value != null) {
            try {
                host = Inventory.host(name, value);
            } catch (IllegalArgumentException e) {
                LOG.log(System.Logger.Level.WARNING, "Host " + name + " is not watched", e);
                shard.reasons().put(name, reason(e));
                if (shard.hosts().containsKey(name)) {
                    unwatch(shard, name);
                } else if (Inventory.isName(name)) {
                    unwatched(shard, table, name, Map.of(), Optional.of(reason(e)));
                }
                return;
            }
        }
        if (host == null) {
            unwatch(shard, name);
        } else if (!host.equals(shard.hosts().put(name, host))) {
            assign(shard, host, new Pauses());
        }
    }

    /// Watches a host. If the program's function for its connections throws, this host is tried again later,
    /// and the others stay as they are.
    private void assign(Shard shard, Host host, Pauses pauses) {
        Table table = Objects.requireNonNull(shard.table());
        String name = host.name();
        try {
            fleet.assign(host, shard.nextEpoch(), () -> table.known(name));
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "Host " + name + " cannot be opened, and is tried again", e);
            shard.hosts().remove(name);
            // The record that the host is not watched is the last one.
            fleet.lose(name);
            unwatched(shard, table, name, host.labels(), Optional.of(reason(e)));
            long now = System.nanoTime();
            long due = now + pauses.next(now).toNanos();
            shard.refused().put(name, new Shard.Refused(host, pauses, due));
        }
    }

    private static String reason(Exception e) {
        return Objects.requireNonNullElseGet(e.getMessage(), e::toString);
    }

    private void assignRefused(Shard shard) {
        long now = System.nanoTime();
        for (Shard.Refused each : List.copyOf(shard.refused().values())) {
            if (now - each.due() >= 0 && !shard.hasEnded()) {
                shard.refused().remove(each.host().name());
                shard.hosts().put(each.host().name(), each.host());
                assign(shard, each.host(), each.pauses());
            }
        }
    }

    private void unwatch(Shard shard, String name) {
        if (shard.hosts().remove(name) != null) {
            fleet.unassign(name);
        }
    }

    /// Writes that a host is not watched which the fleet does not know.
    private void unwatched(
            Shard shard, Table table, String host, Map<String, String> labels, Optional<String> failure) {
        Instant now = Instant.now();
        Collection<DomainView> domains = table.known(host).domains();
        sink.write(
                shard,
                new FleetRecord.HostRecord(
                        new FleetRecord.Origin(host, shard.nextEpoch(), 0, 0, now),
                        FleetRecord.HostStatus.UNWATCHED,
                        now,
                        domains.stream().map(DomainView::asOf).max(Comparator.naturalOrder()),
                        domains.size(),
                        steps.worker,
                        labels,
                        failure));
    }
}
