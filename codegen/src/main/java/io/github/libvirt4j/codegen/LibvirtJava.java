package io.github.libvirt4j.codegen;

import io.github.libvirt4j.codegen.Places.Kind;
import io.github.libvirt4j.codegen.Places.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The expressions that take the place of libvirt-java's methods: the lines of
/// `codegen/facts/libvirt-java.tsv`, in their order.
public record LibvirtJava(List<Line> lines) {
    /// Stands where there is no expression.
    public static final String NONE = "–";

    /// A class, or a method or constructor of one.
    ///
    /// @param type the class, without `org.libvirt.`
    /// @param method its name and the types of its parameters, `new` for a constructor; empty for the class
    ///     itself
    /// @param function the C function behind it; empty if none is known to [Places]
    /// @param ours the Java expression that takes its place, or [#NONE]; empty if it is that of `function`
    /// @param remark what is different
    public record Line(String type, String method, String function, String ours, String remark) {
        /// Whether it is for the class itself.
        public boolean isType() {
            return method.isEmpty();
        }

        private String key() {
            return type + "\t" + method;
        }

        private String name() {
            return isType() ? type : type + "." + method;
        }
    }

    /// A copy.
    public LibvirtJava {
        lines = List.copyOf(lines);
    }

    /// Reads them.
    public static LibvirtJava read(Path file) throws IOException {
        List<Line> lines = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            if (!line.startsWith("#")) {
                String[] column = line.split("\t", -1);
                lines.add(new Line(column[0], column[1], column[2], column[3], column[4]));
            }
        }
        return new LibvirtJava(lines);
    }

    /// The lines of a class's methods and constructors.
    public List<Line> methods(String type) {
        return lines.stream()
                .filter(line -> line.type().equals(type) && !line.isType())
                .toList();
    }

    /// Lists the lines that are wrong in themselves; empty if all are right. A test compares them with
    /// libvirt-java.
    public List<String> faults(Places places) {
        List<String> faults = new ArrayList<>();
        String before = "";
        String type = "";
        for (Line line : lines) {
            if (line.key().compareTo(before) <= 0) {
                faults.add(
                        line.name() + (line.key().equals(before) ? " has two lines" : " does not stand in its order"));
            }
            if (line.isType()) {
                type = line.type();
            } else if (!line.type().equals(type)) {
                faults.add(line.type() + " has no line");
            }
            Optional<Place> place = places.place(line.function());
            boolean hasExpression = line.ours().isEmpty()
                    ? place.filter(its -> its.kind() != Kind.INSIDE).isPresent()
                    : !line.ours().equals(NONE);
            if (line.ours().isEmpty() && place.isEmpty()) {
                faults.add(line.name() + " has no expression, and its function no line in java.tsv");
            } else if (!hasExpression && line.remark().isEmpty()) {
                faults.add(line.name() + " has neither an expression nor a remark");
            }
            before = line.key();
        }
        return faults;
    }
}
