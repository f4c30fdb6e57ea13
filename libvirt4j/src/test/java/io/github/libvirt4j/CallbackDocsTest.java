package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.internal.auth.Authentication;
import io.github.libvirt4j.internal.c.ErrorCallback;
import io.github.libvirt4j.internal.callback.Upcall;
import io.github.libvirt4j.internal.event.ConnectionCalls;
import io.github.libvirt4j.internal.event.EventTable;
import io.github.libvirt4j.internal.loop.FileReadiness;
import io.github.libvirt4j.internal.loop.JavaLoop;
import io.github.libvirt4j.internal.loop.ProcessLoop;
import io.github.libvirt4j.internal.raw.CallbackTypes;
import io.github.libvirt4j.internal.stream.StreamCallbacks;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The table of callback types in `docs/callbacks.md`.
@ExtendWith(NothingLeft.class)
class CallbackDocsTest {
    private static final Path PAGE = Path.of("../docs/callbacks.md");
    /// The first releases closures, the second is only a cast.
    private static final Set<String> WITHOUT_CLOSURE =
            Set.of("virFreeCallback", "virConnectNetworkEventGenericCallback");

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

    /// The C names of all types, sorted.
    private static List<String> names() {
        return Arrays.stream(CallbackTypes.class.getDeclaredClasses())
                .map(type -> "v" + type.getSimpleName().substring(1))
                .sorted()
                .toList();
    }

    @Test
    void hasALineForEachTypeOfTheFacts() throws Exception {
        assertThat(rows()).extracting(List::getFirst).containsExactlyElementsOf(names());
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
                .hasSize(upcalls().size() + WITHOUT_CLOSURE.size());
    }

    @Test
    void everyTypeWithAClosureCarriesALambda() {
        List<String> closures =
                names().stream().filter(name -> !WITHOUT_CLOSURE.contains(name)).toList();
        assertThat(upcalls()).containsExactlyInAnyOrderElementsOf(closures);
    }

    /// The callback types a lambda gets through.
    private static Set<String> upcalls() {
        return Stream.of(
                        EventTable.rows().stream().map(EventTable.Row::upcall),
                        StreamCallbacks.upcalls().stream(),
                        JavaLoop.upcalls().stream(),
                        Stream.of(
                                ErrorCallback.upcall(),
                                ProcessLoop.upcall(),
                                FileReadiness.UPCALL,
                                Authentication.upcall(),
                                ConnectionCalls.CONNECT.closeUpcall(),
                                ConnectionCalls.ADM_CONNECT.closeUpcall()))
                .flatMap(upcalls -> upcalls)
                .map(Upcall::cName)
                .collect(Collectors.toSet());
    }
}
