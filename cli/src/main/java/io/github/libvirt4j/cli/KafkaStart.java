package io.github.libvirt4j.cli;

import io.github.libvirt4j.fleet.Fleet;
import io.github.libvirt4j.fleet.kafka.KafkaWorker;
import io.github.libvirt4j.fleet.kafka.Topics;
import io.github.libvirt4j.fleet.kafka.UnsuitableTopicsException;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/// A worker on Kafka. No other class knows Kafka's client, which is there only if a word of the command begins
/// with `--kafka`.
final class KafkaStart {
    private KafkaStart() {}

    /// A worker, and its fleet.
    record Worker(Fleet fleet, KafkaWorker worker) implements AutoCloseable {
        /// Runs a task when the worker has ended.
        void whenEnded(Runnable task) {
            var _ = worker.ended().whenComplete((_, _) -> task.run());
        }

        /// Throws what the worker has ended with, if it was not closed.
        ///
        /// @throws IOException with the reason
        void check() throws IOException {
            if (worker.ended().isCompletedExceptionally()) {
                Throwable reason = worker.ended().exceptionNow();
                throw new IOException("The worker has ended: " + reason, reason);
            }
        }

        @Override
        public void close() {
            worker.close();
        }
    }

    /// Starts a worker.
    ///
    /// @throws IOException if it cannot be started; the message says why
    static Worker worker(KafkaOptions options, UnaryOperator<Fleet.Steps> fleet) throws IOException {
        String bootstrap = Objects.requireNonNull(options.bootstrap());
        Topics.Creation standard = Topics.Creation.DEFAULT;
        try {
            KafkaWorker worker = KafkaWorker.to(bootstrap)
                    .client(read(options.config()))
                    .group(options.group())
                    .topics(Topics.prefixed(options.prefix()))
                    .creation(new Topics.Creation(options.partitions(), standard.replication(), standard.retention()))
                    .fleet(fleet)
                    .start();
            return new Worker(worker.fleet(), worker);
        } catch (UnsuitableTopicsException e) {
            throw new IOException(e.getMessage(), e);
        } catch (KafkaException e) {
            Throwable reason = e.getCause() == null ? e : e.getCause();
            throw new IOException("Kafka at " + bootstrap + ": " + reason.getMessage(), e);
        }
    }

    private static Map<String, String> read(@Nullable Path file) throws IOException {
        Map<String, String> all = new HashMap<>();
        if (file != null) {
            Properties properties = new Properties();
            try (Reader reader = Files.newBufferedReader(file)) {
                properties.load(reader);
            }
            properties
                    .stringPropertyNames()
                    .forEach(name -> all.put(name, Objects.requireNonNull(properties.getProperty(name))));
        }
        return all;
    }
}
