package io.github.libvirt4j.cli;

import com.google.gson.stream.JsonWriter;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.Event;
import io.github.libvirt4j.event.NetworkEvent;
import io.github.libvirt4j.event.NodeDeviceEvent;
import io.github.libvirt4j.event.StoragePoolEvent;
import io.github.libvirt4j.types.EnumValue;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// An event as one JSON object on one line: when, what kind, of which object, and the values of the record.
final class EventJson {
    private EventJson() {}

    static String of(Instant time, Event event) throws IOException {
        var text = new StringWriter();
        try (JsonWriter writer = new JsonWriter(text)) {
            writer.beginObject();
            writer.name("time").value(time.toString());
            writer.name("kind").value(event.kind().name());
            switch (event) {
                case DomainEvent e ->
                    object(writer, e.domain().name(), e.domain().uuid());
                case NetworkEvent e ->
                    object(writer, e.network().name(), e.network().uuid());
                case StoragePoolEvent e ->
                    object(writer, e.storagePool().name(), e.storagePool().uuid());
                case NodeDeviceEvent e -> object(writer, e.nodeDevice().name(), null);
            }
            switch (event) {
                case DomainEvent.Lifecycle e -> {
                    value(writer, "type", e.type(), e.rawType());
                    value(writer, "detail", e.detail(), e.rawDetail());
                }
                case DomainEvent.MetadataChange e -> {
                    value(writer, "type", e.type(), e.rawType());
                    writer.name("uri").value(e.uri());
                }
                case DomainEvent.DeviceAdded e -> writer.name("alias").value(e.alias());
                case NetworkEvent.Lifecycle e -> value(writer, "type", e.type(), e.rawType());
                case StoragePoolEvent.Lifecycle e -> value(writer, "type", e.type(), e.rawType());
                case StoragePoolEvent.Refresh _ -> {}
                case NodeDeviceEvent.Lifecycle e -> value(writer, "type", e.type(), e.rawType());
            }
            writer.endObject();
        }
        return text.toString();
    }

    private static void object(JsonWriter writer, String name, @Nullable UUID uuid) throws IOException {
        writer.name("object").beginObject();
        writer.name("name").value(name);
        if (uuid != null) {
            writer.name("uuid").value(uuid.toString());
        }
        writer.endObject();
    }

    /// The constant's name, or the number of a value newer than the library.
    private static void value(JsonWriter writer, String name, EnumValue value, int raw) throws IOException {
        writer.name(name).value(value.name().equals("UNRECOGNIZED") ? Integer.toString(raw) : value.name());
    }
}
