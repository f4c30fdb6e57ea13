package io.github.libvirt4j.codegen.emit;

import io.github.libvirt4j.codegen.Fact.Macro;
import io.github.libvirt4j.codegen.Facts;
import io.github.libvirt4j.codegen.Parameters;
import io.github.libvirt4j.codegen.Parameters.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The keys of typed parameters: a class for each group, with a constant for each name, and a method for each
/// name that has a number in it.
public final class KeyEmitter {
    /// The mark in a name where a number belongs, without a suffix of its own.
    private static final String NUMBER = "%u";

    /// The factory of keys of each type, and the class of the value.
    private static final Map<String, List<String>> TYPES = Map.of(
            "int", List.of("ofInt", "Integer"),
            "uint", List.of("ofUnsignedInt", "Long"),
            "llong", List.of("ofLong", "Long"),
            "ullong", List.of("ofUnsignedLong", "Long"),
            "unsigned", List.of("ofUnsignedLong", "Long"),
            "double", List.of("ofDouble", "Double"),
            "boolean", List.of("ofBoolean", "Boolean"),
            "string", List.of("ofString", "String"));

    private final Parameters parameters;
    private final Map<String, Macro> macros;

    private KeyEmitter(Facts facts, Parameters parameters) {
        this.parameters = parameters;
        this.macros = facts.of(Macro.class).stream().collect(Collectors.toMap(Macro::name, Function.identity()));
    }

    /// The classes.
    public static Stream<Source> emit(Facts facts, Parameters parameters) {
        var emitter = new KeyEmitter(facts, parameters);
        return parameters.groups().entrySet().stream().map(group -> emitter.emit(group.getKey(), group.getValue()));
    }

    private Source emit(String group, List<Parameter> keys) {
        String name = group + "Keys";
        Parameter first = keys.getFirst();
        String members = keys.stream()
                .flatMap(key -> parameters.ways(key).stream())
                .map(this::member)
                .collect(Collectors.joining("\n"));
        return Source.of(Source.TYPES, name, """
                /// Keys of typed parameters: those that C calls `%s…`.
                ///
                /// The version is that of C's name. A daemon can be older than the name of what it sends. See
                /// [libvirt's page](https://libvirt.org/html/libvirt-%s.html#%s).
                public final class %s {
                    private %s() {}

                %s}
                """.formatted(
                first.name().substring(0, first.name().length() - first.bare().length()),
                macro(first).file(),
                first.name(),
                name,
                name,
                members));
    }

    /// A constant, or a method if a number is in the name.
    private String member(List<Parameter> way) {
        Parameter key = way.getLast();
        List<String> numbers = new ArrayList<>();
        String shown = "";
        String code = "";
        for (int i = 0; i < way.size(); i++) {
            String value = macro(way.get(i)).value();
            if (i > 0 && value.startsWith(".")) {
                numbers.add(Source.name(lastWord(way.get(i - 1))));
                shown += "<" + numbers.getLast() + ">";
                code += "\" + " + numbers.getLast() + " + \"";
            }
            shown += value;
            code += value;
        }
        if (code.endsWith(NUMBER)) {
            numbers.add("number");
            shown = shown.replace(NUMBER, "<number>");
            code = code.replace(NUMBER, "") + "\" + number";
        } else {
            code += "\"";
        }
        List<String> type = Objects.requireNonNull(TYPES.get(key.type()), key.name());
        String doc = """
                /// `%s`%s, libvirt %s.
                /// C: %s.
                """.formatted(
                        shown,
                        key.unit().isEmpty() ? "" : ", in " + key.unit(),
                        macro(key).version(),
                        way.stream().map(part -> "`" + part.name() + "`").collect(Collectors.joining(",\n/// ")));
        String declaration = numbers.isEmpty()
                ? "public static final ParameterKey<%s> %s = ParameterKey.%s(\"%s);\n"
                        .formatted(type.getLast(), key.bare(), type.getFirst(), code)
                : """
                public static ParameterKey<%s> %s(%s) {
                    return ParameterKey.%s("%s);
                }
                """.formatted(
                                type.getLast(),
                                methodName(way),
                                numbers.stream().map(number -> "int " + number).collect(Collectors.joining(", ")),
                                type.getFirst(),
                                code);
        return (doc + declaration).indent(4);
    }

    /// The words of all parts: of a prefix without that word, of what has a prefix those behind `_SUFFIX_`.
    private static String methodName(List<Parameter> way) {
        String words = way.stream().map(KeyEmitter::words).collect(Collectors.joining("_"));
        String[] word = words.toLowerCase(Locale.ROOT).split("_", -1);
        return word[0]
                + Arrays.stream(word, 1, word.length)
                        .map(one -> Character.toUpperCase(one.charAt(0)) + one.substring(1))
                        .collect(Collectors.joining());
    }

    private static String words(Parameter part) {
        int suffix = part.bare().lastIndexOf(Parameters.SUFFIX);
        String behind = suffix < 0 ? part.bare() : part.bare().substring(suffix + Parameters.SUFFIX.length());
        return part.type().equals("prefix") ? behind.replaceFirst("_PREFIX$", "") : behind;
    }

    private static String lastWord(Parameter prefix) {
        String words = words(prefix).toLowerCase(Locale.ROOT);
        return words.substring(words.lastIndexOf('_') + 1);
    }

    private Macro macro(Parameter parameter) {
        Macro macro = macros.get(parameter.name());
        if (macro == null) {
            throw new IllegalStateException("No macro " + parameter.name());
        }
        return macro;
    }
}
