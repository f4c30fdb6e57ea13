package io.github.libvirt4j.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/// Parameters of a subcommand whose first can be left out: a URI, and what comes after it.
///
/// @param uri null if it was left out
/// @param others the rest
record Operands(@Nullable String uri, List<String> others) {
    /// @param spec of the subcommand
    /// @param given to it
    /// @param names of what comes after the URI
    static Operands of(CommandSpec spec, List<String> given, String... names) {
        int uris = given.size() - names.length;
        if (uris < 0 || uris > 1) {
            throw new ParameterException(
                    spec.commandLine(),
                    spec.name() + " takes [URI] " + String.join(" ", names) + ", and was given "
                            + (given.isEmpty() ? "nothing" : String.join(" ", given)));
        }
        return new Operands(uris == 0 ? null : given.getFirst(), given.subList(uris, given.size()));
    }

    String get(int index) {
        return others.get(index);
    }
}
