package io.github.libvirt4j.codegen;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.codegen.Fact.Constant;
import io.github.libvirt4j.codegen.Fact.Function;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PairsTest {
    private static final Path FACTS = Path.of("..").resolve(Codegen.FACTS);
    private static final Pattern FLAG = Pattern.compile("VIR_\\w+");

    private static List<List<String>> pairs() throws IOException {
        return Files.readAllLines(FACTS.resolveSibling("pairs.tsv")).stream()
                .filter(line -> !line.startsWith("#"))
                .map(line -> List.of(line.split("\t", -1)))
                .toList();
    }

    private static Set<String> functions() throws IOException {
        return Facts.read(FACTS).of(Function.class).stream().map(Function::name).collect(Collectors.toSet());
    }

    @Test
    void areSortedAndOfFunctionsAndConstantsThatExist() throws Exception {
        Set<String> constants = Facts.read(FACTS).of(Constant.class).stream()
                .map(Constant::name)
                .collect(Collectors.toSet());
        assertThat(pairs()).extracting(pair -> pair.getFirst()).isSorted();
        for (List<String> pair : pairs()) {
            assertThat(pair).hasSize(6);
            assertThat(functions()).contains(pair.get(0), pair.get(1));
            assertThat(pair.get(2)).as(pair.getFirst()).isIn("same", "different");
            assertThat(constants)
                    .containsAll(FLAG.matcher(pair.get(3))
                            .results()
                            .map(MatchResult::group)
                            .toList());
        }
    }

    @Test
    void sayHowTheOneIsTheOtherOrWhyItIsNot() throws Exception {
        for (List<String> pair : pairs()) {
            assertThat(pair.get(pair.get(2).equals("same") ? 3 : 5))
                    .as(pair.getFirst())
                    .isNotEmpty();
        }
    }

    /// No function ending in `Flags` stands beside one without and is not decided upon.
    @Test
    void areDecidedForEveryFunctionWithATwinThatTakesFlags() throws Exception {
        Set<String> functions = functions();
        List<String> decided =
                pairs().stream().map(pair -> pair.get(0) + " " + pair.get(1)).toList();
        for (String function : functions) {
            for (String end : List.of("Flags", "WithFlags")) {
                if (functions.contains(function + end)) {
                    assertThat(decided).contains(function + " " + function + end);
                }
            }
        }
    }
}
