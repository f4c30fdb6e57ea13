package io.github.libvirt4j.cli;

import io.github.libvirt4j.Connect;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// A subcommand, with what all of them use: the shared options, the printers, a connection.
abstract class Subcommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        try (Connect connect = open()) {
            return run(connect);
        }
    }

    /// Does the work on a connection.
    ///
    /// @return the exit status
    int run(Connect connect) throws Exception {
        throw new IllegalStateException(spec.name() + " does not use a connection");
    }

    final CommandSpec spec() {
        return spec;
    }

    final Root root() {
        return (Root) spec.root().userObject();
    }

    final Printer out() {
        return (Printer) spec.commandLine().getOut();
    }

    final Printer err() {
        return (Printer) spec.commandLine().getErr();
    }

    final boolean isJson() {
        return root().isJson();
    }

    /// Refuses a `--count` that can count nothing.
    final void checkCount(long count) {
        if (count < 1) {
            throw wrong("--count must be at least 1, not " + count);
        }
    }

    /// Whether to keep a table on the terminal. `--json` and `--count` are of lines.
    ///
    /// @param count the value of `--count`; `Long.MAX_VALUE` if it was not given
    final boolean isLive(long count) {
        return count == Long.MAX_VALUE && !isJson() && Live.isPossible(out());
    }

    final Output output() {
        return new Output(out(), isJson());
    }

    final Connect open() {
        return root().open();
    }

    final ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
