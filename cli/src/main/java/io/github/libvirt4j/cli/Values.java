package io.github.libvirt4j.cli;

import com.google.gson.stream.JsonWriter;
import io.github.libvirt4j.types.TypedParameter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The values of an [Item], as text and as JSON: text, numbers, truths, sizes, rates, words, times, lists,
/// items.
final class Values {
    private Values() {}

    /// The value as text, on one line and harmless.
    static String text(@Nullable Object value) {
        return Printer.harmless(plain(value));
    }

    private static String plain(@Nullable Object value) {
        return switch (value) {
            case null -> "-";
            case Boolean truth -> truth ? "yes" : "no";
            case Instant time -> Times.local(time);
            case Duration time -> Times.seconds(time);
            case Item item ->
                item.values().entrySet().stream()
                        .map(each -> each.getKey() + "=" + plain(each.getValue()))
                        .collect(Collectors.joining(" "));
            case Collection<?> list -> list.stream().map(Values::plain).collect(Collectors.joining(", "));
            default -> value.toString();
        };
    }

    /// The item as one JSON object on one line.
    static String json(Item item) {
        var text = new StringWriter();
        try (JsonWriter writer = new JsonWriter(text)) {
            write(writer, item);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static void write(JsonWriter writer, @Nullable Object value) throws IOException {
        switch (value) {
            case null -> writer.nullValue();
            case Boolean truth -> writer.value(truth);
            case Percent percent -> writer.value(percent.value());
            case Number number -> writer.value(number);
            case Size size -> writer.jsonValue(Long.toUnsignedString(size.bytes()));
            case Rate rate -> writer.value(rate.bytes());
            case Duration time -> writer.value(time.toNanos() / 1e9);
            case Word word when word.isKnown() -> writer.value(word.constant().name());
            case Word word -> writer.value(word.raw());
            case Item item -> {
                writer.beginObject();
                for (Map.Entry<String, @Nullable Object> each : item.values().entrySet()) {
                    writer.name(each.getKey());
                    write(writer, each.getValue());
                }
                writer.endObject();
            }
            case Collection<?> list -> {
                writer.beginArray();
                for (Object each : list) {
                    write(writer, each);
                }
                writer.endArray();
            }
            default -> writer.value(value.toString());
        }
    }

    /// The value of a typed parameter.
    static @Nullable Object of(TypedParameter parameter) {
        return parameter instanceof TypedParameter.OfUnsignedLong number
                ? new java.math.BigInteger(Long.toUnsignedString(number.value()))
                : parameter.value();
    }
}
