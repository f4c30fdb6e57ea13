package io.github.libvirt4j.fleet.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.fleet.Host;
import io.github.libvirt4j.testing.SessionDaemon;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Three workers in processes of their own, and twenty daemons, most of which come to harm.
@Tag("slow")
@Timeout(600)
final class FleetProcessesTest {
    private static final int HOSTS = Integer.getInteger("fleet.daemons", 20);
    private static final int SESSION = 3_000;
    private static final String PREFIX = "fleet.";
    private static final Topics TOPICS = Topics.prefixed(PREFIX);

    /// The time that a busy machine may add to each of the goals.
    private static final Duration BUSY = Duration.ofSeconds(20);

    private static final Duration LIMIT = Duration.ofMinutes(2);

    /// Of the daemons' domain that all have.
    private static final String TEST_DOMAIN = "6695eb01-f6a4-8304-79aa-97f2502e193f";

    private final Map<String, SessionDaemon> daemons = new TreeMap<>();
    /// The test driver forgets its domains with its last connection.
    private final Map<String, Connect> connections = new TreeMap<>();

    private final List<WorkerProgram> workers = new ArrayList<>();
    private final Set<String> removed = new HashSet<>();

    @SuppressWarnings("NullAway.Init")
    private Broker broker;

    @SuppressWarnings("NullAway.Init")
    private FleetTable table;

    @SuppressWarnings("NullAway.Init")
    private Inventory inventory;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void noFaultLeavesAWrongTable() throws Exception {
        try (var itsBroker = new Broker()) {
            broker = itsBroker;
            try (Admin admin = broker.admin()) {
                TOPICS.prepare(admin, new Topics.Creation(6, (short) 1, Duration.ofDays(1)));
            }
            for (int i = 0; i < HOSTS; i++) {
                SessionDaemon daemon = SessionDaemon.start();
                daemons.put("hv" + i, daemon);
                connections.put("hv" + i, Connect.open(daemon.tcpUri()));
            }
            try (var itsInventory = new Inventory(Map.of("bootstrap.servers", broker.bootstrap()), TOPICS);
                    var itsTable = new FleetTable(broker.bootstrap(), TOPICS.domains(), TOPICS.hostStates())) {
                inventory = itsInventory;
                table = itsTable;
                for (String name : List.of("one", "two", "three")) {
                    start(name);
                }
                withFaults();
            }
        } catch (AssertionError e) {
            throw new AssertionError(
                    e.getMessage() + "\nThe workers: " + Files.readString(folder.resolve("workers")), e);
        } finally {
            workers.forEach(WorkerProgram::close);
            connections.values().forEach(Connect::close);
            daemons.values().forEach(SessionDaemon::close);
        }
    }

