package io.github.libvirt4j.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.Connect;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The compiler of Java, given the program of a user who has the library on the class path.
@SuppressWarnings({"exports", "missing-explicit-ctor"}) // The module is the library's; tests only stand in it.
public final class Javac {
    /// What the compiler found fault with, in its words.
    ///
    /// @param line from 1
    /// @param text all of it, also what stands below the line of code
    public record Message(int line, String text) {}

    private Javac() {}

    /// The class of that name, compiled without a word and loaded.
    public static Class<?> load(Path folder, boolean withJSpecify, String name, String source) throws Exception {
        assertThat(compile(folder, withJSpecify, name, source)).isEmpty();
        URL[] classes = {folder.toUri().toURL()};
        return Class.forName(name, true, new URLClassLoader(classes, Javac.class.getClassLoader()));
    }

    /// What the compiler says of the source of a class. That it does not break down is asserted.
    public static List<Message> compile(Path folder, boolean withJSpecify, String name, String source)
            throws IOException {
        Path file = Files.writeString(folder.resolve(name + ".java"), source);
        var out = new StringWriter();
        var writer = new PrintWriter(out);
        int status = ToolProvider.findFirst("javac")
                .orElseThrow()
                .run(
                        writer,
                        writer,
                        "-proc:none",
                        "-Xmaxerrs",
                        "100000",
                        "-d",
                        folder.toString(),
                        "-cp",
                        library() + (withJSpecify ? File.pathSeparator + jspecify() : ""),
                        file.toString());
        assertThat(status)
                .as("status: 0 right, 1 wrong, 4 broken down\n%s", out)
                .isLessThan(2);
        return messages(out.toString(), file);
    }

    private static List<Message> messages(String out, Path file) {
        List<Message> messages = new ArrayList<>();
        for (String line : out.lines().toList()) {
            String[] parts = line.split(":", 3);
            if (parts.length == 3 && parts[0].equals(file.toString())) {
                messages.add(new Message(Integer.parseInt(parts[1]), parts[2].strip()));
            } else if (!messages.isEmpty()) {
                Message last = messages.removeLast();
                messages.add(new Message(last.line, last.text + "\n" + line));
            } else {
                messages.add(new Message(0, line));
            }
        }
        return messages;
    }

    private static Path library() {
        try {
            URI place = Objects.requireNonNull(
                            Connect.class.getProtectionDomain().getCodeSource())
                    .getLocation()
                    .toURI();
            return Path.of(place);
        } catch (java.net.URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String jspecify() {
        return Stream.of("java.class.path", "jdk.module.path")
                .flatMap(path -> Stream.of(System.getProperty(path, "").split(File.pathSeparator)))
                .filter(entry -> entry.contains("jspecify"))
                .collect(Collectors.joining(File.pathSeparator));
    }
}
