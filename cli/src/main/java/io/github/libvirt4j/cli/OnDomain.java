package io.github.libvirt4j.cli;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import picocli.CommandLine.Parameters;

/// A subcommand for one domain.
abstract class OnDomain extends Subcommand {
    @Parameters(index = "0", paramLabel = "DOMAIN", description = "the domain, by name, UUID or id")
    private String domain = "";

    @Override
    final int run(Connect connect) throws Exception {
        try (Domain found = Lookup.domain(connect, domain)) {
            return on(found);
        }
    }

    /// Does the work.
    ///
    /// @return the exit status
    abstract int on(Domain found) throws Exception;
}
