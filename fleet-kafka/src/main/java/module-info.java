import org.jspecify.annotations.NullMarked;

/// Workers that share the hosts of a fleet, by means of Kafka.
@NullMarked
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"}) // Kafka's client has no descriptor.
module io.github.libvirt4j.fleet.kafka {
    requires com.google.gson;
    // Kafka's client uses them, and cannot say so without a descriptor.
    requires java.logging;
    requires java.management;
    requires java.security.jgss;
    requires java.security.sasl;
    requires jdk.unsupported;
    requires transitive io.github.libvirt4j.fleet;
    requires transitive kafka.clients;
    requires static org.jspecify;

    exports io.github.libvirt4j.fleet.kafka;
}
