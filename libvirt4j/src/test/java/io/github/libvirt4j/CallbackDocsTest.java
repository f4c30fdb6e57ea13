package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.internal.raw.CallbackTypes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The table of callback types in `docs/callbacks.md`.
@ExtendWith(NothingLeft.class)
class CallbackDocsTest {
    private static final Path PAGE = Path.of("../docs/callbacks.md");
    private static final Path TESTS = Path.of("src/test/java");

    /// The cells of each line, without quotes.
    private static List<List<String>> rows() throws Exception {
        return Files.readAllLines(PAGE).stream()
                .filter(line -> line.startsWith("| `vir"))
                .map(line -> Arrays.stream(line.substring(1).split(Pattern.quote("|"), 7))
                        .map(cell -> cell.replaceAll("[`|]", "").strip())
                        .toList())
                .toList();
    }

    @Test
    void hasALineForEachTypeOfTheFacts() throws Exception {
        assertThat(rows()).extracting(List::getFirst).containsExactlyElementsOf(CallbackTypes.names());
    }

    @Test
    void namesTestsThatThereAre() throws Exception {
        List<String> tests = new ArrayList<>();
        try (Stream<Path> all = Files.walk(TESTS)) {
            all.forEach(path -> tests.add(String.valueOf(path.getFileName())));
        }
        for (List<String> row : rows()) {
            String test = row.getLast();
            if (!test.isEmpty() && !test.equals("—")) {
                assertThat(tests).as(row.getFirst()).contains(test + ".java");
            }
        }
    }

    /// The two without a closure have a line, too.
    @Test
    void saysWhichAreOffered() throws Exception {
        assertThat(rows().stream().filter(row -> !row.get(1).equals("not offered yet")))
                .hasSize(Libvirt.diagnose().implemented() + 2);
    }
}
