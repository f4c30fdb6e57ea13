package io.github.libvirt4j.cli;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.Libvirt;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.types.DomainEventType;
import java.io.PrintWriter;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.Command;

/// The demonstration: a domain of libvirt's embedded driver lives and dies, and two lambdas hear of it, one
/// of which always throws.
@Command(
        name = "demo",
        description = "Receives libvirt's events in Java lambdas, on the test driver in this process.",
        footer = "demo")
final class Demo extends Subcommand {
    private static final String URI = "test:///default";

    private static final List<DomainEventType> EXPECTED = List.of(
            DomainEventType.DEFINED,
            DomainEventType.STARTED,
            DomainEventType.SUSPENDED,
            DomainEventType.RESUMED,
            DomainEventType.STOPPED,
            DomainEventType.UNDEFINED);

    private final AtomicInteger reported = new AtomicInteger();
    private final LinkedBlockingQueue<DomainEventType> received = new LinkedBlockingQueue<>();

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = isJson() ? err() : out();
        String name = "demo-" + UUID.randomUUID();
        Libvirt.setUncaughtHandler((callback, thrown) -> {
            reported.incrementAndGet();
            out.println("  reported: " + thrown.getMessage() + ", in " + callback);
        });
        out.println("libvirt " + Libvirt.version() + ", " + URI);
        boolean inOrder = true;
        try (Connect connect = Connect.open(URI)) {
            connect.on(DomainEvent.LIFECYCLE, event -> {
                if (event.domain().name().equals(name)) {
                    throw new IllegalStateException("this listener always throws");
                }
            });
            connect.on(DomainEvent.LIFECYCLE, event -> {
                if (event.domain().name().equals(name)) {
                    out.println("  " + event.type() + " (" + event.detail() + ")");
                    received.add(event.type());
                }
            });
            List<Runnable> steps = steps(connect, name);
            for (int i = 0; i < EXPECTED.size() && inOrder; i++) {
                steps.get(i).run();
                inOrder = received.poll(10, TimeUnit.SECONDS) == EXPECTED.get(i);
            }
            for (int i = 0; i < 1_000 && reported.get() < EXPECTED.size(); i++) {
                Thread.sleep(10);
            }
        }
        Libvirt.setUncaughtHandler(null);
        long onLoan = Libvirt.closuresOnLoan();
        if (!inOrder || reported.get() != EXPECTED.size() || onLoan != 0) {
            err().println("Not every event came, or came in order, or was reported once");
        } else {
            out.println("The listener that throws was reported " + reported + " times; the other one went on.");
        }
        boolean right = inOrder && reported.get() == EXPECTED.size() && onLoan == 0;
        output().item(
                        new Item()
                                .with("reported", reported.get())
                                .with("closuresOnLoan", onLoan)
                                .with("right", right),
                        "closures on loan: " + onLoan);
        return right ? Status.OK : Status.FAILED;
    }

    /// What is done to the domain, an event each.
    private static List<Runnable> steps(Connect connect, String name) {
        String xml = """
                <domain type='test'>
                  <name>%s</name>
                  <memory unit='MiB'>256</memory>
                  <os><type>hvm</type></os>
                </domain>
                """.formatted(name);
        return List.of(
                () -> connect.domains().define(xml).close(),
                () -> with(connect, name, domain -> domain.create()),
                () -> with(connect, name, Domain::suspend),
                () -> with(connect, name, Domain::resume),
                () -> with(connect, name, domain -> domain.destroy()),
                () -> with(connect, name, domain -> domain.undefine()));
    }

    private static void with(Connect connect, String name, java.util.function.Consumer<Domain> step) {
        try (Domain domain = connect.domains().lookupByName(name)) {
            step.accept(domain);
        }
    }
}
