package io.github.libvirt4j.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.DomainIdentity;
import io.github.libvirt4j.fleet.FleetRecord.DomainRecord;
import io.github.libvirt4j.fleet.FleetRecord.EventRecord;
import io.github.libvirt4j.fleet.FleetRecord.GapRecord;
import io.github.libvirt4j.fleet.FleetRecord.HostRecord;
import io.github.libvirt4j.fleet.FleetRecord.HostStatus;
import io.github.libvirt4j.fleet.FleetRecord.Origin;
import io.github.libvirt4j.fleet.FleetRecord.RemovalRecord;
import io.github.libvirt4j.link.DomainView;
import io.github.libvirt4j.link.Gap;
import io.github.libvirt4j.link.Why;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;

/// Records for tests, and the schema that all of them have to fit.
final class Samples {
    static final Instant TIME = Instant.parse("2026-11-29T12:00:00.123Z");

    private static final Schema SCHEMA = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(CloudEvents.class.getResourceAsStream("fleet-record.schema.json"), InputFormat.JSON);

    private Samples() {}

    static void assertFits(String json) {
        assertThat(SCHEMA.validate(
                        json,
                        InputFormat.JSON,
                        context -> context.executionConfig(config -> config.formatAssertionsEnabled(true))))
                .as(json)
                .isEmpty();
    }

    static boolean fits(String json) {
        return SCHEMA.validate(json, InputFormat.JSON).isEmpty();
    }

    static UUID uuid(int number) {
        return new UUID(0, number);
    }

    static Origin origin(String host, long seq) {
        return new Origin(host, 1_000, 1, seq, TIME.plusMillis(seq));
    }

    static DomainView view(int domain, int state, int reason) {
        return new DomainView(
                new DomainIdentity("d" + domain, uuid(domain)),
                state == 5 ? OptionalInt.empty() : OptionalInt.of(domain),
                state,
                reason,
                true,
                1,
                TIME);
    }

    /// Its name has a byte that is not UTF-8, and a pair of surrogates.
    static DomainRecord domainOfAnOddName(String host, long seq) {
        DomainView view = view(1, 1, 1);
        return new DomainRecord(
                origin(host, seq),
                new DomainView(
                        new DomainIdentity("d\udce9\ud83d\ude00", uuid(1)),
                        view.id(),
                        view.rawState(),
                        view.rawReason(),
                        view.persistent(),
                        view.generation(),
                        view.asOf()),
                new Why.Drift());
    }

    static DomainRecord domain(String host, long seq, int domain) {
        return new DomainRecord(origin(host, seq), view(domain, 1, 1), new Why.Drift());
    }

    static RemovalRecord removal(String host, long seq, int domain) {
        return new RemovalRecord(origin(host, seq), view(domain, 5, 1), true, new Why.Drift());
    }

    static EventRecord event(String host, long seq, int domain) {
        return new EventRecord(
                origin(host, seq), new DomainEvent.Lifecycle(new DomainIdentity("d" + domain, uuid(domain)), 5, 1));
    }

    static GapRecord gap(String host, long seq, int from, int to) {
        return new GapRecord(
                origin(host, seq), new Gap(from, to, TIME, TIME, Gap.Cause.DISCONNECTED), OptionalLong.empty());
    }

    static HostRecord host(String host, long seq, HostStatus status) {
        return new HostRecord(
                origin(host, seq),
                status,
                TIME,
                status == HostStatus.UP ? Optional.empty() : Optional.of(TIME),
                3,
                "worker",
                Map.of("rack", "r1"),
                status == HostStatus.DOWN ? Optional.of("no \"route\"") : Optional.empty());
    }
}
