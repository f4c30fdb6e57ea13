package io.github.libvirt4j.codegen;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.codegen.Fact.CallbackType;
import io.github.libvirt4j.codegen.Fact.Constant;
import io.github.libvirt4j.codegen.Fact.Function;
import io.github.libvirt4j.codegen.Fact.Macro;
import io.github.libvirt4j.codegen.Fact.Struct;
import io.github.libvirt4j.codegen.Fact.Variable;
import io.github.libvirt4j.codegen.StructLayout.Field;
import io.github.libvirt4j.codegen.emit.StructEmitter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Holds what is generated against the C headers of this machine: a C compiler checks a program of assertions. What is
/// newer than the headers is passed over. `-Dlibvirt4j.headers=DIRECTORY` takes others.
class HeadersTest {
    @TempDir
    private Path directory = Path.of("");

    private final StringBuilder program = new StringBuilder();

    private static Facts facts() throws IOException {
        return Facts.read(Path.of("..").resolve(Codegen.FACTS));
    }

    private void since(Fact fact, String assertion) {
        int[] version = java.util.Arrays.stream(fact.version().split("\\.", -1))
                .mapToInt(Integer::parseInt)
                .toArray();
        program.append("#if LIBVIR_VERSION_NUMBER >= ")
                .append(version[0] * 1_000_000 + version[1] * 1_000 + version[2])
                .append('\n')
                .append(assertion)
                .append("\n#endif\n");
    }

    private void check(Fact fact, String condition) {
        since(fact, "_Static_assert(" + condition + ", \"" + fact.name() + "\");");
    }

    /// What the compiler says: nothing, if all assertions hold.
    private String compile() throws IOException, InterruptedException {
        Path file = directory.resolve("facts.c");
        Files.writeString(file, """
                #include <stddef.h>
                #include <libvirt/libvirt.h>
                #include <libvirt/virterror.h>
                #include <libvirt/libvirt-admin.h>
                #include <libvirt/libvirt-lxc.h>
                #include <libvirt/libvirt-qemu.h>
                """ + program);
        String headers = Objects.requireNonNullElse(System.getProperty("libvirt4j.headers"), "/usr/include");
        Process process = new ProcessBuilder(
                        "cc",
                        "-std=gnu11",
                        "-Wall",
                        "-Werror",
                        "-Wno-deprecated-declarations",
                        "-fsyntax-only",
                        "-I",
                        headers,
                        file.toString())
                .redirectErrorStream(true)
                .start();
        String words = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() == 0 ? "" : words;
    }

    @Test
    void haveTheLayoutsThatAreGenerated() throws Exception {
        Facts facts = facts();
        List<Struct> structs = StructEmitter.shown(facts).toList();
        assertThat(structs).hasSizeGreaterThan(25);
        for (Struct struct : structs) {
            StructLayout layout = StructLayout.of(struct, facts);
            check(struct, "sizeof(" + struct.name() + ") == " + layout.size());
            for (Field field : layout.fields()) {
                check(struct, "offsetof(" + struct.name() + ", " + field.path() + ") == " + field.offset());
                check(struct, "sizeof(((" + struct.name() + " *)0)->" + field.path() + ") == " + field.size());
            }
        }
        assertThat(compile()).isEmpty();
    }

    @Test
    void haveTheConstantsThatAreGenerated() throws Exception {
        for (Constant constant : facts().of(Constant.class)) {
            // The number of values grows with each release; it is not generated.
            if (!Corrections.isSentinel(constant.name())) {
                check(constant, constant.name() + " == " + constant.value() + "LL");
            }
        }
        assertThat(compile()).isEmpty();
    }

    @Test
    void haveTheMacrosThatAreGenerated() throws Exception {
        for (Macro macro : facts().of(Macro.class)) {
            // The version is that of the headers.
            if (macro.name().equals("LIBVIR_VERSION_NUMBER")) {
                continue;
            }
            switch (macro.kind()) {
                case "number" -> check(macro, macro.name() + " == " + macro.value() + "LL");
                case "string" -> check(macro, "__builtin_strcmp(" + macro.name() + ", \"" + macro.value() + "\") == 0");
                case "struct" ->
                    check(
                            macro,
                            "__builtin_types_compatible_p(struct " + macro.name() + ", struct " + macro.value() + ")");
                default -> since(macro, "#ifndef " + macro.name() + "\n#error " + macro.name() + "\n#endif");
            }
        }
        assertThat(compile()).isEmpty();
    }

    @Test
    void haveTheSignaturesThatAreGenerated() throws Exception {
        Facts facts = facts();
        for (Function function : facts.of(Function.class)) {
            check(
                    function,
                    "__builtin_types_compatible_p(__typeof__(" + function.name() + "), "
                            + signature(function.result(), function.arguments()) + ")");
        }
        for (CallbackType callback : facts.of(CallbackType.class)) {
            check(
                    callback,
                    "__builtin_types_compatible_p(__typeof__(*(" + callback.name() + ")0), "
                            + signature(callback.result(), callback.arguments()) + ")");
        }
        assertThat(compile()).isEmpty();
    }

    /// Every C type that crosses has the size, and the sign, of the Java type it is taken for.
    @Test
    void haveTypesThatAreTakenForTheRightOnesInJava() throws Exception {
        Facts facts = facts();
        for (Function function : facts.of(Function.class)) {
            for (Variable argument : function.arguments()) {
                CType type = CType.of(argument.type(), facts);
                check(function, "sizeof(" + argument.type() + ") == " + type.size());
                if (type.equals(CType.POINTER)) {
                    check(function, "__builtin_classify_type((" + argument.type() + ")0) == 5");
                } else if (!type.java().equals("double")
                        && facts.typedef(argument.type())
                                .filter(typedef -> typedef.type().equals("enum"))
                                .isEmpty()) {
                    check(function, "((" + argument.type() + ")-1 < 0) == " + (type.signed() ? 1 : 0));
                }
            }
        }
        assertThat(compile()).isEmpty();
    }

    @Test
    void wouldShowADifference() throws Exception {
        Struct info = facts().of(Struct.class).stream()
                .filter(struct -> struct.name().equals("virDomainInfo"))
                .findFirst()
                .orElseThrow();
        check(info, "offsetof(virDomainInfo, memory) == 12");
        assertThat(compile()).contains("static assertion failed: \"virDomainInfo\"");
    }

    private static String signature(String result, List<Variable> arguments) {
        return result
                + (arguments.isEmpty()
                        ? " (void)"
                        : arguments.stream().map(Variable::type).collect(Collectors.joining(", ", " (", ")")));
    }
}
