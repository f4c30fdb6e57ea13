package io.github.libvirt4j.codegen.emit;

import io.github.libvirt4j.codegen.Fact.Macro;
import io.github.libvirt4j.codegen.Facts;
import io.github.libvirt4j.codegen.Parameters;
import io.github.libvirt4j.codegen.Parameters.Parameter;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// The macros that are strings or numbers, as constants of one class. What is of typed parameters is
/// elsewhere: their names with [KeyEmitter], and the length of a name is the library's own affair.
public final class ConstantEmitter {
    private ConstantEmitter() {}

    /// The macros that are in it.
    public static List<Macro> macros(Facts facts, Parameters parameters) {
        Set<String> none = parameters.all().stream()
                .filter(parameter -> parameter.type().equals("none"))
                .map(Parameter::name)
                .collect(Collectors.toSet());
        return facts.of(Macro.class).stream()
                .filter(macro -> macro.kind().equals("string")
                        ? none.contains(macro.name())
                        : macro.kind().equals("number") && !macro.name().endsWith("_FIELD_LENGTH"))
                .toList();
    }

    /// The class.
    public static Source emit(Facts facts, Parameters parameters) {
        String constants = macros(facts, parameters).stream()
                .map(macro -> """
                            /// `%s`, libvirt %s.
                            public static final %s;
                        """.formatted(macro.name(), macro.version(), declaration(macro)))
                .collect(Collectors.joining("\n"));
        return Source.of(Source.TYPES, "Constants", """
                /// libvirt's macros, except the names of typed parameters, which the classes `…Keys` have.
                /// Named as in C, without `VIR_`.
                public final class Constants {
                    private Constants() {}

                %s}
                """.formatted(constants));
    }

    private static String declaration(Macro macro) {
        String name = macro.name().replaceFirst("^VIR_", "");
        if (macro.kind().equals("string")) {
            return "String " + name + " = \""
                    + macro.value().replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
        }
        long value = Long.parseLong(macro.value());
        return (int) value == value ? "int " + name + " = " + value : "long " + name + " = " + value + "L";
    }
}
