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
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.jspecify.annotations.Nullable;

/// A worker on Kafka. No other class knows Kafka's client, which is there only if a word of the command begins
/// with `--kafka`.
final class KafkaStart {
    private KafkaStart() {}

    /// A worker, and its fleet.
    record Worker(String bootstrap, KafkaWorker worker) implements AutoCloseable {
        Fleet fleet() {
            return worker.fleet();
        }

        /// Runs a task when the worker has ended.
        void whenEnded(Runnable task) {
            var _ = worker.ended().whenComplete((_, _) -> task.run());
        }

        /// @throws Failure if the worker has ended, and was not closed
        void check() {
            if (worker.ended().isCompletedExceptionally()) {
                throw failure(bootstrap, worker.ended().exceptionNow());
            }
        }

        @Override
        public void close() {
            worker.close();
        }
    }

    /// Starts a worker.
    ///
    /// @throws IOException if the file of properties cannot be read
    /// @throws Failure if the worker cannot be started
    static Worker worker(KafkaOptions options, UnaryOperator<Fleet.Steps> fleet) throws IOException {
        String bootstrap = Objects.requireNonNull(options.bootstrap());
        Topics.Creation standard = Topics.Creation.DEFAULT;
        try {
            KafkaWorker.Steps steps = KafkaWorker.to(bootstrap)
                    .client(read(options.config()))
                    .topics(Topics.prefixed(options.prefix()))
                    .creation(new Topics.Creation(options.partitions(), standard.replication(), standard.retention()))
                    .fleet(fleet);
            String group = options.group();
            return new Worker(bootstrap, (group == null ? steps : steps.group(group)).start());
        } catch (UnsuitableTopicsException e) {
            throw new Failure(String.valueOf(e.getMessage()));
        } catch (KafkaException e) {
            throw failure(bootstrap, e);
        }
    }

    private static Failure failure(String bootstrap, Throwable thrown) {
        if (!(thrown instanceof KafkaException)) {
            return new Failure("The worker has ended: " + thrown);
        }
        boolean isUnknown = thrown instanceof AuthenticationException;
        boolean isDenied = isUnknown || thrown instanceof AuthorizationException;
        String message = message(thrown);
        if (isUnknown && thrown.getCause() != null) {
            message += ": " + thrown.getCause().getMessage();
        }
        return new Failure(isDenied ? Status.DENIED : Status.FAILED, "Kafka at " + bootstrap + ": " + message);
    }

    /// The first message that says more than that a client could not be made.
    private static String message(Throwable thrown) {
        Throwable cause = thrown.getCause();
        if (thrown.getClass() == KafkaException.class && cause != null) {
            return message(cause);
        }
        String message =
                Objects.requireNonNullElseGet(Status.message(thrown), () -> String.valueOf(thrown.getMessage()));
        // What is not a key of JAAS can be a piece of a password.
        return message.contains("JAAS") ? message.replaceAll("'.*'", "'…'") : message;
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
