package io.github.libvirt4j.fleet;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.stream.JsonWriter;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.DomainIdentity;
import io.github.libvirt4j.fleet.FleetRecord.DomainRecord;
import io.github.libvirt4j.fleet.FleetRecord.EventRecord;
import io.github.libvirt4j.fleet.FleetRecord.GapRecord;
import io.github.libvirt4j.fleet.FleetRecord.HostRecord;
import io.github.libvirt4j.fleet.FleetRecord.Origin;
import io.github.libvirt4j.fleet.FleetRecord.RemovalRecord;
import io.github.libvirt4j.link.DomainView;
import io.github.libvirt4j.link.Why;
import io.github.libvirt4j.types.EnumValue;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.UUID;

/// Records as CloudEvents 1.0 in JSON. The schema of both is `fleet-record.schema.json`, in this package of
/// the jar.
public final class CloudEvents {
    private static final String PREFIX = "io.github.libvirt4j.";

    private CloudEvents() {}

    /// The attributes of a record, by their names, in structured mode without the data. In binary mode they
    /// are the headers, with the prefix of the protocol.
    public static Map<String, String> attributes(FleetRecord record) {
        Origin origin = record.origin();
        Map<String, String> attributes = new LinkedHashMap<>();
        attributes.put("specversion", "1.0");
        attributes.put("id", origin.host() + "/" + origin.epoch() + "." + origin.generation() + "." + origin.seq());
        attributes.put("source", "/libvirt/" + origin.host());
        attributes.put("type", type(record));
        String key = record.key();
        if (key.length() > origin.host().length()) {
            attributes.put("subject", key.substring(origin.host().length() + 1));
        }
        attributes.put("time", origin.time().toString());
        attributes.put("datacontenttype", "application/json");
        attributes.put("epoch", Long.toString(origin.epoch()));
        attributes.put("generation", Integer.toString(origin.generation()));
        attributes.put("sequence", String.format(Locale.ROOT, "%019d.%019d", origin.epoch(), origin.seq()));
        attributes.put("partitionkey", key);
        return attributes;
    }

    /// The type of a record: `io.github.libvirt4j.` with `domain.state`, `domain.removed`, `host.up`,
    /// `host.down`, `host.unwatched`, `gap`, or the event: `domain.stopped` for an event of the lifecycle,
    /// the name of its kind such as `domain.block-job` for any other.
    @SuppressWarnings("IfChainToSwitch")
    public static String type(FleetRecord record) {
        String type;
        if (record instanceof DomainRecord) {
            type = "domain.state";
        } else if (record instanceof RemovalRecord) {
            type = "domain.removed";
        } else if (record instanceof HostRecord host) {
            type = "host." + host.status().name().toLowerCase(Locale.ROOT);
        } else if (record instanceof EventRecord event) {
            type = type(event.event());
        } else {
            type = "gap";
        }
        return PREFIX + type;
    }

    /// An event that is newer than this jar has no word.
    private static String type(DomainEvent event) {
        return event instanceof DomainEvent.Lifecycle lifecycle && isKnown(lifecycle.type())
                ? "domain." + lifecycle.type().name().toLowerCase(Locale.ROOT)
                : event.kind().name();
    }

    /// A record in structured mode: one JSON object on one line, the attributes and `data`.
    public static String json(FleetRecord record) {
        return write(writer -> {
            writer.beginObject();
            for (Map.Entry<String, String> attribute : attributes(record).entrySet()) {
                writer.name(attribute.getKey()).value(attribute.getValue());
            }
            writer.name("data");
            data(writer, record);
            writer.endObject();
        });
    }

    /// The data of a record, one JSON object on one line.
    public static String data(FleetRecord record) {
        return write(writer -> data(writer, record));
    }

    /// Reads the domain of a record from its data.
    ///
    /// @param data the data of a [DomainRecord] or [RemovalRecord]
    /// @throws IllegalArgumentException if it is something else
    public static DomainView domain(String data) {
        try {
            return domain(JsonParser.parseString(data).getAsJsonObject());
        } catch (JsonParseException | IllegalStateException e) {
            throw new IllegalArgumentException("Not the data of a domain: " + data, e);
        }
    }

