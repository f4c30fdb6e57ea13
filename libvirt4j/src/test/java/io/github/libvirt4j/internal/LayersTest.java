package io.github.libvirt4j.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.NothingLeft;
import io.github.libvirt4j.support.ClassFiles;
import java.io.IOException;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// An arrow between layers goes down only.
@ExtendWith(NothingLeft.class)
class LayersTest {
    @Test
    void internalDoesNotKnowTheRootPackage() throws IOException {
        Set<String> found = new TreeSet<>();
        int looked = 0;
        for (ClassModel model : ClassFiles.ofTheLibrary()) {
            String name = model.thisClass().asInternalName();
            if (!name.startsWith("io/github/libvirt4j/internal/")) {
                continue;
            }
            looked++;
            for (var entry : model.constantPool()) {
                if (entry instanceof ClassEntry of && of.asInternalName().matches("io/github/libvirt4j/[^/]+")) {
                    found.add(name + " > " + of.asInternalName());
                }
            }
        }
        assertThat(looked).isGreaterThan(100);
        assertThat(found).isEmpty();
    }
}
