package io.github.libvirt4j.fleet.kafka;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Stream;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/// A real broker of one node, inside this VM, which can be stopped and started again with its data.
///
/// Kafka's server classes are not public API; no other class of the tests uses them.
final class Broker implements AutoCloseable {
    private static final String STORE_PASSWORD = "of the store";

    private static final class Shared {
        static final Broker BROKER = new Broker();

        static {
            Runtime.getRuntime().addShutdownHook(new Thread(BROKER::close));
        }
    }

    private final Path folder;
    private final int port;
    private final int securePort;
    private final Map<String, String> configuration;
    private KafkaRaftServer server;

    Broker() {
        this(Map.of());
    }

    /// @param more of the broker's configuration
    Broker(Map<String, String> more) {
        this(more, false);
    }

    private Broker(Map<String, String> more, boolean isSecure) {
        try {
            folder = Files.createTempDirectory("libvirt4j-broker");
            List<Integer> ports = freePorts();
            port = ports.getFirst();
            securePort = ports.get(2);
            configuration = configuration(folder, port, ports.get(1));
            if (isSecure) {
                secure(folder, securePort, configuration);
            }
            configuration.putAll(more);
            new Formatter()
                    .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                    .setClusterId("AAAAAAAAAAAAAAAAAAAAAA")
                    .setNodeId(1)
                    .setControllerListenerName("CONTROLLER")
                    .addDirectory(folder.toString())
                    .setMetadataLogDirectory(folder.toString())
                    .run();
        } catch (Exception e) {
            throw new IllegalStateException("The broker of the tests cannot be prepared", e);
        }
        server = started();
    }

    /// A broker with ACLs, and a second listener with TLS, to which users log in with passwords. A client of the
    /// first one may do everything.
    static Broker secured() {
        return new Broker(Map.of(), true);
    }

    /// The broker of all tests that do not stop it; each has topics of its own.
    static Broker shared() {
        return Shared.BROKER;
    }

    private static List<Integer> freePorts() throws IOException {
        try (ServerSocket one = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServerSocket third = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return List.of(one.getLocalPort(), other.getLocalPort(), third.getLocalPort());
        }
    }

    private static Map<String, String> configuration(Path folder, int port, int controller) {
        Map<String, String> all = new HashMap<>();
        all.put("process.roles", "broker,controller");
        all.put("node.id", "1");
        all.put("controller.quorum.voters", "1@127.0.0.1:" + controller);
        all.put("listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controller);
        all.put("controller.listener.names", "CONTROLLER");
        all.put("log.dirs", folder.toString());
        all.put("auto.create.topics.enable", "false");
        all.put("group.initial.rebalance.delay.ms", "0");
        all.put("group.min.session.timeout.ms", "500");
        for (String topic : List.of("offsets.topic", "transaction.state.log")) {
            all.put(topic + ".replication.factor", "1");
            all.put(topic + ".num.partitions", "1");
        }
        all.put("transaction.state.log.min.isr", "1");
        // As many threads as a broker on its own machine would have are of no use here.
        all.put("num.network.threads", "2");
        all.put("num.io.threads", "4");
        all.put("log.cleaner.enable", "false");
        return all;
    }

    private static void secure(Path folder, int port, Map<String, String> configuration)
            throws IOException, InterruptedException {
        String keys = folder.resolve("broker.p12").toString();
        List<String> store = List.of("-alias", "broker", "-keystore", keys, "-storepass", STORE_PASSWORD);
        // Its own authority.
        keytool(
                store,
                "-genkeypair",
                "-keyalg",
                "EC",
                "-dname",
                "CN=broker",
                "-ext",
                "SAN=ip:127.0.0.1",
                "-storetype",
                "PKCS12");
        keytool(store, "-exportcert", "-rfc", "-file", authority(folder).toString());
        String listener = "listener.name.secure.";
        configuration.merge("listeners", ",SECURE://127.0.0.1:" + port, String::concat);
        configuration.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SECURE:SASL_SSL");
        configuration.put(listener + "sasl.enabled.mechanisms", "SCRAM-SHA-512");
        configuration.put(
                listener + "scram-sha-512.sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required;");
        configuration.put(listener + "ssl.keystore.type", "PKCS12");
        configuration.put(listener + "ssl.keystore.location", keys);
        configuration.put(listener + "ssl.keystore.password", STORE_PASSWORD);
        configuration.put("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
        configuration.put("super.users", "User:ANONYMOUS");
    }

    private static void keytool(List<String> store, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(Objects.requireNonNull(System.getProperty("java.home")), "bin", "keytool")
                        .toString()));
        command.addAll(List.of(arguments));
        command.addAll(store);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("keytool has failed: " + output);
        }
    }

    private static Path authority(Path folder) {
        return folder.resolve("ca.pem");
    }

    private KafkaRaftServer started() {
        var values = new Properties();
        values.putAll(configuration);
        var started = new KafkaRaftServer(new KafkaConfig(values, false), Time.SYSTEM);
        started.startup();
        return started;
    }

    String bootstrap() {
        return "127.0.0.1:" + port;
    }

    /// The listener with TLS.
    String secureBootstrap() {
        return "127.0.0.1:" + securePort;
    }

    /// The certificate that its clients have to trust.
    Path authority() {
        return authority(folder);
    }

    Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", bootstrap()));
    }

    void stop() {
        server.shutdown();
        server.awaitShutdown();
    }

    void start() {
        server = started();
    }

    @Override
    public void close() {
        stop();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path each : files.toList().reversed()) {
                Files.deleteIfExists(each);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
