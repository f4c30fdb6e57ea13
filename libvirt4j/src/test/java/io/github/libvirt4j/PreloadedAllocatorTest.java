package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.auth.Authenticator;
import io.github.libvirt4j.support.ChildVm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// A process in which another `malloc` than the C library's is preloaded, as containers of Java often do with
/// jemalloc, tcmalloc or mimalloc.
@ExtendWith(NothingLeft.class)
class PreloadedAllocatorTest {
    /// Frees nothing. Before each block are 64 bytes of its own, at which the C library's `free` aborts.
    private static final String ALLOCATOR = """
            #include <errno.h>
            #include <string.h>
            static char pool[1L << 30] __attribute__((aligned(64)));
            static size_t used;
            void *memalign(size_t align, size_t size) {
                if (align < 64) align = 64;
                size_t at = __atomic_fetch_add(&used, size + align + 128, __ATOMIC_SEQ_CST) + 64;
                char *block = (char *) (((size_t) pool + at + align - 1) / align * align);
                ((size_t *) block)[-2] = size;
                ((size_t *) block)[-1] = 41;
                return block;
            }
            void *malloc(size_t size) { return memalign(64, size); }
            void *calloc(size_t count, size_t size) { return malloc(count * size); }
            void free(void *block) { }
            void *realloc(void *block, size_t size) {
                void *next = malloc(size);
                if (block) {
                    size_t old = ((size_t *) block)[-2];
                    memcpy(next, block, old < size ? old : size);
                }
                return next;
            }
            void *aligned_alloc(size_t align, size_t size) { return memalign(align, size); }
            int posix_memalign(void **block, size_t align, size_t size) { *block = memalign(align, size); return 0; }
            """;

    /// Takes what C gives away: strings, arrays, and gives C an answer that C frees.
    static final class Program {
        public static void main(String[] arguments) {
            try (Connect connect = Connect.to(Embedded.URI)
                    .authenticator(Authenticator.of("fred", "secret".toCharArray()))
                    .open()) {
                int domains = connect.domains().listAll().size();
                try (Domain domain = connect.domains().lookupByName("test")) {
                    System.out.println(connect.hostname().isEmpty() + " "
                            + domain.xmlDesc().isEmpty() + " " + domains);
                }
            }
        }
    }

    @Test
    void isTheOneThatFrees(@TempDir Path folder) throws Exception {
        Path source = Files.writeString(folder.resolve("allocator.c"), ALLOCATOR);
        Path library = folder.resolve("allocator.so");
        Process compiler = new ProcessBuilder(
                        "cc", "-O1", "-fno-builtin", "-shared", "-fPIC", "-o", library.toString(), source.toString())
                .inheritIO()
                .start();
        assertThat(compiler.waitFor()).isZero();

        ChildVm vm = ChildVm.run(
                List.of("env", "LD_PRELOAD=" + library),
                ChildVm.CLASSES,
                Program.class,
                List.of("--enable-native-access=ALL-UNNAMED"));
        assertThat(vm.lines()).containsExactly("false false 1");
        assertThat(vm.status()).isZero();
    }
}
