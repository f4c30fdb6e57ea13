package io.github.libvirt4j.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.NothingLeft;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.ClassEntry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// An arrow between layers goes down only.
@ExtendWith(NothingLeft.class)
class LayersTest {
    @Test
    void internalDoesNotKnowTheRootPackage() throws IOException {
        Path classes = Path.of("target/classes/io/github/libvirt4j/internal").toRealPath();
        Set<String> found = new TreeSet<>();
        int looked = 0;
        try (Stream<Path> files = Files.walk(classes)) {
            for (Path file :
                    (Iterable<Path>) files.filter(file -> file.toString().endsWith(".class"))::iterator) {
                if (!isOurs(file)) {
                    continue;
                }
                looked++;
                for (var entry : ClassFile.of().parse(file).constantPool()) {
                    if (entry instanceof ClassEntry of && of.asInternalName().matches("io/github/libvirt4j/[^/]+")) {
                        found.add(classes.relativize(file) + " > " + of.asInternalName());
                    }
                }
            }
        }
        assertThat(looked).isGreaterThan(100);
        assertThat(found).isEmpty();
    }

    /// Not of a test.
    private static boolean isOurs(Path file) {
        String path = file.toString();
        String name = path.substring(path.indexOf("io/github")).replaceFirst("(\\$.*)?\\.class$", ".java");
        return Files.exists(Path.of("src/main/java", name)) || Files.exists(Path.of("src/generated/java", name));
    }
}
