package io.github.libvirt4j.codegen;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.codegen.Fact.Function;
import io.github.libvirt4j.codegen.Places.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlacesTest {
    @TempDir
    private Path directory;

    private Places places(String... lines) throws Exception {
        return Places.read(Files.write(directory.resolve("java.tsv"), List.of(lines)));
    }

    private static Facts facts(String... functions) {
        return new Facts(
                "1.0.0",
                Stream.of(functions)
                        .<Fact>map(name -> new Function(name, "h", "0.1.0", "libvirt", "int", List.of(), ""))
                        .toList());
    }

    @Test
    void knowTheirKind() throws Exception {
        Places places = places(
                "# a comment", "virA\tA.every, A.after\t", "virC\t\tsaid by A.every", "virD\t\treference counting");
        assertThat(places.all()).extracting(Places.Place::kind).containsExactly(Kind.OWN, Kind.SAID, Kind.INSIDE);
        assertThat(places.all().getFirst().members()).containsExactly("A.every", "A.after");
        assertThat(places.faults(facts("virA", "virC", "virD"))).isEmpty();
    }

    @Test
    void sayWhatIsWrong() throws Exception {
        assertThat(places("virC\tC.x\t", "virC\tC.x\t", "virB\tB.x\tnot yet", "virD\t\t", "virE\tE.x\t")
                        .faults(facts("virA", "virB", "virC", "virD")))
                .containsExactly(
                        "virC has two lines",
                        "virB does not stand in its order",
                        "virB has a member and the remark 'not yet'",
                        "virD has neither a member nor a remark",
                        "virE is no function",
                        "virA has no line");
    }
}
