package io.github.libvirt4j.bench.ours;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.event.Delivery;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.Registration;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/// `events direct|queued N`, as `events.c`.
final class Events {
    private Events() {}

    static void run(Peer.Arguments arguments) throws InterruptedException, IOException {
        int events = arguments.number(1);
        // Room for all: a handler that cannot keep up would otherwise be measured by what it loses.
        Delivery delivery = arguments.text(0).equals("direct") ? Delivery.direct() : Delivery.queued(events);
        try (Connect connect = Connect.open("test:///default");
                Domain domain = connect.domains().lookupByName("test")) {
            while (Peer.turn()) {
                var all = new CountDownLatch(events);
                try (Registration _ = connect.on(Set.of(DomainEvent.LIFECYCLE), delivery, _ -> all.countDown())) {
                    long start = System.nanoTime();
                    for (int i = 0; i < events; i += 2) {
                        domain.suspend();
                        domain.resume();
                    }
                    all.await();
                    Peer.say("events", 1, events / ((System.nanoTime() - start) / 1e9));
                }
            }
        }
    }
}
