package io.github.libvirt4j.fleet.kafka;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.fleet.Host;
import io.github.libvirt4j.testing.Certificates;
import io.github.libvirt4j.testing.SessionDaemon;
import io.github.libvirt4j.testing.TlsDaemon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;

/// Measures one worker with many hosts: `FleetScale HOSTS [tls]`. The hosts are connections to a few daemons, over tcp
/// or TLS, so that an event of a daemon is one of each host that it stands for.
final class FleetScale {
    private static final int DAEMONS = 4;
    private static final int CHANGES = 50;
    private static final Topics TOPICS = Topics.prefixed("scale.");

    private final List<Hypervisor> hypervisors = new ArrayList<>();
    private final FleetTable table;
    private final int hosts;

    private FleetScale(FleetTable table, int hosts) {
        this.table = table;
        this.hosts = hosts;
    }

    /// @param uri for the worker
    private record Hypervisor(SessionDaemon daemon, String uri) {}

    public static void main(String[] arguments) throws Exception {
        int hosts = Integer.parseInt(arguments[0]);
        Path output = Files.createTempFile("fleet-scale", ".log");
        try (var broker = new Broker()) {
            try (Admin admin = broker.admin()) {
                TOPICS.prepare(admin, new Topics.Creation(12, (short) 1, Duration.ofDays(1)));
            }
            try (var worker = WorkerProgram.start(broker, "scale.", "one", 30_000, output);
                    var inventory = new Inventory(Map.of("bootstrap.servers", broker.bootstrap()), TOPICS);
                    var table = new FleetTable(broker.bootstrap(), TOPICS.domains(), TOPICS.hostStates())) {
                boolean isTls = arguments.length > 1 && arguments[1].equals("tls");
                new FleetScale(table, hosts).measure(broker, worker, inventory, isTls);
            }
        }
        System.out.println("The worker has written " + output);
    }

    private void start(boolean isTls) throws IOException {
        Certificates certificates =
                isTls ? Certificates.make(Files.createTempDirectory("fleet-scale"), "127.0.0.1") : null;
        for (int i = 0; i < DAEMONS; i++) {
            if (certificates == null) {
                SessionDaemon daemon = SessionDaemon.start();
                hypervisors.add(new Hypervisor(daemon, daemon.tcpUri()));
            } else {
                var daemon = new TlsDaemon(certificates, "scram-sha-256", Map.of());
                hypervisors.add(new Hypervisor(daemon.daemon(), daemon.uri(certificates)));
            }
        }
    }

    private void measure(Broker broker, WorkerProgram worker, Inventory inventory, boolean isTls) throws Exception {
        try {
            start(isTls);
            // The first shows that the worker runs.
            put(inventory, 0);
            until("first host", () -> up() == 1);
            worker.print("memory with one host");
            long begin = System.nanoTime();
            for (int i = 1; i < hosts; i++) {
                put(inventory, i);
            }
            until("all hosts", () -> up() == hosts);
            System.out.printf("first table of %d hosts: %.1f s%n", hosts, seconds(begin));
            worker.print("memory with all hosts");
            events(broker);
            worker.print("memory after events");
            begin = System.nanoTime();
            for (Hypervisor each : hypervisors) {
                each.daemon().restart();
            }
            System.out.printf("restart of the daemons: %.1f s%n", seconds(begin));
            // Each has forgotten the domain, which is only known when its hosts have listed again.
            until("all hosts again", () -> up() == hosts && count() == 0);
            System.out.printf("all are up again: %.1f s%n", seconds(begin));
            worker.print("memory afterwards");
        } finally {
            hypervisors.forEach(each -> each.daemon().close());
        }
    }

    /// The number of hosts that have the domain.
    private long count() {
        return table.domains().values().stream()
                .filter(domain -> domain.get("name").getAsString().equals("scale"))
                .count();
    }

    private void events(Broker broker) {
        long begin = System.nanoTime();
        for (int i = 0; i < CHANGES; i++) {
            for (Hypervisor each : hypervisors) {
                try (Connect connect = Connect.open(each.daemon().tcpUri());
                        Domain domain = connect.domains()
                                .define("<domain type='test'><name>scale</name><uuid>" + Samples.uuid("scale")
                                        + "</uuid><memory>1024</memory><os><type>hvm</type></os></domain>")) {
                    if (i < CHANGES - 1) {
                        domain.undefine();
                    }
                }
            }
        }
        double provoked = seconds(begin);
        until("events", () -> count() == hosts);
        double all = seconds(begin);
        System.out.printf("events provoked in %.1f s, in the broker after %.1f s%n", provoked, all);
        LogCheck log = LogCheck.of(broker, TOPICS);
        System.out.printf(
                "%d events, and %d lost: %.0f a second%n", log.events(), log.lostEvents(), log.events() / all);
    }

    private void put(Inventory inventory, int number) {
        inventory.put(new Host("h" + number, hypervisors.get(number % DAEMONS).uri()));
    }

    private long up() {
        return table.hosts().values().stream()
                .filter(host -> host.get("status").getAsString().equals("UP"))
                .count();
    }

    private void until(String what, BooleanSupplier condition) {
        long begin = System.nanoTime();
        while (!condition.getAsBoolean()) {
            table.poll(Duration.ofMillis(50));
            if (seconds(begin) > 600) {
                throw new IllegalStateException(what + " has not come about in ten minutes; " + up() + " hosts are up");
            }
        }
    }

    private static double seconds(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }
}
