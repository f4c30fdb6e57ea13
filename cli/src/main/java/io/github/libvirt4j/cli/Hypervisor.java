package io.github.libvirt4j.cli;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.error.NotFoundException;
import io.github.libvirt4j.event.ConnectEvent;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Parameters;

/// The URI a subcommand is given, last among its parameters.
final class Hypervisor extends Access {
    @Parameters(arity = "0..1", paramLabel = "URI", description = "the hypervisor; without it " + Access.DEFAULT)
    private @Nullable String uri;

    /// Opens it.
    Connect open() {
        return open(uri);
    }

    /// The domain of that name or UUID.
    ///
    /// @throws Failure if there is none
    static Domain domain(Connect connect, String nameOrUuid) {
        Optional<Domain> byName = connect.domains().findByName(nameOrUuid);
        if (byName.isPresent()) {
            return byName.get();
        }
        try {
            return connect.domains().lookupByUuid(UUID.fromString(nameOrUuid));
        } catch (IllegalArgumentException | NotFoundException e) {
            throw new Failure("No domain '" + nameOrUuid + "' on " + connect + "; `list` shows those there are");
        }
    }

    /// Said to the user in one line, without a stack trace.
    static sealed class Failure extends RuntimeException permits BrokenOff {
        private static final long serialVersionUID = 1;

        Failure(String message) {
            super(message);
        }
    }

    /// That it is gone, heard while nothing was asked of it.
    static final class BrokenOff extends Failure {
        private static final long serialVersionUID = 1;

        BrokenOff(ConnectEvent.Closed end) {
            super("The connection broke off (" + end.reason() + "): no more events come");
        }
    }
}
