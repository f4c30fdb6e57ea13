package io.github.libvirt4j.codegen;

import io.github.libvirt4j.codegen.emit.LibvirtJavaEmitter;
import io.github.libvirt4j.codegen.emit.PageEmitter;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The program behind `codegen/update`. Arguments: the project's folder, and the one of libvirt's XML files;
/// without that one, sources are generated from the facts that are there.
public final class Codegen {
    /// Below the project's folder.
    static final Path FACTS = Path.of("codegen/facts/libvirt.tsv");

    /// Kept by hand.
    static final Path PLACES = Path.of("codegen/facts/java.tsv");

    /// Kept by hand.
    static final Path PARAMETERS = Path.of("codegen/facts/parameters.tsv");

    static final Path SOURCES = Path.of("libvirt4j/src/generated/java");

    static final Path PAGE = Path.of("docs/functions.md");

    /// Kept by hand.
    static final Path LIBVIRT_JAVA = Path.of("codegen/facts/libvirt-java.tsv");

    static final Path LIBVIRT_JAVA_PAGE = Path.of("docs/from-libvirt-java.md");

    private Codegen() {}

    /// Runs.
    public static void main(String[] arguments) throws IOException {
        try {
            run(arguments);
        } catch (Refusal e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    private static void run(String[] arguments) throws IOException {
        Path root = Path.of(arguments[0]);
        Path file = root.resolve(FACTS);
        if (arguments.length > 1) {
            Files.writeString(
                    file,
                    newer(Distiller.distil(Path.of(arguments[1])), Facts.read(file))
                            .text());
        }
        Facts facts = Facts.read(file);
        Parameters parameters = Parameters.read(root.resolve(PARAMETERS));
        refuse(SOURCES, parameters.faults(facts), PARAMETERS);
        var sources = Generator.generate(facts, parameters);
        Generator.write(sources, root.resolve(SOURCES));
        System.out.println("libvirt " + facts.release() + ": " + sources.size() + " files");
        Places places = Places.read(root.resolve(PLACES));
        refuse(PAGE, places.faults(facts), PLACES);
        Files.writeString(root.resolve(PAGE), PageEmitter.emit(facts, places));
        LibvirtJava table = LibvirtJava.read(root.resolve(LIBVIRT_JAVA));
        refuse(LIBVIRT_JAVA_PAGE, table.faults(places), LIBVIRT_JAVA);
        Files.writeString(root.resolve(LIBVIRT_JAVA_PAGE), LibvirtJavaEmitter.emit(table, places));
    }

    private static void refuse(Path target, List<String> faults, Path kept) {
        if (!faults.isEmpty()) {
            throw new Refusal(target + " is not written: " + String.join(", ", faults) + " in " + kept
                    + ". Mend that, and run codegen/update --sources");
        }
    }

    /// Said to whoever runs this, without a stack trace.
    static final class Refusal extends RuntimeException {
        private static final long serialVersionUID = 1;

        private Refusal(String message) {
            super(message);
        }
    }

    /// An older libvirt knows less: its facts would take functions away from those who use them.
    static Facts newer(Facts distilled, Facts before) {
        if (ModuleDescriptor.Version.parse(distilled.release())
                        .compareTo(ModuleDescriptor.Version.parse(before.release()))
                < 0) {
            throw new Refusal("These are the facts of libvirt " + distilled.release()
                    + "; those in the project are of " + before.release() + ", which is newer. Name the directory of a"
                    + " newer libvirt's XML files");
        }
        return distilled;
    }
}