    static DomainView domain(JsonObject data) {
        try {
            return new DomainView(
                    new DomainIdentity(
                            data.get("name").getAsString(),
                            UUID.fromString(data.get("uuid").getAsString())),
                    data.get("id").isJsonNull()
                            ? OptionalInt.empty()
                            : OptionalInt.of(data.get("id").getAsInt()),
                    data.get("rawState").getAsInt(),
                    data.get("rawReason").getAsInt(),
                    data.get("persistent").getAsBoolean(),
                    data.get("generation").getAsInt(),
                    Instant.parse(data.get("asOf").getAsString()));
        } catch (NullPointerException | UnsupportedOperationException | DateTimeException e) {
            throw new IllegalArgumentException("Not the data of a domain: " + data, e);
        }
    }

    /// Writes JSON.
    private interface Writing {
        void to(JsonWriter writer) throws IOException;
    }

    private static String write(Writing writing) {
        var text = new StringWriter();
        try (JsonWriter writer = new JsonWriter(new JsonText(text))) {
            writing.to(writer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    @SuppressWarnings("IfChainToSwitch")
    private static void data(JsonWriter writer, FleetRecord record) throws IOException {
        if (record instanceof EventRecord event) {
            EventJson.write(writer, record.origin().time(), event.event());
            return;
        }
        writer.beginObject();
        writer.name("host").value(record.origin().host());
        if (record instanceof DomainRecord domain) {
            domain(writer, domain.now());
            writer.name("why").value(why(domain.why()));
        } else if (record instanceof RemovalRecord removal) {
            domain(writer, removal.last());
            writer.name("finalStateUnknown").value(removal.finalStateUnknown());
            writer.name("why").value(why(removal.why()));
        } else if (record instanceof HostRecord host) {
            host(writer, host);
        } else if (record instanceof GapRecord gap) {
            gap(writer, gap);
        }
        writer.endObject();
    }

    static void domain(JsonWriter writer, DomainView view) throws IOException {
        writer.name("name").value(view.domain().name());
        writer.name("uuid").value(view.domain().uuid().toString());
        writer.name("id");
        if (view.id().isPresent()) {
            writer.value(view.id().getAsInt());
        } else {
            writer.nullValue();
        }
        writer.name("state").value(word(view.state(), view.rawState()));
        writer.name("reason").value(word(view.status().reason(), view.rawReason()));
        writer.name("rawState").value(view.rawState());
        writer.name("rawReason").value(view.rawReason());
        writer.name("persistent").value(view.persistent());
        writer.name("generation").value(view.generation());
        writer.name("asOf").value(view.asOf().toString());
    }

    private static void host(JsonWriter writer, HostRecord host) throws IOException {
        writer.name("status").value(host.status().name());
        writer.name("since").value(host.since().toString());
        writer.name("asOf").value(host.asOf().map(Instant::toString).orElse(null));
        writer.name("domains").value(host.domains());
        writer.name("worker").value(host.worker());
        writer.name("labels").beginObject();
        for (Map.Entry<String, String> label : host.labels().entrySet()) {
            writer.name(label.getKey()).value(label.getValue());
        }
        writer.endObject();
        writer.name("failure").value(host.failure().orElse(null));
    }

    private static void gap(JsonWriter writer, GapRecord record) throws IOException {
        writer.name("cause").value(record.gap().cause().name());
        writer.name("from").value(record.gap().from());
        writer.name("to").value(record.gap().to());
        writer.name("lost").value(record.gap().lost().toString());
        writer.name("back").value(record.gap().back().toString());
        writer.name("count");
        if (record.count().isPresent()) {
            writer.value(record.count().getAsLong());
        } else {
            writer.nullValue();
        }
    }

    private static boolean isKnown(EnumValue constant) {
        return !constant.name().equals("UNRECOGNIZED");
    }

    private static String word(EnumValue constant, int raw) {
        return isKnown(constant) ? constant.name() : Integer.toString(raw);
    }

    private static String why(Why why) {
        return why.getClass().getSimpleName().toUpperCase(Locale.ROOT);
    }
}
