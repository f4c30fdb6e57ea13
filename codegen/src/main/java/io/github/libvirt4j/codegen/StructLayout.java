package io.github.libvirt4j.codegen;

import io.github.libvirt4j.codegen.Fact.Struct;
import io.github.libvirt4j.codegen.Fact.Variable;
import java.util.ArrayList;
import java.util.List;

/// Where the fields of a structure lie.
///
/// @param fields in their order; the members of a union one after the other, at the same offset
/// @param size of the whole, its padding at the end included
public record StructLayout(List<Field> fields, int size) {
    /// A field.
    ///
    /// @param path how C reaches it: `value.ui` for a member of a union
    /// @param type its type; of an array its element's
    /// @param count how many elements an array has, 0 for what is none
    /// @param offset its first byte
    public record Field(String path, CType type, int count, int offset) {
        /// How many bytes it takes.
        public int size() {
            return type.size() * Math.max(count, 1);
        }
    }

    /// Lays a structure out as C compilers do.
    public static StructLayout of(Struct struct, Facts facts) {
        List<Field> fields = new ArrayList<>();
        int end = 0;
        int alignment = 1;
        for (Variable variable : struct.fields()) {
            int start = fields.size();
            int wide = 1;
            for (Variable member : members(variable)) {
                Field field = field(member, 0, facts);
                wide = Math.max(wide, field.type().size());
                fields.add(field);
            }
            int offset = align(end, wide);
            for (int i = start; i < fields.size(); i++) {
                Field field = fields.get(i);
                fields.set(i, new Field(field.path(), field.type(), field.count(), offset));
                end = Math.max(end, offset + field.size());
            }
            alignment = Math.max(alignment, wide);
        }
        return new StructLayout(List.copyOf(fields), align(end, alignment));
    }

    private static List<Variable> members(Variable variable) {
        if (!variable.type().equals("union")) {
            return List.of(variable);
        }
        int brace = variable.name().indexOf('{');
        String union = variable.name().substring(0, brace);
        List<Variable> members = new ArrayList<>();
        for (String member : variable.name()
                .substring(brace + 1, variable.name().length() - 1)
                .split(";", -1)) {
            int space = member.lastIndexOf(' ');
            members.add(new Variable(member.substring(0, space), union + "." + member.substring(space + 1)));
        }
        return members;
    }

    private static Field field(Variable variable, int offset, Facts facts) {
        CType type = CType.of(variable.type(), facts);
        int bracket = variable.name().indexOf('[');
        if (bracket < 0) {
            return new Field(variable.name(), type, 0, offset);
        }
        String count = variable.name().substring(bracket + 1, variable.name().length() - 1);
        return new Field(
                variable.name().substring(0, bracket),
                type,
                count.matches("\\d+") ? Integer.parseInt(count) : (int) facts.number(count),
                offset);
    }

    private static int align(int offset, int alignment) {
        return (offset + alignment - 1) / alignment * alignment;
    }
}
