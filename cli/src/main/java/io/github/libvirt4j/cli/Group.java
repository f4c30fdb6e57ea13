package io.github.libvirt4j.cli;

/// A subcommand that only groups others.
abstract class Group extends Subcommand {
    private final String question;

    /// @param question asked where no subcommand is named
    Group(String question) {
        this.question = question;
    }

    @Override
    public final Integer call() {
        throw wrong(question + " `" + spec().qualifiedName() + " --help` shows the subcommands");
    }
}
