package io.github.libvirt4j.codegen;

import io.github.libvirt4j.codegen.Fact.Macro;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// The role of each macro that is a string in typed parameters: the lines of `codegen/facts/parameters.tsv`, in
/// their order.
public record Parameters(List<Parameter> all) {
    /// The part of a name behind the name of its prefix.
    public static final String SUFFIX = "_SUFFIX_";

    private static final String PREFIX = "_PREFIX";

    private static final Set<String> TYPES =
            Set.of("int", "uint", "llong", "ullong", "unsigned", "double", "boolean", "string", "prefix", "none");

    /// One of them.
    ///
    /// @param name the macro
    /// @param group the Java class of the keys, without `Keys`
    /// @param type what the value is on the wire; `prefix` or `none` if the macro is no parameter
    /// @param unit of the value; or why there is none, for `none`
    public record Parameter(String name, String group, String type, String unit) {
        /// Whether it is a parameter, or the end of the names of some.
        public boolean isKey() {
            return !type.equals("prefix") && !type.equals("none");
        }

        /// The name behind that of the group; the whole name if that does not begin with the group.
        public String bare() {
            String capitals = group.toUpperCase(Locale.ROOT);
            for (int i = name.indexOf('_') + 1; i < name.length(); i++) {
                if (name.charAt(i) == '_'
                        && name.substring("VIR_".length(), i).replace("_", "").equals(capitals)) {
                    return name.substring(i + 1);
                }
            }
            return name;
        }
    }

    /// A copy.
    public Parameters {
        all = List.copyOf(all);
    }

    /// Reads them.
    public static Parameters read(Path file) throws IOException {
        List<Parameter> all = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            if (!line.startsWith("#")) {
                String[] column = line.split("\t", -1);
                all.add(new Parameter(column[0], column[1], column[2], column[3]));
            }
        }
        return new Parameters(all);
    }

    /// The keys of each group.
    public Map<String, List<Parameter>> groups() {
        return all.stream()
                .filter(Parameter::isKey)
                .collect(Collectors.groupingBy(Parameter::group, LinkedHashMap::new, Collectors.toList()));
    }

    /// The macros that the names of a parameter are made of, in each way: the parameter alone, or the
    /// prefixes of its `_SUFFIX_`, and it. `X_SUFFIX_Y` begins with `X_PREFIX`, or each `X_…_PREFIX` if there
    /// is no such.
    public List<List<Parameter>> ways(Parameter parameter) {
        List<List<Parameter>> ways = List.of(List.of());
        int end = parameter.name().indexOf(SUFFIX);
        while (end >= 0) {
            List<Parameter> prefixes = prefixes(parameter.name().substring(0, end));
            ways = ways.stream()
                    .flatMap(way -> prefixes.stream().map(prefix -> with(way, prefix)))
                    .toList();
            end = parameter.name().indexOf(SUFFIX, end + 1);
        }
        return ways.stream().map(way -> with(way, parameter)).toList();
    }

    private static List<Parameter> with(List<Parameter> way, Parameter next) {
        List<Parameter> longer = new ArrayList<>(way);
        longer.add(next);
        return List.copyOf(longer);
    }

    private List<Parameter> prefixes(String base) {
        List<Parameter> alone = all.stream()
                .filter(prefix ->
                        prefix.name().equals(base + PREFIX) && prefix.type().equals("prefix"))
                .toList();
        return !alone.isEmpty()
                ? alone
                : all.stream()
                        .filter(prefix -> prefix.type().equals("prefix"))
                        .filter(prefix -> prefix.name().startsWith(base + "_")
                                && !prefix.name().startsWith(base + SUFFIX)
                                && !prefix.name().substring(base.length()).contains(SUFFIX))
                        .toList();
    }

    /// Lists lines that are missing, superfluous or wrong; empty if each string of the facts has its line.
    public List<String> faults(Facts facts) {
        Set<String> macros = facts.of(Macro.class).stream()
                .filter(macro -> macro.kind().equals("string"))
                .map(Macro::name)
                .collect(Collectors.toCollection(TreeSet::new));
        List<String> faults = new ArrayList<>();
        String before = "";
        for (Parameter parameter : all) {
            String name = parameter.name();
            if (!macros.remove(name)) {
                faults.add(name + (name.equals(before) ? " has two lines" : " is no string"));
            }
            if (name.compareTo(before) < 0) {
                faults.add(name + " does not stand in its order");
            }
            if (!TYPES.contains(parameter.type())) {
                faults.add(name + " has the type " + parameter.type());
            } else if (parameter.type().equals("none")) {
                if (parameter.unit().isEmpty() || !parameter.group().isEmpty()) {
                    faults.add(name + " is no parameter: it needs a reason, and no group");
                }
            } else if (parameter.bare().equals(name)) {
                faults.add(name + " does not begin with its group, " + parameter.group());
            } else if (ways(parameter).isEmpty()) {
                faults.add(name + " has no prefix");
            }
            before = name;
        }
        macros.forEach(missing -> faults.add(missing + " has no line"));
        return faults;
    }
}
