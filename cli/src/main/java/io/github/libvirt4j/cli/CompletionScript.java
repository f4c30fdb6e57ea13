package io.github.libvirt4j.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// Prints the script by which a shell completes words of the command.
@Command(
        name = "completion",
        description = "Prints a script for a shell that completes subcommands, options, and names of domains.",
        footer = "completion bash >/etc/bash_completion.d/libvirt4j")
final class CompletionScript extends Subcommand {
    /// The shells.
    enum Shell {
        bash,
        zsh,
        fish
    }

    @Parameters(index = "0", paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}")
    private Shell shell = Shell.bash;

    @Override
    public Integer call() throws IOException {
        try (InputStream script =
                Objects.requireNonNull(CompletionScript.class.getResourceAsStream("completion." + shell))) {
            String text = new String(script.readAllBytes(), StandardCharsets.UTF_8);
            out().document(text.replace("COMMAND", spec().root().name()));
        }
        return Status.OK;
    }
}
