package io.github.libvirt4j.codegen;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.codegen.Fact.Constant;
import io.github.libvirt4j.codegen.Parameters.Parameter;
import io.github.libvirt4j.codegen.emit.ConstantEmitter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Holds the committed Java itself against the C headers: every number, layout and prototype in it is read
/// back from the source text, so that a mistake of an emitter shows as well as one in the facts.
class EmittedSourcesTest {
    private static final String RAW = "io/github/libvirt4j/internal/raw/";
    private static final String TYPES = "io/github/libvirt4j/types/";

    private static final Pattern FUNCTION = Pattern.compile(
            "/// `(.+)`, libvirt ([\\d.]+)\\.(?: Flags: .*)?\n {4}public static (\\w+) (vir\\w+)\\((.*)\\) \\{\n"
                    + "[^}]*CLibrary\\.\\w+\\.function\\(\"(vir\\w+)\", \"([\\d.]+)\"\\);\n[^}]*}\n +(.*);\n {4}}");
    private static final Pattern CALLBACK = Pattern.compile(
            "/// `(.+)`, libvirt ([\\d.]+)\\.\\n {4}@FunctionalInterface\\n {4}public interface \\w+ [^}]*"
                    + "return new CallbackType<>\\(\"(vir\\w+)\", FunctionDescriptor\\.(of|ofVoid)\\((.*)\\)\\);\n"
                    + " {8}}\n\n {8}@Override\n {8}default long fromC\\(.*\\) \\{\n +((?:return )?)call\\((.*)\\);");
    private static final Pattern STRUCT =
            Pattern.compile("/// `(vir\\w+)` of `[\\w-]+\\.h`, libvirt ([\\d.]+)\\.\npublic final class");
    private static final Pattern SIZE = Pattern.compile("public static final long SIZE = (\\d+);");
    private static final Pattern OFFSET =
            Pattern.compile("/// Where `([\\w.]+)` begins\\.\n {4}public static final long (\\w+) = (\\d+);");
    private static final Pattern GETTER =
            Pattern.compile("return (?:struct\\.get\\((\\w+)|CMemory\\.pointer\\(struct), (\\w+)\\);");
    private static final Pattern SLICE = Pattern.compile("return struct\\.asSlice\\((\\w+), (\\d+)\\);");
    private static final Pattern CONSTANT =
            Pattern.compile("/// `(VIR_\\w+)`, libvirt ([\\d.]+)\\.\n {4}\\w+\\((-?\\w+)\\)[,;]");
    private static final Pattern MACRO = Pattern.compile(
            "/// `(\\w+)`, libvirt ([\\d.]+)\\.\n {4}public static final (String|int|long) \\w+ = (.+);");
    /// A key: the macros that its name is made of, and the code that makes it.
    private static final Pattern KEY = Pattern.compile(
            "/// `.+`.*, libvirt ([\\d.]+)\\.\n {4}/// C: ((?:.*,\n {4}/// )*.*)\\.\n {4}public static .*"
                    + "(?:\\{\n +return|=) ParameterKey\\.\\w+\\((.+)\\);");
    private static final Pattern NAME = Pattern.compile("`(\\w+)`");
    private static final Pattern LITERAL = Pattern.compile("\"([^\"]*)\"");

    @TempDir
    private Path directory = Path.of("");

    private final CProgram program = new CProgram();

    /// For each C type and the layout it is taken for, the oldest version that has something of it.
    private final Map<List<String>, String> carriers = new HashMap<>();

    private static Facts facts() throws IOException {
        return Facts.read(Path.of("..").resolve(Codegen.FACTS));
    }

    private static Parameters parameters() throws IOException {
        return Parameters.read(Path.of("..").resolve(Codegen.PARAMETERS));
    }

    private static List<String> sources(String folder) throws IOException {
        return Generator.read(Path.of("..").resolve(Codegen.SOURCES)).entrySet().stream()
                .filter(source -> source.getKey().startsWith(folder))
                .map(Map.Entry::getValue)
                .toList();
    }

    /// A place that fits a pattern.
    private record Place(List<String> groups) {
        String group(int number) {
            return groups.get(number);
        }
    }

