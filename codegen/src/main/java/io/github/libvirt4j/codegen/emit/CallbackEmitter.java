package io.github.libvirt4j.codegen.emit;

import io.github.libvirt4j.codegen.CType;
import io.github.libvirt4j.codegen.Fact.CallbackType;
import io.github.libvirt4j.codegen.Fact.Variable;
import io.github.libvirt4j.codegen.Facts;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The callback types: for each an interface with C's signature, its description, made when asked for, and the
/// method that makes arguments of the numbers C passes.
public final class CallbackEmitter {
    private CallbackEmitter() {}

    /// The class.
    public static Source emit(Facts facts) {
        String types = facts.of(CallbackType.class).stream()
                .map(callback -> type(callback, facts))
                .collect(Collectors.joining("\n"));
        return Source.of(Source.RAW, "CallbackTypes", Source.layoutImports(types) + """

                import io.github.libvirt4j.internal.callback.CallbackType;
                import io.github.libvirt4j.internal.callback.Upcall;
                import java.lang.foreign.FunctionDescriptor;

                /// The callback types of C, each as an interface for what C calls, with a `long` for each
                /// pointer.
                public final class CallbackTypes {
                    private CallbackTypes() {}

                %s}
                """.formatted(types));
    }

    private static String type(CallbackType callback, Facts facts) {
        String name = Source.className(callback.name());
        String parameters = callback.arguments().stream()
                .map(argument -> primitive(argument.type(), facts) + " " + Source.name(argument.name()))
                .collect(Collectors.joining(", "));
        String arguments = IntStream.range(0, callback.arguments().size())
                .mapToObj(i -> number(i, callback.arguments().get(i), facts))
                .collect(Collectors.joining(", "));
        String result = primitive(callback.result(), facts);
        String call = "call(" + arguments + ");";
        return """
                    /// `%s`, libvirt %s.
                    @FunctionalInterface
                    public interface %s extends Upcall.Target {
                        /// From C.
                        %s call(%s);

                        /// Describes this type to the core.
                        static CallbackType<%s> type() {
                            return new CallbackType<>("%s", %s);
                        }

                        @Override
                        default long fromC(long a, long b, long c, long d, long e, long f, long g, long h) {
                            %s
                        }
                    }
                """.formatted(
                        Source.prototype(callback.result(), callback.name(), callback.arguments()),
                        callback.version(),
                        name,
                        result,
                        parameters,
                        name,
                        callback.name(),
                        Source.descriptor(callback.result(), callback.arguments(), facts),
                        result.equals("void") ? call + "\n            return 0;" : "return " + call);
    }

    /// The i-th of the numbers that C passes.
    private static String number(int i, Variable argument, Facts facts) {
        String type = primitive(argument.type(), facts);
        if (!List.of("int", "long").contains(type)) {
            throw new IllegalStateException(argument + " is neither an int nor a long");
        }
        return (type.equals("long") ? "" : "(" + type + ") ") + "abcdefgh".charAt(i);
    }

    private static String primitive(String c, Facts facts) {
        CType type = CType.of(c, facts);
        return type.equals(CType.POINTER) ? "long" : type.java();
    }
}
