package io.github.libvirt4j.codegen.emit;

import io.github.libvirt4j.codegen.CType;
import io.github.libvirt4j.codegen.Fact.CallbackType;
import io.github.libvirt4j.codegen.Facts;
import java.util.stream.Collectors;

/// The callback types: for each an interface with C's signature, its description, made when asked for, and the
/// method that C's calls enter.
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
        String arguments = callback.arguments().stream()
                .map(argument -> Source.name(argument.name()))
                .collect(Collectors.joining(", "));
        String result = primitive(callback.result(), facts);
        boolean returns = !result.equals("void");
        return """
                    /// `%s`, libvirt %s.
                    @FunctionalInterface
                    public interface %s {
                        /// From C.
                        %s call(%s);

                        /// Describes this type to the core.
                        static CallbackType<%s> type() {
                            return new CallbackType<>("%s", %s.class, %s);
                        }

                        /// The entry of the border: contains what the target throws.
                        static %s fromC(Upcall border, %s target, %s) {
                            try {
                                Upcall.pass();
                                %starget.call(%s);
                            } catch (Throwable t) {
                                %sborder.caught(t);
                            }
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
                        name,
                        Source.descriptor(callback.result(), callback.arguments(), facts),
                        result,
                        name,
                        parameters,
                        returns ? "return " : "",
                        arguments,
                        returns ? "return (" + result + ") " : "");
    }

    private static String primitive(String c, Facts facts) {
        CType type = CType.of(c, facts);
        return type.equals(CType.POINTER) ? "long" : type.java();
    }
}
