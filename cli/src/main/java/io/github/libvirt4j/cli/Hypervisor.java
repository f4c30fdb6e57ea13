package io.github.libvirt4j.cli;

import io.github.libvirt4j.Authenticator;
import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.NotFoundException;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// The URI a subcommand is given, last among its parameters.
final class Hypervisor {
    private static final String VARIABLE = "LIBVIRT_DEFAULT_URI";
    private static final String EMBEDDED = "test:///default";

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "URI",
            description = "the hypervisor; without it $" + VARIABLE + ", else " + EMBEDDED)
    private @Nullable String uri;

    @Option(
            names = "--ask",
            description = "ask on the terminal for a name and a password, if the hypervisor wants them")
    private boolean ask;

    /// Opens it.
    Connect open() {
        return ask ? Connect.to(uri()).authenticator(Authenticator.console()).open() : Connect.open(uri());
    }

    private String uri() {
        if (uri != null) {
            return uri;
        }
        String ofEnvironment = System.getenv(VARIABLE);
        if (ofEnvironment != null && !ofEnvironment.isEmpty()) {
            return ofEnvironment;
        }
        spec.commandLine().getErr().println("No URI given and " + VARIABLE + " is not set: " + EMBEDDED);
        return EMBEDDED;
    }

    /// The domain of that name or UUID.
    ///
    /// @throws Failure if there is none
    static Domain domain(Connect connect, String nameOrUuid) {
        Optional<Domain> byName = connect.findDomainByName(nameOrUuid);
        if (byName.isPresent()) {
            return byName.get();
        }
        try {
            return connect.lookupDomainByUuid(UUID.fromString(nameOrUuid));
        } catch (IllegalArgumentException | NotFoundException e) {
            throw new Failure("No domain '" + nameOrUuid + "' on " + connect + "; `list` shows those there are");
        }
    }

    /// Said to the user in one line, without a stack trace.
    static final class Failure extends RuntimeException {
        private static final long serialVersionUID = 1;

        Failure(String message) {
            super(message);
        }
    }
}
