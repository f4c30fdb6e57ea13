package io.github.libvirt4j.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Programs in other languages of the VM, compiled by their compilers and run. For Java's see
/// `EventSourceTest`. The compilers are on the class path where `it.skip` is false.
@Timeout(180)
class LanguagesTest {
    @TempDir
    Path folder;

    @Test
    void kotlinInfersHandlersSinksAndAuthenticators() throws Exception {
        assertThat(kotlin("Right.kt")).doesNotContain("error:");
        assertThat(java(folder.toString(), "RightKt")).endsWith("RIGHT\n");
    }

    @Test
    void kotlinCollectsPublishersAsFlows() throws Exception {
        assertThat(kotlin("Flows.kt")).doesNotContain("error:");
        assertThat(java(folder.toString(), "FlowsKt")).endsWith("SUSPENDED RESUMED\n");
    }

    @Test
    void kotlinKnowsWhatCanBeNull() throws Exception {
        List<String> lines = source("Nulls.kt").lines().toList();
        String said = kotlin("Nulls.kt");
        List<String> expected = IntStream.range(0, lines.size())
                .filter(i -> lines.get(i).matches("fun .* // .*"))
                .mapToObj(i -> (i + 1) + ": " + lines.get(i).replaceFirst(".* // ", ""))
                .toList();
        List<String> errors = said.lines()
                .filter(line -> line.contains(" error: "))
                .map(line -> line.replaceFirst(".*Nulls.kt:(\\d+):\\d+: error:", "$1:"))
                .toList();
        assertThat(errors).as(said).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
            String[] lineAndText = Objects.requireNonNull(expected.get(i)).split(": ", 2);
            assertThat(errors.get(i)).startsWith(lineAndText[0] + ": ").contains(lineAndText[1]);
        }
    }

    @Test
    void groovyInfersHandlersSinksAndAuthenticators() throws Exception {
        assertThat(java("", "groovy.ui.GroovyMain", write("Right.groovy").toString()))
                .endsWith("RIGHT\n");
    }

    @Test
    void scalaInfersHandlersSinksAndAuthenticators() throws Exception {
        assertThat(java(
                        "",
                        "dotty.tools.dotc.Main",
                        "-classpath",
                        classPath(),
                        "-d",
                        folder.toString(),
                        write("Right.scala").toString()))
                .doesNotContain("Error:");
        assertThat(java(folder.toString(), "Right")).endsWith("RIGHT\n");
    }

    private String kotlin(String name) throws Exception {
        return java(
                "",
                "org.jetbrains.kotlin.cli.jvm.K2JVMCompiler",
                "-no-stdlib",
                "-no-reflect",
                "-jvm-target",
                "25",
                "-jdk-home",
                property("java.home"),
                "-cp",
                classPath(),
                "-d",
                folder.toString(),
                write(name).toString());
    }

    /// What a program prints.
    private String java(String first, String main, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(property("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                main));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("CLASSPATH", first + File.pathSeparator + classPath());
        Process process = builder.start();
        try (InputStream out = process.getInputStream()) {
            return new String(out.readAllBytes(), StandardCharsets.UTF_8);
        } finally {
            process.destroyForcibly();
        }
    }

    /// Without JSpecify, which not everybody has on it.
    private static String classPath() {
        return String.join(
                File.pathSeparator,
                Stream.of(property("java.class.path").split(File.pathSeparator))
                        .filter(entry -> !entry.contains("jspecify"))
                        .toList());
    }

    private static String property(String name) {
        return Objects.requireNonNull(System.getProperty(name));
    }

    private Path write(String name) throws IOException {
        return Files.writeString(folder.resolve(name), source(name));
    }

    private static String source(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(LanguagesTest.class.getResourceAsStream("/languages/" + name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
