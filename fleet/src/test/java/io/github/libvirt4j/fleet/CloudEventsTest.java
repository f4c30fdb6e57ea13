package io.github.libvirt4j.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.libvirt4j.Libvirt;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.DomainIdentity;
import io.github.libvirt4j.event.EventKind;
import io.github.libvirt4j.fleet.FleetRecord.DomainRecord;
import io.github.libvirt4j.fleet.FleetRecord.EventRecord;
import io.github.libvirt4j.fleet.FleetRecord.HostStatus;
import io.github.libvirt4j.fleet.FleetRecord.Origin;
import io.github.libvirt4j.link.Why;
import io.github.libvirt4j.types.DomainEventType;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class CloudEventsTest {
    private static final List<FleetRecord> ALL = List.of(
            Samples.domain("alpha", 3, 7),
            new DomainRecord(Samples.origin("alpha", 4), Samples.view(7, 5, 99), new Why.Told(List.of())),
            new DomainRecord(Samples.origin("alpha", 4), Samples.view(7, 77, 99), new Why.Drift()),
            Samples.removal("alpha", 4, 7),
            Samples.host("alpha", 5, HostStatus.UP),
            Samples.host("alpha", 6, HostStatus.DOWN),
            Samples.host("alpha", 7, HostStatus.UNWATCHED),
            Samples.event("alpha", 8, 7),
            Samples.gap("alpha", 9, 1, 2));

    @Test
    void recordsFitTheSchema() {
        ALL.forEach(record -> Samples.assertFits(CloudEvents.json(record)));
    }

    /// The schema says something: what is left out, added where it must not be, or of another type, does not
    /// fit.
    @Test
    void otherThingsDoNotFitTheSchema() {
        for (FleetRecord record : ALL) {
            JsonObject good = JsonParser.parseString(CloudEvents.json(record)).getAsJsonObject();
            for (String attribute : good.keySet()) {
                JsonObject bad = good.deepCopy();
                bad.remove(attribute);
                assertThat(Samples.fits(bad.toString()))
                        .as("%s without %s", good, attribute)
                        .isFalse();
            }
            JsonObject data = good.getAsJsonObject("data");
            for (String key : data.keySet()) {
                if (record instanceof EventRecord
                        && !List.of("time", "kind", "object").contains(key)) {
                    continue;
                }
                JsonObject bad = good.deepCopy();
                bad.getAsJsonObject("data").remove(key);
                assertThat(Samples.fits(bad.toString()))
                        .as("%s without %s", good, key)
                        .isFalse();
                bad.getAsJsonObject("data").add(key, new com.google.gson.JsonArray());
                assertThat(Samples.fits(bad.toString()))
                        .as("%s with a list as %s", good, key)
                        .isFalse();
            }
        }
    }

    @Test
    void anEventHasTheAttributesOfCloudEvents() {
        assertThat(CloudEvents.json(Samples.event("alpha", 8, 7))).isEqualTo("""
                {"specversion":"1.0","id":"alpha/1000.1.8","source":"/libvirt/alpha",\
                "type":"io.github.libvirt4j.domain.stopped","subject":"00000000-0000-0000-0000-000000000007",\
                "time":"2026-11-29T12:00:00.131Z","datacontenttype":"application/json","epoch":"1000",\
                "generation":"1","sequence":"0000000000000001000.0000000000000000008",\
                "partitionkey":"alpha/00000000-0000-0000-0000-000000000007",\
                "data":{"time":"2026-11-29T12:00:00.131Z","kind":"domain.lifecycle",\
                "object":{"name":"d7","uuid":"00000000-0000-0000-0000-000000000007"},\
                "type":"STOPPED","detail":"DESTROYED"}}""");
    }

    @Test
    void aStateHasTheWordsAndNumbersOfLibvirt() {
        assertThat(CloudEvents.data(Samples.domain("alpha", 3, 7))).isEqualTo("""
                {"host":"alpha","name":"d7","uuid":"00000000-0000-0000-0000-000000000007","id":7,\
                "state":"RUNNING","reason":"BOOTED","rawState":1,"rawReason":1,"persistent":true,"generation":1,\
                "asOf":"2026-11-29T12:00:00.123Z","why":"DRIFT"}""");
        var newer = new DomainRecord(Samples.origin("alpha", 4), Samples.view(7, 77, 99), new Why.Drift());
        assertThat(CloudEvents.data(newer)).contains("\"state\":\"77\",\"reason\":\"99\"");
    }

    @Test
    void aHostHasItsLabelsAndFailure() {
        assertThat(CloudEvents.data(Samples.host("alpha", 6, HostStatus.DOWN))).isEqualTo("""
                {"host":"alpha","status":"DOWN","since":"2026-11-29T12:00:00.123Z",\
                "asOf":"2026-11-29T12:00:00.123Z","domains":3,"worker":"worker","labels":{"rack":"r1"},\
                "failure":"no \\"route\\""}""");
        assertThat(CloudEvents.attributes(Samples.host("alpha", 6, HostStatus.DOWN)))
                .containsEntry("type", "io.github.libvirt4j.host.down")
                .containsEntry("partitionkey", "alpha")
                .doesNotContainKey("subject");
    }

    /// No two types of different records are the same, and the schema knows all.
    @Test
    void eachEventHasItsType() {
        for (DomainEventType type : DomainEventType.values()) {
            boolean isNewer = type == DomainEventType.UNRECOGNIZED;
            int number = isNewer ? 77 : type.value();
            String expected = isNewer ? "lifecycle" : type.name().toLowerCase(Locale.ROOT);
            var event = new DomainEvent.Lifecycle(new DomainIdentity("d", Samples.uuid(1)), number, 0);
            var record = new EventRecord(Samples.origin("alpha", 1), event);
            assertThat(CloudEvents.type(record)).isEqualTo("io.github.libvirt4j.domain." + expected);
            Samples.assertFits(CloudEvents.json(record));
        }
        List<String> kinds = new ArrayList<>();
        for (EventKind<?> kind : Libvirt.eventKinds()) {
            kind.narrow(DomainEvent.class).ifPresent(_ -> kinds.add(kind.name()));
        }
        assertThat(kinds).doesNotContain("domain.state", "domain.removed").allMatch(kind -> kind.startsWith("domain."));
    }

    @Test
    void theSequenceIsInTheOrderOfItsStrings() {
        List<Origin> ascending = List.of(
                new Origin("a", 1, 1, 9, Instant.EPOCH),
                new Origin("a", 1, 1, 10, Instant.EPOCH),
                new Origin("a", 2, 1, 0, Instant.EPOCH),
                new Origin("a", Long.MAX_VALUE, 1, 0, Instant.EPOCH));
        assertThat(ascending.stream()
                        .map(origin -> new DomainRecord(origin, Samples.view(1, 1, 1), new Why.Drift()))
                        .map(record -> Objects.requireNonNull(
                                CloudEvents.attributes(record).get("sequence"))))
                .isSorted()
                .doesNotHaveDuplicates();
    }

    /// Persian has digits of its own.
    @Test
    void theSequenceDoesNotDependOnTheLocale() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.of("fa"));
        try {
            Samples.assertFits(CloudEvents.json(Samples.domain("alpha", 8, 7)));
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void readsDomainsAsTheyWere() {
        for (int state : new int[] {1, 5, 77}) {
            var record = new DomainRecord(Samples.origin("alpha", 1), Samples.view(3, state, 2), new Why.Drift());
            assertThat(CloudEvents.domain(CloudEvents.data(record))).isEqualTo(record.now());
        }
        assertThat(CloudEvents.domain(CloudEvents.data(Samples.removal("alpha", 4, 7))))
                .isEqualTo(Samples.view(7, 5, 1));
    }

    /// Encoders replace half of a surrogate pair, or refuse it.
    @Test
    void keepsTextThatIsNotUtf8() {
        DomainRecord record = Samples.domainOfAnOddName("alpha", 1);
        String data = CloudEvents.data(record);
        assertThat(data).contains("\"d\\udce9\ud83d\ude00\"");
        assertThat(CloudEvents.domain(new String(data.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8)))
                .isEqualTo(record.now());
        Samples.assertFits(CloudEvents.json(record));
    }

    @Test
    void refusesWhatIsNoDomain() {
        for (String text : List.of("", "7", "{", "{}", "null", CloudEvents.data(Samples.gap("alpha", 1, 1, 2)))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> CloudEvents.domain(text))
                    .withMessageContaining("Not the data of a domain");
        }
        JsonObject data = JsonParser.parseString(CloudEvents.data(Samples.domain("alpha", 1, 7)))
                .getAsJsonObject();
        for (String key : List.of("name", "uuid", "id", "rawState", "rawReason", "persistent", "generation", "asOf")) {
            JsonObject bad = data.deepCopy();
            bad.addProperty(key, "?");
            if (!key.equals("name") && !key.equals("persistent")) {
                assertThatIllegalArgumentException().isThrownBy(() -> CloudEvents.domain(bad.toString()));
            }
            bad.remove(key);
            assertThatIllegalArgumentException().isThrownBy(() -> CloudEvents.domain(bad.toString()));
        }
    }
}
