package io.github.libvirt4j;

import io.github.libvirt4j.event.EventKind;
import io.github.libvirt4j.internal.c.CLibrary;
import io.github.libvirt4j.internal.raw.Functions;
import io.github.libvirt4j.types.Version;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The capabilities of libvirt4j in this process, and what prevents others. Immutable, safe for use by any
/// thread.
///
/// @param version the version of the loaded libvirt; null if it cannot be used
/// @param path the path of the loaded libvirt; null if none is loaded
/// @param functions the number of C functions that libvirt4j knows
/// @param missing the names of the C functions that the loaded libvirt lacks; calls of these throw
///     [FunctionMissingException][io.github.libvirt4j.error.FunctionMissingException]
/// @param eventKinds the kinds of events that can be registered for
/// @param problems descriptions of problems and their remedies; empty if there are none
public record Diagnosis(
        @Nullable Version version,
        @Nullable Path path,
        int functions,
        List<String> missing,
        List<EventKind<?>> eventKinds,
        List<String> problems) {
    /// Whether connections can be opened.
    public boolean isUsable() {
        return version != null;
    }

    /// Makes the diagnosis. Never throws.
    static Diagnosis make() {
        List<String> problems = new ArrayList<>();
        Version version = look(problems, Libvirt::version, null);
        List<Functions.CFunction> functions = look(problems, Functions::all, List.of());
        List<String> missing = look(
                problems,
                () -> version == null
                        ? functions.stream().map(Functions.CFunction::name).toList()
                        : missing(functions, problems),
                List.of());
        return new Diagnosis(
                version,
                look(problems, Diagnosis::libraryPath, null),
                functions.size(),
                missing,
                look(problems, Libvirt::eventKinds, List.of()),
                List.copyOf(problems));
    }

    /// Returns the result of `look`. If `look` throws, also an error of the VM such as a lack of memory, the
    /// exception becomes a problem and `otherwise` is returned.
    private static <T extends @Nullable Object> T look(List<String> problems, Supplier<T> look, T otherwise) {
        try {
            return look.get();
        } catch (RuntimeException | Error e) {
            boolean isSaidInWords = e instanceof RuntimeException && e.getMessage() != null;
            problems.add(isSaidInWords ? String.valueOf(e.getMessage()) : e.toString());
            return otherwise;
        }
    }

    private static List<String> missing(List<Functions.CFunction> functions, List<String> problems) {
        for (CLibrary library : CLibrary.values()) {
            library.problem().ifPresent(problems::add);
        }
        return functions.stream()
                .filter(function -> !function.library().has(function.name()))
                .map(Functions.CFunction::name)
                .toList();
    }

    private static @Nullable Path libraryPath() {
        try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
            Optional<String> line = maps.filter(map -> map.contains("/" + CLibrary.LIBVIRT.soname()))
                    .findFirst();
            return line.map(map -> Path.of(map.substring(map.indexOf('/')))).orElse(null);
        } catch (IOException | UncheckedIOException e) {
            return null;
        }
    }
}
