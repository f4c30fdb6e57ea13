/// Workers that share the hosts of a fleet, and keep the tables of its hosts and domains in topics of Kafka.
///
/// ```java
/// try (KafkaWorker worker = KafkaWorker.to("kafka:9092").start()) {
///     …
/// }
/// ```
///
/// A [KafkaWorker][io.github.libvirt4j.fleet.kafka.KafkaWorker] is a member of a consumer group over the
/// inventory of hosts, which an [Inventory][io.github.libvirt4j.fleet.kafka.Inventory] or any other producer
/// writes. It watches the hosts of its partitions, and writes what happens there to the
/// [Topics][io.github.libvirt4j.fleet.kafka.Topics] of the fleet. The page `docs/fleet-kafka.md` is the guide.
@NullMarked
package io.github.libvirt4j.fleet.kafka;

import org.jspecify.annotations.NullMarked;