    private void withFaults() throws Exception {
        String last = "hv" + (HOSTS - 1);
        for (String host : daemons.keySet()) {
            if (!host.equals(last)) {
                put(host);
            }
        }
        await("three workers share them", LIMIT, () -> owners().size() == 3 && up().size() == HOSTS - 1);

        Map<String, Set<Long>> before = epochs();
        goal("a host is added", Duration.ofSeconds(1), () -> put(last), () -> isHost(last, "UP"));
        assertThat(epochs()).isEqualTo(before);
        inventory.remove(last);
        await("a host is removed", BUSY, () -> isHost(last, "UNWATCHED"));
        put(last);
        await("a host is back", LIMIT, () -> isHost(last, "UP"));

        for (String host : daemons.keySet()) {
            define(host, "first");
        }
        await(
                "domains are defined",
                LIMIT,
                () -> daemons.keySet().stream().allMatch(host -> "SHUTOFF".equals(state(host, "first"))));

        WorkerProgram killed = worker("one");
        Set<String> its = hostsOf("one");
        goal(
                "a worker is killed",
                Duration.ofMillis(SESSION + 1_000),
                () -> {
                    killed.kill();
                    its.forEach(host -> undefine(host, "first"));
                },
                () -> its.stream()
                        .allMatch(host ->
                                state(host, "first") == null && !owner(host).equals("one")));

        start("four");
        await("three workers share them again", LIMIT, () -> owners().size() == 3);
        Set<String> leaving = hostsOf("two");
        goal(
                "a worker is stopped",
                Duration.ofSeconds(3),
                () -> worker("two").stop(),
                () -> leaving.stream()
                        .allMatch(host -> isHost(host, "UP") && !owner(host).equals("two")));

        broker.stop();
        daemons.keySet().forEach(host -> define(host, "second"));
        broker.start();
        await(
                "changes of the broker's absence are there",
                LIMIT,
                () -> daemons.keySet().stream().allMatch(host -> "SHUTOFF".equals(state(host, "second"))));

        String broken = daemons.keySet().iterator().next();
        daemon(broken).kill();
        await("a host is down", LIMIT, () -> isHost(broken, "DOWN"));
        // Its domains are as they were: libvirt has not said that they have gone.
        assertThat(table.state(broken, TEST_DOMAIN)).startsWith("RUNNING as of");
        daemon(broken).restart();
        connectAgain(broken);
        await("a host is up again", LIMIT, () -> isHost(broken, "UP") && state(broken, "second") == null);
        define(broken, "second");

        // A machine that is gone without a word; only keepalive finds out.
        String silent = daemons.keySet().stream()
                .filter(host -> !host.equals(broken))
                .findFirst()
                .orElseThrow();
        daemon(silent).pause();
        try {
            await("a silent host is down", LIMIT, () -> isHost(silent, "DOWN"));
            assertThat(table.state(silent, TEST_DOMAIN)).startsWith("RUNNING as of");
        } finally {
            daemon(silent).resume();
        }
        connectAgain(silent);
        await("a silent host is back", LIMIT, () -> isHost(silent, "UP"));
        define(silent, "second");

        start("five");
        await("three workers share them once more", LIMIT, () -> owners().size() == 3);
        WorkerProgram paused = worker("four");
        Set<String> sleeping = hostsOf("four");
        paused.pause();
        try {
            sleeping.forEach(host -> undefine(host, "second"));
            await(
                    "the hosts of a sleeping worker are taken over",
                    LIMIT,
                    () -> sleeping.stream()
                            .allMatch(host -> state(host, "second") == null
                                    && !owner(host).equals("four")));
            sleeping.forEach(host -> define(host, "third"));
        } finally {
            paused.wake();
        }
        await("the worker is back", LIMIT, () -> owners().size() == 3 && up().size() == HOSTS);
        upgrade();

        await("the table is the truth", LIMIT, this::isTruth);
        LogCheck log = LogCheck.of(broker, TOPICS);
        log.removedAtMost(removed);
        assertThat(log.downRecords(broken)).isEqualTo(1);
        assertThat(log.downRecords(silent)).isEqualTo(1);
    }

