package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.libvirt4j.support.ChildVm;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
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
    void worksFromTheModulePath() throws Exception {
        assertThat(run(onModulePath("--enable-native-access=io.github.libvirt4j", "--illegal-native-access=deny")))
                .containsExactly("works", "works");
    }

    @Test
    void namesTheFlagOfTheModule() throws Exception {
        assertThat(run(onModulePath("--illegal-native-access=deny")))
                .hasSize(2)
                .allMatch(line -> line.startsWith("java.lang.IllegalCallerException: ")
                        && line.endsWith("Start it with --enable-native-access=io.github.libvirt4j"));
    }

    private static List<String> onModulePath(String... options) {
        assumeTrue(Files.exists(Path.of("target/classes/module-info.class")));
        return Stream.concat(
                        Stream.of(options),
                        Stream.of(
                                "--module-path=target/classes",
                                "--add-modules=io.github.libvirt4j",
                                "--patch-module=io.github.libvirt4j=target/test-classes"))
                .toList();
    }

    @Test
    void saysThatTheFileIsNotThere() throws Exception {
        assertThat(run(List.of("--enable-native-access=ALL-UNNAMED", "-Dlibvirt4j.library.path=/nowhere")))
                .hasSize(2)
                .allMatch(line ->
                        line.startsWith("io.github.libvirt4j.error.FunctionMissingException: libvirt cannot be loaded: "
                                        + "/nowhere/libvirt.so.0: ")
                                && line.contains(". Name the directory it is in (-Dlibvirt4j.library.path=DIRECTORY)"));
    }

    /// libvirt is there, and a library it needs is not: the loader's own words name that one.
    @Test
    void saysWhatTheLoaderMisses(@TempDir Path folder) throws Exception {
        Path libvirt = Objects.requireNonNull(Libvirt.diagnose().path()).toRealPath();
        String bytes = Files.readString(libvirt, StandardCharsets.ISO_8859_1);
        Files.writeString(
                folder.resolve("libvirt.so.0"),
                bytes.replaceFirst("\0libxml2\\.so", "\0libxmlX.so"),
                StandardCharsets.ISO_8859_1);
        assertThat(run(List.of("--enable-native-access=ALL-UNNAMED", "-Dlibvirt4j.library.path=" + folder)))
                .hasSize(2)
                .allMatch(line -> line.startsWith(
                                "io.github.libvirt4j.error.FunctionMissingException: libvirt cannot be loaded: libxmlX.so.")
                        && line.contains("The file is there, and the loader refuses it. Install what it names"));
    }

    /// Looks what can be done, and prints what it finds.
    static final class Looking {
        public static void main(String[] arguments) {
            Diagnosis diagnosis = Libvirt.diagnose();
            System.out.println(
                    diagnosis.isUsable() + " " + diagnosis.eventKinds().size() + " " + diagnosis.problems());
        }
    }

    @Test
    void diagnosisDoesNotThrowWhenNativeAccessIsDenied() throws Exception {
        Diagnosis here = Libvirt.diagnose();
        assertThat(ChildVm.run(Looking.class, List.of("--illegal-native-access=deny"))
                        .lines())
                .singleElement()
                .asString()
                .startsWith(
                        "false " + here.eventKinds().size() + " [The Java VM does not let libvirt4j use native code.");
    }

    /// Uses up all file descriptors before the library is first used, and then closes them.
    static final class OutOfDescriptors {
        public static void main(String[] arguments) throws Exception {
            List<AutoCloseable> taken = new ArrayList<>();
            try {
                while (true) {
                    taken.add(new FileInputStream("/dev/null"));
                }
            } catch (IOException full) {
                System.out.println("full");
            }
            attempt();
            System.out.println(Libvirt.diagnose().problems());
            for (AutoCloseable one : taken) {
                one.close();
            }
            attempt();
        }

        private static void attempt() {
            try (Connect connect = Connect.open(Embedded.URI)) {
                System.out.println("works " + connect.hostname().length());
            } catch (Throwable t) {
                System.out.println(t);
            }
        }
    }

    /// From an archive, as programs are: a class in a folder takes a file descriptor to be loaded.
    @Test
    void worksAfterFileDescriptorsWereUsedUpAtFirst(@TempDir Path folder) throws Exception {
        Path archive = folder.resolve("all.jar");
        try (var jar = new JarOutputStream(Files.newOutputStream(archive))) {
            jar.setLevel(0);
            // Both can be links to one.
            for (Path classes : new HashSet<>(List.of(
                    Path.of("target/classes").toRealPath(),
                    Path.of("target/test-classes").toRealPath()))) {
                add(jar, classes);
            }
        }
        ChildVm vm = ChildVm.run(
                List.of("sh", "-c", "ulimit -n 200; exec \"$@\"", "sh"),
                List.of(archive),
                OutOfDescriptors.class,
                List.of("--enable-native-access=ALL-UNNAMED"));
        assertThat(vm.lines()).hasSize(4);
        assertThat(vm.lines().get(1))
                .startsWith(
                        "io.github.libvirt4j.error.NoFileDescriptorsException: libvirt cannot be loaded: libvirt.so.0: ")
                .endsWith("raise the process's limit (ulimit -n)");
        assertThat(vm.lines().get(2)).startsWith("[libvirt cannot be loaded: libvirt.so.0: ");
        assertThat(vm.lines().get(3)).startsWith("works ");
    }

    private static void add(JarOutputStream jar, Path classes) throws IOException {
        try (Stream<Path> files = Files.walk(classes)) {
            for (Path file : (Iterable<Path>) files.filter(
                    name -> name.toString().endsWith(".class") && !name.endsWith("module-info.class"))::iterator) {
                jar.putNextEntry(new ZipEntry(classes.relativize(file).toString()));
                Files.copy(file, jar);
            }
        }
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
        assertThatThrownBy(() -> io.github.libvirt4j.internal.c.Startup.requirePlatform("Mac OS X", "aarch64"))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessage("libvirt4j runs on Linux on x86-64 and aarch64; this is Mac OS X on aarch64");
        io.github.libvirt4j.internal.c.Startup.requirePlatform("Linux", "aarch64");
    }
}
