package io.github.libvirt4j.cli;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.NotFoundException;
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
