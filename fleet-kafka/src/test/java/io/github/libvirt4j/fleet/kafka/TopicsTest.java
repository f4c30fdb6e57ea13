package io.github.libvirt4j.fleet.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

final class TopicsTest {
    private static final Topics.Creation CREATION = new Topics.Creation(2, (short) 1, Duration.ofDays(3));

    private Admin admin;
    private Topics topics;

    @BeforeEach
    void connect(TestInfo test) {
        admin = Broker.shared().admin();
        topics = Topics.prefixed(test.getTestMethod().orElseThrow().getName() + ".");
    }

    @AfterEach
    void disconnect() {
        admin.close();
    }

    @Test
    void missingTopicsAreMade() throws Exception {
        assertThat(topics.prepare(admin, CREATION)).isEqualTo(2);
        assertThat(config(topics.hosts(), "cleanup.policy")).isEqualTo("compact");
        assertThat(config(topics.domains(), "cleanup.policy")).isEqualTo("compact");
        assertThat(config(topics.hostStates(), "cleanup.policy")).isEqualTo("compact");
        assertThat(config(topics.events(), "cleanup.policy")).isEqualTo("delete");
        assertThat(config(topics.events(), "retention.ms"))
                .isEqualTo(String.valueOf(Duration.ofDays(3).toMillis()));
        // The second worker finds them.
        assertThat(topics.prepare(admin, new Topics.Creation(5, (short) 1, Duration.ofDays(1))))
                .isEqualTo(2);
        assertThat(config(topics.events(), "retention.ms"))
                .isEqualTo(String.valueOf(Duration.ofDays(3).toMillis()));
    }

    @Test
    void aMissingTopicGetsThePartitionsOfTheOthers() throws Exception {
        make(topics.hosts(), 3, "compact");
        assertThat(topics.prepare(admin, CREATION)).isEqualTo(3);
        assertThat(admin.describeTopics(Set.of(topics.events()))
                        .allTopicNames()
                        .get()
                        .values())
                .flatMap(TopicDescription::partitions)
                .hasSize(3);
    }

    @Test
    void unsuitableTopicsAreRefusedWithAllThatIsWrong() throws Exception {
        make(topics.hosts(), 2, "compact");
        make(topics.domains(), 2, "delete");
        make(topics.events(), 4, "compact,delete");
        assertThatThrownBy(() -> topics.prepare(admin, CREATION))
                .isInstanceOf(UnsuitableTopicsException.class)
                .hasMessageContaining("cleanup.policy of " + topics.domains() + " is delete and has to be compact")
                .hasMessageContaining("cleanup.policy of " + topics.events() + " is ")
                .hasMessageContaining(topics.events() + " has 4")
                .hasMessageContaining(topics.hosts() + " has 2");
        assertThat(admin.listTopics().names().get()).doesNotContain(topics.hostStates());
    }

    @Test
    void aHostIsWhereKafkasProducerPutsIt() throws Exception {
        topics.prepare(admin, new Topics.Creation(7, (short) 1, Duration.ofDays(1)));
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", Broker.shared().bootstrap()),
                new StringSerializer(),
                new StringSerializer())) {
            for (String host : List.of("a", "hv1.example.org", "größer", "10.0.0.1")) {
                assertThat(producer.send(new ProducerRecord<>(topics.hosts(), host, "{}"))
                                .get()
                                .partition())
                        .as(host)
                        .isEqualTo(Topics.partition(host, 7));
            }
        }
    }

    private void make(String name, int partitions, String policy) throws Exception {
        admin.createTopics(Set.of(new NewTopic(name, partitions, (short) 1).configs(Map.of("cleanup.policy", policy))))
                .all()
                .get();
        // The broker can hear of it later.
        while (!admin.listTopics().names().get().contains(name)) {
            Thread.onSpinWait();
        }
    }

    private String config(String topic, String name) throws Exception {
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        Config config = admin.describeConfigs(Set.of(resource)).all().get().get(resource);
        return Objects.requireNonNull(config).get(name).value();
    }
}
