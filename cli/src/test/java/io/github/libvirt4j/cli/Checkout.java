package io.github.libvirt4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.testing.JavaCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/// A checkout that is built already, for tests of `./run`.
final class Checkout {
    private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();
    static final String BUILD = "target/run/build";
    static final String START = "cli/src/main/start";

    /// The command's own dependencies, picocli among them, whose packages are sealed.
    private static final String COMMAND =
            "picocli|gson|jline-[a-z-]*|snakeyaml-engine|error_prone_annotations|jspecify";

    /// Kafka's client, with what reads compressed records.
    private static final String KAFKA = "kafka-clients|lz4-java|slf4j-api|slf4j-nop|snappy-java|zstd-jni";

    private Checkout() {}

    /// Makes one, with the classes of this build.
    static Path make(Path checkout) throws IOException {
        for (String each : List.of(
                "libvirt4j/src/main",
                "libvirt4j/src/generated",
                "fleet/src/main",
                "fleet-kafka/src/main",
                "cli/src/main",
                ".mvn")) {
            Files.createDirectories(checkout.resolve(each));
        }
        for (String each :
                List.of("pom.xml", "libvirt4j/pom.xml", "fleet/pom.xml", "fleet-kafka/pom.xml", "cli/pom.xml")) {
            Files.createFile(checkout.resolve(each));
        }
        for (String each : List.of("run", ".mvn/machine.sh")) {
            Files.copy(PROJECT.resolve(each), checkout.resolve(each), StandardCopyOption.COPY_ATTRIBUTES);
        }
        Path scripts = Files.createDirectories(checkout.resolve(START));
        for (String each : List.of("libvirt4j", "aot-cache", "image")) {
            Files.copy(PROJECT.resolve(START).resolve(each), scripts.resolve(each), StandardCopyOption.COPY_ATTRIBUTES);
        }
        Path modules = Files.createDirectories(checkout.resolve(BUILD).resolve("modules"));
        jar(modules.resolve("libvirt4j.jar"), PROJECT.resolve("libvirt4j/target/classes"));
        jar(modules.resolve("fleet.jar"), PROJECT.resolve("fleet/target/classes"));
        jar(modules.resolve("cli.jar"), PROJECT.resolve("cli/target/classes"));
        for (Path jar : jars(COMMAND)) {
            Path copy = Files.copy(jar, modules.resolve(jar.toFile().getName()));
            if (copy.toFile().getName().startsWith("picocli-")) {
                raiseClasses(copy);
            }
        }
        Path kafka = Files.createDirectory(checkout.resolve(BUILD).resolve("kafka"));
        jar(kafka.resolve("fleet-kafka.jar"), PROJECT.resolve("fleet-kafka/target/classes"));
        for (Path jar : jars(KAFKA)) {
            Files.copy(jar, kafka.resolve(jar.toFile().getName()));
        }
        Files.createFile(checkout.resolve(BUILD).resolve("begun"));
        Files.createSymbolicLink(checkout.resolve("target/run/current"), Path.of("build"));
        return checkout;
    }

    private static void jar(Path jar, Path classes) {
        ToolProvider tool = ToolProvider.findFirst("jar").orElseThrow();
        assertThat(tool.run(
                        System.out, System.err, "--create", "--file", jar.toString(), "-C", classes.toString(), "."))
                .isZero();
    }

    /// As the build does.
    private static void raiseClasses(Path jar) throws IOException {
        String program = PROJECT.resolve(START).resolve("RaiseClasses.java").toString();
        Process process = new ProcessBuilder(JavaCommand.own(), program, jar.toString())
                .inheritIO()
                .start();
        assertThat(process.onExit().join().exitValue()).isZero();
    }

    /// Jars of these names among those of the tests.
    private static List<Path> jars(String names) {
        return Stream.of(JavaCommand.classPath().split(":"))
                .filter(each -> each.matches(".*/(" + names + ")-[^/]*\\.jar"))
                .map(Path::of)
                .distinct()
                .toList();
    }
}
