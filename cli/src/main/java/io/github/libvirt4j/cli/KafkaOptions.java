package io.github.libvirt4j.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options of a worker on Kafka. The start script puts Kafka's client on the module path where a word begins
/// with `--kafka`, so each of them does.
final class KafkaOptions {
    @Option(
            names = "--kafka",
            paramLabel = "BOOTSTRAP",
            description = "watch this process's share of the hosts in a topic of this cluster: HOST:PORT,…")
    private @Nullable String bootstrap;

    @Option(
            names = "--kafka-config",
            paramLabel = "FILE",
            description = "properties of Kafka's clients, such as security.protocol")
    private @Nullable Path config;

    @Option(
            names = "--kafka-group",
            paramLabel = "NAME",
            description = "the consumer group; default: the name of the topic of hosts")
    private @Nullable String group;

    @Option(
            names = "--kafka-prefix",
            paramLabel = "PREFIX",
            description = "the beginning of the topics' names; default: libvirt.")
    private String prefix = "libvirt.";

    @Option(
            names = "--kafka-partitions",
            paramLabel = "N",
            description = "the partitions of topics that do not exist yet, the most workers; default: 12")
    private int partitions = 12;

    @Nullable
    String bootstrap() {
        return bootstrap;
    }

    @Nullable
    Path config() {
        return config;
    }

    @Nullable
    String group() {
        return group;
    }

    String prefix() {
        return prefix;
    }

    int partitions() {
        return partitions;
    }
}
