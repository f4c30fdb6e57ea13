package io.github.libvirt4j.fleet.kafka;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/// The rights that a worker needs, on a cluster with ACLs. `docs/fleet-kafka.md` has the table.
///
/// Kafka's exceptions name a topic at most, and never the operation. A refused client is therefore told what the
/// cluster says about the rights on each topic.
final class Rights {
    private static final String MOST_TRANSACTION_TIMEOUT = "transaction.max.timeout.ms";

    private final Map<String, List<AclOperation>> needed = new LinkedHashMap<>();
    private final String group;

    Rights(Topics topics, String group) {
        this.group = group;
        needed.put(topics.hosts(), List.of(AclOperation.READ, AclOperation.DESCRIBE_CONFIGS));
        for (String table : List.of(topics.domains(), topics.hostStates())) {
            needed.put(table, List.of(AclOperation.READ, AclOperation.WRITE, AclOperation.DESCRIBE_CONFIGS));
        }
        needed.put(topics.events(), List.of(AclOperation.WRITE, AclOperation.DESCRIBE_CONFIGS));
    }

    /// Whether the cluster refuses the client or a property of it, so that a repetition is refused as well.
    static boolean isRefusal(Throwable thrown) {
        return refusal(thrown) != null;
    }

    private static @Nullable KafkaException refusal(Throwable thrown) {
        for (Throwable each = thrown; each != null; each = each.getCause()) {
            if (each instanceof AuthorizationException
                    || each instanceof AuthenticationException
                    || isTransactionTimeout(each)) {
                return (KafkaException) each;
            }
        }
        return null;
    }

    /// Whether `transaction.timeout.ms` is longer than the broker allows. Kafka's producer has no type for it, and
    /// throws a [KafkaException] with the broker's message.
    private static boolean isTransactionTimeout(Throwable thrown) {
        return thrown instanceof KafkaException
                && String.valueOf(thrown.getMessage()).contains(MOST_TRANSACTION_TIMEOUT);
    }

    /// Checks the rights on the topics.
    ///
    /// @throws AuthorizationException if some are missing
    void require(Admin admin) {
        List<String> missing = missing(admin);
        if (!missing.isEmpty()) {
            throw missing(missing, null);
        }
    }

    /// A refusal, with a message that names the missing rights where they can be known.
    KafkaException explained(Throwable thrown, Admin admin) {
        KafkaException refusal = refusal(thrown);
        if (refusal == null) {
            return new KafkaException(thrown);
        }
        if (!(refusal instanceof AuthorizationException)) {
            return refusal;
        }
        List<String> missing;
        try {
            missing = missing(admin);
        } catch (KafkaException e) {
            refusal.addSuppressed(e);
            return refusal;
        }
        if (refusal instanceof GroupAuthorizationException) {
            missing.add("Read on group " + group);
        }
        if (refusal instanceof TransactionalIdAuthorizationException) {
            missing.add("Write on transactional ids with the prefix " + group + "-");
        }
        return missing.isEmpty() ? refusal : missing(missing, refusal);
    }

    private static AuthorizationException missing(List<String> missing, @Nullable Throwable cause) {
        return new AuthorizationException(
                "The worker's principal lacks rights: " + String.join("; ", missing)
                        + ". Add them with kafka-acls.sh, and start the worker again",
                cause);
    }

    private List<String> missing(Admin admin) {
        List<String> missing = new ArrayList<>();
        Map<String, KafkaFuture<TopicDescription>> topics = admin.describeTopics(
                        needed.keySet(), new DescribeTopicsOptions().includeAuthorizedOperations(true))
                .topicNameValues();
        needed.forEach((topic, operations) -> {
            String lacks = missing(operations, Objects.requireNonNull(topics.get(topic)));
            if (!lacks.isEmpty()) {
                missing.add(lacks + " on topic " + topic);
            }
        });
        return missing;
    }

    private static String missing(List<AclOperation> operations, KafkaFuture<TopicDescription> topic) {
        Set<AclOperation> has;
        try {
            has = Topics.get(topic).authorizedOperations();
        } catch (UnknownTopicOrPartitionException _) {
            return name(AclOperation.CREATE);
        } catch (TopicAuthorizationException _) {
            // Each other right includes that to describe. About this one the cluster does not say anything.
            has = Set.of(AclOperation.DESCRIBE_CONFIGS);
        }
        Set<AclOperation> known = has;
        return known == null
                ? "" // The cluster does not tell rights.
                : operations.stream()
                        .filter(each -> !known.contains(each))
                        .map(Rights::name)
                        .collect(Collectors.joining(" and "));
    }

    /// The name of an operation in Kafka's documentation and tools: `DescribeConfigs`.
    static String name(AclOperation operation) {
        return Stream.of(operation.name().split("_", -1))
                .map(word -> word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT))
                .collect(Collectors.joining());
    }
}
