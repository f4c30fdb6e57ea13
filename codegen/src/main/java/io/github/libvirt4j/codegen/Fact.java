package io.github.libvirt4j.codegen;

import java.util.List;

/// One thing libvirt's API has. `version` is the one that brought it, `file` the header it stands in, without
/// `.h`.
public sealed interface Fact {
    /// Its C name.
    String name();

    /// The header it stands in.
    String file();

    /// The version of libvirt that brought it.
    String version();

    /// A type and a name: an argument, or a field.
    ///
    /// @param type the C type; of an array its element's, with the name carrying the brackets
    /// @param name the C name
    record Variable(String type, String name) {}

    /// A function.
    ///
    /// @param library which of the four libraries has it: `libvirt`, `qemu`, `lxc`, `admin`
    /// @param flags for each argument that takes flags, the enumerations they are of, or `none`
    record Function(
            String name,
            String file,
            String version,
            String library,
            String result,
            List<Variable> arguments,
            String flags)
            implements Fact {}

    /// A callback type.
    record CallbackType(String name, String file, String version, String result, List<Variable> arguments)
            implements Fact {}

    /// A structure; without fields where C does not show them. A union's members are in braces: `union
    /// value{int i;…}`.
    ///
    /// @param tag its name after `struct`
    record Struct(String name, String file, String version, String tag, List<Variable> fields) implements Fact {}

    /// Another name for a type. `enum` as type: an enumeration, whose constants name it.
    record Typedef(String name, String file, String version, String type) implements Fact {}

    /// A constant of an enumeration.
    record Constant(String name, String file, String version, String type, long value) implements Fact {}

    /// A macro.
    ///
    /// @param kind `string` or `number`; `struct`, another name for a structure's tag; `function`, with
    ///     arguments
    /// @param value the string or number; the tag; the arguments
    record Macro(String name, String file, String version, String kind, String value) implements Fact {}

    /// A global variable.
    record Global(String name, String file, String version, String type) implements Fact {}
}
