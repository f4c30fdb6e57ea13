package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libvirt4j.support.ChildVm;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the library says where it cannot work, in VMs of their own.
@ExtendWith(NothingLeft.class)
class LoadingTest {
    private static final Path CLASSES = Path.of("target/classes");
    private static final String ORIGINAL = "io.github.libvirt4j";
    private static final String RELOCATED = "shaded." + ORIGINAL;

    /// Opens a connection and prints how that went, then the same of copies in other class loaders.
    static final class Program {
        public static void main(String[] arguments) throws Exception {
            attempt(() -> Connect.open(Embedded.URI).close());
            attempt(() -> Connect.open(Embedded.URI).close());
            for (String copy : arguments) {
                try (URLClassLoader loader = copy.equals(RELOCATED)
                        ? new RelocatedCopy(CLASSES)
                        : new URLClassLoader(
                                new URL[] {CLASSES.toUri().toURL()}, ClassLoader.getPlatformClassLoader())) {
                    attempt(() -> loader.loadClass(copy + ".Libvirt")
                            .getMethod("version")
                            .invoke(null));
                }
            }
        }

        private interface Attempt {
            void run() throws Exception;
        }

        private static void attempt(Attempt attempt) {
            try {
                attempt.run();
                System.out.println("works");
            } catch (Throwable t) {
                Throwable cause = t instanceof java.lang.reflect.InvocationTargetException ? t.getCause() : t;
                System.out.println(cause);
            }
        }
    }

    private static List<String> run(List<String> options, String... arguments) throws Exception {
        return ChildVm.run(Program.class, options, arguments).lines();
    }

    @Test
    void worksFromTheClassPath() throws Exception {
        assertThat(run(List.of("--enable-native-access=ALL-UNNAMED"))).containsExactly("works", "works");
    }

    @Test
    void namesTheFlagWhenNativeAccessIsDenied() throws Exception {
        assertThat(run(List.of("--illegal-native-access=deny")))
                .hasSize(2)
                .allMatch(line -> line.startsWith("java.lang.IllegalCallerException: ")
                        && line.endsWith("Start it with --enable-native-access=ALL-UNNAMED"));
    }

    @Test
    void saysWhatToInstallWhenLibvirtIsNotThere() throws Exception {
        assertThat(run(List.of("--enable-native-access=ALL-UNNAMED", "-Dlibvirt4j.library.path=/nowhere")))
                .hasSize(2)
                .allMatch(line -> line.startsWith("io.github.libvirt4j.FunctionMissingException: ")
                        && line.contains("needs /nowhere/libvirt.so.0, which cannot be loaded. Install"));
    }

    /// All that the first copy had is closed by then.
    @ParameterizedTest
    @ValueSource(strings = {ORIGINAL, RELOCATED})
    void refusesASecondCopyInTheSameProcess(String second) throws Exception {
        assertThat(run(List.of("--enable-native-access=ALL-UNNAMED"), second))
                .hasSize(3)
                .last()
                .asString()
                .startsWith("java.lang.IllegalStateException: Another copy of libvirt4j (" + ORIGINAL)
                .contains("Load libvirt4j once", "Tomcat: lib");
    }

    /// A class loader that renames packages as shading does, the strings that begin with their name included.
    private static final class RelocatedCopy extends URLClassLoader {
        private final Path classes;

        RelocatedCopy(Path classes) {
            super(new URL[0], ClassLoader.getPlatformClassLoader());
            this.classes = classes;
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            if (!name.startsWith(RELOCATED)) {
                throw new ClassNotFoundException(name);
            }
            String file = name.substring("shaded.".length()).replace('.', '/') + ".class";
            try {
                byte[] original = Files.readAllBytes(classes.resolve(file));
                byte[] bytes = renamed(original);
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }

        /// All names and strings of a class are in its constant pool, and found there by their place.
        private static byte[] renamed(byte[] original) throws IOException {
            var in = new DataInputStream(new ByteArrayInputStream(original));
            var bytes = new ByteArrayOutputStream();
            var out = new DataOutputStream(bytes);
            out.writeLong(in.readLong()); // Magic and version.
            int count = in.readUnsignedShort();
            out.writeShort(count);
            for (int i = 1; i < count; i++) {
                int tag = in.readUnsignedByte();
                out.writeByte(tag);
                switch (tag) {
                    case 1 -> out.writeUTF(renamed(in.readUTF()));
                    case 3, 4, 9, 10, 11, 12, 17, 18 -> out.writeInt(in.readInt());
                    case 5, 6 -> {
                        out.writeLong(in.readLong());
                        i++; // These take two places.
                    }
                    case 7, 8, 16, 19, 20 -> out.writeShort(in.readShort());
                    case 15 -> {
                        out.writeByte(in.readByte());
                        out.writeShort(in.readShort());
                    }
                    default -> throw new IOException("constant of tag " + tag);
                }
            }
            in.transferTo(out);
            return bytes.toByteArray();
        }

        private static String renamed(String constant) {
            return constant.startsWith(ORIGINAL)
                    ? RELOCATED + constant.substring(ORIGINAL.length())
                    : constant.replace(ORIGINAL.replace('.', '/'), RELOCATED.replace('.', '/'));
        }
    }

    @Test
    void saysOnWhichPlatformsItRuns() {
        assertThatThrownBy(() -> io.github.libvirt4j.internal.Startup.requirePlatform("Mac OS X", "aarch64"))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessage("libvirt4j runs on Linux on x86-64 and aarch64; this is Mac OS X on aarch64");
        io.github.libvirt4j.internal.Startup.requirePlatform("Linux", "aarch64");
    }
}
