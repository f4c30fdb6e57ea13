package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.libvirt4j.support.ChildVm;
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

/// What the library says where it cannot work, in VMs of their own.
@ExtendWith(NothingLeft.class)
class LoadingTest {
    /// Opens a connection and prints how that went, then the same in another class loader.
    static final class Program {
        public static void main(String[] arguments) throws Exception {
            attempt(() -> Connect.open(Embedded.URI).close());
            attempt(() -> Connect.open(Embedded.URI).close());
            if (arguments.length > 0) {
                try (var copy = new URLClassLoader(
                        new URL[] {Path.of("target/classes").toUri().toURL()}, ClassLoader.getPlatformClassLoader())) {
                    attempt(() -> copy.loadClass("io.github.libvirt4j.Libvirt")
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
        assumeThat(Path.of("target/classes/module-info.class")).exists();
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
                        line.startsWith("io.github.libvirt4j.FunctionMissingException: libvirt cannot be loaded: "
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
                                "io.github.libvirt4j.FunctionMissingException: libvirt cannot be loaded: libxmlX.so.")
                        && line.contains("The file is there, and the loader refuses it. Install what it names"));
    }

    /// Looks what can be done, and prints what it finds.
    static final class Looking {
        public static void main(String[] arguments) {
            Diagnosis diagnosis = Libvirt.diagnose();
            System.out.println(diagnosis.isUsable() + " " + diagnosis.implemented() + " of " + diagnosis.closures()
                    + " " + diagnosis.eventKinds().size() + " " + diagnosis.problems());
        }
    }

    @Test
    void diagnosisDoesNotThrowWhenNativeAccessIsDenied() throws Exception {
        Diagnosis here = Libvirt.diagnose();
        assertThat(ChildVm.run(Looking.class, List.of("--illegal-native-access=deny"))
                        .lines())
                .singleElement()
                .asString()
                .startsWith("false " + here.implemented() + " of " + here.closures() + " "
                        + here.eventKinds().size() + " [The Java VM does not let libvirt4j use native code.");
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
                .startsWith("io.github.libvirt4j.NoFileDescriptorsException: libvirt cannot be loaded: libvirt.so.0: ")
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

    @Test
    void refusesASecondCopyInTheSameProcess() throws Exception {
        assertThat(run(List.of("--enable-native-access=ALL-UNNAMED"), "second copy"))
                .hasSize(3)
                .last()
                .asString()
                .startsWith("java.lang.IllegalStateException: Another copy of libvirt4j")
                .contains("Load libvirt4j once");
    }

    @Test
    void saysOnWhichPlatformsItRuns() {
        assertThatThrownBy(() -> io.github.libvirt4j.internal.Startup.requirePlatform("Mac OS X", "aarch64"))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessage("libvirt4j runs on Linux on x86-64 and aarch64; this is Mac OS X on aarch64");
        io.github.libvirt4j.internal.Startup.requirePlatform("Linux", "aarch64");
    }
}
