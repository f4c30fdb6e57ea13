package io.github.libvirt4j.codegen;

import io.github.libvirt4j.codegen.Fact.CallbackType;
import io.github.libvirt4j.codegen.Fact.Constant;
import io.github.libvirt4j.codegen.Fact.Function;
import io.github.libvirt4j.codegen.Fact.Global;
import io.github.libvirt4j.codegen.Fact.Macro;
import io.github.libvirt4j.codegen.Fact.Struct;
import io.github.libvirt4j.codegen.Fact.Typedef;
import io.github.libvirt4j.codegen.Fact.Variable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// All facts of one release of libvirt, and the text they are kept in: a line a fact, tab-separated, sorted,
/// so that a diff shows what a newer libvirt brings.
public final class Facts {
    private static final String HEAD = """
            # The facts of libvirt's API. Written by codegen/update; what is wrong is put right in Corrections.java.
            # libvirt   the release they are of
            # function  name header version library result flags argument...
            # callback  name header version result argument...
            # struct    name header version tag field...
            # typedef   name header version type
            # constant  name header version enumeration value
            # macro     name header version kind value
            # global    name header version type
            """;

    private final String release;
    private final List<Fact> all;
    private final Map<String, Typedef> typedefs;
    private final Set<String> callbacks;

    /// The facts of a release.
    public Facts(String release, List<Fact> all) {
        this.release = release;
        this.all = all.stream()
                .sorted(Comparator.comparing((Fact fact) -> kind(fact)).thenComparing(Fact::name))
                .toList();
        this.typedefs = of(Typedef.class).stream()
                .collect(Collectors.toMap(Typedef::name, typedef -> typedef, (a, _) -> a, LinkedHashMap::new));
        this.callbacks = of(CallbackType.class).stream().map(CallbackType::name).collect(Collectors.toSet());
    }

    /// The release they are of.
    public String release() {
        return release;
    }

    /// All of one kind, sorted by name.
    public <T extends Fact> List<T> of(Class<T> kind) {
        return all.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /// What a name of a type stands for, if it is a name of libvirt's.
    public Optional<Typedef> typedef(String name) {
        return Optional.ofNullable(typedefs.get(name));
    }

    /// Whether a name is that of a callback type.
    public boolean isCallback(String name) {
        return callbacks.contains(name);
    }

    /// The value of a macro that is a number.
    public long number(String macro) {
        return of(Macro.class).stream()
                .filter(candidate ->
                        candidate.name().equals(macro) && candidate.kind().equals("number"))
                .mapToLong(candidate -> Long.parseLong(candidate.value()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("No macro " + macro));
    }

    /// Reads them.
    public static Facts read(Path file) throws IOException {
        String release = "";
        List<Fact> all = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            if (line.startsWith("#")) {
                continue;
            }
            String[] column = line.split("\t", -1);
            if (column[0].equals("libvirt")) {
                release = column[1];
            } else {
                all.add(parse(column));
            }
        }
        return new Facts(release, all);
    }

    /// Their text.
    public String text() {
        var text = new StringBuilder(HEAD).append("libvirt\t").append(release).append('\n');
        for (Fact fact : all) {
            text.append(String.join("\t", columns(fact))).append('\n');
        }
        return text.toString();
    }

    private static Fact parse(String[] c) {
        return switch (c[0]) {
            case "function" -> new Function(c[1], c[2], c[3], c[4], c[5], variables(c, 7), c[6]);
            case "callback" -> new CallbackType(c[1], c[2], c[3], c[4], variables(c, 5));
            case "struct" -> new Struct(c[1], c[2], c[3], c[4], variables(c, 5));
            case "typedef" -> new Typedef(c[1], c[2], c[3], c[4]);
            case "constant" -> new Constant(c[1], c[2], c[3], c[4], Long.parseLong(c[5]));
            case "macro" -> new Macro(c[1], c[2], c[3], c[4], c[5]);
            case "global" -> new Global(c[1], c[2], c[3], c[4]);
            default -> throw new IllegalArgumentException("Not a fact: " + c[0]);
        };
    }

    private static List<Variable> variables(String[] columns, int from) {
        return Arrays.stream(columns, from, columns.length)
                .map(column -> {
                    int space = column.contains("{") ? column.indexOf(' ') : column.lastIndexOf(' ');
                    return new Variable(column.substring(0, space), column.substring(space + 1));
                })
                .toList();
    }

    private static List<String> columns(Fact fact) {
        List<String> columns = new ArrayList<>(List.of(kind(fact), fact.name(), fact.file(), fact.version()));
        switch (fact) {
            case Function f -> {
                columns.addAll(List.of(f.library(), f.result(), f.flags()));
                add(columns, f.arguments());
            }
            case CallbackType c -> {
                columns.add(c.result());
                add(columns, c.arguments());
            }
            case Struct s -> {
                columns.add(s.tag());
                add(columns, s.fields());
            }
            case Typedef t -> columns.add(t.type());
            case Constant c -> columns.addAll(List.of(c.type(), Long.toString(c.value())));
            case Macro m -> columns.addAll(List.of(m.kind(), m.value()));
            case Global g -> columns.add(g.type());
        }
        return columns;
    }

    private static void add(List<String> columns, List<Variable> variables) {
        variables.forEach(variable -> columns.add(variable.type() + " " + variable.name()));
    }

    private static String kind(Fact fact) {
        return fact.getClass().getSimpleName().replaceFirst("Type$", "").toLowerCase(Locale.ROOT);
    }
}
