package io.github.libvirt4j.codegen;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;

/// A C program that is only compiled, never run: assertions about libvirt's headers, each behind the version
/// that brought what it is about. `-Dlibvirt4j.headers=DIRECTORY` takes other headers than the machine's.
final class CProgram {
    private final StringBuilder text = new StringBuilder("""
            #include <stddef.h>
            #include <libvirt/libvirt.h>
            #include <libvirt/virterror.h>
            #include <libvirt/libvirt-admin.h>
            #include <libvirt/libvirt-lxc.h>
            #include <libvirt/libvirt-qemu.h>
            """);

    /// Adds an assertion. What it is about is named if it does not hold.
    void check(String version, String about, String condition) {
        since(version, "_Static_assert(" + condition + ", \"" + about + "\");");
    }

    /// Adds lines of C.
    void since(String version, String lines) {
        int[] part = Arrays.stream(version.split("\\.", -1))
                .mapToInt(Integer::parseInt)
                .toArray();
        text.append("#if LIBVIR_VERSION_NUMBER >= ")
                .append(part[0] * 1_000_000 + part[1] * 1_000 + part[2])
                .append('\n')
                .append(lines)
                .append("\n#endif\n");
    }

    /// Puts `after` for the first place that says `before`.
    void replace(String before, String after) {
        int place = text.indexOf(before);
        if (place < 0) {
            throw new IllegalArgumentException("Not there: " + before);
        }
        text.replace(place, place + before.length(), after);
    }

    /// What the compiler says: nothing, if all assertions hold.
    String compile(Path directory) throws IOException, InterruptedException {
        Path file = directory.resolve("program.c");
        Files.writeString(file, text);
        Process process = new ProcessBuilder(
                        "cc",
                        "-std=gnu11",
                        "-Wall",
                        "-Werror",
                        "-Wno-deprecated-declarations",
                        "-fsyntax-only",
                        "-I",
                        Objects.requireNonNullElse(System.getProperty("libvirt4j.headers"), "/usr/include"),
                        file.toString())
                .redirectErrorStream(true)
                .start();
        String words = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() == 0 ? "" : words;
    }
}
