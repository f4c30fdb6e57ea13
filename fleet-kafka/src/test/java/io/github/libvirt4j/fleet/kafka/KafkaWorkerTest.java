package io.github.libvirt4j.fleet.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.Opening;
import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.fleet.Host;
import io.github.libvirt4j.testing.Certificates;
import io.github.libvirt4j.testing.TlsDaemon;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Workers of this VM, on a real broker; the hosts are the embedded test driver, under several names.
@Timeout(300)
final class KafkaWorkerTest {
    private static final String URI = "test:///default";
    private static final Topics.Creation TWO = new Topics.Creation(2, (short) 1, Duration.ofDays(1));
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /// One in each partition.
    private static final String A = "a";

    private static final String B = "d";

    private Topics topics;
    private String group;
    private Connect connect;
    private @Nullable FleetTable opened;
    private @Nullable Inventory inventories;

    @BeforeEach
    void connect(TestInfo test) {
        group = test.getTestMethod().orElseThrow().getName();
        topics = Topics.prefixed(group + ".");
        connect = Connect.open(URI);
        assertThat(Topics.partition(A, 2)).isNotEqualTo(Topics.partition(B, 2));
    }

    @AfterEach
    void disconnect() {
        if (opened != null) {
            opened.close();
        }
        if (inventories != null) {
            inventories.close();
        }
        connect.close();
    }

    private KafkaWorker worker(Broker broker, String name, UnaryOperator<KafkaWorker.Steps> change) {
        return change.apply(KafkaWorker.to(broker.bootstrap())
                        .topics(topics)
                        .creation(TWO)
                        .group(group)
                        .worker(name))
                .start();
    }

    private KafkaWorker worker(String name) {
        return worker(Broker.shared(), name, UnaryOperator.identity());
    }

    /// Of a broker on which a worker has made the topics.
    private void use(Broker broker) {
        inventories = new Inventory(Map.of("bootstrap.servers", broker.bootstrap()), topics);
        opened = new FleetTable(broker.bootstrap(), topics.domains(), topics.hostStates());
    }

    private FleetTable table() {
        return Objects.requireNonNull(opened);
    }

    private Inventory inventory() {
        return Objects.requireNonNull(inventories);
    }

