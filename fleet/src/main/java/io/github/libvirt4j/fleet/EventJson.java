package io.github.libvirt4j.fleet;

import com.google.gson.stream.JsonWriter;
import io.github.libvirt4j.event.DomainIdentity;
import io.github.libvirt4j.event.Event;
import io.github.libvirt4j.event.GraphicsAddress;
import io.github.libvirt4j.event.GraphicsIdentity;
import io.github.libvirt4j.event.NetworkIdentity;
import io.github.libvirt4j.event.NodeDeviceIdentity;
import io.github.libvirt4j.event.SecretIdentity;
import io.github.libvirt4j.event.StoragePoolIdentity;
import io.github.libvirt4j.types.EnumValue;
import io.github.libvirt4j.types.Flag;
import io.github.libvirt4j.types.TypedParameter;
import io.github.libvirt4j.types.TypedParameters;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Events of libvirt as JSON, without a fleet.
public final class EventJson {
    private EventJson() {}

    /// An event as one JSON object on one line: when, what kind, of which object, and the values of the
    /// record.
    ///
    /// @param time the time of its receipt
    public static String of(Instant time, Event event) {
        var text = new StringWriter();
        try (JsonWriter writer = new JsonWriter(new JsonText(text))) {
            write(writer, time, event);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    static void write(JsonWriter writer, Instant time, Event event) throws IOException {
        writer.beginObject();
        writer.name("time").value(time.toString());
        writer.name("kind").value(event.kind().name());
        for (RecordComponent component : Objects.requireNonNull(event.getClass().getRecordComponents())) {
            component(writer, event, component.getName());
        }
        writer.endObject();
    }

    private static void component(JsonWriter writer, Event event, String name) throws IOException {
        Object value = get(event, name);
        if (!name.startsWith("raw")) {
            value(writer, name, value);
            return;
        }
        // rawType() is the number, type() the constant; where there is none the number says it all.
        String meant = Character.toLowerCase(name.charAt(3)) + name.substring(4);
        boolean hasConstant = Arrays.stream(event.getClass().getMethods())
                .anyMatch(method -> method.getName().equals(meant));
        switch (hasConstant ? get(event, meant) : value) {
            case EnumValue constant
            when !constant.name().equals("UNRECOGNIZED") -> writer.name(meant).value(constant.name());
            case Set<?> flags -> {
                writer.name(meant).beginArray();
                for (Object flag : flags) {
                    writer.value(((Enum<?>) (Flag) flag).name());
                }
                writer.endArray();
                value(writer, name, value);
            }
            case null, default -> value(writer, meant, value);
        }
    }

    private static @Nullable Object get(Event event, String accessor) {
        try {
            return event.getClass().getMethod(accessor).invoke(event);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(event + " has no " + accessor, e);
        }
    }

    private static void value(JsonWriter writer, String name, @Nullable Object value) throws IOException {
        switch (value) {
            case DomainIdentity(String object, UUID uuid) -> object(writer, object, uuid);
            case NetworkIdentity(String object, UUID uuid) -> object(writer, object, uuid);
            case StoragePoolIdentity(String object, UUID uuid) -> object(writer, object, uuid);
            case NodeDeviceIdentity(String object) -> object(writer, object, null);
            case SecretIdentity secret -> object(writer, secret.usageId(), secret.uuid());
            case TypedParameters parameters -> {
                writer.name(name).beginObject();
                for (TypedParameter parameter : parameters) {
                    parameter(writer, parameter);
                }
                writer.endObject();
            }
            case GraphicsAddress address -> {
                writer.name(name).beginObject();
                writer.name("family").value(address.family().name());
                writer.name("node").value(address.node());
                writer.name("service").value(address.service());
                writer.endObject();
            }
            case Iterable<?> identities -> {
                writer.name(name).beginArray();
                for (Object each : identities) {
                    var identity = (GraphicsIdentity) each;
                    writer.beginObject();
                    writer.name("type").value(identity.type());
                    writer.name("name").value(identity.name());
                    writer.endObject();
                }
                writer.endArray();
            }
            case Duration duration -> writer.name(name).value(duration.toSeconds());
            case Integer number -> writer.name(name).value(number);
            // Sizes are unsigned; only seconds can be before 1970.
            case Long number when name.equals("seconds") -> writer.name(name).value(number);
            case Long number -> writer.name(name).jsonValue(Long.toUnsignedString(number));
            case null -> writer.name(name).nullValue();
            default -> writer.name(name).value(value.toString());
        }
    }

    private static void parameter(JsonWriter writer, TypedParameter parameter) throws IOException {
        writer.name(parameter.name());
        switch (parameter) {
            case TypedParameter.OfUnsignedLong number -> writer.jsonValue(Long.toUnsignedString(number.value()));
            case TypedParameter.OfBoolean truth -> writer.value(truth.value());
            case TypedParameter.OfString text -> writer.value(text.value());
            default -> writer.value((Number) parameter.value());
        }
    }

    private static void object(JsonWriter writer, String name, @Nullable UUID uuid) throws IOException {
        writer.name("object").beginObject();
        writer.name("name").value(name);
        if (uuid != null) {
            writer.name("uuid").value(uuid.toString());
        }
        writer.endObject();
    }
}
