package io.github.libvirt4j.codegen;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// C functions and callback types that are not of libvirt's API, and that the library has by hand.
public record ByHand(List<Signature> all) {
    /// One of them.
    ///
    /// @param isUpcall whether C calls it
    /// @param result its C type
    /// @param arguments their C types
    /// @param keepsErrno whether the linker keeps its `errno`
    /// @param fixed how many arguments are not variadic; −1 if all of them
    public record Signature(boolean isUpcall, String result, List<String> arguments, boolean keepsErrno, int fixed) {}

    private static final String VARIADIC = "variadic ";

    /// A copy.
    public ByHand {
        all = List.copyOf(all);
    }

    /// Reads the file.
    public static ByHand read(Path file) throws IOException {
        return new ByHand(Files.readAllLines(file).stream()
                .filter(line -> !line.startsWith("#"))
                .map(line -> parse(line.split("\t", -1)))
                .toList());
    }

    private static Signature parse(String[] column) {
        List<String> options = words(column[4]);
        return new Signature(
                column[0].equals("up"),
                column[2],
                words(column[3]),
                options.contains("errno"),
                options.stream()
                        .filter(option -> option.startsWith(VARIADIC))
                        .mapToInt(option -> Integer.parseInt(option.substring(VARIADIC.length())))
                        .findFirst()
                        .orElse(-1));
    }

    private static List<String> words(String column) {
        return Stream.of(column.split(", ", -1)).filter(word -> !word.isEmpty()).toList();
    }
}