    private static Stream<Place> found(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(place -> new Place(IntStream.rangeClosed(0, place.groupCount())
                        .mapToObj(number -> Objects.requireNonNullElse(place.group(number), ""))
                        .toList()));
    }

    /// Declares each function once more as its Javadoc does: C refuses that if a type differs.
    private int functions() throws IOException {
        int count = 0;
        for (String source : sources(RAW)) {
            for (Place function : found(FUNCTION, source).toList()) {
                String name = function.group(4);
                assertThat(function.group(6)).isEqualTo(name);
                assertThat(function.group(7)).as(name).isEqualTo(function.group(2));
                List<String[]> parameters = function.group(5).isEmpty()
                        ? List.of()
                        : Arrays.stream(function.group(5).split(", ", -1))
                                .map(parameter -> parameter.split(" ", 2))
                                .toList();
                // C's function gets them all, in this order, and eight at most.
                assertThat(parameters.size()).as(name).isLessThanOrEqualTo(8);
                List<String> given = new ArrayList<>(List.of("function"));
                for (String[] parameter : parameters) {
                    boolean isPointer = parameter[0].equals("MemorySegment");
                    given.add(isPointer ? "CMemory.address(" + parameter[1] + ")" : parameter[1]);
                }
                boolean holds = Corrections.HOLD_MEMORY.contains(name);
                if (holds) {
                    given.set(2, parameters.get(1)[1]);
                    given.addAll(Collections.nCopies(5 - given.size(), "0"));
                }
                String call = "Downcall." + (holds ? "holding(" : "call(") + String.join(", ", given) + ")";
                assertThat(function.group(8))
                        .as(name)
                        .isEqualTo(
                                switch (function.group(3)) {
                                    case "void" -> call;
                                    case "int" -> "return (int) " + call;
                                    case "long" -> "return " + call;
                                    default -> "return CMemory.pointer(" + call + ")";
                                });
                program.since(function.group(2), function.group(1) + ";");
                Stream<String> result =
                        function.group(3).equals("void") ? Stream.empty() : Stream.of(layout(function.group(3)));
                carry(
                        function.group(1),
                        name,
                        function.group(2),
                        Stream.concat(result, parameters.stream().map(parameter -> layout(parameter[0])))
                                .toList());
                count++;
            }
        }
        carriers();
        return count;
    }

    private int callbacks() throws IOException {
        int count = 0;
        for (String source : sources(RAW + "CallbackTypes")) {
            for (Place callback : found(CALLBACK, source).toList()) {
                String name = callback.group(3);
                program.check(
                        callback.group(2),
                        name,
                        "__builtin_types_compatible_p(__typeof__(*(" + name + ")0), "
                                + callback.group(1).replaceFirst("\\b" + name + "\\b", "") + ")");
                List<String> layouts = callback.group(5).isEmpty()
                        ? List.of()
                        : List.of(callback.group(5).split(", ", -1));
                carry(callback.group(1), name, callback.group(2), layouts);
                boolean returns = callback.group(4).equals("of");
                assertThat(callback.group(6)).as(name).isEqualTo(returns ? "return " : "");
                // The numbers C passes, of which an int is the lower half.
                List<String> taken = layouts.subList(returns ? 1 : 0, layouts.size());
                assertThat(callback.group(7))
                        .as(name)
                        .isEqualTo(IntStream.range(0, taken.size())
                                .mapToObj(i -> (taken.get(i).equals("JAVA_INT") ? "(int) " : "") + "abcdefgh".charAt(i))
                                .collect(Collectors.joining(", ")));
                count++;
            }
        }
        carriers();
        return count;
    }

    private static String layout(String java) {
        return switch (java) {
            case "MemorySegment" -> "ADDRESS";
            case "int" -> "JAVA_INT";
            case "long" -> "JAVA_LONG";
            default -> throw new IllegalArgumentException(java);
        };
    }

