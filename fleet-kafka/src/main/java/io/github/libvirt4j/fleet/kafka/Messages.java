package io.github.libvirt4j.fleet.kafka;

import io.github.libvirt4j.fleet.CloudEvents;
import io.github.libvirt4j.fleet.FleetRecord;
import io.github.libvirt4j.fleet.FleetRecord.DomainRecord;
import io.github.libvirt4j.fleet.FleetRecord.HostRecord;
import io.github.libvirt4j.fleet.FleetRecord.RemovalRecord;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/// Records of a fleet as records of Kafka: CloudEvents in binary mode, where the attributes are headers.
final class Messages {
    /// In front of an attribute; the content type alone is without.
    private static final String PREFIX = "ce_";

    private static final String CONTENT_TYPE = "datacontenttype";

    /// No clock gets there, and there is room for the epochs that follow.
    private static final long LARGEST_EPOCH = Long.MAX_VALUE / 2;

    private Messages() {}

    static ProducerRecord<String, String> of(FleetRecord record, Topics topics, int partition) {
        // The end of a domain is a tombstone. The timestamp is that of each try, because a broker refuses one that is
        // an hour ahead of its clock: a clock that was wrong for a moment would stop the partition for that hour.
        var message = new ProducerRecord<String, String>(
                topic(record, topics),
                partition,
                record.key(),
                record instanceof RemovalRecord ? null : CloudEvents.data(record));
        CloudEvents.attributes(record).forEach((name, value) -> {
            var _ = message.headers()
                    .add(
                            name.equals(CONTENT_TYPE) ? "content-type" : PREFIX + name,
                            value.getBytes(StandardCharsets.UTF_8));
        });
        return message;
    }

    @SuppressWarnings("IfChainToSwitch")
    private static String topic(FleetRecord record, Topics topics) {
        if (record instanceof DomainRecord || record instanceof RemovalRecord) {
            return topics.domains();
        }
        return record instanceof HostRecord ? topics.hostStates() : topics.events();
    }

    /// The epoch of a record; 0 if it has none.
    ///
    /// @throws IllegalArgumentException if no worker has written it
    static long epoch(Headers headers) {
        Header header = headers.lastHeader(PREFIX + "epoch");
        if (header == null) {
            return 0;
        }
        if (header.value() == null) {
            throw new IllegalArgumentException("The epoch has no value");
        }
        long epoch = Long.parseLong(new String(header.value(), StandardCharsets.UTF_8));
        if (epoch > LARGEST_EPOCH) {
            throw new IllegalArgumentException("The epoch " + epoch + " is not a time");
        }
        return epoch;
    }
}
