package io.github.libvirt4j.spring;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The metadata of the properties, which editors read, and the table of the page.
class PropertiesPageTest {
    private static final Path PAGE = Path.of("../docs/spring.md");

    /// A row of the table: the property and its default.
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z0-9.-]+)` \\| `?([^|`]*)`? \\| [^|]+ \\|$");

    private static List<JsonObject> properties() throws IOException {
        return Collections.list(
                        ClassLoader.getSystemClassLoader().getResources("META-INF/spring-configuration-metadata.json"))
                .stream()
                .flatMap(PropertiesPageTest::properties)
                .filter(property -> name(property).contains("libvirt"))
                .toList();
    }

    private static Stream<JsonObject> properties(URL file) {
        try (InputStream stream = file.openStream()) {
            return JsonParser.parseString(new String(stream.readAllBytes(), StandardCharsets.UTF_8))
                    .getAsJsonObject()
                    .getAsJsonArray("properties")
                    .asList()
                    .stream()
                    .map(JsonElement::getAsJsonObject);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String name(JsonObject property) {
        return property.get("name").getAsString();
    }

    @Test
    void describesEachProperty() throws IOException {
        assertThat(properties())
                .hasSizeGreaterThan(10)
                .allSatisfy(property -> assertThat(property.has("description"))
                        .as("%s", property)
                        .isTrue());
    }

    /// A default that is no constant is one of the library's, or another property.
    @Test
    void listsEachPropertyWithItsDefault() throws IOException {
        Map<String, String> inPage = new TreeMap<>();
        for (MatchResult row : ROW.matcher(Files.readString(PAGE)).results().toList()) {
            inPage.put(Objects.requireNonNull(row.group(1)), Objects.requireNonNull(row.group(2)));
        }
        assertThat(inPage.keySet())
                .containsExactlyInAnyOrderElementsOf(
                        properties().stream().map(PropertiesPageTest::name).toList());
        for (JsonObject property : properties()) {
            JsonElement value = property.get("defaultValue");
            if (value != null && value.isJsonPrimitive()) {
                assertThat(inPage).containsEntry(name(property), value.getAsString());
            }
        }
    }

    @Test
    void listsTheSettingsOfANamedLink() throws IOException {
        String page = Files.readString(PAGE);
        assertThat(Objects.requireNonNull(LibvirtProperties.Named.class.getRecordComponents()))
                .isNotEmpty()
                .allSatisfy(setting -> assertThat(page)
                        .contains("`libvirt4j."
                                + Pattern.compile("[A-Z]")
                                        .matcher(setting.getName())
                                        .replaceAll(
                                                letter -> "-" + letter.group().toLowerCase(Locale.ROOT))));
    }
}
