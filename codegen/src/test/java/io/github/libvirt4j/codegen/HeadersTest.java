package io.github.libvirt4j.codegen;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.codegen.Fact.CallbackType;
import io.github.libvirt4j.codegen.Fact.Function;
import io.github.libvirt4j.codegen.Fact.Macro;
import io.github.libvirt4j.codegen.Fact.Struct;
import io.github.libvirt4j.codegen.Fact.Typedef;
import io.github.libvirt4j.codegen.Fact.Variable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Holds those facts against the C headers that leave no number in the generated sources;
/// [EmittedSourcesTest] has the others.
class HeadersTest {
    @TempDir
    private Path directory = Path.of("");

    private final CProgram program = new CProgram();

    private static Facts facts() throws IOException {
        return Facts.read(Path.of("..").resolve(Codegen.FACTS));
    }

    private void check(Fact fact, String condition) {
        program.check(fact.version(), fact.name(), condition);
    }

    /// Java has no unsigned numbers: the raw layer's Javadoc shows which are, and the table of types knows.
    @Test
    void haveTheSignsOfTheTableOfTypes() throws Exception {
        Facts facts = facts();
        int checked = 0;
        for (Fact fact : facts.of(Fact.class)) {
            for (Variable variable : variables(fact)) {
                CType type = variable.type().equals("union") ? CType.POINTER : CType.of(variable.type(), facts);
                // Of a plain char and of an enum it is the compiler's choice.
                boolean chosen = variable.type().equals("char")
                        || facts.typedef(variable.type())
                                .filter(typedef -> typedef.type().equals("enum"))
                                .isPresent();
                if (!type.equals(CType.POINTER) && !chosen) {
                    check(fact, "((" + variable.type() + ")-1 < 0) == " + (type.signed() ? 1 : 0));
                    checked++;
                }
            }
        }
        assertThat(checked).isGreaterThan(500);
        assertThat(program.compile(directory)).isEmpty();
    }

    private static List<Variable> variables(Fact fact) {
        return switch (fact) {
            case Function function -> function.arguments();
            case CallbackType callback -> callback.arguments();
            case Struct struct -> struct.fields();
            default -> List.of();
        };
    }

    @Test
    void haveTheMacrosThatAreNoConstants() throws Exception {
        List<Macro> macros = facts().of(Macro.class);
        for (Macro macro : macros) {
            if (macro.kind().equals("struct")) {
                check(macro, "__builtin_types_compatible_p(struct " + macro.name() + ", struct " + macro.value() + ")");
            } else if (macro.kind().equals("function")) {
                program.since(macro.version(), "#ifndef " + macro.name() + "\n#error " + macro.name() + "\n#endif");
            }
        }
        assertThat(macros).extracting(Macro::kind).contains("struct", "function");
        assertThat(program.compile(directory)).isEmpty();
    }

    @Test
    void haveTheTypesThatAreOtherNames() throws Exception {
        for (Typedef typedef : facts().of(Typedef.class)) {
            check(
                    typedef,
                    typedef.type().equals("enum")
                            ? "sizeof(" + typedef.name() + ") == 4"
                            : "__builtin_types_compatible_p(" + typedef.name() + ", " + typedef.type() + ")");
        }
        assertThat(program.compile(directory)).isEmpty();
    }

    @Test
    void wouldShowADifference() throws Exception {
        program.check("0.0.1", "unsigned", "((unsigned int)-1 < 0) == 1");
        assertThat(program.compile(directory)).contains("static assertion failed: \"unsigned\"");
    }

    @Test
    void areAskedOnlyForWhatTheyAreOldEnoughToHave() throws Exception {
        program.check("99.0.0", "newer", "virNoSuchThing == 1");
        assertThat(program.compile(directory)).isEmpty();
        program.check("9.0.0", "older", "virNoSuchThing == 1");
        assertThat(program.compile(directory)).contains("virNoSuchThing");
    }
}
