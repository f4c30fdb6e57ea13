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

/// The abilities of this library in this process, and the obstacles to others. Immutable, for use by any
/// thread.
///
/// @param version of the loaded libvirt; null if it cannot be used
/// @param path of the loaded libvirt; null if it is not loaded
/// @param functions how many C functions are known
/// @param missing the names of those the loaded libvirt does not have; their calls throw
///     [FunctionMissingException][io.github.libvirt4j.error.FunctionMissingException]
/// @param eventKinds the kinds of events one can register for
/// @param problems what is wrong, and what to do
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

    /// Looks, and never throws.
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

    /// The result of a look; `otherwise` if it fails, which is a problem to report: also an error of the
    /// VM's, for want of memory, of stack or of a class.
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