    /// Pairs the types of a prototype with the layouts that carry them.
    private void carry(String prototype, String name, String version, List<String> layouts) {
        int bracket = prototype.indexOf(name + "(");
        String result = prototype.substring(0, bracket).strip();
        String inside = prototype.substring(bracket + name.length() + 1, prototype.length() - 1);
        List<String> types = Stream.concat(
                        result.equals("void") ? Stream.empty() : Stream.of(result),
                        inside.equals("void")
                                ? Stream.empty()
                                : Arrays.stream(inside.split(", ", -1))
                                        .map(argument -> argument.replaceFirst("\\w+$", "")
                                                .strip()))
                .toList();
        assertThat(layouts).as(name).hasSameSizeAs(types);
        for (int i = 0; i < types.size(); i++) {
            carriers.merge(List.of(types.get(i), layouts.get(i)), version, (a, b) -> a.compareTo(b) < 0 ? a : b);
        }
    }

    private void carriers() {
        carriers.forEach((pair, version) ->
                program.check(version, pair.getFirst(), fits("*(" + pair.getFirst() + " *)0", pair.getLast())));
    }

    /// That an expression in C is as wide as a layout in Java, and as it a pointer, a number with a point or
    /// without.
    private static String fits(String expression, String layout) {
        int size = switch (layout) {
            case "JAVA_BYTE" -> 1;
            case "JAVA_SHORT" -> 2;
            case "JAVA_INT" -> 4;
            case "JAVA_LONG", "JAVA_DOUBLE", "ADDRESS" -> 8;
            default -> throw new IllegalArgumentException(layout);
        };
        String kind = switch (layout) {
            case "ADDRESS" -> "== 5";
            case "JAVA_DOUBLE" -> "== 8";
            default -> "< 5";
        };
        return "sizeof(" + expression + ") == " + size + " && __builtin_classify_type(" + expression + ") " + kind;
    }

    private int structs() throws IOException {
        int count = 0;
        for (String source : sources(RAW)) {
            for (Place struct : found(STRUCT, source).toList()) {
                String name = struct.group(1);
                String version = struct.group(2);
                String size = found(SIZE, source).findFirst().orElseThrow().group(1);
                program.check(version, name, "sizeof(" + name + ") == " + size);
                Map<String, String> paths = new HashMap<>();
                found(OFFSET, source).forEach(offset -> {
                    paths.put(offset.group(2), offset.group(1));
                    program.check(
                            version, name, "offsetof(" + name + ", " + offset.group(1) + ") == " + offset.group(3));
                });
                Map<String, String> read = new HashMap<>(paths);
                found(GETTER, source).forEach(getter -> {
                    String field = "((" + name + " *)0)->" + read.remove(getter.group(2));
                    program.check(version, name, fits(field, getter.group(1).isEmpty() ? "ADDRESS" : getter.group(1)));
                });
                found(SLICE, source).forEach(slice -> {
                    String field = "((" + name + " *)0)->" + read.remove(slice.group(1));
                    program.check(version, name, "sizeof(" + field + ") == " + slice.group(2));
                });
                assertThat(read).as("fields of " + name + " without a getter").isEmpty();
                count++;
            }
        }
        return count;
    }

    private int constants() throws IOException {
        int count = 0;
        for (String source : sources("")) {
            for (Place constant : found(CONSTANT, source).toList()) {
                program.check(constant.group(2), constant.group(1), constant.group(1) + " == " + constant.group(3));
                count++;
            }
        }
        return count;
    }

    private int macros() throws IOException {
        int count = 0;
        for (String source : sources(TYPES + "Constants")) {
            for (Place macro : found(MACRO, source).toList()) {
                count++;
                String name = macro.group(1);
                // The version is that of the headers.
                if (!name.equals("LIBVIR_VERSION_NUMBER")) {
                    program.check(
                            macro.group(2),
                            name,
                            macro.group(3).equals("String")
                                    ? "__builtin_strcmp(" + name + ", " + macro.group(4) + ") == 0"
                                    : name + " == " + macro.group(4));
                }
            }
        }
        return count;
    }