    /// Replaces each worker as the guide says, while domains come and go.
    private void upgrade() throws Exception {
        LogCheck before = LogCheck.of(broker, TOPICS);
        long begin = System.nanoTime();
        for (String old : new TreeSet<>(owners())) {
            start(old + "-new");
            await("a fourth worker has its share", LIMIT, () -> owners().size() == 4);
            daemons.keySet().forEach(host -> define(host, old));
            worker(old).stop();
            await(
                    "the old worker has been replaced",
                    LIMIT,
                    () -> daemons.keySet().stream()
                            .allMatch(host -> isHost(host, "UP")
                                    && !owner(host).equals(old)
                                    && "SHUTOFF".equals(state(host, old))));
            daemons.keySet().forEach(host -> undefine(host, old));
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        LogCheck after = LogCheck.of(broker, TOPICS);
        long all = 0;
        List<Long> absences = new ArrayList<>();
        for (String host : daemons.keySet()) {
            int moves = after.epochs(host).size() - before.epochs(host).size();
            assertThat(after.gaps(host) - before.gaps(host)).as(host).isLessThanOrEqualTo(moves);
            all += moves;
            absences.addAll(after.absences(host)
                    .subList(before.absences(host).size(), after.absences(host).size()));
        }
        absences.sort(Comparator.naturalOrder());
        System.err.printf(
                "three workers are replaced: %.1f s; a host moved %.1f times on average, and was not watched for %d ms"
                        + " each time, at most %d ms%n",
                seconds, (double) all / HOSTS, absences.get(absences.size() / 2), absences.getLast());
    }

    /// Something to do that can fail.
    private interface Action {
        void run() throws Exception;
    }

    private void goal(String what, Duration goal, Action action, BooleanSupplier condition) throws Exception {
        long begin = System.nanoTime();
        action.run();
        await(what, goal.plus(BUSY), condition);
        System.err.printf(
                "%s: %d ms, the goal is %d ms%n", what, (System.nanoTime() - begin) / 1_000_000, goal.toMillis());
    }

    private void await(String what, Duration limit, BooleanSupplier condition) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime())
                    .as("%s; hosts: %s, domains: %s", what, table.hosts(), table.domains())
                    .isLessThan(deadline);
            table.poll(Duration.ofMillis(20));
        }
    }

    private void start(String name) throws Exception {
        workers.add(WorkerProgram.start(broker, PREFIX, name, SESSION, folder.resolve("workers")));
    }

    private WorkerProgram worker(String name) {
        return workers.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private SessionDaemon daemon(String host) {
        return Objects.requireNonNull(daemons.get(host));
    }

    private Connect connect(String host) {
        return Objects.requireNonNull(connections.get(host));
    }

    /// Its test driver may have forgotten all domains but its own.
    private void connectAgain(String host) {
        connect(host).close();
        connections.put(host, Connect.open(daemon(host).tcpUri()));
        removed.add(host + "/" + Samples.uuid("first"));
        removed.add(host + "/" + Samples.uuid("second"));
    }

    private void put(String host) {
        inventory.put(new Host(host, daemon(host).tcpUri()));
    }

    private boolean isHost(String host, String status) {
        JsonObject state = table.hosts().get(host);
        return state != null && state.get("status").getAsString().equals(status);
    }

    private String owner(String host) {
        return Objects.requireNonNull(table.hosts().get(host)).get("worker").getAsString();
    }

    private Set<String> up() {
        return daemons.keySet().stream().filter(host -> isHost(host, "UP")).collect(Collectors.toSet());
    }

    private Set<String> owners() {
        return up().stream().map(this::owner).collect(Collectors.toSet());
    }

    private Set<String> hostsOf(String worker) {
        return up().stream().filter(host -> owner(host).equals(worker)).collect(Collectors.toCollection(TreeSet::new));
    }

    private Map<String, Set<Long>> epochs() {
        LogCheck log = LogCheck.of(broker, TOPICS);
        return daemons.keySet().stream()
                .filter(host -> !log.epochs(host).isEmpty() && !host.equals("hv" + (HOSTS - 1)))
                .collect(Collectors.toMap(host -> host, log::epochs));
    }

    private @Nullable String state(String host, String name) {
        return table.state(host, Samples.uuid(name).toString());
    }

    private void define(String host, String name) {
        try (Domain _ = connect(host)
                .domains()
                .define("<domain type='test'><name>" + name + "</name><uuid>" + Samples.uuid(name)
                        + "</uuid><memory>1024</memory><os><type>hvm</type></os></domain>")) {
            // Nobody needs it any longer.
        }
    }

    private void undefine(String host, String name) {
        removed.add(host + "/" + Samples.uuid(name));
        try (Domain domain = connect(host).domains().lookupByUuid(Samples.uuid(name))) {
            domain.undefine();
        }
    }

    private boolean isTruth() {
        Set<String> expected = new TreeSet<>();
        connections.forEach((host, connect) -> {
            for (Domain domain : connect.domains().listAll()) {
                try (domain) {
                    expected.add(
                            host + "/" + domain.uuid() + " " + domain.state().state());
                }
            }
        });
        Set<String> told = new TreeSet<>();
        table.domains()
                .forEach((key, domain) ->
                        told.add(key + " " + domain.get("state").getAsString()));
        return told.equals(expected) && up().size() == HOSTS;
    }
}
