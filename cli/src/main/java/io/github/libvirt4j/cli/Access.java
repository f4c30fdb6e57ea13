package io.github.libvirt4j.cli;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Opening;
import io.github.libvirt4j.auth.Authenticator;
import io.github.libvirt4j.error.AuthenticationFailedException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// How subcommands get to a hypervisor.
class Access {
    private static final String VARIABLE = "LIBVIRT_DEFAULT_URI";
    private static final String EMBEDDED = "test:///default";

    /// What there is without a URI, for descriptions.
    static final String DEFAULT = "$" + VARIABLE + ", else " + EMBEDDED;

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec spec;

    @Option(
            names = "--ask",
            description = "ask on the terminal for a name and a password, if the hypervisor wants them")
    private boolean ask;

    @Option(
            names = "--open-timeout",
            paramLabel = "DURATION",
            defaultValue = "30s",
            description =
                    "how long to wait for the hypervisor to answer at all: 500ms, 10s, 2m, 1h; ${DEFAULT-VALUE} if not given")
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private Duration openTimeout;

    /// Opens it.
    ///
    /// @param given null if none was
    final Connect open(@Nullable String given) {
        if (openTimeout.isZero()) {
            throw new ParameterException(spec.commandLine(), "--open-timeout must be longer than zero");
        }
        String uri = uri(given);
        Opening<RuntimeException> opening = Connect.to(uri).openTimeout(openTimeout);
        if (ask) {
            return opening.authenticator(Authenticator.console()).open();
        }
        try {
            return opening.open();
        } catch (AuthenticationFailedException e) {
            throw new Hypervisor.Failure(uri + ": " + e.error().message()
                    + ". --ask asks for name and password on the terminal; without it they come from libvirt's auth.conf,"
                    + " or from a file that ?authfile= in the URI names");
        }
    }

    private String uri(@Nullable String given) {
        if (given != null) {
            return given;
        }
        String ofEnvironment = System.getenv(VARIABLE);
        if (ofEnvironment != null && !ofEnvironment.isEmpty()) {
            return ofEnvironment;
        }
        spec.commandLine().getErr().println("No URI given and " + VARIABLE + " is not set: " + EMBEDDED);
        return EMBEDDED;
    }
}
