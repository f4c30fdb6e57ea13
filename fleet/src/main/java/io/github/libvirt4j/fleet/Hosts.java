package io.github.libvirt4j.fleet;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/// An inventory in a file of YAML.
///
/// ```yaml
/// hosts:
///   - name: alpha
///     uri: qemu+tls://alpha.example/system
///     labels: {rack: r1}
///   - name: beta
///     uri: qemu+tls://beta.example/system
/// ```
public final class Hosts {
    private final Path file;

    private Hosts(Path file) {
        this.file = file;
    }

    /// Reads the hosts of a file, in its order.
    ///
    /// @throws IllegalArgumentException if the content is wrong; the message names the file and the line
    public static List<Host> read(Path file) throws IOException {
        return new Hosts(file).read();
    }

    private List<Host> read() throws IOException {
        LoadSettings settings = LoadSettings.builder()
                .setLabel(file.toString())
                .setUseMarks(true)
                .build();
        Node root;
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            var parser = new ParserImpl(settings, new StreamReader(settings, reader));
            root = new Composer(settings, parser).getSingleNode().orElse(null);
        } catch (MarkedYamlEngineException e) {
            throw wrong(e.getProblemMark(), e.getProblem());
        } catch (YamlEngineException e) {
            if (e.getCause() instanceof CharacterCodingException) {
                throw wrong(Optional.empty(), "the file is not UTF-8; `iconv -f ENCODING -t UTF-8` converts it");
            } else if (e.getCause() instanceof IOException cause) {
                throw new IOException("'" + file + "': " + cause.getMessage(), e);
            }
            throw wrong(Optional.empty(), String.valueOf(e.getMessage()));
        }
        if (root == null) {
            throw wrong(Optional.empty(), "the file is empty; it needs the key 'hosts'");
        }
        Map<String, Node> keys = mapping(root, "the file", Set.of("hosts"));
        if (!(need(keys, "hosts", root) instanceof SequenceNode list)) {
            throw wrong(root, "'hosts' is not a list");
        }
        List<Host> hosts = new ArrayList<>();
        Map<String, Node> names = new HashMap<>();
        for (Node node : list.getValue()) {
            Host host = host(node);
            Node before = names.put(host.name(), node);
            if (before != null) {
                throw wrong(node, "a host of line " + line(before) + " is called '" + host.name() + "', too");
            }
            hosts.add(host);
        }
        return hosts;
    }

    private Host host(Node node) {
        Map<String, Node> keys = mapping(node, "a host", Set.of("name", "uri", "labels"));
        Map<String, String> labels = new LinkedHashMap<>();
        Node labelled = keys.get("labels");
        if (labelled != null) {
            mapping(labelled, "'labels'", null).forEach((name, value) -> labels.put(name, text(value)));
        }
        String name = text(need(keys, "name", node));
        String uri = text(need(keys, "uri", node));
        try {
            return new Host(name, uri, labels);
        } catch (IllegalArgumentException e) {
            throw wrong(node, String.valueOf(e.getMessage()));
        }
    }

    /// @param known the keys that there can be; null for any
    private Map<String, Node> mapping(Node node, String what, @Nullable Set<String> known) {
        if (!(node instanceof MappingNode mapping)) {
            throw wrong(node, what + " is no mapping of keys to values");
        }
        Map<String, Node> keys = new LinkedHashMap<>();
        for (NodeTuple each : mapping.getValue()) {
            String key = text(each.getKeyNode());
            if (known != null && !known.contains(key)) {
                throw wrong(
                        each.getKeyNode(),
                        "there is no key '" + key + "' of " + what + "; those there are: "
                                + String.join(", ", known.stream().sorted().toList()));
            }
            if (keys.put(key, each.getValueNode()) != null) {
                throw wrong(each.getKeyNode(), "the key '" + key + "' is there twice");
            }
        }
        return keys;
    }

    private Node need(Map<String, Node> keys, String key, Node of) {
        Node node = keys.get(key);
        if (node == null) {
            throw wrong(of, "the key '" + key + "' is missing");
        }
        return node;
    }

    private String text(Node node) {
        if (node instanceof ScalarNode scalar) {
            return scalar.getValue();
        }
        throw wrong(node, "a text is expected here");
    }

    private static int line(Node node) {
        return node.getStartMark().map(Mark::getLine).orElse(-1) + 1;
    }

    private IllegalArgumentException wrong(Node node, String message) {
        return wrong(node.getStartMark(), message);
    }

    private IllegalArgumentException wrong(Optional<Mark> mark, String message) {
        return new IllegalArgumentException(
                file + mark.map(at -> ":" + (at.getLine() + 1)).orElse("") + ": " + message);
    }
}