    /// The macros in a row are the literals in a row: nothing but numbers is between them.
    private int keys() throws IOException {
        int count = 0;
        for (String source : sources(TYPES)) {
            for (Place key : found(KEY, source).toList()) {
                List<String> macros =
                        found(NAME, key.group(2)).map(name -> name.group(1)).toList();
                String literals = found(LITERAL, key.group(3))
                        .map(literal -> literal.group(1))
                        .collect(Collectors.joining());
                program.check(
                        key.group(1),
                        macros.getLast(),
                        "__builtin_strcmp(" + String.join(" ", macros) + ", \"" + literals
                                + (key.group(3).endsWith("\"") ? "" : "%u") + "\") == 0");
                count++;
            }
        }
        return count;
    }

    @Test
    void haveTheFunctionsOfTheHeaders() throws Exception {
        // All but the one that takes a double.
        assertThat(functions()).isEqualTo(567);
        assertThat(program.compile(directory)).isEmpty();
    }

    @Test
    void haveTheCallbackTypesOfTheHeaders() throws Exception {
        assertThat(callbacks()).isEqualTo(57);
        assertThat(program.compile(directory)).isEmpty();
    }

    @Test
    void haveTheStructuresOfTheHeaders() throws Exception {
        assertThat(structs())
                .isEqualTo(
                        sources(RAW + "Vir").size() - sources(RAW + "Virterror").size());
        assertThat(program.compile(directory)).isEmpty();
    }

    @Test
    void haveTheConstantsOfTheHeaders() throws Exception {
        assertThat(constants()).isEqualTo((int) facts().of(Constant.class).stream()
                .filter(constant -> !Corrections.isSentinel(constant.name()))
                .count());
        assertThat(program.compile(directory)).isEmpty();
    }

    @Test
    void haveTheMacrosOfTheHeaders() throws Exception {
        assertThat(macros())
                .isEqualTo(ConstantEmitter.macros(facts(), parameters()).size());
        assertThat(program.compile(directory)).isEmpty();
    }

    @Test
    void haveTheParametersOfTheHeaders() throws Exception {
        Parameters parameters = parameters();
        assertThat(keys())
                .isEqualTo(parameters.all().stream()
                        .filter(Parameter::isKey)
                        .mapToInt(key -> parameters.ways(key).size())
                        .sum());
        assertThat(program.compile(directory)).isEmpty();
    }

    /// Each kind of mistake is seen: one place of the program is made wrong.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "int virDomainSuspend(virDomainPtr domain) | long virDomainSuspend(virDomainPtr domain)",
                "virDomainIsActive(virDomainPtr dom)       | virDomainIsActive(virDomainPtr dom, int flags)",
                "sizeof(((virDomainInfo *)0)->nrVirtCpu) == 2 | sizeof(((virDomainInfo *)0)->nrVirtCpu) == 4",
                "sizeof(*(virFreeCallback *)0) == 8 && __builtin_classify_type(*(virFreeCallback *)0) == 5"
                        + " | __builtin_classify_type(*(virFreeCallback *)0) < 5",
                "sizeof(virNodeInfo) == 64                 | sizeof(virNodeInfo) == 56",
                "offsetof(virDomainInfo, nrVirtCpu) == 24  | offsetof(virDomainInfo, nrVirtCpu) == 20",
                "sizeof(((virSecurityModel *)0)->doi) == 257 | sizeof(((virSecurityModel *)0)->doi) == 256",
                "VIR_DOMAIN_SHUTOFF == 5                   | VIR_DOMAIN_SHUTOFF == 6",
                "VIR_UUID_BUFLEN == 16                     | VIR_UUID_BUFLEN == 32",
                "(VIR_NODE_CPU_STATS_IDLE, \"idle\")  | (VIR_NODE_CPU_STATS_IDLE, \"idles\")",
                "(VIR_DOMAIN_TUNABLE_CPU_VCPUPIN, \"cputune.vcpupin%u\") | (VIR_DOMAIN_TUNABLE_CPU_VCPUPIN, \"x%u\")",
                "(VIR_MIGRATE_PARAM_URI, \"migrate_uri\")  | (VIR_MIGRATE_PARAM_URI, \"migrate-uri\")",
            })
    void wouldNotPassWithOneMistake(String right, String wrong) throws Exception {
        functions();
        callbacks();
        structs();
        constants();
        macros();
        keys();
        program.replace(right, wrong);
        assertThat(program.compile(directory)).containsAnyOf("static assertion failed", "conflicting types");
    }
}
