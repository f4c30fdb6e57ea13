package io.github.libvirt4j.codegen.emit;

import io.github.libvirt4j.codegen.CType;
import io.github.libvirt4j.codegen.Corrections;
import io.github.libvirt4j.codegen.Fact.Function;
import io.github.libvirt4j.codegen.Fact.Variable;
import io.github.libvirt4j.codegen.Facts;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// A class a header, a method a function, looked up when first called.
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
        String body = functions.stream()
                .filter(function -> !Corrections.LEFT_OUT.contains(function.name()))
                .map(function -> method(function, facts))
                .collect(Collectors.joining("\n"));
        String probe = Source.importIfUsed("StackProbe", body);
        String memory = Source.importIfUsed("CMemory", body);
        return Source.of(Source.RAW, className, """
                import io.github.libvirt4j.internal.c.CLibrary;
                %simport io.github.libvirt4j.internal.c.Downcall;
                %simport java.lang.foreign.MemorySegment;

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
                .map(argument -> ", " + argument(argument, facts))
                .collect(Collectors.joining());
        String call = Corrections.HOLD_MEMORY.contains(function.name())
                ? "Downcall.holding(function" + held(function, facts) + ")"
                : "Downcall.call(function" + arguments + ")";
        String body = switch (result) {
            case "void" -> call;
            case "MemorySegment" -> "return CMemory.pointer(" + call + ")";
            case "long" -> "return " + call;
            case "int" -> "return (int) " + call;
            default -> throw new IllegalStateException(function.name() + " gives a " + result);
        };
        return """
                    /// `%s`, libvirt %s.%s
                    public static %s %s(%s) {
                %s        MemorySegment function = %sPointer;
                        if (function == null) {
                            function = CLibrary.%s.function("%s", "%s");
                            %sPointer = function;
                        }
                        %s;
                    }

                    private static volatile MemorySegment %sPointer;
                """.formatted(
                Source.prototype(function.result(), function.name(), function.arguments()),
                function.version(),
                function.flags().isEmpty() ? "" : " Flags: " + function.flags().replace("|", ", ") + ".",
                result,
                function.name(),
                parameters,
                probe(function, facts),
                function.name(),
                function.library().toUpperCase(Locale.ROOT),
                function.name(),
                function.version(),
                function.name(),
                body,
                function.name());
    }

    /// The four arguments of `Downcall.holding`, of which the second stays a segment.
    private static String held(Function function, Facts facts) {
        List<Variable> given = function.arguments();
        String held = ", " + argument(given.get(0), facts) + ", "
                + Source.name(given.get(1).name());
        return IntStream.range(2, 4)
                .mapToObj(i -> i < given.size() ? argument(given.get(i), facts) : "0")
                .collect(Collectors.joining(", ", held + ", ", ""));
    }

    private static String argument(Variable argument, Facts facts) {
        String name = Source.name(argument.name());
        CType type = CType.of(argument.type(), facts);
        if (type.java().equals("double")) {
            throw new IllegalStateException(argument + " is a double, for which Downcall has no way");
        }
        return type.equals(CType.POINTER) ? "CMemory.address(" + name + ")" : name;
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
