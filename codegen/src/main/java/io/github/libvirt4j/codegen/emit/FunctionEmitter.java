package io.github.libvirt4j.codegen.emit;

import io.github.libvirt4j.codegen.CType;
import io.github.libvirt4j.codegen.Corrections;
import io.github.libvirt4j.codegen.Fact.Function;
import io.github.libvirt4j.codegen.Facts;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A class a header, a method a function, linked when first called.
///
/// The handle is a constant of a class of its own, which compilers see through. It is made before that class
/// is initialised: an initialiser that fails, because the stack or the heap is full, would break its function
/// for good.
public final class FunctionEmitter {
    private FunctionEmitter() {}

    /// The classes of all headers, and the inventory of all functions.
    public static Stream<Source> emit(Facts facts) {
        Map<String, List<Function>> headers = facts.of(Function.class).stream()
                .collect(Collectors.groupingBy(Function::file, TreeMap::new, Collectors.toList()));
        return Stream.concat(
                headers.entrySet().stream().map(header -> header(header.getKey(), header.getValue(), facts)),
                Stream.of(inventory(facts)));
    }

    private static Source header(String file, List<Function> functions, Facts facts) {
        String className = Source.className(file);
        String body =
                functions.stream().map(function -> method(function, facts)).collect(Collectors.joining("\n"));
        String probe = body.contains("StackProbe.") ? "import io.github.libvirt4j.internal.c.StackProbe;\n" : "";
        String memory = body.contains("CMemory.") ? "import io.github.libvirt4j.internal.c.CMemory;\n" : "";
        return Source.of(
                Source.RAW,
                className,
                Source.layoutImports(body) + """

                import io.github.libvirt4j.internal.c.CLibrary;
                %s%simport java.lang.foreign.FunctionDescriptor;
                import java.lang.foreign.MemorySegment;
                import java.lang.invoke.MethodHandle;

                /// The functions of `%s.h`, named and typed as in C.
                public final class %s {
                    private %s() {}

                %s}
                """.formatted(memory, probe, file, className, className, body));
    }

    private static String method(Function function, Facts facts) {
        String result = CType.of(function.result(), facts).java();
        String parameters = function.arguments().stream()
                .map(argument -> CType.of(argument.type(), facts).java() + " " + Source.name(argument.name()))
                .collect(Collectors.joining(", "));
        String arguments = function.arguments().stream()
                .map(argument -> Source.name(argument.name()))
                .collect(Collectors.joining(", "));
        boolean givesPointer = result.equals("MemorySegment");
        String call = "%s.HANDLE.invokeExact(%s);".formatted(function.name(), arguments);
        // A pointer comes as a number: the VM would lose one for which it has no object.
        String body = givesPointer
                ? "given = (long) " + call
                : result.equals("void") ? call : "return (" + result + ") " + call;
        return """
                    /// `%s`, libvirt %s.%s
                    public static %s %s(%s) {
                %s        if (%sLinked == null) {
                            %sLinked = CLibrary.%s.link("%s", "%s", %s);
                        }
                %s        try {
                            %s
                        } catch (Throwable t) {
                            throw CLibrary.unexpected(t);
                        }
                %s    }

                    private static volatile MethodHandle %sLinked;

                    private static final class %s {
                        static final MethodHandle HANDLE = %sLinked;
                    }
                """.formatted(
                Source.prototype(function.result(), function.name(), function.arguments()),
                function.version(),
                function.flags().isEmpty() ? "" : " Flags: " + function.flags().replace("|", ", ") + ".",
                result,
                function.name(),
                parameters,
                probe(function, facts),
                function.name(),
                function.name(),
                function.library().toUpperCase(Locale.ROOT),
                function.name(),
                function.version(),
                Source.descriptor(function.result(), function.arguments(), facts),
                givesPointer ? "        long given;\n" : "",
                body,
                givesPointer ? "        return CMemory.pointer(given);\n" : "",
                function.name(),
                function.name(),
                function.name());
    }

    private static String probe(Function function, Facts facts) {
        if (Corrections.NEVER_PROBED.contains(function.name())
                || function.name().matches(Corrections.ONLY_FREES)) {
            return "";
        }
        boolean canCallBack = function.name().matches(Corrections.CAN_CALL_BACK)
                || function.arguments().stream().anyMatch(argument -> facts.isCallback(argument.type()));
        return canCallBack ? "        StackProbe.always();\n" : "        StackProbe.whenArmed();\n";
    }

    private static Source inventory(Facts facts) {
        String lines = facts.of(Function.class).stream()
                .map(function -> "            " + function.name() + " "
                        + function.library().toUpperCase(Locale.ROOT) + " " + function.version())
                .collect(Collectors.joining("\n"));
        return Source.of(Source.RAW, "Functions", """
                import io.github.libvirt4j.internal.c.CLibrary;
                import java.util.List;

                /// All functions libvirt has, in the release this was generated from.
                public final class Functions {
                    /// That release.
                    public static final String RELEASE = "%s";

                    private static final String ALL = \"""
                %s
                            \""";

                    private Functions() {}

                    /// A function.
                    ///
                    /// @param name its C name
                    /// @param library the library that has it
                    /// @param since the version that brought it
                    public record CFunction(String name, CLibrary library, String since) {}

                    /// All of them, by name.
                    public static List<CFunction> all() {
                        return ALL.lines()
                                .map(line -> line.split(" ", 3))
                                .map(part -> new CFunction(part[0], CLibrary.valueOf(part[1]), part[2]))
                                .toList();
                    }
                }
                """.formatted(facts.release(), lines));
    }
}
