package io.github.libvirt4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `./run` in a checkout that is built already, whatever its folder and the environment are.
@Tag("slow")
@Timeout(300)
class RunScriptTest {
    private static final String BUILD = Checkout.BUILD;

    @TempDir
    Path folder;

    private Path checkout(String name) throws Exception {
        return Checkout.make(folder.resolve(name));
    }

    private record Ended(int status, String output) {}

    private static Process start(Path checkout, Map<String, String> environment) throws IOException {
        return start(checkout, environment, "./run", "list", "-c", "test:///default");
    }

    private static Process start(Path checkout, Map<String, String> environment, String... command) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(checkout.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        builder.environment().put("JAVA_HOME", Objects.requireNonNull(System.getProperty("java.home")));
        return builder.start();
    }

    private static Ended end(Process process) throws Exception {
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), output);
    }

    private static void assertRuns(Path checkout, Map<String, String> environment) throws Exception {
        Ended ended = end(start(checkout, environment));
        assertThat(ended.status()).as(ended.output()).isZero();
        assertThat(ended.output()).contains("1   test  running");
    }

    private static boolean hasCache(Path checkout) {
        return Files.exists(checkout.resolve(BUILD).resolve("aot-cache"));
    }

    @ParameterizedTest
    @CsvSource({"josé, C.UTF-8", "josé, C", "' spaces, = and ,', C.UTF-8"})
    void runsInAnyFolder(String name, String locale) throws Exception {
        // The name is written by the shell: this VM's locale may not know it.
        Path checkout = checkout("plain");
        Path named = folder.resolve("named");
        Files.createDirectory(named);
        assertThat(end(new ProcessBuilder("mv", checkout.toString(), named + "/" + name).start())
                        .status())
                .isZero();
        checkout = named.resolve(name);
        Map<String, String> environment = Map.of("LC_ALL", locale);
        assertRuns(checkout, environment);
        assertThat(hasCache(checkout)).isTrue();
        assertRuns(checkout, environment);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "JAVA_TOOL_OPTIONS=-XX:+UseG1GC",
                "JDK_JAVA_OPTIONS=-XX:+UseParallelGC",
                "_JAVA_OPTIONS=-XX:+UseZGC",
                "JAVA_TOOL_OPTIONS=-XX:AOTMode=off",
                "JDK_JAVA_OPTIONS=-XX:+UseCompactObjectHeaders"
            })
    void runsWithOptionsOfTheEnvironment(String variable) throws Exception {
        Path checkout = checkout("checkout");
        String[] option = variable.split("=", 2);
        Map<String, String> environment = Map.of(option[0], option[1]);
        assertRuns(checkout, environment);
        assertThat(hasCache(checkout)).isTrue();
        assertRuns(checkout, environment);
    }

    @Test
    void makesAnotherCacheForAnotherJdk() throws Exception {
        Path checkout = checkout("checkout");
        assertRuns(checkout, Map.of());
        Path build = checkout.resolve(BUILD);
        String of = Files.readString(build.resolve("aot-cache.of"));
        // Such as another one would have left.
        Files.writeString(build.resolve("aot-cache"), "nonsense");
        Files.writeString(build.resolve("aot-cache.of"), "another");
        assertRuns(checkout, Map.of());
        assertThat(build.resolve("aot-cache.of")).hasContent(of);
        assertThat(Files.size(build.resolve("aot-cache"))).isGreaterThan(1_000_000);
    }

    @Test
    void runsOftenAtOnceWhileTheCacheIsMade() throws Exception {
        Path checkout = checkout("checkout");
        List<Process> all = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            all.add(start(checkout, new HashMap<>()));
        }
        for (Process each : all) {
            Ended ended = end(each);
            assertThat(ended.status()).as(ended.output()).isZero();
        }
        assertThat(hasCache(checkout)).isTrue();
    }

    @Test
    void refusesAFolderThatJavaCannotTake() throws Exception {
        Ended ended = end(start(checkout("a:b"), Map.of()));
        assertThat(ended.status()).isOne();
        assertThat(ended.output()).contains("Java takes no folder with ':' in its path");
    }

    private static String run(Path checkout, String... command) throws Exception {
        Ended ended = end(start(checkout, Map.of(), command));
        assertThat(ended.status()).as(ended.output()).isZero();
        return ended.output();
    }

    @Test
    void installsTheCommand() throws Exception {
        Path checkout = checkout("checkout");
        Path prefix = folder.resolve("a prefix");
        String command = prefix.resolve("bin/libvirt4j").toString();
        // Again, over the one that is there.
        for (int i = 0; i < 2; i++) {
            run(checkout, "./run", "install", "--prefix", prefix.toString());
            assertThat(run(checkout, command, "list", "-c", "test:///default")).contains("1   test  running");
        }
        assertThat(prefix.resolve("lib/libvirt4j/aot-cache")).isRegularFile();
        Path share = prefix.resolve("share");
        assertThat(share.resolve("bash-completion/completions/libvirt4j"))
                .content()
                .contains("complete -F _libvirt4j libvirt4j");
        assertThat(share.resolve("zsh/site-functions/_libvirt4j")).content().startsWith("#compdef libvirt4j\n");
        assertThat(share.resolve("fish/vendor_completions.d/libvirt4j.fish")).isNotEmptyFile();
        assertThat(share.resolve("man/man1/libvirt4j.1")).content().startsWith(".TH LIBVIRT4J 1 ");
        // It gives up after two seconds, silently.
        String names = "";
        for (int i = 0; i < 5 && names.isEmpty(); i++) {
            names = run(checkout, command, "__complete", "-c", "test:///default", "info", "te");
        }
        assertThat(names).isEqualTo("test\n");
        startsByOtherNames(checkout, prefix);
        for (String each : List.of("./run", command)) {
            assertThat(end(start(checkout, Map.of(), "sh", "-c", "\"$0\" define - -c test:///default <&-", each))
                            .output())
                    .contains("Document is empty");
        }
        assertThat(end(start(checkout, Map.of(), "./run", "install", "--prefix", folder + "/a:b"))
                        .output())
                .contains("Java takes no folder with ':' in its path (" + folder + "/a:b); --prefix names");
        Path moved = Files.move(prefix, folder.resolve("c:d"));
        assertThat(end(start(checkout, Map.of(), moved + "/bin/libvirt4j", "list"))
                        .output())
                .contains("Java takes no folder with ':' in its path (" + moved + ")");
        Files.move(moved, prefix);
        assertThat(end(start(checkout, Map.of(), "./run", "install", "--prefix", "/proc/x"))
                        .output())
                .contains("/proc/x is not writable");
        Files.writeString(prefix.resolve("lib/libvirt4j/java-home"), "/nowhere");
        assertThat(end(start(checkout, Map.of(), command, "list")).output())
                .contains("the JDK of the installation is gone (/nowhere/bin/java)");
    }

    /// By links to the script and to its folder, by a relative path, and with a `CDPATH`.
    private void startsByOtherNames(Path checkout, Path prefix) throws Exception {
        Path links = Files.createDirectory(folder.resolve("links"));
        Files.createSymbolicLink(links.resolve("script"), prefix.resolve("bin/libvirt4j"));
        Files.createSymbolicLink(links.resolve("folder"), prefix.resolve("bin"));
        for (String name : List.of(
                links + "/script",
                links + "/folder/libvirt4j",
                "cd \"$1/bin\"; sh libvirt4j",
                "cd \"$1\"; bin/libvirt4j")) {
            assertThat(run(
                            checkout,
                            "sh",
                            "-ec",
                            "CDPATH=.:$1 && export CDPATH; " + name + " list -c test:///default",
                            "sh",
                            prefix.toString()))
                    .contains("1   test  running");
        }
    }

    /// In a root with nothing but the image, libvirt, the libraries that they name, and a shell.
    @Test
    void makesAnImageThatNeedsNoJdk() throws Exception {
        Path checkout = checkout("checkout");
        Path root = Files.createDirectory(folder.resolve("root"));
        run(checkout, Checkout.START + "/image", BUILD + "/modules", root + "/image");
        run(checkout, "sh", "-ec", """
                cd "$1"; mkdir -p bin proc tmp usr/lib/x
                cp /bin/sh bin
                libvirt=$(find / -xdev -name libvirt.so.0 -path '*lib*' 2>/dev/null | head -1)
                for file in bin/* image/bin/java $(find image/lib -name '*.so') "$libvirt"; do
                    ldd "$file" 2>/dev/null | grep -o ' /[^ ]*\\|^[[:space:]]*/[^ ]*' || true
                done | sort -u | grep -v "$1" | while read -r library; do
                    mkdir -p ".$(dirname "$library")"; cp -L "$library" ".$library"
                done
                mkdir -p ".$(dirname "$libvirt")"; cp -L "$libvirt" ".$libvirt"
                """, "sh", root.toString());
        String output = run(
                checkout,
                "unshare",
                "--map-root-user",
                "--mount",
                "--pid",
                "--fork",
                "sh",
                "-ec",
                "mount -t proc proc \"$1/proc\"; exec chroot \"$1\" /image/bin/libvirt4j list -c test:///default",
                "sh",
                root.toString());
        assertThat(output).contains("1   test  running");
    }
}
