package io.github.libvirt4j.codegen;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The program behind `codegen/update`. Arguments: the project's folder, and the one of libvirt's XML files; without
/// that one, sources are generated from the facts that are there.
public final class Codegen {
    /// Below the project's folder.
    static final Path FACTS = Path.of("codegen/facts/libvirt.tsv");

    static final Path SOURCES = Path.of("libvirt4j/src/generated/java");

    private Codegen() {}

    /// Runs.
    public static void main(String[] arguments) throws IOException {
        Path root = Path.of(arguments[0]);
        Path file = root.resolve(FACTS);
        if (arguments.length > 1) {
            Files.writeString(file, Distiller.distil(Path.of(arguments[1])).text());
        }
        Facts facts = Facts.read(file);
        var sources = Generator.generate(facts);
        Generator.write(sources, root.resolve(SOURCES));
        System.out.println("libvirt " + facts.release() + ": " + sources.size() + " files");
    }
}
