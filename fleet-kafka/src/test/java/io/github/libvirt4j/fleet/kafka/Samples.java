package io.github.libvirt4j.fleet.kafka;

import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.DomainIdentity;
import io.github.libvirt4j.fleet.FleetRecord;
import io.github.libvirt4j.fleet.FleetRecord.Origin;
import io.github.libvirt4j.link.DomainView;
import io.github.libvirt4j.link.Gap;
import io.github.libvirt4j.link.Why;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;

/// Records that no host has sent.
final class Samples {
    static final Instant NOW = Instant.parse("2026-11-29T12:00:00Z");

    private Samples() {}

    static Origin origin(String host, long epoch, long seq) {
        return new Origin(host, epoch, 1, seq, NOW);
    }

    static UUID uuid(String name) {
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    }

    static DomainView view(String name, int state) {
        return new DomainView(new DomainIdentity(name, uuid(name)), OptionalInt.of(7), state, 1, true, 1, NOW);
    }

    static FleetRecord domain(Origin origin, String name, int state) {
        return new FleetRecord.DomainRecord(origin, view(name, state), new Why.Drift());
    }

    static FleetRecord removal(Origin origin, String name) {
        return new FleetRecord.RemovalRecord(origin, view(name, 5), false, new Why.Drift());
    }

    static FleetRecord host(Origin origin, FleetRecord.HostStatus status) {
        return new FleetRecord.HostRecord(
                origin, status, NOW, Optional.empty(), 1, "worker", Map.of(), Optional.empty());
    }

    static FleetRecord event(Origin origin, String name) {
        return new FleetRecord.EventRecord(
                origin, new DomainEvent.Lifecycle(new DomainIdentity(name, uuid(name)), 2, 0));
    }

    static FleetRecord gap(Origin origin, long count) {
        return new FleetRecord.GapRecord(origin, new Gap(1, 1, NOW, NOW, Gap.Cause.OVERFLOW), OptionalLong.of(count));
    }
}
