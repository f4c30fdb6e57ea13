package io.github.libvirt4j.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Our Java sources, read by their indentation, which the formatter sees to.
public final class JavaSource {
    private static final Pattern TYPE =
            Pattern.compile("(?:(?:public|protected|private|abstract|static|final|sealed|non-sealed) )*"
                    + "(?:class|@?interface|record|enum) (\\w+).*");
    private static final Pattern METHOD = Pattern.compile("(\\w+)\\(");
    private static final Pattern FIELD = Pattern.compile("(\\w+) = ");

    private JavaSource() {}

    /// A type, method or field.
    ///
    /// @param name with its types and its package, relative to the root package
    /// @param isType whether it is a type
    /// @param comment the lines of its Javadoc
    /// @param code all of it, in one line and without comments; of a type nothing
    public record Member(String name, boolean isType, List<String> comment, String code) {}

    /// The members of a file.
    public static List<Member> members(Path file, Path root) throws IOException {
        String folder = root.relativize(file.resolveSibling("")).toString();
        String prefix = folder.isEmpty() ? "" : folder.replace('/', '.') + ".";
        List<String> lines = Files.readAllLines(file);
        List<Member> members = new ArrayList<>();
        TreeMap<Integer, String> types = new TreeMap<>();
        List<String> comment = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            int indent = lines.get(i).indexOf(line);
            if (line.startsWith("///")) {
                comment.add(line.substring(3).strip());
                continue;
            }
            boolean isAnnotation = line.startsWith("@") && !line.startsWith("@interface");
            if (line.isEmpty() || isAnnotation || line.startsWith("//")) {
                continue;
            }
            types.tailMap(indent, true).clear();
            Matcher type = TYPE.matcher(line);
            if (type.matches()) {
                types.put(indent, group(type, 1));
                members.add(new Member(prefix + String.join(".", types.values()), true, comment, ""));
            } else if (!types.isEmpty() && types.lastKey() == indent - 4 && line.matches("[\\w<].*")) {
                String code = code(lines, i, indent);
                Matcher name = (line.contains(" = ") ? FIELD : METHOD).matcher(code);
                String path = prefix + String.join(".", types.values()) + ".";
                members.add(new Member(path + (name.find() ? group(name, 1) : ""), false, comment, code));
            }
            comment = new ArrayList<>();
        }
        return members;
    }

    private static String group(Matcher matcher, int number) {
        return Objects.requireNonNull(matcher.group(number));
    }

    /// From a declaration to its end: the next line that is not indented further, which may close it.
    private static String code(List<String> lines, int from, int indent) {
        var code = new StringBuilder(lines.get(from).strip());
        for (int i = from + 1; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.startsWith("//") || line.isEmpty()) {
                continue;
            }
            if (lines.get(i).indexOf(line) <= indent) {
                break;
            }
            code.append(' ').append(line);
        }
        return code.toString().replaceAll("\\s+// .*", "");
    }
}
