package io.github.libvirt4j.support;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// The compiled classes of the library.
public final class ClassFiles {
    private ClassFiles() {}

    /// All of them, without those of tests.
    public static List<ClassModel> ofTheLibrary() throws IOException {
        List<ClassModel> all = new ArrayList<>();
        try (Stream<Path> files = Files.walk(Path.of("target/classes").toRealPath())) {
            for (Path file :
                    (Iterable<Path>) files.filter(file -> file.toString().endsWith(".class"))::iterator) {
                ClassModel model = ClassFile.of().parse(file);
                if (isOfTheLibrary(model)) {
                    all.add(model);
                }
            }
        }
        return all;
    }

    private static boolean isOfTheLibrary(ClassModel model) {
        String source = model.thisClass().asInternalName().replaceFirst("\\$.*", "") + ".java";
        return Files.exists(Path.of("src/main/java", source)) || Files.exists(Path.of("src/generated/java", source));
    }
}
