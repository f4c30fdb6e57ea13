package io.github.libvirt4j.fleet.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.fleet.Host;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Workers, operators and consumers on a broker with TLS, passwords and ACLs, with exactly the properties and rights
/// of the guide.
@Tag("slow")
@Timeout(300)
final class RightsTest {
    private static final Topics.Creation TWO = new Topics.Creation(2, (short) 1, Duration.ofDays(1));
    private static final long LIMIT = 60;
    private static final String URI = "test:///default";

    @SuppressWarnings("NullAway.Init")
    private static Broker broker;

    @SuppressWarnings("NullAway.Init")
    private static Admin admin;

    private String name = "";
    private Topics topics = Topics.DEFAULT;
    private List<Guide.Right> guide = List.of();

    @BeforeAll
    static void start() throws Exception {
        broker = Broker.secured();
        admin = broker.admin();
        admin.alterUserScramCredentials(Stream.of("worker", "operator", "consumer")
                        .map(user -> new UserScramCredentialUpsertion(
                                user, new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096), password(user)))
                        .collect(Collectors.toList()))
                .all()
                .get();
    }

    @AfterAll
    static void stop() {
        admin.close();
        broker.close();
    }

    @BeforeEach
    void prepare(TestInfo test) {
        // The parameters of a test are of the default names.
        name = test.getTestMethod().orElseThrow().getName();
        topics = Topics.prefixed(name + ".");
        guide = Guide.rights(name + ".", name);
    }

    private static String password(String user) {
        return "hunter2 of " + user;
    }

    private static Map<String, String> client(String user) {
        return Guide.client(broker.secureBootstrap(), user, password(user), broker.authority());
    }

    /// Leaves the chosen rights of the guide and no others. Those that stay are there all the time.
    private void grant(Predicate<Guide.Right> which) throws Exception {
        Set<AclBinding> rights =
                guide.stream().filter(which).map(Guide.Right::binding).collect(Collectors.toSet());
        Set<AclBinding> others = new HashSet<>(bindings());
        others.removeAll(rights);
        admin.createAcls(rights).all().get();
        admin.deleteAcls(others.stream().map(AclBinding::toFilter).toList())
                .all()
                .get();
        // The broker hears of them from the controller.
        while (!Set.copyOf(bindings()).equals(rights)) {
            Thread.sleep(10);
        }
    }

    private static Collection<AclBinding> bindings() throws ExecutionException, InterruptedException {
        return admin.describeAcls(AclBindingFilter.ANY).values().get();
    }

    private KafkaWorker worker() {
        return KafkaWorker.to(broker.secureBootstrap())
                .client(client("worker"))
                .topics(topics)
                .creation(TWO)
                .group(name)
                .worker("one")
                .start();
    }

    private FleetTable table() {
        return new FleetTable(client("consumer"), topics.domains(), topics.hostStates());
    }

    private void await(FleetTable table, Predicate<FleetTable> condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT);
        while (!condition.test(table)) {
            assertThat(System.nanoTime()).as("%s", table.hosts()).isLessThan(deadline);
            table.poll(Duration.ofMillis(50));
        }
    }

    private static boolean isHost(FleetTable table, String status) {
        return table.hosts().containsKey("a")
                && Objects.requireNonNull(table.hosts().get("a"))
                        .get("status")
                        .getAsString()
                        .equals(status);
    }

    @Test
    void theRightsOfTheGuideSuffice() throws Exception {
        grant(_ -> true);
        try (KafkaWorker worker = worker();
                var inventory = new Inventory(client("operator"), topics);
                FleetTable table = table()) {
            inventory.put(new Host("a", URI));
            await(
                    table,
                    it -> isHost(it, "UP")
                            && !it.domains().isEmpty()
                            && worker.partitions().size() == 2);
            assertThat(firstEvent()).isEqualTo("a");
        }
        grant(right -> !right.isForTheFirstStart());
        try (var _ = worker();
                FleetTable table = table()) {
            await(table, it -> isHost(it, "UP"));
        }
        try (FleetTable table = table()) {
            await(table, it -> isHost(it, "UNWATCHED"));
        }
    }

    private String firstEvent() {
        Map<String, Object> client = new HashMap<>(client("consumer"));
        try (var consumer = new KafkaConsumer<>(client, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(new TopicPartition(topics.events(), Topics.partition("a", 2))));
            consumer.seekToBeginning(consumer.assignment());
            while (true) {
                for (var record : consumer.poll(Duration.ofMillis(100))) {
                    return record.key();
                }
            }
        }
    }

    static List<Guide.Right> ofWorkers() {
        return Guide.rights("libvirt.", "libvirt.hosts").stream()
                .filter(right -> right.principal().equals("worker") && !right.isForTheFirstStart())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("ofWorkers")
    void eachMissingRightEndsTheWorkerAndIsNamed(Guide.Right missing) throws Exception {
        topics = Topics.DEFAULT;
        name = "libvirt.hosts";
        guide = Guide.rights("libvirt.", "libvirt.hosts");
        topics.prepare(admin, TWO);
        grant(right -> !right.equals(missing));
        Throwable thrown = null;
        try (KafkaWorker worker = worker()) {
            thrown = failureOf(worker);
            assertThat(worker.partitions()).isEmpty();
        } catch (AuthorizationException e) {
            thrown = e;
        }
        assertLacks(thrown, missing.operation(), missing.resource());
    }

    private static Throwable failureOf(KafkaWorker worker) {
        assertThat(worker.ended()).failsWithin(LIMIT, TimeUnit.SECONDS);
        return worker.ended().exceptionNow();
    }

    private static void assertLacks(@Nullable Throwable thrown, String operation, String resource) {
        assertThat(thrown)
                .isInstanceOf(AuthorizationException.class)
                .hasMessageMatching("The worker's principal lacks rights: " + operation
                        + " on (topic|group|transactional ids with the prefix) " + resource
                        + "\\. Add them with kafka-acls\\.sh, and start the worker again");
    }

    @Test
    void aWorkerThatMayNotMakeTopicsNamesThem() throws Exception {
        grant(right -> !right.isForTheFirstStart() && !right.resource().equals(topics.events()));
        assertThatThrownBy(this::worker)
                .isInstanceOf(AuthorizationException.class)
                .hasMessageContaining("Create on topic " + topics.hosts() + "; ")
                .hasMessageContaining("Write on topic " + topics.events());
    }

    /// While the worker has hosts.
    @ParameterizedTest
    @MethodSource("ofRunningWorkers")
    void aRightThatIsTakenAwayEndsTheWorker(String operation, String topic) throws Exception {
        String resource = name + "." + topic;
        topics.prepare(admin, TWO);
        grant(_ -> true);
        try (KafkaWorker worker = worker();
                var inventory = new Inventory(client("operator"), topics);
                FleetTable table = table();
                Connect connect = Connect.open(URI)) {
            inventory.put(new Host("a", URI));
            await(table, it -> isHost(it, "UP"));
            grant(right ->
                    !right.operation().equals(operation) || !right.resource().equals(resource));
            try (Domain domain = connect.domains().lookupByName("test")) {
                domain.suspend();
                domain.resume();
            }
            assertLacks(failureOf(worker), operation, resource);
            assertThat(worker.partitions()).isEmpty();
        }
    }

    static List<Arguments> ofRunningWorkers() {
        return List.of(
                Arguments.of("Read", "hosts"), Arguments.of("Write", "domains"), Arguments.of("Write", "events"));
    }

    @Test
    void othersAreRefusedByTheNameOfTheTopic() throws Exception {
        topics.prepare(admin, TWO);
        grant(right -> right.principal().equals("worker"));
        assertThatThrownBy(() -> new Inventory(client("operator"), topics))
                .isInstanceOf(AuthorizationException.class)
                .hasMessageContaining("Write on topic " + topics.hosts());
        assertThatThrownBy(this::table)
                .isInstanceOf(TopicAuthorizationException.class)
                .hasMessageContaining(topics.domains());
        // Who may read the inventory does not write it.
        try (var inventory = new Inventory(client("worker"), topics)) {
            assertThatThrownBy(() -> inventory.remove("a"))
                    .isInstanceOf(AuthorizationException.class)
                    .hasMessageContaining("Write on topic " + topics.hosts());
        }
    }

    @Test
    void wrongCredentialsAreRefusedAndNotRepeated() throws Exception {
        grant(_ -> true);
        Map<String, String> wrong = Guide.client(broker.secureBootstrap(), "worker", "hunter3", broker.authority());
        assertThatThrownBy(() ->
                        KafkaWorker.to(broker.secureBootstrap()).client(wrong).start())
                .isInstanceOf(SaslAuthenticationException.class)
                .hasMessageNotContaining("hunter3");
        Map<String, String> untrusting = new HashMap<>(client("worker"));
        untrusting.keySet().removeIf(key -> key.startsWith("ssl."));
        assertThatThrownBy(() -> KafkaWorker.to(broker.secureBootstrap())
                        .client(untrusting)
                        .start())
                .isInstanceOf(SslAuthenticationException.class);
    }
}
