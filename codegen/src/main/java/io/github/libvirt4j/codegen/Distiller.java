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
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/// Takes the facts out of libvirt's description of its API, the XML files of its development package. Its
/// prose is read for one thing only, which enumeration a `flags` argument takes, and not kept.
public final class Distiller {
    /// The libraries, and the description of each.
    private static final Map<String, String> DESCRIPTIONS = descriptions();

    private static final Pattern UNUSED = Pattern.compile(
            "unused|not used|pass 0|currently 0|must be 0|should be 0|future|set to 0", Pattern.CASE_INSENSITIVE);
    private static final Pattern LIBVIRT_NAME = Pattern.compile("vir[A-Z]\\w+");
    private static final Pattern NUMBER = Pattern.compile("(\\d+)(LL)?");

    private final Map<String, Element> roots;
    private final Set<String> enumerations;
    private final Map<String, String> constants = new HashMap<>();

    private Distiller(Map<String, Element> roots) {
        this.roots = roots;
        this.enumerations = roots.values().stream()
                .flatMap(root -> children(root, "typedef").stream())
                .filter(typedef -> typedef.getAttribute("type").equals("enum"))
                .map(typedef -> typedef.getAttribute("name"))
                .collect(Collectors.toSet());
        for (Element root : roots.values()) {
            children(root, "enum").forEach(e -> constants.put(e.getAttribute("name"), e.getAttribute("value")));
            children(root, "macro").forEach(m -> {
                if (m.hasAttribute("raw") && !m.hasAttribute("params")) {
                    constants.put(m.getAttribute("name"), m.getAttribute("raw"));
                }
            });
        }
    }

