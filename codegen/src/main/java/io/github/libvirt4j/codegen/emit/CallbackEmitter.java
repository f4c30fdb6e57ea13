package io.github.libvirt4j.codegen.emit;

import io.github.libvirt4j.codegen.Fact.CallbackType;
import io.github.libvirt4j.codegen.Facts;
import java.util.stream.Collectors;

/// The descriptors of all callback types, made when asked for.
public final class CallbackEmitter {
    private CallbackEmitter() {}

    /// The class.
    public static Source emit(Facts facts) {
        String methods = facts.of(CallbackType.class).stream()
                .map(callback -> """
                            /// `%s`, libvirt %s.
                            public static FunctionDescriptor %s() {
                                return %s;
                            }
                        """.formatted(
                                Source.prototype(callback.result(), callback.name(), callback.arguments()),
                                callback.version(),
                                callback.name(),
                                Source.descriptor(callback.result(), callback.arguments(), facts)))
                .collect(Collectors.joining("\n"));
        String names = facts.of(CallbackType.class).stream()
                .map(callback -> "            " + callback.name())
                .collect(Collectors.joining("\n"));
        String cases = facts.of(CallbackType.class).stream()
                .map(callback -> "            case \"%1$s\" -> %1$s();".formatted(callback.name()))
                .collect(Collectors.joining("\n"));
        return Source.of(
                Source.RAW, "CallbackTypes", Source.layoutImports(methods) + """

                import java.lang.foreign.FunctionDescriptor;
                import java.util.List;

                /// The C signature of each callback type.
                public final class CallbackTypes {
                    private static final String NAMES = \"""
                %s
                            \""";

                    private CallbackTypes() {}

                    /// The names of all of them.
                    public static List<String> names() {
                        return NAMES.lines().toList();
                    }

                    /// The signature of the one with that name.
                    public static FunctionDescriptor of(String name) {
                        return switch (name) {
                %s
                            default -> throw new IllegalArgumentException("No callback type is called " + name);
                        };
                    }

                %s}
                """.formatted(names, cases, methods));
    }
}
