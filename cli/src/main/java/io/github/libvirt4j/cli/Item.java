package io.github.libvirt4j.cli;

import io.github.libvirt4j.Domain;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Objects;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// Named values that are printed together: a line of a table, a page about one object, or a JSON object.
final class Item {
    private final SequencedMap<String, @Nullable Object> values = new LinkedHashMap<>();

    /// One that begins with a domain's identity.
    static Item of(Domain domain) {
        return new Item().with("name", domain.name()).with("uuid", domain.uuid());
    }

    /// Adds a value: one of those that [Values] knows, or null for none.
    Item with(String key, @Nullable Object value) {
        values.put(Objects.requireNonNull(key), value);
        return this;
    }

    SequencedMap<String, @Nullable Object> values() {
        return Collections.unmodifiableSequencedMap(values);
    }
}
