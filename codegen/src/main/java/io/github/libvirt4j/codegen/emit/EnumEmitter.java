package io.github.libvirt4j.codegen.emit;

import io.github.libvirt4j.codegen.Corrections;
import io.github.libvirt4j.codegen.Fact.Constant;
import io.github.libvirt4j.codegen.Fact.Typedef;
import io.github.libvirt4j.codegen.Facts;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A Java enum for each of C's: of values, which can be `UNRECOGNIZED`, or of bits, which can be combined.
public final class EnumEmitter {
    private static final List<List<String>> ACRONYMS = List.of(
            List.of("XML", "Xml"),
            List.of("CPU", "Cpu"),
            List.of("FS", "Fs"),
            List.of("FD", "Fd"),
            List.of("ID", "Id"),
            List.of("PM", "Pm"),
            List.of("IO", "Io"),
            List.of("IP", "Ip"),
            List.of("SSH", "Ssh"),
            List.of("OS", "Os"),
            List.of("DHCP", "Dhcp"),
            List.of("NWFilter", "NwFilter"));

    private EnumEmitter() {}

    /// The enums.
    public static Stream<Source> emit(Facts facts) {
        return facts.of(Typedef.class).stream()
                .filter(typedef -> typedef.type().equals("enum"))
                .map(typedef -> emit(typedef, constants(typedef, facts)));
    }

    /// The constants of an enumeration that are values, by value; the sentinel is none.
    public static List<Constant> constants(Typedef typedef, Facts facts) {
        return facts.of(Constant.class).stream()
                .filter(constant -> constant.type().equals(typedef.name()))
                .filter(constant -> !Corrections.isSentinel(constant.name()))
                .sorted(Comparator.comparingLong(Constant::value).thenComparing(Constant::name))
                .toList();
    }

    /// The Java name of an enumeration.
    public static String name(String c) {
        String name = c.replaceFirst("^vir", "").replaceFirst("Flags?Values$", "Flags");
        for (List<String> acronym : ACRONYMS) {
            name = name.replace(acronym.getFirst(), acronym.getLast());
        }
        return name;
    }

    /// The Java name of a constant: what is behind what all of its enumeration begin with.
    public static String name(Constant constant, List<Constant> all) {
        String prefix = Corrections.PREFIXES.getOrDefault(constant.type(), prefix(all));
        String name = constant.name().startsWith(prefix)
                ? constant.name().substring(prefix.length())
                : constant.name().substring("VIR_".length());
        return Character.isDigit(name.charAt(0)) ? "_" + name : name;
    }

    private static String prefix(List<Constant> all) {
        String first = all.getFirst().name();
        int length = first.length();
        for (Constant constant : all) {
            int same = 0;
            while (same < Math.min(length, constant.name().length())
                    && constant.name().charAt(same) == first.charAt(same)) {
                same++;
            }
            length = same;
        }
        if (all.size() == 1) {
            // Alone it would be nothing but prefix: its type says where that ends.
            length = own(all.getFirst());
        }
        return first.substring(0, first.lastIndexOf('_', length - 1) + 1);
    }

    /// Where the words of the type's name end in the only constant's.
    private static int own(Constant constant) {
        String[] words = constant.name().split("_", -1);
        String type = constant.type().toUpperCase(Locale.ROOT);
        int length = 0;
        for (String word : words) {
            if (!type.startsWith(word)) {
                break;
            }
            type = type.substring(word.length());
            length += word.length() + 1;
        }
        return Math.min(length, constant.name().lastIndexOf('_') + 1);
    }

    /// Whether an enumeration is of bits.
    private static boolean isOfBits(Typedef typedef) {
        return typedef.name().contains("Flag") || Corrections.BITS.contains(typedef.name());
    }

    private static Source emit(Typedef typedef, List<Constant> constants) {
        String name = name(typedef.name());
        boolean bits = isOfBits(typedef);
        String values = constants.stream()
                .map(constant -> """
                            /// `%s`, libvirt %s.
                            %s(%s)""".formatted(
                                constant.name(), constant.version(), name(constant, constants), literal(constant)))
                .collect(Collectors.joining(",\n"))
                .indent(4)
                .stripTrailing();
        String head = """
                /// %s C's `%s`, libvirt %s.
                ///
                /// See [libvirt's page](https://libvirt.org/html/libvirt-%s.html#%s).
                public enum %s implements %s {
                """.formatted(
                        bits ? "Flags:" : "Values of",
                        typedef.name(),
                        typedef.version(),
                        typedef.file(),
                        typedef.name(),
                        name,
                        bits ? "Flag" : "EnumValue");
        boolean raw = Corrections.RAW.contains(typedef.name());
        return Source.of(
                raw ? Source.RAW : Source.TYPES,
                name,
                (raw ? "import " + Source.TYPES + (bits ? ".Flag;\n" : ".EnumValue;\n\n") : "")
                        + (bits ? ofBits(name, head, values) : ofValues(name, head, values, constants)));
    }

    private static String ofBits(String name, String head, String values) {
        return """
                import java.util.EnumSet;
                import java.util.Set;

                %s%s;

                    private final int bits;

                    %s(int bits) {
                        this.bits = bits;
                    }

                    /// Those that are set in `bits`. Bits without a name here are passed over.
                    public static Set<%s> of(int bits) {
                        Set<%s> set = EnumSet.noneOf(%s.class);
                        for (%s flag : values()) {
                            if (flag.bits != 0 && (bits & flag.bits) == flag.bits) {
                                set.add(flag);
                            }
                        }
                        return set;
                    }

                    @Override
                    public int bits() {
                        return bits;
                    }
                }
                """.formatted(head, values, name, name, name, name, name);
    }

    private static String ofValues(String name, String head, String values, List<Constant> constants) {
        Set<Long> seen = new HashSet<>();
        String cases = constants.stream()
                .filter(constant -> seen.add(constant.value()))
                .map(constant -> "            case " + literal(constant) + " -> " + name(constant, constants) + ";\n")
                .collect(Collectors.joining());
        return """
                %s%s,
                    /// A value newer than this jar; what carries it has the number.
                    UNRECOGNIZED(0);

                    private final int value;

                    %s(int value) {
                        this.value = value;
                    }

                    /// The constant of a value, or `UNRECOGNIZED`.
                    public static %s of(int value) {
                        return switch (value) {
                %s            default -> UNRECOGNIZED;
                        };
                    }

                    @Override
                    public int value() {
                        if (this == UNRECOGNIZED) {
                            throw new IllegalStateException(
                                    "UNRECOGNIZED is no single value; take the number from what carries it");
                        }
                        return value;
                    }
                }
                """.formatted(head, values, name, name, cases);
    }

    private static String literal(Constant constant) {
        return constant.value() > Integer.MAX_VALUE
                ? "0x" + Long.toHexString(constant.value())
                : Long.toString(constant.value());
    }
}
