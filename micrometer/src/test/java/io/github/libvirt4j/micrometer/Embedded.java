package io.github.libvirt4j.micrometer;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.EventQueue;
import java.util.UUID;

/// libvirt's embedded test driver. All its connections in a process share one host, so tests make domains of
/// their own.
final class Embedded {
    static final String URI = "test:///default";

    private Embedded() {}

    static Connect open() {
        return Connect.open(URI);
    }

    /// Defines a domain, and waits for the event of that: registrations that come later do not receive it.
    static Domain define(Connect connect) throws InterruptedException {
        try (EventQueue<DomainEvent.Lifecycle> defined = connect.queue(DomainEvent.LIFECYCLE, 100)) {
            UUID uuid = UUID.randomUUID();
            Domain domain = connect.domains().define("""
                    <domain type='test'>
                      <name>test-%s</name><uuid>%1$s</uuid>
                      <memory unit='MiB'>256</memory>
                      <os><type>hvm</type></os>
                    </domain>
                    """.formatted(uuid));
            while (!defined.take().domain().uuid().equals(uuid)) {
                Thread.onSpinWait();
            }
            return domain;
        }
    }
}
