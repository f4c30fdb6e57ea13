package io.github.libvirt4j.fleet.kafka;

import com.google.gson.JsonObject;
import io.github.libvirt4j.fleet.Host;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;

/// A secured broker in a process of its own, for tests of the command: its server does not fit on a module path.
///
/// It prints the address for administrators, that for users and the file of the authority, and then one line for
/// each line of its input, at whose end it ends:
///
/// - `user NAME PASSWORD` adds a user;
/// - `rights PREFIX` gives the rights of the guide, for topics with this prefix;
/// - `topic NAME POLICY` makes a topic of two partitions;
/// - `put HOST URI COMPRESSION` writes a record of the default inventory;
/// - `await HOST STATUS` waits for that status of the host, and prints the name of its worker.
final class BrokerProgram {
    private static final Topics TOPICS = Topics.DEFAULT;

    private final Broker broker;
    private final Admin admin;

    private BrokerProgram(Broker broker, Admin admin) {
        this.broker = broker;
        this.admin = admin;
    }

    public static void main(String[] arguments) throws Exception {
        try (Broker broker = Broker.secured();
                Admin admin = broker.admin();
                var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            var program = new BrokerProgram(broker, admin);
            System.out.println(broker.bootstrap() + " " + broker.secureBootstrap() + " " + broker.authority());
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                System.out.println(program.answer(List.of(line.split(" ", -1))));
            }
        }
    }

    private String answer(List<String> words) throws Exception {
        return switch (words.getFirst()) {
            case "user" -> user(words.get(1), words.get(2));
            case "rights" -> rights(words.get(1));
            case "topic" -> topic(words.get(1), words.get(2));
            case "put" -> put(words.get(1), words.get(2), words.get(3));
            case "await" -> await(words.get(1), words.get(2));
            default -> throw new IOException("No such word: " + words);
        };
    }

    private String user(String name, String password) throws Exception {
        admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(
                        name, new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096), password)))
                .all()
                .get();
        return "added";
    }

    private String rights(String prefix) throws Exception {
        admin.createAcls(Guide.rights(prefix, prefix + "hosts").stream()
                        .map(Guide.Right::binding)
                        .toList())
                .all()
                .get();
        return "given";
    }

    private String topic(String name, String policy) throws Exception {
        admin.createTopics(List.of(new NewTopic(name, 2, (short) 1).configs(Map.of("cleanup.policy", policy))))
                .all()
                .get();
        while (!admin.listTopics().names().get().contains(name)) {
            Thread.sleep(10);
        }
        return "made";
    }

    private String put(String host, String uri, String compression) {
        try (var inventory = new Inventory(
                Map.of("bootstrap.servers", broker.bootstrap(), "compression.type", compression), TOPICS)) {
            inventory.put(new Host(host, uri));
        }
        return "put";
    }

    private String await(String host, String status) {
        try (var table = new FleetTable(broker.bootstrap(), TOPICS.domains(), TOPICS.hostStates())) {
            while (true) {
                table.poll(Duration.ofMillis(100));
                JsonObject state = table.hosts().get(host);
                if (state != null && state.get("status").getAsString().equals(status)) {
                    return state.get("worker").getAsString();
                }
            }
        }
    }
}
