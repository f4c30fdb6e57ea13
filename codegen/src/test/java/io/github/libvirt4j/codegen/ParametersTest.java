package io.github.libvirt4j.codegen;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.codegen.Fact.Macro;
import io.github.libvirt4j.codegen.Parameters.Parameter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParametersTest {
    @TempDir
    private Path directory;

    private Parameters parameters(String... lines) throws Exception {
        return Parameters.read(Files.write(directory.resolve("parameters.tsv"), List.of(lines)));
    }

    private static Facts facts(String... macros) {
        return new Facts(
                "1.0.0",
                Stream.of(macros)
                        .<Fact>map(name -> new Macro(name, "h", "0.1.0", "string", "x"))
                        .toList());
    }

    @Test
    void areCompleteAndRight() throws Exception {
        Path root = Path.of("..");
        Parameters parameters = Parameters.read(root.resolve(Codegen.PARAMETERS));
        assertThat(parameters.faults(Facts.read(root.resolve(Codegen.FACTS)))).isEmpty();
        assertThat(parameters.all()).filteredOn(Parameter::isKey).hasSize(450);
        assertThat(parameters.groups()).hasSize(26);
    }

    @Test
    void sayWhatIsWrong() throws Exception {
        Parameters parameters = parameters(
                "# a comment",
                "VIR_A_C\tA\tint\t",
                "VIR_A_C\tA\tint\t",
                "VIR_A_B\tA\tlong\ts",
                "VIR_A_D\tB\tint\t",
                "VIR_A_E\t\tnone\t",
                "VIR_A_F\tA\tnone\tbecause",
                "VIR_A_G_SUFFIX_X\tA\tint\t",
                "VIR_A_H\tA\tint\t");
        assertThat(parameters.faults(facts(
                        "VIR_A_B", "VIR_A_C", "VIR_A_D", "VIR_A_E", "VIR_A_F", "VIR_A_G_SUFFIX_X", "VIR_A_Z")))
                .containsExactly(
                        "VIR_A_C has two lines",
                        "VIR_A_B does not stand in its order",
                        "VIR_A_B has the type long",
                        "VIR_A_D does not begin with its group, B",
                        "VIR_A_E is no parameter: it needs a reason, and no group",
                        "VIR_A_F is no parameter: it needs a reason, and no group",
                        "VIR_A_G_SUFFIX_X has no prefix",
                        "VIR_A_H is no string",
                        "VIR_A_Z has no line");
    }

    private static List<List<String>> ways(Parameters parameters, String name) {
        Parameter parameter = parameters.all().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
        return parameters.ways(parameter).stream()
                .map(way -> way.stream().map(Parameter::name).toList())
                .toList();
    }

    @Test
    void beginWithTheirPrefixes() throws Exception {
        Parameters parameters = parameters(
                "VIR_A_B\tA\tint\t",
                "VIR_A_X_PREFIX\tA\tprefix\t",
                "VIR_A_X_SUFFIX_B\tA\tint\t",
                "VIR_A_X_SUFFIX_Y_ONE_PREFIX\tA\tprefix\t",
                "VIR_A_X_SUFFIX_Y_SUFFIX_C\tA\tint\t",
                "VIR_A_X_SUFFIX_Y_SUFFIX_Z_PREFIX\tA\tprefix\t",
                "VIR_A_X_SUFFIX_Y_SUFFIX_Z_SUFFIX_D\tA\tint\t",
                "VIR_A_X_SUFFIX_Y_TWO_PREFIX\tA\tprefix\t");
        assertThat(ways(parameters, "VIR_A_B")).containsExactly(List.of("VIR_A_B"));
        assertThat(ways(parameters, "VIR_A_X_SUFFIX_B"))
                .containsExactly(List.of("VIR_A_X_PREFIX", "VIR_A_X_SUFFIX_B"));
        assertThat(ways(parameters, "VIR_A_X_SUFFIX_Y_SUFFIX_C"))
                .containsExactly(
                        List.of("VIR_A_X_PREFIX", "VIR_A_X_SUFFIX_Y_ONE_PREFIX", "VIR_A_X_SUFFIX_Y_SUFFIX_C"),
                        List.of("VIR_A_X_PREFIX", "VIR_A_X_SUFFIX_Y_TWO_PREFIX", "VIR_A_X_SUFFIX_Y_SUFFIX_C"));
        assertThat(ways(parameters, "VIR_A_X_SUFFIX_Y_SUFFIX_Z_SUFFIX_D"))
                .hasSize(2)
                .contains(List.of(
                        "VIR_A_X_PREFIX",
                        "VIR_A_X_SUFFIX_Y_TWO_PREFIX",
                        "VIR_A_X_SUFFIX_Y_SUFFIX_Z_PREFIX",
                        "VIR_A_X_SUFFIX_Y_SUFFIX_Z_SUFFIX_D"));
    }

    @Test
    void areNamedBehindTheirGroup() {
        assertThat(new Parameter("VIR_DOMAIN_IOTHREAD_POLL_GROW", "DomainIoThread", "uint", "").bare())
                .isEqualTo("POLL_GROW");
        assertThat(new Parameter("VIR_DOMAIN_IOTHREADS_X", "DomainIoThread", "uint", "").bare())
                .isEqualTo("VIR_DOMAIN_IOTHREADS_X");
    }
}
