package io.github.libvirt4j.codegen;

import io.github.libvirt4j.codegen.emit.CallbackEmitter;
import io.github.libvirt4j.codegen.emit.ConstantEmitter;
import io.github.libvirt4j.codegen.emit.EnumEmitter;
import io.github.libvirt4j.codegen.emit.FunctionEmitter;
import io.github.libvirt4j.codegen.emit.KeyEmitter;
import io.github.libvirt4j.codegen.emit.PackageEmitter;
import io.github.libvirt4j.codegen.emit.Source;
import io.github.libvirt4j.codegen.emit.StackFrameEmitter;
import io.github.libvirt4j.codegen.emit.StructEmitter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// All generated sources, and the directory they stand in.
public final class Generator {
    private Generator() {}

    /// What the directory is to hold: a text for each path.
    public static SortedMap<String, String> generate(Facts facts, Parameters parameters) {
        SortedMap<String, String> sources = new TreeMap<>();
        Stream.of(
                        FunctionEmitter.emit(facts),
                        StructEmitter.emit(facts),
                        EnumEmitter.emit(facts),
                        KeyEmitter.emit(facts, parameters),
                        PackageEmitter.emit(),
                        Stream.of(
                                CallbackEmitter.emit(facts),
                                ConstantEmitter.emit(facts, parameters),
                                StackFrameEmitter.emit()))
                .flatMap(all -> all)
                .forEach(source -> put(sources, source));
        return sources;
    }

    private static void put(SortedMap<String, String> sources, Source source) {
        if (sources.put(source.path(), source.text()) != null) {
            throw new IllegalStateException("Two sources are named " + source.path());
        }
    }

    /// What the directory holds.
    public static SortedMap<String, String> read(Path directory) throws IOException {
        SortedMap<String, String> sources = new TreeMap<>();
        if (Files.isDirectory(directory)) {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    sources.put(directory.relativize(file).toString(), Files.readString(file));
                }
            }
        }
        return sources;
    }

    /// Makes the directory hold just `sources`. Files that are right already are not touched.
    public static void write(SortedMap<String, String> sources, Path directory) throws IOException {
        SortedMap<String, String> before = read(directory);
        for (String path : before.keySet()) {
            if (!sources.containsKey(path)) {
                Files.delete(directory.resolve(path));
            }
        }
        for (var source : sources.entrySet()) {
            if (!source.getValue().equals(before.get(source.getKey()))) {
                Path file = directory.resolve(source.getKey());
                Files.createDirectories(file.resolveSibling(""));
                Files.writeString(file, source.getValue());
            }
        }
    }
}
