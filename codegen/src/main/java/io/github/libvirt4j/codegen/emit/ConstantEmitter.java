package io.github.libvirt4j.codegen.emit;

import io.github.libvirt4j.codegen.Fact.Macro;
import io.github.libvirt4j.codegen.Facts;
import java.util.stream.Collectors;

/// The macros that are strings or numbers, as constants of one class.
public final class ConstantEmitter {
    private ConstantEmitter() {}

    /// The class.
    public static Source emit(Facts facts) {
        String constants = facts.of(Macro.class).stream()
                .filter(macro -> macro.kind().equals("string") || macro.kind().equals("number"))
                .map(macro -> """
                            /// `%s`, libvirt %s.
                            public static final %s;
                        """.formatted(macro.name(), macro.version(), declaration(macro)))
                .collect(Collectors.joining("\n"));
        return Source.of(Source.TYPES, "Constants", """
                /// libvirt's macros: the names of typed parameters, mostly. Named as in C, without `VIR_`.
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
