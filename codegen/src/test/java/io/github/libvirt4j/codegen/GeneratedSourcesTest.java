package io.github.libvirt4j.codegen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libvirt4j.codegen.Fact.CallbackType;
import io.github.libvirt4j.codegen.Fact.Constant;
import io.github.libvirt4j.codegen.Fact.Function;
import io.github.libvirt4j.codegen.Fact.Struct;
import io.github.libvirt4j.codegen.emit.LibvirtJavaEmitter;
import io.github.libvirt4j.codegen.emit.PageEmitter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class GeneratedSourcesTest {
    private static final Path ROOT = Path.of("..");

    private static Facts facts() throws IOException {
        return Facts.read(ROOT.resolve(Codegen.FACTS));
    }

    @Test
    void areWhatTheFactsSay() throws Exception {
        SortedMap<String, String> expected =
                Generator.generate(facts(), Parameters.read(ROOT.resolve(Codegen.PARAMETERS)));
        SortedMap<String, String> committed = Generator.read(ROOT.resolve(Codegen.SOURCES));
        assertThat(committed.keySet())
                .as("files; codegen/update --sources makes them")
                .containsExactlyElementsOf(expected.keySet());
        Map<String, String> different = new TreeMap<>(expected);
        different.entrySet().removeIf(source -> source.getValue().equals(committed.get(source.getKey())));
        assertThat(different.keySet()).as("files that differ").isEmpty();
    }

    @Test
    void includeThePageOfAllFunctions() throws Exception {
        Places places = Places.read(ROOT.resolve(Codegen.PLACES));
        assertThat(places.faults(facts())).isEmpty();
        assertThat(Files.readString(ROOT.resolve(Codegen.PAGE)))
                .as("codegen/update --sources makes it")
                .isEqualTo(PageEmitter.emit(facts(), places));
    }

    @Test
    void includeThePageForUsersOfLibvirtJava() throws Exception {
        Places places = Places.read(ROOT.resolve(Codegen.PLACES));
        LibvirtJava table = LibvirtJava.read(ROOT.resolve(Codegen.LIBVIRT_JAVA));
        assertThat(table.faults(places)).isEmpty();
        assertThat(Files.readString(ROOT.resolve(Codegen.LIBVIRT_JAVA_PAGE)))
                .as("codegen/update --sources makes it")
                .isEqualTo(LibvirtJavaEmitter.emit(table, places));
    }

    @Test
    void areOfAllTheFactsOfTheRelease() throws Exception {
        Facts facts = facts();
        assertThat(facts.release()).isEqualTo("12.8.0");
        assertThat(facts.of(Function.class).stream()
                        .collect(Collectors.groupingBy(Function::library, Collectors.counting())))
                .isEqualTo(Map.of("libvirt", 525L, "qemu", 6L, "lxc", 4L, "admin", 33L));
        assertThat(facts.of(CallbackType.class)).hasSize(55 + 1 + 1);
        assertThat(facts.of(Struct.class)).hasSize(47 + 3);
        assertThat(facts.of(Constant.class)).hasSize(1080 + 9 + 5);
    }

    @Test
    void comeFromFactsThatReadAsTheyWereWritten() throws Exception {
        assertThat(facts().text()).isEqualTo(Files.readString(ROOT.resolve(Codegen.FACTS)));
    }

    /// Each argument named `flags` has a decision: its enumerations, which exist, or `none`.
    @Test
    void knowWhichFlagsEachFunctionTakes() throws Exception {
        Facts facts = facts();
        for (Function function : facts.of(Function.class)) {
            long arguments = function.arguments().stream()
                    .filter(argument -> argument.name().equals("flags"))
                    .count();
            assertThat(function.flags().isEmpty()).as(function.name()).isEqualTo(arguments == 0);
            for (String enumeration : function.flags().split("[|,]", -1)) {
                if (!enumeration.isEmpty() && !enumeration.equals("none")) {
                    assertThat(facts.typedef(enumeration)).as(function.name()).isPresent();
                }
            }
        }
    }

    @Test
    void areNotReplacedByThoseOfAnRefusal() {
        Facts older = new Facts("9.10.0", List.of());
        Facts newer = new Facts("12.8.0", List.of());
        assertThat(Codegen.newer(newer, older)).isSameAs(newer);
        assertThat(Codegen.newer(newer, newer)).isSameAs(newer);
        assertThatThrownBy(() -> Codegen.newer(older, newer))
                .isInstanceOf(Codegen.Refusal.class)
                .hasMessageContaining("9.10.0");
    }
}