    private void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime())
                    .as("Hosts: %s, domains: %s", table().hosts(), table().domains())
                    .isLessThan(deadline);
            table().poll(Duration.ofMillis(50));
        }
    }

    private String told(String host, String key) {
        return Objects.requireNonNull(table().hosts().get(host)).get(key).getAsString();
    }

    private boolean isHost(String host, String status) {
        JsonObject state = table().hosts().get(host);
        return state != null && state.get("status").getAsString().equals(status);
    }

    private boolean isDomain(String host, String name, String state) {
        return state.equals(table().state(host, Samples.uuid(name).toString()));
    }

    private Domain define(String name) {
        return connect.domains()
                .define("<domain type='test'><name>" + name + "</name><uuid>" + Samples.uuid(name)
                        + "</uuid><memory>1024</memory><os><type>hvm</type></os></domain>");
    }

    @Test
    void hostsComeAndGo() {
        try (var _ = worker("one")) {
            use(Broker.shared());
            inventory().put(new Host(A, URI, Map.of("rack", "7")));
            await(() -> isHost(A, "UP"));
            assertThat(told(A, "worker")).isEqualTo("one");
            String name = group;
            try (Domain domain = define(name)) {
                await(() -> isDomain(A, name, "SHUTOFF"));
                domain.create();
                await(() -> isDomain(A, name, "RUNNING"));
                domain.destroy();
                domain.undefine();
            }
            await(() -> table().state(A, Samples.uuid(name).toString()) == null);
            inventory().remove(A);
            await(() -> isHost(A, "UNWATCHED"));
            // Nobody has said that its domains do not exist.
            assertThat(table().domains())
                    .isNotEmpty()
                    .allSatisfy((key, _) -> assertThat(key).startsWith(A + "/"));
        }
        LogCheck.of(Broker.shared(), topics).removedOnly(Set.of(A + "/" + Samples.uuid(group)));
    }

    @Test
    void theNextOwnerKnowsWhatTheTableSays() {
        try (Domain domain = define(group)) {
            try (var _ = worker("one")) {
                use(Broker.shared());
                inventory().put(new Host(A, URI));
                inventory().put(new Host(B, URI));
                await(() -> isDomain(A, group, "SHUTOFF") && isDomain(B, group, "SHUTOFF"));
            }
            await(() -> isHost(A, "UNWATCHED") && isHost(B, "UNWATCHED"));
            domain.undefine();
        }
        inventory().remove(B);
        int before = LogCheck.of(Broker.shared(), topics).domainRecords(A);
        try (var _ = worker("two")) {
            await(() -> isHost(A, "UP") && table().state(A, Samples.uuid(group).toString()) == null);
            assertThat(told(A, "worker")).isEqualTo("two");
        }
        LogCheck log = LogCheck.of(Broker.shared(), topics);
        log.removedOnly(Set.of(A + "/" + Samples.uuid(group)));
        // The tombstone alone: the other domains are as they were.
        assertThat(log.domainRecords(A)).isEqualTo(before + 1);
        // Nobody has watched this one since, and it is not said that its domains have gone.
        assertThat(table().state(B, Samples.uuid(group).toString())).startsWith("SHUTOFF as of");
    }

    @Test
    void aWorkerThatWasFencedJoinsAgainWithANewerEpoch() {
        try (var worker = worker("one")) {
            use(Broker.shared());
            inventory().put(new Host(A, URI));
            await(() -> isHost(A, "UP"));
            int partition = Topics.partition(A, 2);
            // As another owner does first.
            try (var other = new KafkaProducer<>(
                    Map.of(
                            "bootstrap.servers",
                            Broker.shared().bootstrap(),
                            "transactional.id",
                            group + "-" + topics.domains() + "-" + partition),
                    new StringSerializer(),
                    new StringSerializer())) {
                other.initTransactions();
            }
            try (Domain domain = define(group)) {
                await(() -> isDomain(A, group, "SHUTOFF"));
                domain.undefine();
            }
            await(() -> table().state(A, Samples.uuid(group).toString()) == null);
            await(() -> worker.partitions().equals(Set.of(0, 1)));
        }
        assertThat(LogCheck.of(Broker.shared(), topics).epochs(A)).hasSize(2);
    }

    @Test
    @Tag("slow")
    void fleetsWithDifferentTopicsDoNotFenceEachOther() {
        Topics others = Topics.prefixed(group + ".others.");
        try (var one = worker("one")) {
            use(Broker.shared());
            inventory().put(new Host(A, URI));
            inventory().put(new Host(B, URI));
            await(() -> isHost(A, "UP") && isHost(B, "UP"));
            try (var other = worker(Broker.shared(), "other", steps -> steps.topics(others))) {
                await(() -> other.partitions().size() == 2);
                try (Domain domain = define(group)) {
                    await(() -> isDomain(A, group, "SHUTOFF") && isDomain(B, group, "SHUTOFF"));
                    domain.undefine();
                }
                await(() -> table().state(A, Samples.uuid(group).toString()) == null);
                assertThat(one.partitions()).hasSize(2);
            }
        }
        LogCheck log = LogCheck.of(Broker.shared(), topics);
        assertThat(log.epochs(A)).hasSize(1);
        assertThat(log.epochs(B)).hasSize(1);
    }

    @Test
    void namesInTheClusterFollowTheTopics() {
        KafkaWorker.Steps steps = KafkaWorker.to("kafka:9092").topics(Topics.prefixed("staging."));
        assertThat(steps.group()).isEqualTo("staging.hosts");
        assertThat(steps.transactionalId(3)).isEqualTo("staging.hosts-staging.domains-3");
        assertThat(steps.group("mine").group()).isEqualTo("mine");
        assertThat(steps.group("mine").transactionalId(3)).isEqualTo("mine-staging.domains-3");
    }

    /// As in a file of properties that other programs use.
    @Test
    void theAddressOfTheWorkerIsNotThatOfItsProperties() {
        try (var worker =
                worker(Broker.shared(), "one", steps -> steps.client(Map.of("bootstrap.servers", "127.0.0.1:1")))) {
            use(Broker.shared());
            await(() -> worker.partitions().size() == 2);
        }
    }

    @Test
    @Tag("slow")
    void partitionsAreSharedAndTakenOver() {
        try (var one = worker("one")) {
            use(Broker.shared());
            inventory().put(new Host(A, URI));
            inventory().put(new Host(B, URI));
            await(() -> isHost(A, "UP") && isHost(B, "UP"));
            try (var two = worker("two")) {
                await(() -> two.partitions().size() == 1 && one.partitions().size() == 1);
                await(() -> isHost(A, "UP") && isHost(B, "UP") && !workerOf(A).equals(workerOf(B)));
                // Nothing moves for it.
                inventory().put(new Host("c", URI));
                await(() -> isHost("c", "UP"));
            }
            await(() -> isHost(A, "UP") && isHost(B, "UP") && one.partitions().size() == 2);
            await(() -> workerOf(A).equals("one") && workerOf(B).equals("one"));
        }
        LogCheck log = LogCheck.of(Broker.shared(), topics);
        log.removedOnly(Set.of());
        assertThat(log.epochs("c").size()).isLessThanOrEqualTo(2);
    }

    private String workerOf(String host) {
        return told(host, "worker");
    }

    @Test
    @Tag("slow")
    void hostsAreWatchedOverTls(@TempDir Path folder) throws Exception {
        Certificates certificates = Certificates.make(folder.resolve("ours"), "127.0.0.1");
        Certificates others = Certificates.make(folder.resolve("others"), "127.0.0.1");
        try (var daemon = new TlsDaemon(certificates, "scram-sha-256", Map.of());
                Connect local = Connect.open(daemon.daemon().tcpUri());
                var _ = worker("one")) {
            use(Broker.shared());
            inventory().put(new Host(A, daemon.uri(certificates)));
            inventory().put(new Host(B, daemon.uri(others)));
            await(() -> isHost(A, "UP") && isHost(B, "DOWN"));
            assertThat(told(B, "failure")).contains("certificate");
            try (Domain domain = local.domains().lookupByName("test")) {
                String key = A + "/" + domain.uuid();
                domain.suspend();
                await(() -> Objects.requireNonNull(table().domains().get(key))
                        .get("state")
                        .getAsString()
                        .equals("PAUSED"));
            }
        }
    }

    /// Nobody watched the partition when the record of a host became wrong.
    @Test
    void aRecordThatIsFoundWrongIsTheReason() throws Exception {
        worker("one").close();
        use(Broker.shared());
        int partition = Topics.partition(A, 2);
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", Broker.shared().bootstrap()),
                new StringSerializer(),
                new StringSerializer())) {
            producer.send(new ProducerRecord<>(topics.hostStates(), partition, A, "{\"status\": \"UP\"}"))
                    .get();
            producer.send(new ProducerRecord<>(topics.hosts(), A, "nonsense")).get();
        }
        String other = Stream.iterate("e", name -> name + "e")
                .filter(name -> Topics.partition(name, 2) == partition)
                .findFirst()
                .orElseThrow();
        inventory().put(new Host(other, URI));
        try (var _ = worker("two")) {
            await(() -> isHost(A, "UNWATCHED") && isHost(other, "UP"));
            assertThat(told(A, "failure")).contains("JSON");
        }
    }

    @Test
    void aHostWhoseRecordBecomesWrongKeepsWhatIsKnown() throws Exception {
        try (var _ = worker("one")) {
            use(Broker.shared());
            inventory().put(new Host(A, URI, Map.of("rack", "7")));
            await(() -> isHost(A, "UP"));
            try (var producer = new KafkaProducer<>(
                    Map.of("bootstrap.servers", Broker.shared().bootstrap()),
                    new StringSerializer(),
                    new StringSerializer())) {
                producer.send(new ProducerRecord<>(topics.hosts(), A, "nonsense"))
                        .get();
            }
            await(() -> isHost(A, "UNWATCHED"));
            JsonObject state = Objects.requireNonNull(table().hosts().get(A));
            assertThat(state.get("failure").getAsString()).contains("JSON");
            assertThat(state.get("asOf").isJsonNull()).isFalse();
            assertThat(state.get("labels").toString()).isEqualTo("{\"rack\":\"7\"}");
            // The reason is not that of the next time.
            inventory().put(new Host(A, URI));
            await(() -> isHost(A, "UP"));
            inventory().remove(A);
            await(() -> isHost(A, "UNWATCHED"));
            assertThat(Objects.requireNonNull(table().hosts().get(A))
                            .get("failure")
                            .isJsonNull())
                    .isTrue();
        }
        assertThat(LogCheck.of(Broker.shared(), topics).epochs(A)).hasSize(2);
    }

    @Test
    void recordsThatAreNotOfHostsAreSaidToBeUnwatched() throws Exception {
        try (var _ = worker("one")) {
            use(Broker.shared());
            try (var producer = new KafkaProducer<>(
                    Map.of("bootstrap.servers", Broker.shared().bootstrap()),
                    new StringSerializer(),
                    new StringSerializer())) {
                var password = "{\"uri\": \"test://root:hunter2@localhost/default\"}";
                producer.send(new ProducerRecord<>(topics.hosts(), A, password)).get();
                producer.send(new ProducerRecord<>(topics.hosts(), "bad name", "{\"uri\": \"test:///default\"}"))
                        .get();
                producer.send(new ProducerRecord<>(topics.hosts(), "c", "nonsense"))
                        .get();
                // In the partition of the other.
                producer.send(new ProducerRecord<>(
                                topics.hosts(), Topics.partition(A, 2), B, "{\"uri\": \"test:///default\"}"))
                        .get();
            }
            await(() -> isHost(A, "UNWATCHED") && isHost("c", "UNWATCHED"));
            assertThat(told(A, "failure")).contains("password").doesNotContain("hunter2");
            assertThat(told("c", "failure")).contains("JSON");
            inventory().put(new Host(A, URI));
            await(() -> isHost(A, "UP"));
            // A name that no host can have, and a record in another partition, are not hosts at all.
            assertThat(table().hosts()).containsOnlyKeys(A, "c");
        }
        assertThat(LogCheck.of(Broker.shared(), topics).text()).doesNotContain("hunter2");
    }

    @Test
    void aHostThatCannotBeOpenedIsTriedAgainAndTheOthersStay() {
        var opened = new AtomicInteger();
        var isMended = new AtomicBoolean();
        UnaryOperator<Opening<?>> change = opening -> {
            // Of all hosts but the first two.
            if (opened.getAndIncrement() >= 2 && !isMended.get()) {
                throw new IllegalArgumentException("no password for it");
            }
            return opening;
        };
        try (var worker = worker(Broker.shared(), "one", steps -> steps.fleet(fleet -> fleet.opening(change)))) {
            use(Broker.shared());
            inventory().put(new Host(A, URI));
            inventory().put(new Host(B, URI));
            await(() -> isHost(A, "UP") && isHost(B, "UP"));
            inventory().put(new Host("c", URI, Map.of("rack", "7")));
            await(() -> isHost("c", "UNWATCHED"));
            assertThat(told("c", "failure")).contains("no password");
            assertThat(Objects.requireNonNull(table().hosts().get("c")).toString())
                    .contains("\"rack\":\"7\"");
            isMended.set(true);
            await(() -> isHost("c", "UP"));
            assertThat(worker.partitions()).hasSize(2);
        }
        LogCheck log = LogCheck.of(Broker.shared(), topics);
        assertThat(log.epochs(A)).hasSize(1);
        assertThat(log.epochs(B)).hasSize(1);
    }

    /// Calls into C that do not return, one on each carrier of virtual threads.
    private static final class HangingCalls implements AutoCloseable {
        private final ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        private final List<Socket> connections = new ArrayList<>();
        private final List<Thread> callers = new ArrayList<>();

        HangingCalls() throws IOException {
            // An accept cannot be interrupted.
            silent.setSoTimeout(60_000);
            String uri = "test+tcp://127.0.0.1:" + silent.getLocalPort() + "/default";
            for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
                callers.add(Thread.ofVirtual().start(() -> open(uri)));
                // From here on it waits for an answer.
                connections.add(silent.accept());
            }
        }

        private static void open(String uri) {
            try (var _ = Connect.open(uri)) {
                throw new AssertionError("There is no libvirt");
            } catch (LibvirtException _) {
                // The end.
            }
        }

        @Override
        public void close() throws IOException {
            for (Socket each : connections) {
                each.close();
            }
            silent.close();
            try {
                for (Thread each : callers) {
                    each.join();
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Test
    void aWorkerNeedsNoVirtualThread() throws IOException {
        try (var _ = new HangingCalls();
                var _ = worker("one")) {
            use(Broker.shared());
            inventory().put(new Host(A, URI));
            await(() -> isHost(A, "UP"));
        }
    }

    /// Changes nothing.
    public abstract static class Interceptor
            implements ProducerInterceptor<String, String>, ConsumerInterceptor<String, String> {
        @Override
        public void configure(Map<String, ?> configuration) {}

        @Override
        public ProducerRecord<String, String> onSend(ProducerRecord<String, String> record) {
            return record;
        }

        @Override
        public void onAcknowledgement(@Nullable RecordMetadata metadata, @Nullable Exception exception) {}

        @Override
        public ConsumerRecords<String, String> onConsume(ConsumerRecords<String, String> records) {
            return records;
        }

        @Override
        public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

        @Override
        public void close() {}
    }

    /// Counts the consumers that read tables, which alone have no group.
    public static final class Readers extends Interceptor {
        private static final AtomicInteger OPEN = new AtomicInteger();
        private static final AtomicInteger MOST = new AtomicInteger();
        private boolean isReader;

        @Override
        public void configure(Map<String, ?> configuration) {
            isReader = !configuration.containsKey("group.id") && !configuration.containsKey("transactional.id");
            if (isReader) {
                MOST.accumulateAndGet(OPEN.incrementAndGet(), Math::max);
            }
        }

        @Override
        public void close() {
            if (isReader) {
                OPEN.decrementAndGet();
            }
        }
    }

    @Test
    @Tag("slow")
    void aFirstWorkerReadsAFewTablesAtATime() {
        int partitions = 3 * KafkaWorker.LOADS;
        try (var worker = worker(
                Broker.shared(),
                "one",
                steps -> steps.creation(new Topics.Creation(partitions, (short) 1, Duration.ofDays(1)))
                        .client(Map.of("interceptor.classes", Readers.class.getName())))) {
            use(Broker.shared());
            await(() -> worker.partitions().size() == partitions);
        }
        assertThat(Readers.MOST.get()).isBetween(1, KafkaWorker.LOADS);
    }

    @Test
    void anErrorEndsTheWorkerAndAnotherTakesOver() {
        try (var broken = worker(
                Broker.shared(),
                "one",
                steps -> steps.fleet(fleet -> fleet.opening(_ -> {
                    throw new AssertionError("on purpose");
                })))) {
            use(Broker.shared());
            inventory().put(new Host(A, URI));
            assertThat(broken.ended())
                    .failsWithin(LIMIT)
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(AssertionError.class)
                    .withMessageContaining("on purpose");
            CompletableFuture<?> ended;
            try (var two = worker("two")) {
                await(() -> isHost(A, "UP") && two.partitions().size() == 2);
                ended = two.ended();
                assertThat(ended).isNotDone();
            }
            assertThat(ended).isCompleted();
        }
    }

    @ParameterizedTest
    @CsvSource({"delivery.timeout.ms, 1", "retries, 0", "max.in.flight.requests.per.connection, 10"})
    void aPropertyThatNoProducerCanHaveIsRefusedAtTheStart(String property, String value) {
        assertThatThrownBy(() -> worker(Broker.shared(), "one", steps -> steps.client(Map.of(property, value))))
                .isInstanceOf(KafkaException.class)
                .hasStackTraceContaining(ConfigException.class.getName())
                .hasStackTraceContaining(property);
    }

    @Test
    void aPropertyThatTheBrokerRefusesEndsTheWorker() {
        try (var worker =
                worker(Broker.shared(), "one", steps -> steps.client(Map.of("transaction.timeout.ms", "86400000")))) {
            assertThat(worker.ended())
                    .failsWithin(LIMIT)
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(KafkaException.class)
                    .withMessageContaining("transaction.max.timeout.ms");
        }
    }

    @Test
    void unsuitableTopicsAreRefused() throws Exception {
        try (Admin admin = Broker.shared().admin()) {
            admin.createTopics(List.of(new NewTopic(topics.domains(), 2, (short) 1)))
                    .all()
                    .get();
            while (!admin.listTopics().names().get().contains(topics.domains())) {
                Thread.onSpinWait();
            }
        }
        assertThatThrownBy(() -> worker("one")).isInstanceOf(UnsuitableTopicsException.class);
    }

    /// Makes a few transactions take longer than the coordinator lets them.
    public static final class Hesitant extends Interceptor {
        private static final AtomicInteger LEFT = new AtomicInteger();

        @Override
        public ProducerRecord<String, String> onSend(ProducerRecord<String, String> record) {
            if (LEFT.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(500));
            }
            return record;
        }
    }

    @Test
    @Tag("slow")
    void transactionsThatTakeTooLongLoseNothing() {
        try (var broker = new Broker(Map.of("transaction.abort.timed.out.transaction.cleanup.interval.ms", "50"));
                var _ = worker(
                        broker,
                        "one",
                        steps -> steps.client(Map.of(
                                "transaction.timeout.ms", "500", "interceptor.classes", Hesitant.class.getName())))) {
            use(broker);
            inventory().put(new Host(A, URI));
            await(() -> isHost(A, "UP"));
            Hesitant.LEFT.set(12);
            List<String> names = IntStream.range(0, 10).mapToObj(i -> group + i).toList();
            for (String name : names) {
                define(name).close();
            }
            await(() -> names.stream().allMatch(name -> isDomain(A, name, "SHUTOFF")));
            assertThat(Hesitant.LEFT).hasValue(0);
            for (String name : names) {
                try (Domain domain = connect.domains().lookupByUuid(Samples.uuid(name))) {
                    domain.undefine();
                }
            }
            await(() -> names.stream().noneMatch(name -> isDomain(A, name, "SHUTOFF")));
            LogCheck log = LogCheck.of(broker, topics);
            assertThat(log.events()).isEqualTo(20);
            // The worker has kept its partitions.
            assertThat(log.epochs(A)).hasSize(1);
        } finally {
            Hesitant.LEFT.set(0);
        }
    }

    @Test
    @Tag("slow")
    void anAbsentBrokerLosesNoStateAndEachLostEventIsCounted() {
        try (var broker = new Broker();
                var _ = worker(broker, "one", steps -> steps.fleet(fleet -> fleet.queue(10)))) {
            use(broker);
            inventory().put(new Host(A, URI));
            await(() -> isHost(A, "UP"));
            broker.stop();
            try (Domain domain = define(group)) {
                for (int i = 0; i < 20; i++) {
                    domain.create();
                    domain.destroy();
                }
                domain.create();
            }
            broker.start();
            await(() -> isDomain(A, group, "RUNNING"));
            try (Domain domain = connect.domains().lookupByUuid(Samples.uuid(group))) {
                domain.destroy();
                domain.undefine();
            }
            await(() -> table().state(A, Samples.uuid(group).toString()) == null);
            LogCheck log = LogCheck.of(broker, topics);
            // Defined, 20 times started and stopped, started, stopped, undefined.
            assertThat(log.events() + log.lostEvents()).isEqualTo(44);
            assertThat(log.lostEvents()).isPositive();
        }
    }
}
