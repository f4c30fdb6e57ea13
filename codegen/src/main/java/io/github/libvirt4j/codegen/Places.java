package io.github.libvirt4j.codegen;

import io.github.libvirt4j.codegen.Fact.Function;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Where each function is in Java: the lines of `codegen/facts/java.tsv`, in their order.
public record Places(List<Place> all) {
    /// The kinds of places.
    public enum Kind {
        /// A Java method calls the function.
        OWN,
        /// A method that calls another function does the work of this one.
        SAID,
        /// The library does it inside.
        INSIDE
    }

    /// The place of one function.
    ///
    /// @param function its name
    /// @param members its Java members, as `Domain.suspend`; none if it is said by another, or inside
    /// @param remark why, if it has no member
    public record Place(String function, List<String> members, String remark) {
        /// The text of the remark.
        public Kind kind() {
            if (members.isEmpty()) {
                return remark.startsWith("said by ") ? Kind.SAID : Kind.INSIDE;
            }
            return Kind.OWN;
        }
    }

    /// A copy.
    public Places {
        all = List.copyOf(all);
    }

    /// Reads them.
    public static Places read(Path file) throws IOException {
        List<Place> all = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            if (!line.startsWith("#")) {
                String[] column = line.split("\t", -1);
                all.add(new Place(
                        column[0], column[1].isEmpty() ? List.of() : List.of(column[1].split(", ", -1)), column[2]));
            }
        }
        return new Places(all);
    }

    /// The place of a function, if it has a line.
    public Optional<Place> place(String function) {
        return all.stream().filter(place -> place.function().equals(function)).findFirst();
    }

    /// All of one kind.
    public List<Place> of(Kind kind) {
        return all.stream().filter(place -> place.kind() == kind).toList();
    }

    /// Lists lines that are missing, superfluous or wrong; empty if each function of the facts has its line.
    public List<String> faults(Facts facts) {
        Set<String> functions =
                facts.of(Function.class).stream().map(Function::name).collect(Collectors.toCollection(TreeSet::new));
        List<String> faults = new ArrayList<>();
        String before = "";
        for (Place place : all) {
            String name = place.function();
            if (!functions.remove(name)) {
                faults.add(name + (name.equals(before) ? " has two lines" : " is no function"));
            }
            if (name.compareTo(before) < 0) {
                faults.add(name + " does not stand in its order");
            }
            if (place.kind() == Kind.OWN && !place.remark().isEmpty()) {
                faults.add(name + " has a member and the remark '" + place.remark() + "'");
            }
            if (place.members().isEmpty() && place.remark().isEmpty()) {
                faults.add(name + " has neither a member nor a remark");
            }
            before = name;
        }
        functions.forEach(missing -> faults.add(missing + " has no line"));
        return faults;
    }
}
