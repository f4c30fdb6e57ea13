package io.github.libvirt4j.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.fleet.FleetRecord.DomainRecord;
import io.github.libvirt4j.fleet.FleetRecord.HostRecord;
import io.github.libvirt4j.fleet.FleetRecord.HostStatus;
import io.github.libvirt4j.fleet.FleetRecord.Origin;
import io.github.libvirt4j.fleet.FleetRecord.RemovalRecord;
import io.github.libvirt4j.link.DomainView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/// A sink that remembers. Each record has to fit the schema, and to come in the order of its host.
final class Tape implements Sink {
    // All guarded by this.
    private final List<FleetRecord> records = new ArrayList<>();
    private final Map<String, Long> last = new HashMap<>();
    private boolean closed;

    @Override
    public synchronized void write(List<FleetRecord> written) {
        for (FleetRecord record : written) {
            Samples.assertFits(CloudEvents.json(record));
            Origin origin = record.origin();
            // A state is written in the place of an older one; events and gaps are in order.
            if (!(record instanceof DomainRecord || record instanceof RemovalRecord)) {
                String log = origin.host() + "/" + origin.epoch() + "/" + (record instanceof HostRecord);
                Long before = last.put(log, origin.seq());
                assertThat(before == null || before < origin.seq())
                        .as("%s after %d", record, before)
                        .isTrue();
            }
        }
        records.addAll(written);
        notifyAll();
    }

    @Override
    public synchronized void close() {
        closed = true;
    }

    synchronized boolean isClosed() {
        return closed;
    }

    synchronized List<FleetRecord> all() {
        return List.copyOf(records);
    }

    <R extends FleetRecord> List<R> all(Class<R> type) {
        return all().stream().filter(type::isInstance).map(type::cast).toList();
    }

    synchronized void forget() {
        records.clear();
    }

    /// Waits for a record, whether it has come or comes.
    synchronized <R extends FleetRecord> R await(Class<R> type, Predicate<R> wanted) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (true) {
            for (FleetRecord record : records) {
                if (type.isInstance(record) && wanted.test(type.cast(record))) {
                    return type.cast(record);
                }
            }
            long left = end - System.nanoTime();
            if (left <= 0) {
                throw new AssertionError("no such " + type.getSimpleName() + " in " + records);
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    HostRecord await(String host, HostStatus status) throws InterruptedException {
        return await(HostRecord.class, record -> record.key().equals(host) && record.status() == status);
    }

    /// The domains of a host, as somebody knows them who has read all.
    Map<UUID, DomainView> table(String host) {
        Map<UUID, DomainView> table = new HashMap<>();
        for (FleetRecord record : all()) {
            if (record instanceof DomainRecord domain && domain.origin().host().equals(host)) {
                table.put(domain.now().domain().uuid(), domain.now());
            } else if (record instanceof RemovalRecord removal
                    && removal.origin().host().equals(host)) {
                table.remove(removal.last().domain().uuid());
            }
        }
        return table;
    }
}
