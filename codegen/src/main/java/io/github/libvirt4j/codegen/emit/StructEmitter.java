package io.github.libvirt4j.codegen.emit;

import io.github.libvirt4j.codegen.CType;
import io.github.libvirt4j.codegen.Fact.Struct;
import io.github.libvirt4j.codegen.Facts;
import io.github.libvirt4j.codegen.StructLayout;
import io.github.libvirt4j.codegen.StructLayout.Field;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A class for each structure C shows: its size, where its fields lie, a getter and a setter each. Offsets
/// are numbers in the source, so that nothing is computed when a program starts.
public final class StructEmitter {
    private StructEmitter() {}

    /// The classes. Other names for the same structure have none.
    public static Stream<Source> emit(Facts facts) {
        return shown(facts).map(struct -> emit(struct, StructLayout.of(struct, facts)));
    }

    /// The structures C shows, each once.
    public static Stream<Struct> shown(Facts facts) {
        return facts.of(Struct.class).stream()
                .filter(struct -> !struct.fields().isEmpty())
                .filter(struct -> facts.of(Struct.class).stream()
                        .noneMatch(other -> other.tag().equals(struct.tag())
                                && !other.name().equals(struct.name())
                                && struct.tag().equals("_" + other.name())));
    }

    private static Source emit(Struct struct, StructLayout layout) {
        String className = Source.className(struct.name());
        String body = Stream.of(
                        layout.fields().stream().map(StructEmitter::offset).collect(Collectors.joining()),
                        layout(layout),
                        layout.fields().stream().map(StructEmitter::accessors).collect(Collectors.joining("\n")))
                .collect(Collectors.joining("\n"));
        return Source.of(
                Source.RAW,
                className,
                Source.layoutImports(body)
                        + """

                %simport java.lang.foreign.MemoryLayout;
                import java.lang.foreign.MemorySegment;
                import java.lang.foreign.StructLayout;

                /// `%s` of `%s.h`, libvirt %s.
                public final class %s {
                    /// How many bytes it takes.
                    public static final long SIZE = %d;

                %s
                    private %s() {}
                }
                """.formatted(
                                        Source.importIfUsed("CMemory", body),
                                        struct.name(),
                                        struct.file(),
                                        struct.version(),
                                        className,
                                        layout.size(),
                                        body,
                                        className));
    }

    private static String offset(Field field) {
        return """
                    /// Where `%s` begins.
                    public static final long %s = %d;
                """.formatted(field.path(), constant(field), field.offset());
    }

    private static String layout(StructLayout layout) {
        var members = new StringBuilder();
        int end = 0;
        for (int i = 0; i < layout.fields().size(); i++) {
            Field field = layout.fields().get(i);
            members.append(padding(field.offset() - end));
            int last = i;
            while (last + 1 < layout.fields().size()
                    && layout.fields().get(last + 1).offset() == field.offset()) {
                last++;
            }
            if (last > i) {
                members.append("                MemoryLayout.unionLayout(\n");
                for (Field member : layout.fields().subList(i, last + 1)) {
                    members.append("        ").append(member(member));
                }
                members.setLength(members.length() - 2);
                members.append(").withName(\"")
                        .append(field.path(), 0, field.path().indexOf('.'))
                        .append("\"),\n");
            } else {
                members.append(member(field));
            }
            end = 0;
            for (Field member : layout.fields().subList(i, last + 1)) {
                end = Math.max(end, member.offset() + member.size());
            }
            i = last;
        }
        members.append(padding(layout.size() - end));
        members.setLength(members.length() - 2);
        return """
                    /// Its layout, made when asked for.
                    public static StructLayout layout() {
                        return MemoryLayout.structLayout(
                %s);
                    }
                """.formatted(members);
    }

    private static String padding(int bytes) {
        return bytes == 0 ? "" : "                MemoryLayout.paddingLayout(" + bytes + "),\n";
    }

    private static String member(Field field) {
        String layout = field.count() == 0
                ? field.type().layout()
                : "MemoryLayout.sequenceLayout(" + field.count() + ", "
                        + field.type().layout() + ")";
        return "                " + layout + ".withName(\""
                + field.path().substring(field.path().indexOf('.') + 1) + "\"),\n";
    }

    private static String accessors(Field field) {
        String name = Source.name(field.path().replace('.', '_'));
        if (field.count() > 0) {
            return """
                        /// `%s`: a view of its %d bytes.
                        public static MemorySegment %s(MemorySegment struct) {
                            return struct.asSlice(%s, %d);
                        }
                    """.formatted(field.path(), field.size(), name, constant(field), field.size());
        }
        String type = field.type().java();
        String got = "struct.get(%s, %s)".formatted(field.type().layout(), constant(field));
        String set = "struct.set(%s, %s, value)".formatted(field.type().layout(), constant(field));
        if (field.type().equals(CType.POINTER)) {
            got = "CMemory.pointer(struct, " + constant(field) + ")";
            set = "CMemory.pointer(struct, " + constant(field) + ", value)";
        }
        return """
                    /// `%s`.
                    public static %s %s(MemorySegment struct) {
                        return %s;
                    }

                    /// Sets `%s`.
                    public static void %s(MemorySegment struct, %s value) {
                        %s;
                    }
                """.formatted(field.path(), type, name, got, field.path(), name, type, set);
    }

    private static String constant(Field field) {
        return field.path()
                        .replace('.', '_')
                        .replaceAll("([a-z])([A-Z])", "$1_$2")
                        .toUpperCase(Locale.ROOT)
                + "_OFFSET";
    }
}
