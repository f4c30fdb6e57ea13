package io.github.libvirt4j;

import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.internal.loop.ProcessLoop;
import java.util.UUID;
import java.util.function.Predicate;

/// libvirt's embedded test driver. All its connections in a process share one host, so tests make domains
/// of their own and look at the events of those only.
final class Embedded {
    static final String URI = "test:///default";

    private Embedded() {}

    static Connect open() {
        return Connect.open(URI);
    }

    static String newName() {
        return "test-" + UUID.randomUUID();
    }

    static String xml(String name) {
        return """
                <domain type='test'>
                  <name>%s</name>
                  <memory unit='MiB'>256</memory>
                  <os><type>hvm</type></os>
                </domain>
                """.formatted(name);
    }

    /// Defines a domain of its own for a test.
    static Domain define(Connect connect) {
        Domain domain = connect.domains().define(xml(newName()));
        settle();
        return domain;
    }

    /// Lets events that were queued go to who is registered now, and not to those that come later: once for
    /// the turn they were queued in, and once for that in which they are told.
    static void settle() {
        ProcessLoop.turn();
        ProcessLoop.turn();
    }

    /// Whether an event is about that domain.
    static Predicate<DomainEvent> about(Domain domain) {
        UUID uuid = domain.uuid();
        return event -> event.domain().uuid().equals(uuid);
    }
}
