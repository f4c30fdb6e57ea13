package io.github.libvirt4j.cli;

import io.github.libvirt4j.Domain;
import io.github.libvirt4j.error.NotFoundException;
import io.github.libvirt4j.types.DomainShutdownFlags;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Asks domains to shut down, and waits until they have.
@Command(
        name = "shutdown",
        description = "Asks the systems in domains to shut down, and waits until they have.",
        footer = "shutdown web db --timeout 2m")
final class Shutdown extends Verb {
    private static final long BETWEEN_LOOKS = 200;

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            split = ",",
            description = "how to ask: ${COMPLETION-CANDIDATES}; without it the hypervisor chooses")
    private List<AskMode> modes = List.of();

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            defaultValue = "5m",
            description = "the longest wait for all of them: 30s, 2m; default: ${DEFAULT-VALUE}")
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private Duration timeout;

    @Option(names = "--no-wait", description = "ask only")
    private boolean noWait;

    private final long begun = System.nanoTime();

    @Override
    void on(Domain domain) {
        domain.shutdown(modes.stream().map(AskMode::shutdown).toArray(DomainShutdownFlags[]::new));
    }

    @Override
    void complete(Domain domain) throws InterruptedException {
        while (!noWait && isActive(domain)) {
            if (System.nanoTime() - begun > timeout.toNanos()) {
                throw new Failure(
                        Status.NOT_IN_TIME,
                        domain.name() + ": asked to shut down, and still "
                                + Word.of(domain.state()) + " after " + Times.words(timeout)
                                + ". Nothing else was done; `destroy` ends a domain at once");
            }
            Thread.sleep(BETWEEN_LOOKS);
        }
    }

    /// A transient domain is gone when it has shut down.
    private static boolean isActive(Domain domain) {
        try {
            return domain.isActive();
        } catch (NotFoundException e) {
            return false;
        }
    }

    @Override
    String done() {
        return noWait ? "asked to shut down" : "shut down";
    }
}