    private static Map<String, String> descriptions() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("libvirt", "libvirt-api.xml");
        all.put("qemu", "libvirt-qemu-api.xml");
        all.put("lxc", "libvirt-lxc-api.xml");
        all.put("admin", "libvirt-admin-api.xml");
        return all;
    }

    /// The facts in the four descriptions of a directory.
    ///
    /// @throws IOException if one of them is not there, or is not what it should be
    public static Facts distil(Path directory) throws IOException {
        Map<String, Element> roots = new LinkedHashMap<>();
        for (Map.Entry<String, String> description : DESCRIPTIONS.entrySet()) {
            roots.put(description.getKey(), symbols(directory.resolve(description.getValue())));
        }
        return new Distiller(roots).facts();
    }

    private static Element symbols(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            Element root = DocumentBuilderFactory.newDefaultInstance()
                    .newDocumentBuilder()
                    .parse(in)
                    .getDocumentElement();
            return children(root, "symbols").getFirst();
        } catch (ParserConfigurationException | SAXException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    private Facts facts() {
        List<Fact> all = new ArrayList<>();
        roots.forEach((library, root) -> {
            children(root, "function").forEach(e -> all.add(function(library, e)));
            children(root, "functype").forEach(e -> all.add(callback(e)));
            children(root, "struct").forEach(e -> all.add(struct(e)));
            children(root, "typedef")
                    .forEach(e -> all.add(new Typedef(name(e), file(e), version(e), e.getAttribute("type"))));
            children(root, "enum").forEach(e -> all.add(constant(e)));
            children(root, "macro").forEach(e -> all.add(macro(e)));
            children(root, "variable")
                    .forEach(e -> all.add(new Global(name(e), file(e), version(e), e.getAttribute("type"))));
        });
        long release = number("LIBVIR_VERSION_NUMBER");
        return new Facts(release / 1_000_000 + "." + release / 1_000 % 1_000 + "." + release % 1_000, List.copyOf(all));
    }

    private Function function(String library, Element e) {
        List<String> flags = new ArrayList<>();
        for (Element argument : children(e, "arg")) {
            if (argument.getAttribute("name").equals("flags")) {
                String corrected = Corrections.FLAGS.get(name(e));
                flags.add(corrected == null ? flags(e, argument) : corrected);
            }
        }
        return new Function(name(e), file(e), version(e), library, result(e), arguments(e), String.join(",", flags));
    }

    /// Which enumerations a `flags` argument takes: those its own words name.
    private String flags(Element function, Element argument) {
        String words = argument.getAttribute("info");
        Set<String> named = LIBVIRT_NAME
                .matcher(words)
                .results()
                .map(MatchResult::group)
                .filter(enumerations::contains)
                .collect(Collectors.toCollection(TreeSet::new));
        if (!named.isEmpty()) {
            return String.join("|", named);
        }
        if (UNUSED.matcher(words).find()) {
            return "none";
        }
        throw new IllegalStateException("Which flags does " + name(function) + " take? libvirt says: \"" + words
                + "\"; add a line to Corrections.FLAGS");
    }

    private static CallbackType callback(Element e) {
        return new CallbackType(name(e), file(e), version(e), result(e), arguments(e));
    }

    private static Struct struct(Element e) {
        return new Struct(name(e), file(e), version(e), e.getAttribute("type").replaceFirst("^struct ", ""), fields(e));
    }

    private static List<Variable> fields(Element struct) {
        return children(struct, "field").stream().map(Distiller::field).toList();
    }

    private static Variable field(Element e) {
        String type = e.getAttribute("type");
        if (type.equals("union")) {
            String members = fields(children(e, "union").getFirst()).stream()
                    .map(member -> member.type() + " " + member.name())
                    .collect(Collectors.joining(";"));
            return new Variable("union", name(e) + "{" + members + "}");
        }
        int bracket = type.indexOf('[');
        if (bracket < 0) {
            return new Variable(type, name(e));
        }
        // An array: libvirt gives the whole declaration as its type.
        int space = type.lastIndexOf(' ', bracket);
        return new Variable(type.substring(0, space), type.substring(space + 1));
    }

    private Constant constant(Element e) {
        return new Constant(name(e), file(e), version(e), e.getAttribute("type"), number(name(e)));
    }

    private Macro macro(Element e) {
        if (e.hasAttribute("params")) {
            return new Macro(name(e), file(e), version(e), "function", e.getAttribute("params"));
        }
        if (e.hasAttribute("string")) {
            return new Macro(name(e), file(e), version(e), "string", e.getAttribute("string"));
        }
        String raw = e.getAttribute("raw");
        return raw.startsWith("_vir")
                ? new Macro(name(e), file(e), version(e), "struct", raw)
                : new Macro(name(e), file(e), version(e), "number", Long.toString(number(name(e))));
    }

    /// The value of a constant or macro: a number, a sum of numbers, or another constant's name.
    private long number(String name) {
        String raw = constants.get(name);
        if (raw == null) {
            throw new IllegalStateException("No constant " + name);
        }
        String bare = raw.replaceAll("/\\*.*\\*/", "").replaceAll("[() ]", "");
        if (bare.matches("-\\d+")) {
            return Long.parseLong(bare);
        }
        return Arrays.stream(bare.split("\\+"))
                .mapToLong(
                        part -> NUMBER.matcher(part).matches() ? Long.parseLong(part.replace("LL", "")) : number(part))
                .sum();
    }

    private static String result(Element e) {
        return children(e, "return").getFirst().getAttribute("type");
    }

    private static List<Variable> arguments(Element e) {
        return children(e, "arg").stream()
                .filter(argument -> !argument.getAttribute("type").equals("void"))
                .map(argument -> new Variable(argument.getAttribute("type"), name(argument)))
                .toList();
    }

    private static String name(Element e) {
        return e.getAttribute("name");
    }

    private static String file(Element e) {
        return e.getAttribute("file");
    }

    private static String version(Element e) {
        return e.getAttribute("version");
    }

    private static List<Element> children(Element parent, String tag) {
        List<Element> children = new ArrayList<>();
        for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element && element.getTagName().equals(tag)) {
                children.add(element);
            }
        }
        return children;
    }
}
