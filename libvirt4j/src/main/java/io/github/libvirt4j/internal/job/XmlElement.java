package io.github.libvirt4j.internal.job;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An element of XML as libvirt writes it, without its text. The library needs a dozen attributes and depends
/// on `java.base` only, so it reads tags itself.
///
/// @param name with a prefix, if it has one
public record XmlElement(String name, Map<String, String> attributes, List<XmlElement> children) {
    private static final int LONGEST_ENTITY = 12;

    /// Reads a document. Comments, CDATA sections, processing instructions, a DOCTYPE and all text are
    /// skipped.
    ///
    /// @return the root element
    /// @throws IllegalArgumentException if the tags do not form one tree
    public static XmlElement parse(String xml) {
        return new Scanner(xml).document();
    }

    /// The value of an attribute; null if it has none of that name.
    public @Nullable String attribute(String of) {
        return attributes.get(of);
    }

    /// The first child of a name; null if there is none.
    public @Nullable XmlElement child(String of) {
        for (XmlElement child : children) {
            if (child.name.equals(of)) {
                return child;
            }
        }
        return null;
    }

    /// The children of a name, in order.
    public List<XmlElement> children(String of) {
        return children.stream().filter(child -> child.name.equals(of)).toList();
    }

    private static final class Scanner {
        private final String xml;
        private final Deque<XmlElement> open = new ArrayDeque<>();
        private @Nullable XmlElement root;
        private int at;

        Scanner(String xml) {
            this.xml = xml;
        }

        XmlElement document() {
            for (at = xml.indexOf('<'); at >= 0; at = xml.indexOf('<', at)) {
                if (xml.startsWith("<!--", at)) {
                    skip("-->");
                } else if (xml.startsWith("<![CDATA[", at)) {
                    skip("]]>");
                } else if (xml.startsWith("<?", at)) {
                    skip("?>");
                } else if (xml.startsWith("<!", at)) {
                    skip(xml.indexOf('[', at) >= 0 && xml.indexOf('[', at) < xml.indexOf('>', at) ? "]>" : ">");
                } else if (xml.startsWith("</", at)) {
                    end();
                } else {
                    begin();
                }
            }
            if (root == null || !open.isEmpty()) {
                throw malformed("ends before its root element");
            }
            return root;
        }

        private void skip(String to) {
            int end = xml.indexOf(to, at);
            if (end < 0) {
                throw malformed("has no " + to + " after index " + at);
            }
            at = end + to.length();
        }

        private void begin() {
            at++;
            String name = name();
            Map<String, String> attributes = new LinkedHashMap<>();
            spaces();
            while (at < xml.length() && xml.charAt(at) != '>' && xml.charAt(at) != '/') {
                String attribute = name();
                spaces();
                expect('=');
                spaces();
                attributes.put(attribute, value());
                spaces();
            }
            boolean isEmpty = at < xml.length() && xml.charAt(at) == '/';
            if (isEmpty) {
                at++;
            }
            expect('>');
            add(new XmlElement(name, attributes, new ArrayList<>()), isEmpty);
        }

        private void add(XmlElement element, boolean isEmpty) {
            XmlElement parent = open.peek();
            if (parent != null) {
                parent.children.add(element);
            } else if (root == null) {
                root = element;
            } else {
                throw malformed("has a second root element");
            }
            if (!isEmpty) {
                open.push(element);
            }
        }

        private void end() {
            at += 2;
            String name = name();
            spaces();
            expect('>');
            if (open.isEmpty() || !open.pop().name.equals(name)) {
                throw malformed("ends " + name + " where it is not open");
            }
        }

        private String name() {
            int start = at;
            while (at < xml.length() && "=/><\"' \t\r\n".indexOf(xml.charAt(at)) < 0) {
                at++;
            }
            if (at == start) {
                throw malformed("has no name at index " + at);
            }
            return xml.substring(start, at);
        }

        private void spaces() {
            while (at < xml.length() && Character.isWhitespace(xml.charAt(at))) {
                at++;
            }
        }

        private void expect(char c) {
            if (at >= xml.length() || xml.charAt(at) != c) {
                throw malformed("has no " + c + " at index " + at);
            }
            at++;
        }

        private String value() {
            char quote = at < xml.length() ? xml.charAt(at) : ' ';
            int end = quote == '\'' || quote == '"' ? xml.indexOf(quote, at + 1) : -1;
            if (end < 0) {
                throw malformed("has no value at index " + at);
            }
            String raw = xml.substring(at + 1, end);
            at = end + 1;
            return raw.indexOf('&') < 0 ? raw : unescaped(raw);
        }

        private String unescaped(String raw) {
            StringBuilder text = new StringBuilder(raw.length());
            int from = 0;
            for (int and = raw.indexOf('&'); and >= 0; and = raw.indexOf('&', from)) {
                int end = raw.indexOf(';', and);
                if (end < 0 || end - and > LONGEST_ENTITY) {
                    throw malformed("has an & without an entity");
                }
                text.append(raw, from, and).appendCodePoint(entity(raw.substring(and + 1, end)));
                from = end + 1;
            }
            return text.append(raw, from, raw.length()).toString();
        }

        private int entity(String name) {
            try {
                return switch (name) {
                    case "amp" -> '&';
                    case "lt" -> '<';
                    case "gt" -> '>';
                    case "quot" -> '"';
                    case "apos" -> '\'';
                    default -> number(name);
                };
            } catch (NumberFormatException | IndexOutOfBoundsException e) {
                throw malformed("has an unknown entity, " + name);
            }
        }

        private static int number(String name) {
            int number = name.startsWith("#x")
                    ? Integer.parseInt(name, 2, name.length(), 16)
                    : Integer.parseInt(name, 1, name.length(), 10);
            if (name.charAt(0) != '#' || !Character.isValidCodePoint(number)) {
                throw new NumberFormatException();
            }
            return number;
        }

        private IllegalArgumentException malformed(String how) {
            return new IllegalArgumentException("The XML " + how);
        }
    }
}
