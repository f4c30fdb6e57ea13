package io.github.libvirt4j.cli;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Libvirt;
import io.github.libvirt4j.Opening;
import io.github.libvirt4j.auth.Authenticator;
import io.github.libvirt4j.error.AuthenticationFailedException;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/// The command without a subcommand, and the options that all subcommands share.
@Command(
        name = "run",
        description = "Manages virtual machines by libvirt.",
        mixinStandardHelpOptions = true,
        versionProvider = Root.VersionProvider.class)
final class Root implements Callable<Integer> {
    static final String VARIABLE = "LIBVIRT_DEFAULT_URI";
    static final String EMBEDDED = "test:///default";

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec spec;

    @Option(
            names = {"-c", "--connect"},
            paramLabel = "URI",
            scope = ScopeType.INHERIT,
            description = "the hypervisor; default: $" + VARIABLE + ", else " + EMBEDDED)
    private @Nullable String uri;

    @Option(
            names = {"-r", "--read-only"},
            scope = ScopeType.INHERIT,
            description = "connect read-only: libvirt refuses what changes something")
    private boolean readOnly;

    @Option(names = "--json", scope = ScopeType.INHERIT, description = "print one JSON object a line, and nothing else")
    private boolean json;

    @Option(
            names = "--ask",
            scope = ScopeType.INHERIT,
            description = "ask on the terminal for a name and a password, if the hypervisor wants them")
    private boolean ask;

    @Option(
            names = "--open-timeout",
            paramLabel = "DURATION",
            defaultValue = "30s",
            scope = ScopeType.INHERIT,
            description = "the longest wait for a connection: 500ms, 10s, 2m, 1h; default: ${DEFAULT-VALUE}")
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private Duration openTimeout;

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getOut());
        return CommandLine.ExitCode.OK;
    }

    boolean isJson() {
        return json;
    }

    /// Whether a URI was given on the command line.
    boolean isConnecting() {
        return uri != null;
    }

    /// The URI to connect to.
    String uri() {
        if (uri != null) {
            return uri;
        }
        String ofEnvironment = System.getenv(VARIABLE);
        if (ofEnvironment != null && !ofEnvironment.isEmpty()) {
            return ofEnvironment;
        }
        spec.commandLine()
                .getErr()
                .println("No --connect given and " + VARIABLE + " is not set: connecting to " + EMBEDDED);
        return EMBEDDED;
    }

    /// Opens a connection.
    Connect open() {
        String to = uri();
        try {
            return opening(Connect.to(to)).open();
        } catch (AuthenticationFailedException e) {
            throw new Failure(
                    Status.DENIED,
                    to + ": " + e.error().message() + ". --ask asks for name and password on the terminal; without it"
                            + " they come from libvirt's auth.conf, or from a file that ?authfile= in the URI names");
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            // Only an authenticator throws checked exceptions, and the console's does not.
            throw new IllegalStateException(e);
        }
    }

    /// Adds to an opening what the options say.
    Opening<?> opening(Opening<?> plain) {
        if (openTimeout.isZero()) {
            throw new ParameterException(spec.commandLine(), "--open-timeout must be longer than zero");
        }
        Opening<?> opening = plain.openTimeout(openTimeout);
        if (readOnly) {
            opening = opening.readOnly();
        }
        return ask ? opening.authenticator(Authenticator.console()) : opening;
    }

    static final class VersionProvider implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"libvirt4j on libvirt " + Libvirt.version()};
        }
    }
}
