package io.github.libvirt4j.cli;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.error.DisconnectedException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Parameters;

/// A subcommand that does something to one domain or several, in their order. A failure with one does not
/// keep it from the others; the exit status is that of the first failure.
abstract class Verb extends Subcommand {
    @Parameters(arity = "1..*", paramLabel = "DOMAIN", description = "the domains, each by name, UUID or id")
    private List<String> domains = List.of();

    /// Begins the work on a domain.
    abstract void on(Domain domain);

    /// The word for what was done.
    abstract String done();

    /// Completes the work on a domain, after it has begun on all.
    void complete(Domain domain) throws InterruptedException {}

    @FunctionalInterface
    private interface Step {
        void run() throws InterruptedException;
    }

    @Override
    final int run(Connect connect) throws InterruptedException {
        int status = Status.OK;
        List<Domain> begun = new ArrayList<>();
        for (String name : domains) {
            status = first(status, attempt(() -> {
                Domain domain = Lookup.domain(connect, name);
                on(domain);
                begun.add(domain);
            }));
        }
        for (Domain domain : begun) {
            status = first(status, attempt(() -> {
                complete(domain);
                output().item(item(domain), domain.name() + ": " + done());
            }));
        }
        return status;
    }

    private Item item(Domain domain) {
        return Item.of(domain).with("done", done());
    }

    private static int first(int earlier, int later) {
        return earlier == Status.OK ? later : earlier;
    }

    private int attempt(Step step) throws InterruptedException {
        try {
            step.run();
            return Status.OK;
        } catch (DisconnectedException e) {
            throw e;
        } catch (RuntimeException e) {
            String message = Status.message(e);
            if (message == null) {
                throw e;
            }
            err().println(message);
            return Status.of(e);
        }
    }
}
